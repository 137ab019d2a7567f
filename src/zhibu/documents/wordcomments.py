"""Comments put into a .docx at exact places of its text. Runs are cut where a comment begins or ends; nothing else of
the document, its styles or its other parts changes."""

from __future__ import annotations

import posixpath
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from lxml import etree

from zhibu.documents.package import Package
from zhibu.documents.rewrite import aligned
from zhibu.documents.wordplaces import Word, part_of
from zhibu.documents.xmlnodes import attribute, integer, tag_of

_CONTENT_TYPES = "[Content_Types].xml"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_TRANSITIONAL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_HOLDERS = {"p", "hyperlink", "ins", "moveTo", "sdtContent", "smartTag", "fldSimple", "customXml", "dir", "bdo"}
"""Elements in which a comment may begin or end; a run elsewhere (in a phonetic guide) is taken whole."""
_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Note:
    """A comment on text[start:end] of the document; `lines` are its paragraphs."""

    start: int
    end: int
    lines: tuple[str, ...]


def annotate(data: bytes, name: str, text: str, notes: Sequence[Note], author: str, initials: str) -> bytes:
    """A copy of the .docx with the notes as comments. `text` is what the notes' offsets count in: the document's own
    text or one that differs from it in blanks only. A note on nothing that is printed stands at the next character.
    """
    word = Word(data, name)
    runs = [offset for offset, place in enumerate(word.places) if place is not None]
    if not runs:
        return data
    there = _translated(text, word.text)
    spans = [_span(note, there, runs, len(word.text)) for note in notes]
    cut = _Cut(word)
    for first, last in spans:
        cut.at(first)
        cut.at(last + 1)
    cut.make()
    changed, comments, number = _comments_part(word.package, word.main)
    for note, (first, last) in zip(notes, spans, strict=True):
        _mark(cut.run_from(first), cut.run_to(last), number, word.root)
        comments.append(_comment(note, number, author, initials, comments))
        number += 1
    return word.written(changed)


def _translated(text: str, own: str) -> list[int]:
    """For each offset of `text` (its end included) the offset in the document's own text."""
    if text == own:
        return list(range(len(text) + 1))
    places = aligned(own, text)
    back = {place: offset for offset, place in enumerate(places or []) if place >= 0}
    there = [0] * (len(text) + 1)
    there[len(text)] = len(own)
    for offset in range(len(text) - 1, -1, -1):
        there[offset] = back.get(offset, there[offset + 1])
    return there


def _span(note: Note, there: list[int], runs: list[int], length: int) -> tuple[int, int]:
    """The first and the last character of a run that the note covers."""
    start = there[min(note.start, len(there) - 1)]
    end = there[min(max(note.end, note.start + 1), len(there) - 1)]
    first = bisect_left(runs, start)
    last = bisect_left(runs, end) - 1
    first = min(first, len(runs) - 1)
    return runs[first], runs[max(first, last)]


class _Cut:
    """Cuts runs at offsets of the text and finds the run that a character then stands in."""

    def __init__(self, word: Word) -> None:
        self.places = word.places
        self.wanted: dict[Any, set[int]] = defaultdict(set)
        self.pieces: dict[Any, list[tuple[int, Any]]] = {}

    def at(self, offset: int) -> None:
        """Cut before this character, if it is one of a run."""
        place = self.places[offset] if offset < len(self.places) else None
        before = self.places[offset - 1] if offset else None
        if place is not None:
            self.wanted[place[0]].add(place[1])
        if before is not None and (place is None or place[0] is not before[0]):
            self.wanted[before[0]].add(before[1] + 1)

    def make(self) -> None:
        for node, indexes in self.wanted.items():
            self.pieces[node] = [(0, node)]
            if _box(node) is not None or tag_of(node.getparent().getparent()) not in _HOLDERS:
                continue
            text = node.text
            if max(indexes) >= len(text):
                _split_after(node)
            bounds = [*sorted(index for index in indexes if 0 < index < len(text)), len(text)]
            for start, end in reversed(list(pairwise(bounds))):
                self.pieces[node].append((start, _next_run(node, text[start:end])))
            _put(node, text[: bounds[0]])
            if 0 in indexes:
                _split_before(node)
            self.pieces[node].sort(key=lambda piece: piece[0])

    def _node(self, offset: int) -> Any:
        place = self.places[offset]
        assert place is not None, "callers only ask for characters of runs"
        pieces = self.pieces.get(place[0], [(0, place[0])])
        return pieces[bisect_right(pieces, place[1], key=lambda piece: piece[0]) - 1][1]

    def run_from(self, offset: int) -> Any:
        return _holder_child(self._node(offset))

    def run_to(self, offset: int) -> Any:
        return _holder_child(self._node(offset))


def _holder_child(node: Any) -> Any:
    """The element around a text that stands where a comment's mark may stand beside it: its run, for a text box the run
    that holds the box, as Word knows no comments inside."""
    box = _box(node)
    node = node if box is None else box
    while node.getparent() is not None and tag_of(node.getparent()) not in _HOLDERS:
        node = node.getparent()
    return node


def _box(node: Any) -> Any | None:
    """The outermost text box around a node."""
    return next((each for each in reversed(list(node.iterancestors())) if tag_of(each) == "txbxContent"), None)


def _next_run(node: Any, text: str) -> Any:
    """A text that begins a run of its own behind a text's run, with the same properties and what follows in the run."""
    rest = etree.Element(node.tag, node.attrib, nsmap=node.nsmap)
    _put(rest, text)
    node.addnext(rest)
    _split_before(rest)
    return rest


def _put(node: Any, text: str) -> None:
    node.text = text
    if text != text.strip():
        node.set(_SPACE, "preserve")


def _split_after(node: Any) -> None:
    following = node.getnext()
    if following is not None:
        _split_before(following)


def _split_before(node: Any) -> None:
    """Move a child of a run and all that follow it into a run of their own, with the same properties."""
    run = node.getparent()
    before = [child for child in node.itersiblings(preceding=True) if tag_of(child) != "rPr"]
    if not before:
        return
    second = etree.Element(run.tag, run.attrib, nsmap=run.nsmap)
    properties = next((child for child in run if tag_of(child) == "rPr"), None)
    if properties is not None:
        second.append(deepcopy(properties))
    for child in [node, *node.itersiblings()]:
        second.append(child)
    run.addnext(second)


def _mark(first: Any, last: Any, number: int, root: Any) -> None:
    """The comment's two ends around its runs, and the reference behind them."""
    w = root.tag.rpartition("}")[0] + "}"
    if first is not last and _behind(first, last, root):
        last = first
    begin = etree.Element(f"{w}commentRangeStart", {f"{w}id": str(number)})
    end = etree.Element(f"{w}commentRangeEnd", {f"{w}id": str(number)})
    run = etree.Element(f"{w}r")
    etree.SubElement(run, f"{w}commentReference", {f"{w}id": str(number)})
    first.addprevious(begin)
    last.addnext(end)
    end.addnext(run)


def _behind(first: Any, last: Any, root: Any) -> bool:
    """Does `first` come after `last`? Only where a text box is read after the text around it."""
    if not any(tag_of(each) == "txbxContent" for node in (first, last) for each in node.iter()):
        return False
    order = next(node for node in root.iter() if node is first or node is last)
    return order is last


def _comment(note: Note, number: int, author: str, initials: str, comments: Any) -> Any:
    w = comments.tag.rpartition("}")[0] + "}"
    about = {f"{w}id": str(number), f"{w}author": author, f"{w}initials": initials}
    comment = etree.Element(f"{w}comment", about)
    for line in note.lines:
        run = etree.SubElement(etree.SubElement(comment, f"{w}p"), f"{w}r")
        text = etree.SubElement(run, f"{w}t", {_SPACE: "preserve"})
        text.text = _NOT_XML.sub("", line)
    return comment


def _comments_part(package: Package, main: str) -> tuple[dict[str, Any], Any, int]:
    """The parts to write (by name), the root of the comments among them, and the first free number."""
    existing = package.related(main, "comments")
    if existing:
        root = package.xml(existing)
        return {existing: root}, root, 1 + max((integer(attribute(node, "id")) for node in root), default=-1)
    folder, base = posixpath.split(main)
    document = package.xml(main)
    w = document.tag.rpartition("}")[0][1:]
    name = _free(posixpath.join(folder, "comments.xml"), package.names)
    root = etree.Element(f"{{{w}}}comments", nsmap={"w": w})
    links_name = posixpath.join(folder, "_rels", f"{base}.rels")
    links = part_of(package, links_name)
    if links is None:
        links = etree.Element(f"{{{_PACKAGE}/relationships}}Relationships", nsmap={None: f"{_PACKAGE}/relationships"})
    taken = {attribute(link, "Id") for link in links}
    link = etree.SubElement(links, f"{{{_PACKAGE}/relationships}}Relationship")
    link.set("Id", next(f"rIdComments{n}" for n in range(1, len(taken) + 2) if f"rIdComments{n}" not in taken))
    link.set("Type", f"{_STRICT if 'purl.oclc.org' in w else _TRANSITIONAL}/comments")
    link.set("Target", posixpath.basename(name))
    types = package.xml(_CONTENT_TYPES)
    kind = etree.SubElement(types, f"{{{_PACKAGE}/content-types}}Override")
    kind.set("PartName", f"/{name}")
    kind.set("ContentType", _COMMENTS_TYPE)
    return {name: root, links_name: links, _CONTENT_TYPES: types}, root, 0


def _free(name: str, taken: Iterable[str]) -> str:
    names, number = set(taken), 1
    stem, dot = name.removesuffix(".xml"), ".xml"
    while name in names:
        number += 1
        name = f"{stem}{number}{dot}"
    return name
