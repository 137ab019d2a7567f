"""A branch's year and an outline made into the document of the handbook. Pure.

Where there is no record the handbook says so; it never says more than the records.
"""

from __future__ import annotations

from collections.abc import Iterable

from zhibu.documents.layout import fitted_widths
from zhibu.documents.model import Block, Document, Span, text_block
from zhibu.documents.numbering import chinese
from zhibu.handbook.minutes import FORM_WIDTHS, record_blocks
from zhibu.handbook.outline import NUMBER, Outline, Part, Section
from zhibu.handbook.tables import Row, Table, facts, head_of, records_shown
from zhibu.handbook.words import day_text, name_lines
from zhibu.handbook.year import BranchYear, Reader

NAMES = frozenset({"name", "owner", "leader", "lecturer", "chair", "recorder"})
"""Columns of people's names, which are not broken where a line ends."""
MEMBERS_COPY = "（党员本人查阅版，不含他人的个人信息和谈话）"


def handbook(year: BranchYear, outline: Outline) -> Document:
    """Cover, contents page and the sections, each that shows anything from a new page."""
    title = outline.title.format(organization=year.name, year=year.year)
    sections = [section for one in outline.sections if (section := _for_reader(one, year)).parts]
    blocks = [*_front(year, title, outline.contents)]
    nothing = False
    for number, section in enumerate(sections, 1):
        heading = f"{chinese(number)}、{section.heading}"
        shown = list(_section(section, year))
        was_nothing, nothing = nothing, not any(block.is_grid for block in shown)
        # Parts without a record follow each other on one page.
        blocks.append(Block("heading", (Span(heading),), level=1, new_page=not (nothing and was_nothing)))
        blocks += shown
    return Document(f"{title}（{year.year}年度）", tuple(blocks), year.name, year.on.isoformat(), cover=True)


def sections_for(reader: Reader, outline: Outline) -> list[Section]:
    """The sections a reader can choose from."""
    return [one for one in outline.sections if any(_may_show(part, reader.records) for part in one.parts)]


def _for_reader(section: Section, year: BranchYear) -> Section:
    parts = tuple(part for part in section.parts if _may_show(part, year.whole))
    return Section(section.slug, section.heading, parts, section.none)


def _may_show(part: Part, whole: bool) -> bool:
    return whole or part.table is None or not part.table.whole


def _front(year: BranchYear, title: str, contents: int) -> Iterable[Block]:
    yield Block("title", (Span(title),), space_before=5)
    yield Block("byline", (Span(f"{year.year}年度"),), space_before=1)
    if not year.whole:
        yield text_block("byline", MEMBERS_COPY)
    yield Block("byline", (Span(f"内容由记录生成，截至{day_text(year.on)}"),), space_before=8)
    if contents:
        yield Block("contents", (Span("目　录"),), level=contents, new_page=True)


def _section(section: Section, year: BranchYear) -> Iterable[Block]:
    """The parts; a heading over each that has one. What is empty is named, once for parts without a heading."""
    shown: list[Block] = []
    number = 0
    for part in section.parts:
        blocks = list(_part(part, year))
        if part.heading:
            number += 1
            shown.append(text_block("heading", f"（{chinese(number)}）{part.heading}", 2))
            blocks = blocks or [text_block("paragraph", part.none or _nothing(part.heading))]
        shown += blocks
    return shown or [text_block("paragraph", section.none or _nothing(section.heading))]


def _nothing(heading: str) -> str:
    return f"本年度没有“{heading}”的记录。"


def _part(part: Part, year: BranchYear) -> Iterable[Block]:
    if part.show == "facts":
        yield Block("form", rows=tuple(facts(year)), widths=FORM_WIDTHS)
    elif part.show == "records":
        yield from _records(part, year)
    elif part.table is not None:
        yield from _table(part, part.table, year)


def _records(part: Part, year: BranchYear) -> Iterable[Block]:
    for number, record in enumerate(records_shown(year, part.wanted), 1):
        where = f"（{record.body}）" if record.body else ""
        yield text_block("heading", f"{number}.{record.title}{where}", 3)
        yield from record_blocks(record)


def _table(part: Part, table: Table, year: BranchYear) -> Iterable[Block]:
    """The lead, and the table if it has a row. Columns nobody may see, or empty from top to bottom, are left out."""
    lead = table.lead(year, part.wanted)
    if lead:
        yield text_block("paragraph", lead)
    rows = list(table.rows(year, part.wanted))
    if not rows:
        return
    columns = [column for column in part.columns if column == NUMBER or _is_shown(column, table, year)]
    heads = ["序号" if column == NUMBER else part.labels.get(column) or head_of(table, column) for column in columns]
    body = [tuple(_cell(column, row, number) for column in columns) for number, row in enumerate(rows, 1)]
    filled = [place for place in range(len(columns)) if any(cells[place] for cells in body)]
    lines = [tuple(cells[place] for place in filled) for cells in [tuple(heads), *body]]
    names = {place for place, column in enumerate(columns[place] for place in filled) if column in NAMES}
    yield Block("table", rows=tuple(lines), widths=fitted_widths(lines, names))


def _cell(column: str, row: Row, number: int) -> str:
    text = str(number) if column == NUMBER else row.get(column, "")
    return name_lines(text) if column in NAMES else text


def _is_shown(column: str, table: Table, year: BranchYear) -> bool:
    return year.reader.keeps or column not in table.personal
