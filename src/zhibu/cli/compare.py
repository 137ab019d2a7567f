"""`zhibu compare`: passages two texts share, or a whole season's. Needs no server, database, network or Django."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from zhibu.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from zhibu.trace import Source, Text
    from zhibu.trace.comparing import Library

SUMMARY = "对照两篇文字，或一个文件夹的全部文字，逐段列出相同之处。"
CLEAN, FINDINGS = 0, 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="要看的文档和用来对照的文档，或一个文件夹")
    parser.add_argument("--corpus", metavar="DB|DIR", help="资料库（zhibu corpus add）或文件夹，与其中全部文字对照")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="输出格式")
    parser.add_argument("--out", metavar="FILE.html|FILE.json", help="写入文件，不在屏幕上显示")
    parser.add_argument(
        "--group-at", type=_percent, default=0.2, metavar="PERCENT", help="相同部分达到百分之几归为一组（默认 20）"
    )


def run(options: argparse.Namespace) -> int:
    if options.out and Path(options.out).suffix.lower() not in (".html", ".json"):
        raise UserError("compare-out", "“{name}”应以 .html 或 .json 结尾。", name=options.out)
    paths = [Path(each) for each in options.files]
    if len(paths) == 1 and paths[0].is_dir():
        return _season(paths[0], options)
    if len(paths) == 2 or (len(paths) == 1 and options.corpus):
        return _one(paths[0], paths[1:], options)
    raise UserError(
        "compare-what", "请写明两个文档，或一个文件夹，或一个文档和 --corpus，例如：zhibu compare 今年.docx 去年.docx"
    )


def _one(path: Path, others: Sequence[Path], options: argparse.Namespace) -> int:
    from zhibu.documents.read import read_document
    from zhibu.trace import Text, compare

    text = read_document(path).text
    texts = [Text(str(other), read_document(other).text) for other in others]
    found = compare(text, texts) if texts else []
    words = {each.name: each.text for each in texts}
    if options.corpus:
        with opened(options.corpus) as corpus:
            found += compare(text, corpus, without=[path.as_posix()])
    _put(_shown(str(path), text, found, words, options), options.out)
    return FINDINGS if found else CLEAN


def _shown(name: str, text: str, found: Sequence[Source], words: dict[str, str], options: argparse.Namespace) -> str:
    if _form(options) == "json":
        return json.dumps([each.to_json() for each in found], ensure_ascii=False, indent=2)
    if _form(options) == "html":
        from zhibu.trace.output import html

        return html.two(name, text, found, words)
    from zhibu.trace.output.text import render

    return render(name, text, found)


def _season(folder: Path, options: argparse.Namespace) -> int:
    from zhibu.trace.season import season

    texts, failed = texts_of([folder])
    corpus: AbstractContextManager[Library | None] = opened(options.corpus) if options.corpus else nullcontext()
    with corpus as library:
        found = season(texts, library, group_at=options.group_at, progress=_progress(len(texts)))
    if _form(options) == "json":
        output = json.dumps(found.to_json(), ensure_ascii=False, indent=2)
    elif _form(options) == "html":
        from zhibu.trace.output import html

        output = html.whole(found)
    else:
        from zhibu.trace.output.text import render_season

        output = render_season(found)
    _put(output, options.out)
    if failed:
        return 2
    return FINDINGS if any(found.within) or any(found.earlier) else CLEAN


def texts_of(paths: Sequence[Path]) -> tuple[list[Text], bool]:
    """The documents at the paths, and whether some could not be read (each is named on standard error).

    A text's owner is the folder it lies in, below the folder that was given; a text directly in it has none.
    """
    from zhibu.checks.files import documents
    from zhibu.documents.read import read_document
    from zhibu.trace import Text

    texts, failed = {}, False
    for given in paths:
        for file in documents([str(given)]):
            try:
                below = file.relative_to(given).parts if given.is_dir() else ()
                owner = below[0] if len(below) > 1 else ""
                texts[file.as_posix()] = Text(file.as_posix(), read_document(file).text, owner)
            except UserError as error:
                # One unreadable file must not hide the others.
                print(f"zhibu: {error}", file=sys.stderr)
                failed = True
    return list(texts.values()), failed


def opened(place: str) -> AbstractContextManager[Library]:
    """A corpus file, or a folder of texts read into memory."""
    from zhibu.trace import Corpus
    from zhibu.trace.memory import Memory

    path = Path(place)
    return nullcontext(Memory(texts_of([path])[0])) if path.is_dir() else Corpus(path)


def _progress(total: int) -> Callable[[int], None]:
    def show(done: int) -> None:
        if sys.stderr.isatty():
            print(f"\r{done}/{total}", end="\n" if done == total else "", file=sys.stderr, flush=True)

    return show


def _form(options: argparse.Namespace) -> str:
    return Path(options.out).suffix.lower()[1:] if options.out else str(options.format)


def _put(output: str, path: str | None) -> None:
    if not path:
        print(output)
        return
    try:
        Path(path).write_text(output, encoding="utf-8", errors="replace")
    except OSError as error:
        raise UserError(
            "out-unwritable", "无法写入“{file}”：{why}。请换一个位置。", file=path, why=error.strerror or str(error)
        ) from None


def _percent(word: str) -> float:
    if not (word.isascii() and word.isdigit() and 1 <= int(word) <= 100):
        raise argparse.ArgumentTypeError(f"应是 1 到 100 的整数，不能是“{word}”")
    return int(word) / 100
