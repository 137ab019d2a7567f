"""Reading .docx: a walk over the XML that keeps what a reader of the printed page sees.

Kept: automatic numbers, insertions, content controls, text boxes, table cells (tabs between them), field results.
Dropped: deletions, hidden text, field codes, comments, phonetic guides, headers and footers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from zhibu.documents.numbering import Numbering
from zhibu.documents.package import Package, macros
from zhibu.documents.paragraphs import Line, TraceKind
from zhibu.documents.xmlnodes import attribute, child_of, integer, tag_of, value_of
from zhibu.errors import UserError

_DROPPED = {"del", "moveFrom", "instrText", "delText", "delInstrText", "rt", "rPr", "pPr", "sdtPr", "sdtEndPr", "tblPr",
            "trPr", "tcPr", "tblGrid", "sectPr", "Fallback", "annotationRef"}  # fmt: skip
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_TRACES: dict[str, TraceKind] = {
    "ins": "insertion", "moveTo": "insertion", "del": "deletion", "moveFrom": "deletion",
    "commentRangeStart": "comment", "commentReference": "comment",
}  # fmt: skip
_OFF = ("0", "false", "off")


@dataclass(slots=True)
class _Style:
    name: str = ""
    based_on: str = ""
    level: int = 0
    list_id: str = ""
    depth: int | None = None


@dataclass(slots=True)
class _Pieces:
    """The texts of one paragraph with the nodes they come from (None: a sign), and the text boxes anchored in it."""

    texts: list[str] = field(default_factory=list)
    nodes: list[Any] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)
    marks: list[tuple[int, TraceKind]] = field(default_factory=list)
    """Tracked changes and comments with the number of texts before them."""

    def add(self, text: str, node: Any = None) -> None:
        self.texts.append(text)
        self.nodes.append(node)

    def sources(self, start: int) -> tuple[tuple[int, Any], ...]:
        """The nodes whose text is here unchanged, with the offsets where they begin."""
        found = []
        for text, node in zip(self.texts, self.nodes, strict=True):
            if node is not None and text and text == node.text:
                found.append((start, node))
            start += len(text)
        return tuple(found)

    def traces(self, start: int) -> tuple[tuple[int, TraceKind], ...]:
        """The marks with their offsets."""
        return tuple((start + sum(map(len, self.texts[:count])), kind) for count, kind in self.marks)


def word_lines(data: bytes, name: str) -> list[Line]:
    return lines_of(*open_word(data, name))


def open_word(data: bytes, name: str) -> tuple[Package, str, Any]:
    """The package, the name of its main part, and that part's root."""
    package = Package(data, name)
    main = package.related("", "officeDocument")
    if not main or not main.endswith(".xml"):
        raise UserError("not-a-document", "“{name}”不是文档。请提供 .docx、.pdf、.txt 或 .md 格式的文件。", name=name)
    root = package.xml(main)
    if tag_of(root) != "document":
        raise UserError(
            "wrong-office-file", "“{name}”不是 Word 文档，可能是表格或演示文稿。请提供 .docx 文件。", name=name
        )
    if package.related(main, "vbaProject"):
        raise macros(name)
    return package, main, root


def lines_of(package: Package, main: str, root: Any) -> list[Line]:
    styles, numbering = package.related(main, "styles"), package.related(main, "numbering")
    walker = _Walker(
        _styles(package.xml(styles)) if styles else {}, Numbering(package.xml(numbering) if numbering else None)
    )
    return list(walker.lines(root))


class _Walker:
    def __init__(self, styles: dict[str, _Style], numbering: Numbering) -> None:
        self.styles = styles
        self.numbering = numbering
        self._held = ""
        """Text of paragraphs whose end mark was deleted: it belongs to the next paragraph."""
        self._held_sources: tuple[tuple[int, Any], ...] = ()
        self._held_traces: tuple[tuple[int, TraceKind], ...] = ()
        self._comments: set[str] = set()

    def lines(self, node: Any) -> Iterator[Line]:
        """The paragraphs and table rows below a node, in order."""
        for child in node:
            tag = tag_of(child)
            if tag == "p":
                yield from self._paragraph(child)
            elif tag == "tbl":
                yield from self._table(child)
            elif tag not in _DROPPED:
                yield from self.lines(child)

    def _paragraph(self, node: Any) -> Iterator[Line]:
        properties = child_of(node, "pPr")
        style_id = value_of(properties, "pStyle") if properties is not None else ""
        style = self.styles.get(style_id, self.styles.get("", _Style()))
        pieces = _Pieces()
        self._collect(node, pieces)
        if style.name.lower() == "title":  # a title is broken where the line should end, it stays one paragraph
            pieces.texts = [text.replace("\n", "") for text in pieces.texts]
        sources = self._held_sources + pieces.sources(len(self._held))
        traces = self._held_traces + pieces.traces(len(self._held))
        text = self._held + "".join(pieces.texts)
        if _mark_deleted(properties):
            self._held, self._held_sources, self._held_traces = text, sources, (*traces, (len(text), "deletion"))
            return
        self._held, self._held_sources, self._held_traces = "", (), ()
        if not text and not pieces.boxes and _mark_hidden(properties):
            return
        number = self._number(properties, style_id, style) if text.strip() else ""
        level = style.level or _outline(properties)
        placed = tuple((len(number) + offset, node) for offset, node in sources)
        marked = tuple((len(number) + offset, kind) for offset, kind in traces)
        yield Line(number + text, style.name, level, number.strip(), placed, marked)
        for box in pieces.boxes:
            yield from self.lines(box)

    def _collect(self, node: Any, pieces: _Pieces) -> None:
        for child in node:
            tag = tag_of(child)
            if tag in _TRACES and self._is_new(child, tag):
                pieces.marks.append((len(pieces.texts), _TRACES[tag]))
            if tag in ("t", "sym"):
                pieces.add(_symbol(child) if tag == "sym" else child.text or "", child if tag == "t" else None)
            elif tag in _SIGNS:
                pieces.add("" if attribute(child, "type") in ("page", "column") else _SIGNS[tag])
            elif tag == "txbxContent":
                pieces.boxes.append(child)
            elif tag == "AlternateContent":
                self._collect(_chosen(child), pieces)
            elif tag not in _DROPPED and not (tag == "r" and _hidden(child)):
                self._collect(child, pieces)

    def _is_new(self, node: Any, tag: str) -> bool:
        """A comment is marked where it begins and again behind its end; it counts once."""
        if not tag.startswith("comment"):
            return True
        number = attribute(node, "id")
        known = number in self._comments
        self._comments.add(number)
        return not known

    def _number(self, properties: Any | None, style_id: str, style: _Style) -> str:
        numbered = child_of(properties, "numPr") if properties is not None else None
        list_id, depth = style.list_id, style.depth
        if numbered is not None:
            list_id = value_of(numbered, "numId") or list_id
            depth = integer(value_of(numbered, "ilvl")) if child_of(numbered, "ilvl") is not None else depth
        if not list_id or list_id == "0":
            return ""
        return self.numbering.label(
            list_id, self.numbering.level_of_style(list_id, style_id) if depth is None else depth
        )

    def _table(self, table: Any) -> Iterator[Line]:
        for row in _through(table, "tr"):
            cells = [self._cell(cell) for cell in _through(row, "tc")]
            yield _joined([cell for cell in cells if cell is not None], "\t", "table")

    def _cell(self, cell: Any) -> Line | None:
        """The text of a cell; of vertically merged cells only the first has any, horizontally merged ones are one."""
        properties = child_of(cell, "tcPr")
        for name in ("vMerge", "hMerge"):
            merge = child_of(properties, name) if properties is not None else None
            if merge is not None and attribute(merge, "val") in ("", "continue"):
                return Line("") if name == "vMerge" else None
        return _joined(list(self.lines(cell)), "\n")


def _joined(lines: list[Line], by: str, style: str = "") -> Line:
    sources: list[tuple[int, Any]] = []
    traces: list[tuple[int, TraceKind]] = []
    offset = 0
    for line in lines:
        sources += ((offset + start, node) for start, node in line.sources)
        traces += ((offset + start, kind) for start, kind in line.traces)
        offset += len(line.text) + len(by)
    return Line(by.join(line.text for line in lines), style, sources=tuple(sources), traces=tuple(traces))


def _through(node: Any, wanted: str) -> Iterator[Any]:
    """Children of that name, also inside content controls and insertions; deleted rows are left out."""
    for child in node:
        tag = tag_of(child)
        if tag == wanted:
            properties = child_of(child, "trPr")
            if properties is None or child_of(properties, "del") is None:
                yield child
        elif tag not in _DROPPED and tag not in ("tbl", "tr", "tc", "p"):
            yield from _through(child, wanted)


def _chosen(alternatives: Any) -> Any:
    choice = child_of(alternatives, "Choice")
    if choice is not None:
        return choice
    fallback = child_of(alternatives, "Fallback")
    return () if fallback is None else fallback


def _symbol(node: Any) -> str:
    """A character of a symbol font: ticks and boxes as their Unicode characters, others as a dot."""
    code = attribute(node, "char").upper()[-2:]
    wingdings = {"FC": "✓", "FE": "☑", "A8": "□", "6F": "□", "FD": "☒", "FB": "✗", "52": "☑"}
    return wingdings.get(code, "•") if attribute(node, "font").startswith("Wingdings") else "•"


def _hidden(run: Any) -> bool:
    properties = child_of(run, "rPr")
    return properties is not None and _on(properties, "vanish")


def _on(properties: Any, name: str) -> bool:
    child = child_of(properties, name)
    return child is not None and attribute(child, "val") not in _OFF


def _mark_deleted(properties: Any | None) -> bool:
    mark = child_of(properties, "rPr") if properties is not None else None
    return mark is not None and any(child_of(mark, name) is not None for name in ("del", "moveFrom"))


def _mark_hidden(properties: Any | None) -> bool:
    mark = child_of(properties, "rPr") if properties is not None else None
    return mark is not None and _on(mark, "vanish")


def _outline(properties: Any | None) -> int:
    level = value_of(properties, "outlineLvl") if properties is not None else ""
    return integer(level) + 1 if level in "012345678" and level else 0


def _styles(root: Any) -> dict[str, _Style]:
    """Paragraph styles by id, with what they inherit; "" is the default one."""
    styles: dict[str, _Style] = {}
    for node in root:
        if tag_of(node) != "style" or attribute(node, "type") not in ("paragraph", ""):
            continue
        properties = child_of(node, "pPr")
        numbered = child_of(properties, "numPr") if properties is not None else None
        style = _Style(value_of(node, "name"), value_of(node, "basedOn"), _outline(properties))
        if numbered is not None:
            style.list_id = value_of(numbered, "numId")
            style.depth = integer(value_of(numbered, "ilvl")) if child_of(numbered, "ilvl") is not None else None
        styles[attribute(node, "styleId")] = style
        if attribute(node, "default") not in ("", *_OFF):
            styles[""] = style
    for style in styles.values():
        _inherit(style, styles)
    return styles


def _inherit(style: _Style, styles: dict[str, _Style]) -> None:
    base, seen = styles.get(style.based_on), 0
    while base is not None and seen < 20:
        style.level = style.level or base.level
        if not style.list_id:
            style.list_id, style.depth = base.list_id, style.depth if style.depth is not None else base.depth
        base, seen = styles.get(base.based_on) if base.based_on else None, seen + 1
