"""Where each character of a .docx's text stands in its XML, and writing the file back with only some parts changed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from lxml import etree

from zhibu.documents.package import Package
from zhibu.documents.paragraphs import Line, ReadText, clean
from zhibu.documents.wordtext import lines_of, open_word
from zhibu.documents.xmlnodes import tag_of

Place = tuple[Any, int]
"""A `w:t` node and an index into its text."""
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


class Word:
    """An opened .docx: its parts, its main part's root, and for each character of its text the place or None."""

    def __init__(self, data: bytes, name: str) -> None:
        self.data = data
        self.package, self.main, self.root = open_word(data, name)
        self.text, self.places = _places(lines_of(self.package, self.main, self.root))

    def written(self, changed: Mapping[str, Any]) -> bytes:
        """The file with these parts (roots by name, the main one always) in place of its own or added at the end."""
        parts = {self.main: self.root, **changed}
        buffer = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(self.data)) as old, zipfile.ZipFile(buffer, "w") as new:
            for info in old.infolist():
                content = _bytes(parts.pop(info.filename)) if info.filename in parts else old.read(info)
                new.writestr(info, content)
            for name, root in parts.items():
                added = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                added.compress_type = zipfile.ZIP_DEFLATED
                new.writestr(added, _bytes(root))
        return buffer.getvalue()


def part_of(package: Package, name: str) -> Any | None:
    """The root of a part, None where there is none."""
    return package.xml(name) if name in package.names else None


def _bytes(root: Any) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _places(lines: Sequence[Line]) -> tuple[str, list[Place | None]]:
    """The text as `assemble` makes it, character by character with its place."""
    places: list[Place | None] = []
    texts: list[str] = []
    for line in lines:
        own: list[Place | None] = [None] * len(line.text)
        for start, node in line.sources:
            for index in range(len(node.text)):
                own[start + index] = (node, index)
        cleaned = clean(line.text)
        if len(cleaned) == len(own):
            places += own
        else:
            places += [place for place, sign in zip(own, line.text, strict=True) if clean(sign)]
        places.append(None)
        texts.append(cleaned)
    return "\n".join(texts), places[:-1]


def rewritten_word(
    data: bytes, name: str, read: ReadText, wanted: Sequence[Mapping[int, str]]
) -> tuple[bytes, list[bool]]:
    """Characters exchanged inside the text of runs; no run, no property and no other part is touched."""
    word = Word(data, name)
    if word.text != read.text or len(word.places) != len(read.text):
        return data, [False] * len(wanted)
    done: list[bool] = []
    new: dict[Any, dict[int, str]] = {}
    for change in wanted:
        places = [word.places[offset] for offset in change]
        made = all(place is not None for place in places)
        for place, sign in zip(places, change.values(), strict=True):
            if made and place is not None:
                new.setdefault(place[0], {})[place[1]] = sign
        done.append(made)
    for node, signs in new.items():
        for each in _twins(node):
            _set(each, "".join(signs.get(index, sign) for index, sign in enumerate(each.text)))
    return (word.written({}) if new else data), done


def _set(node: Any, text: str) -> None:
    node.text = text
    if text != text.strip():
        node.set(_SPACE, "preserve")


def _twins(node: Any) -> list[Any]:
    """The node and, in a text box, the same text in the copy that older programs show."""
    above = next((each for each in node.iterancestors() if tag_of(each) == "AlternateContent"), None)
    if above is None:
        return [node]
    choices = [[each for each in part.iter() if tag_of(each) == "t"] for part in above]
    own = next(texts for texts in choices if node in texts)
    index = own.index(node)
    alike = [texts for texts in choices if len(texts) > index and texts[index].text == node.text]
    return [node, *(texts[index] for texts in alike if texts[index] is not node)]
