"""`zhibu corpus`: the texts a unit compares with, in one file. Needs no server, database, network or Django."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

SUMMARY = "管理用来对照的资料库：添加、列出、移出文本，重建索引。"
CLEAN, COULD_NOT_RUN = 0, 2
_KINDS = {"own": "本单位往年的", "sister": "其他支部的", "template": "范文模板", "material": "学习材料"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    add = actions.add_parser("add", help="添加文档；同一路径的以新换旧")
    add.add_argument("files", nargs="+", metavar="FILE", help="文档或文件夹")
    add.add_argument("--owner", metavar="NAME", help="这些文本是谁的；不写时取文件夹下一级子文件夹的名称")
    add.add_argument("--year", type=_year, metavar="Y", help="这些文本的年度")
    kinds = "，".join(f"{key} {label}" for key, label in _KINDS.items())
    add.add_argument("--visibility", choices=tuple(_KINDS), default="own", help=f"来自哪里：{kinds}")
    listing = actions.add_parser("list", help="列出文本")
    listing.add_argument("--format", choices=("table", "json"), default="table", help="输出格式")
    remove = actions.add_parser("remove", help="移出文本")
    remove.add_argument("names", nargs="+", metavar="NAME", help="zhibu corpus list 列出的名称")
    rebuild = actions.add_parser("rebuild", help="由文本重建索引")
    for each in (add, listing, remove, rebuild):
        each.add_argument("--corpus", required=True, metavar="DB", help="资料库文件")


def run(options: argparse.Namespace) -> int:
    return {"add": _add, "list": _list, "remove": _remove, "rebuild": _rebuild}[options.action](options)


def _add(options: argparse.Namespace) -> int:
    from zhibu.cli.compare import texts_of
    from zhibu.trace import Corpus

    texts, failed = texts_of([Path(each) for each in options.files])
    about = {"year": options.year, "visibility": options.visibility}
    owned = {} if options.owner is None else {"owner": options.owner}
    with Corpus(options.corpus, create=True) as corpus:
        new = corpus.add(replace(each, **about, **owned) for each in texts)
        print(f"添加或更新 {new} 篇，共 {len(corpus)} 篇。")
        if corpus.rebuild_due:
            print("文本已增加一倍，套话需要重新统计：请在空闲时运行 zhibu corpus rebuild。")
    return COULD_NOT_RUN if failed else CLEAN


def _list(options: argparse.Namespace) -> int:
    from zhibu.cli.table import table
    from zhibu.trace import Corpus
    from zhibu.trace.results import VISIBILITY_LABELS

    with Corpus(options.corpus) as corpus:
        texts = list(corpus.texts())
    if options.format == "json":
        rows = [
            {"name": text.name, "owner": text.owner, "year": text.year, "visibility": text.visibility, "characters": n}
            for text, n in texts
        ]
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return CLEAN
    lines = [
        (text.owner, text.year or "", VISIBILITY_LABELS.get(text.visibility, ""), n, text.name) for text, n in texts
    ]
    print(table(("所属", "年度", "来源", "字数", "名称"), lines) if lines else "资料库里还没有文本。")
    return CLEAN


def _remove(options: argparse.Namespace) -> int:
    from zhibu.trace import Corpus

    with Corpus(options.corpus) as corpus:
        corpus.remove(options.names)
        print(f"移出 {len(options.names)} 篇，还有 {len(corpus)} 篇。")
    return CLEAN


def _rebuild(options: argparse.Namespace) -> int:
    from zhibu.trace import Corpus

    with Corpus(options.corpus) as corpus:
        corpus.rebuild()
        print(f"已由 {len(corpus)} 篇文本重建索引。")
    return CLEAN


def _year(word: str) -> int:
    if not (word.isascii() and word.isdigit() and 1900 <= int(word) <= 2100):
        raise argparse.ArgumentTypeError(f"年度应是四位数字，如 2025，不能是“{word}”")
    return int(word)
