"""Gather every message of the product into the English catalogue, keeping what is translated already.

Messages come from Python (`_`, `gettext`, `UserError(code, message)`, `Sentence(code, message)` …), from templates
(translate, blocktranslate) and from data files, where `label` and `label_en` stand side by side. Prints what is still
without a translation; `--check` writes nothing and ends with 1 when the catalogue is not what the sources say.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import yaml
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "zhibu"
CATALOGUE = SOURCE / "locale" / "en" / "LC_MESSAGES" / "django.po"

# Function → positions (from 0) of its message, or of singular and plural; and the position of its context.
CALLS: dict[str, tuple[tuple[int, ...], int | None]] = {
    "_": ((0,), None),
    "gettext": ((0,), None),
    "gettext_lazy": ((0,), None),
    "gettext_noop": ((0,), None),
    "ngettext": ((0, 1), None),
    "ngettext_lazy": ((0, 1), None),
    "pgettext": ((1,), 0),
    "pgettext_lazy": ((1,), 0),
    "npgettext": ((1, 2), 0),
    "UserError": ((1,), None),
    "Refusal": ((2,), None),
    "Sentence": ((1,), None),
}

HEADER = """\
# The English catalogue of Zhibu, written by scripts/messages.py; translations are edited here.
msgid ""
msgstr ""
"Language: en\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""
"""No date and no names: the file changes only when messages do."""

Found = tuple[str, Any, str | None]
"""Path, message (or singular and plural), context."""


def main(arguments: list[str]) -> int:
    old = catalogue()
    new = gathered(old)
    text = written(new)
    for message in new:
        if message.id and not translated(message):
            print(f"without translation: {message.id!r}", file=sys.stderr)
    if "--check" in arguments:
        return int(not CATALOGUE.exists() or CATALOGUE.read_bytes() != text)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    CATALOGUE.write_bytes(text)
    return 0


def catalogue() -> Catalog:
    if not CATALOGUE.exists():
        return Catalog(locale="en")
    with CATALOGUE.open("rb") as lines:
        return read_po(lines, locale="en")


def gathered(old: Catalog) -> Catalog:
    """A catalogue of what the sources hold now, with the translations of `old` and of the data files."""
    new = Catalog(locale="en", fuzzy=False)
    for path, ids, context in sorted([*of_python(), *of_templates()], key=str):
        new.add(ids, None, locations=[(path, 0)], context=context)
    for path, label, label_en in of_data():
        known = new.get(label)
        given = known.string if known and known.string else label_en
        new.add(label, given, locations=[(path, 0)])
    for message in new:
        before = old.get(message.id, message.context) if message.id else None
        if before and translated(before):
            message.string = before.string
    return new


def of_python() -> Iterator[Found]:
    """Calls whose message is written out; a message that is put together elsewhere cannot be gathered."""
    for path in sorted(SOURCE.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(call, ast.Call) and (name := called(call)) in CALLS:
                places, where = CALLS[name]
                texts = [text_at(call, place) for place in places]
                if all(texts):
                    ids = tuple(texts) if len(texts) > 1 else texts[0]
                    yield str(path.relative_to(ROOT)), ids, text_at(call, where) if where is not None else None


def called(call: ast.Call) -> str:
    function = call.func
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def text_at(call: ast.Call, place: int) -> str | None:
    given = call.args[place] if place < len(call.args) else None
    return given.value if isinstance(given, ast.Constant) and isinstance(given.value, str) else None


def of_templates() -> Iterator[Found]:
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=True)
    from django.utils.translation.template import templatize

    for path in sorted(SOURCE.glob("*/templates/**/*.html")):
        text = templatize(path.read_text(encoding="utf-8"))
        # What templatize leaves is no program: without indentation Babel can still read the calls in it.
        program = BytesIO("\n".join(line.strip() for line in text.splitlines()).encode())
        options = {"encoding": "utf-8"}
        for _line, ids, _comments, context in extract("python", program, DEFAULT_KEYWORDS, options=options):
            yield str(path.relative_to(ROOT)), ids, context


def of_data() -> Iterator[tuple[str, str, str]]:
    """Labels of data files with their English, the first file in the alphabet deciding.

    Not of schemes: committees write their own, so pages take the English from the scheme itself.
    """
    seen = set()
    for path in sorted(set(SOURCE.rglob("*.yaml")) - set(SOURCE.rglob("scoring/schemes/**/*.yaml"))):
        for label, label_en in labels_in(yaml.safe_load(path.read_text(encoding="utf-8"))):
            if label not in seen:
                seen.add(label)
                yield str(path.relative_to(ROOT)), label, label_en


def labels_in(data: Any) -> Iterator[tuple[str, str]]:
    if isinstance(data, dict):
        label, label_en = data.get("label"), data.get("label_en")
        if isinstance(label, str) and isinstance(label_en, str):
            yield label, label_en
        data = list(data.values())
    if isinstance(data, list):
        for item in data:
            yield from labels_in(item)


def translated(message: Any) -> bool:
    return all(message.string) if isinstance(message.string, list | tuple) else bool(message.string)


def written(new: Catalog) -> bytes:
    out = BytesIO()
    write_po(out, new, width=120, sort_output=True, include_lineno=False, omit_header=True)
    return HEADER.encode() + out.getvalue()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
