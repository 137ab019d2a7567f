"""A document as .docx in the official format. Needs no fonts and no template; the same document gives the same bytes.

The contents page is a field of Word's own: it holds the headings, and the page numbers a caller knows; Word asks for
leave to bring them up to date when the file is opened. Claims keep what they rest on: the words of a claim are a
bookmark named after its `ref`, and a link to the row of the evidence table that answers to it, without any mark on
the page.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from itertools import count
from xml.sax.saxutils import escape

from zhibu.documents import docx_parts as parts
from zhibu.documents.layout import (
    CHARACTERS_PER_LINE,
    Placed,
    centred_columns,
    is_kept_whole,
    linked_refs,
    listed_headings,
    placed_blocks,
    splits,
    title_lines,
    width,
)
from zhibu.documents.model import Block, Document, Span
from zhibu.documents.paragraphs import clean

_STYLE_OF = {
    "title": "Title",
    "byline": "Subtitle",
    "salutation": "Salutation",
    "paragraph": "BodyText",
    "signature": "Signature",
    "date": "Date",
    "annex": "Annex",
    "contents": "ContentsHead",
}
_SHARED_WITH_LATIN = re.compile(r"[“”‘’—…×·～①-⑳]")
_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_EPOCH = (1980, 1, 1, 0, 0, 0)
GAP = 130
"""Twips between a table and the text above or below it; the lines' own air is as much again."""
_BETWEEN = (
    '<w:p><w:pPr>{keep}<w:widowControl w:val="0"/><w:snapToGrid w:val="0"/><w:spacing w:before="0" w:after="0" '
    'w:line="20" w:lineRule="exact"/><w:rPr><w:vanish/><w:sz w:val="2"/></w:rPr></w:pPr></w:p>'
)
"""A table may not be the last element nor run into the next table: a hidden paragraph mark stands between."""


def write_docx(document: Document, pages: Sequence[int] = ()) -> bytes:
    """The document as the bytes of a .docx; characters that XML cannot hold are left out.

    `pages`: the page of each heading the contents page names, as `pdf.contents_pages` counts them; none: not known.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, text in _package(document, pages).items():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            package.writestr(info, text.encode("utf-8"))
    return buffer.getvalue()


def _package(document: Document, pages: Sequence[int]) -> dict[str, str]:
    contents = any(block.kind == "contents" for block in document.blocks)
    return {
        "[Content_Types].xml": parts.CONTENT_TYPES,
        "_rels/.rels": parts.PACKAGE_RELATIONS,
        "docProps/core.xml": _properties(document),
        "word/document.xml": _Body(document, pages).xml(),
        "word/_rels/document.xml.rels": parts.DOCUMENT_RELATIONS,
        "word/styles.xml": parts.styles(),
        "word/settings.xml": parts.settings(fields=contents),
        "word/fontTable.xml": parts.font_table(),
        "word/footer1.xml": parts.footer(even=False),
        "word/footer2.xml": parts.footer(even=True),
    }


def _properties(document: Document) -> str:
    """Title, author and day; nothing about the program or the machine."""
    day = f"{document.date}T00:00:00Z" if document.date else ""
    times = "".join(
        f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{day}</dcterms:{name}>' for name in ("created", "modified") if day
    )
    author = _escaped(clean(document.author))
    return (
        f'{parts.HEADER}<cp:coreProperties xmlns:cp="{parts.PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{_escaped(clean(document.title))}</dc:title><dc:creator>{author}</dc:creator>"
        f"<cp:lastModifiedBy>{author}</cp:lastModifiedBy>{times}<dc:language>zh-CN</dc:language></cp:coreProperties>"
    )


class _Body:
    """Writes the body; counts bookmarks and remembers which names are taken."""

    def __init__(self, document: Document, pages: Sequence[int]) -> None:
        self.blocks = placed_blocks(document)
        self.cover = document.cover
        self.listed = {place: number for number, place in enumerate(listed_headings(self.blocks))}
        self.pages = pages
        self.linked = linked_refs(document)
        self.ids = count(1)
        self.names: set[str] = set()
        self.rows: dict[str, str] = {}
        """Bookmark names of evidence rows by the ref they answer to, given on first use by claim or row."""
        self.anchored: set[str] = set()

    def xml(self) -> str:
        pieces: list[str] = []
        for place, placed in enumerate(self.blocks):
            before, after = self._beside(place)
            if not placed.block.is_grid:
                pieces.append(self._paragraph(placed, before, after, self.listed.get(place)))
                if placed.block.kind == "contents":
                    pieces.append(self._contents())
            elif placed.block.rows:
                pieces.append(self._table(placed))
        body = "".join(pieces)
        spaces = f'xmlns:w="{parts.W}" xmlns:r="{parts.R}"'
        section = parts.section(self.cover)
        return f"{parts.HEADER}<w:document {spaces}><w:body>{body}{section}</w:body></w:document>"

    def _beside(self, place: int) -> tuple[Placed | None, Placed | None]:
        before = self.blocks[place - 1] if place else None
        return before, self.blocks[place + 1] if place + 1 < len(self.blocks) else None

    def _contents(self) -> str:
        """The field with an entry for each heading; what is between its marks is replaced when it is updated."""
        depth = max((self.blocks[place].block.level for place in self.listed), default=1)
        begin = (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> TOC \\o "1-'
            f'{depth}" \\h \\z \\u </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        )
        entries = [self._entry(place, number) for place, number in self.listed.items()]
        first = entries[0] if entries else '<w:p><w:pPr><w:pStyle w:val="TOC1"/></w:pPr></w:p>'
        properties, _, rest = first.partition("</w:pPr>")
        end = '<w:p><w:pPr><w:pStyle w:val="TOC1"/></w:pPr><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
        part = '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/></w:docPartObj>'
        content = f"{properties}</w:pPr>{begin}{rest}{''.join(entries[1:])}{end}"
        return f"<w:sdt><w:sdtPr>{part}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"

    def _entry(self, place: int, number: int) -> str:
        block = self.blocks[place].block
        style = parts.STYLES[f"TOC{min(max(block.level, 1), 3)}"]
        page = str(self.pages[number]) if number < len(self.pages) else ""
        text = f"{_run(block.text, style)}<w:r><w:tab/></w:r>{_run(page, style)}"
        link = f'<w:hyperlink w:anchor="{_contents_name(number)}" w:history="1">{text}</w:hyperlink>'
        return f'<w:p><w:pPr><w:pStyle w:val="{style.id}"/></w:pPr>{link}</w:p>'

    def _paragraph(self, placed: Placed, before: Placed | None, after: Placed | None, listed: int | None) -> str:
        """One paragraph. The air around a table, which cannot hold it itself, belongs to the paragraphs beside it."""
        block = placed.block
        style = parts.STYLES[
            f"Heading{min(max(block.level, 1), 4)}" if block.kind == "heading" else _STYLE_OF[block.kind]
        ]
        keep = "<w:keepNext/>" if placed.keep_with_next and "keepNext" not in style.head else ""
        page = _page_break(placed)
        indent = ""
        above = _air("before", placed.space_before, _is_grid(before) and not placed.new_page)
        under = _air("after", after.space_before if after and _is_grid(after) else 0, _is_grid(after))
        spacing = f'<w:spacing {above}{under}w:line="{parts.LINE}" w:lineRule="exact"/>' if above or under else ""
        if block.kind == "date":  # placed by where it begins, so that the width of digits does not matter
            begin = CHARACTERS_PER_LINE - placed.right - width(block.text)
            indent = f'<w:ind w:left="{round(parts.CELL * max(begin, 0))}"/><w:jc w:val="left"/>'
        elif placed.right:
            indent = f'<w:ind w:rightChars="{round(100 * placed.right)}" w:right="{round(parts.CELL * placed.right)}"/>'
        properties = f'<w:pPr><w:pStyle w:val="{style.id}"/>{keep}{page}{spacing}{indent}</w:pPr>'
        runs = self._runs(block, style)
        return f"<w:p>{properties}{runs if listed is None else self._bookmarked(runs, _contents_name(listed))}</w:p>"

    def _runs(self, block: Block, style: parts.Style) -> str:
        if block.kind == "title":
            lines = [_run(line, style) for line in title_lines(block.text)]
            return "<w:r><w:br/></w:r>".join(lines)
        return "".join(self._span(span, style) for span in block.spans)

    def _span(self, span: Span, style: parts.Style) -> str:
        run = _run(span.text, style, span.role)
        if span.role not in ("claim", "gap") or not span.ref:
            return run
        if span.role == "claim" and span.ref in self.linked:
            run = f'<w:hyperlink w:anchor="{self._row_name(span.ref)}" w:history="1">{run}</w:hyperlink>'
        return self._bookmarked(run, self._name(f"{span.role}_{span.ref}"))

    def _bookmarked(self, content: str, name: str) -> str:
        number = next(self.ids)
        return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{content}<w:bookmarkEnd w:id="{number}"/>'

    def _name(self, wanted: str) -> str:
        """A free bookmark name: letters, digits and underscores, 40 at most."""
        base = re.sub(r"\W", "_", wanted)[:40]
        name, number = base, 1
        while name.lower() in self.names:
            number += 1
            name = f"{base[: 39 - len(str(number))]}_{number}"
        self.names.add(name.lower())
        return name

    def _row_name(self, ref: str) -> str:
        if ref not in self.rows:
            self.rows[ref] = self._name(f"evidence_{ref}")
        return self.rows[ref]

    def _table(self, placed: Placed) -> str:
        block = placed.block
        columns = max(len(row) for row in block.rows) or 1
        shares = block.widths if len(block.widths) == columns and min(block.widths) > 0 else (1.0,) * columns
        widths = [round(parts.MEASURE * share / sum(shares)) for share in shares]
        centred = centred_columns(block.rows)
        sides = "".join(
            f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
            for side in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        properties = (
            f'<w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
            f"<w:tblBorders>{sides}</w:tblBorders>"
            f'<w:tblLayout w:type="fixed"/>{parts.CELL_MARGINS}<w:tblLook w:val="0020" w:firstRow="1"/></w:tblPr>'
        )
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        last, whole = len(block.rows) - 1, placed.keep_with_next or is_kept_whole(block, widths)
        kept = [placed.keep_with_next if row == last else whole for row in range(last + 1)]
        rows = "".join(self._row(block, row, widths, centred, kept[row]) for row in range(last + 1))
        between = _BETWEEN.format(keep="<w:keepNext/>" if placed.keep_with_next else "")
        return f"<w:tbl>{properties}<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>{between}"

    def _row(self, block: Block, row: int, widths: list[int], centred: list[bool], kept: bool) -> str:
        """A row is not split over pages unless it is tall, a table's first is repeated; a short row's last cell takes
        the rest. In a form every other cell, from the first, is a label."""
        texts = block.rows[row] or ("",)
        form = block.kind == "form"
        head = "<w:tblHeader/>" if row == 0 and not form else ""
        keep = "" if splits(texts, widths) else "<w:cantSplit/>"
        cells: list[str] = []
        for place, text in enumerate(texts):
            last = place == len(texts) - 1
            spanned = widths[place:] if last else widths[place : place + 1]
            ref = block.anchor(row) if place == 0 else ""
            label = place % 2 == 0 if form else row == 0
            middle = centred[place] and not form
            cells.append(self._cell(text, spanned, "TableHead" if label else "TableText", middle, ref, kept))
        return f"<w:tr><w:trPr>{keep}{head}</w:trPr>{''.join(cells)}</w:tr>"

    def _cell(self, text: str, spanned: list[int], style_id: str, centred: bool, ref: str, kept: bool) -> str:
        span = f'<w:gridSpan w:val="{len(spanned)}"/>' if len(spanned) > 1 else ""
        style = parts.STYLES[style_id]
        align = '<w:jc w:val="center"/>' if centred and style_id == "TableText" else ""
        keep = "<w:keepNext/>" if kept else ""
        paragraphs: list[str] = []
        for number, line in enumerate(text.split("\n")):
            content = _run(line, style)
            if number == 0 and ref in self.linked and ref not in self.anchored:
                self.anchored.add(ref)
                content = self._bookmarked(content, self._row_name(ref))
            paragraphs.append(f'<w:p><w:pPr><w:pStyle w:val="{style.id}"/>{keep}{align}</w:pPr>{content}</w:p>')
        return (
            f'<w:tc><w:tcPr><w:tcW w:w="{sum(spanned)}" w:type="dxa"/>{span}<w:vAlign w:val="center"/></w:tcPr>'
            f"{''.join(paragraphs)}</w:tc>"
        )


def _page_break(placed: Placed) -> str:
    annex = placed.block.kind == "annex"
    if placed.new_page:
        return "" if annex else "<w:pageBreakBefore/>"
    return '<w:pageBreakBefore w:val="0"/>' if annex else ""


def _is_grid(placed: Placed | None) -> bool:
    return placed is not None and placed.block.is_grid


def _air(side: str, lines: int, table: bool) -> str:
    """Empty lines on one side of a paragraph, and the gap to a table there."""
    if not lines and not table:
        return ""
    of_lines = f'w:{side}Lines="{100 * lines}" ' if lines else ""
    return f'{of_lines}w:{side}="{parts.LINE * lines + GAP * table}" '


def _contents_name(number: int) -> str:
    """The bookmark of the heading a contents page names, as Word itself would call it."""
    return f"_Toc{100_000_000 + number}"


def _run(text: str, style: parts.Style, role: str = "plain") -> str:
    """A run with its fonts by name; quotes, dashes and dots shared with Latin are marked as East Asian."""
    if not text:
        return ""
    bold = "<w:b/><w:bCs/>" if role == "strong" else ""
    marked = '<w:highlight w:val="yellow"/>' if role == "gap" else ""
    fonts = parts.fonts(style.font, hint=bool(_SHARED_WITH_LATIN.search(text)))
    pieces = "<w:tab/>".join(
        f'<w:t xml:space="preserve">{_escaped(piece)}</w:t>' if piece else "" for piece in text.split("\t")
    )
    return f"<w:r><w:rPr>{fonts}{bold}{marked}</w:rPr>{pieces}</w:r>"


def _escaped(text: str) -> str:
    return escape(_NOT_XML.sub("", text))
