"""Results on paper and as tables: the sheet of one evaluation as a document, a round as rows of a workbook or a CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

import xlsxwriter
from django.utils.translation import gettext as _

from zhibu.documents.model import Block, Document, text_block
from zhibu.errors import Sentence
from zhibu.scoring.models import Evaluation
from zhibu.scoring.queries import Grade, Line, Section
from zhibu.scoring.rounds import Entry, Round
from zhibu.scoring.scheme import Scheme
from zhibu.scoring.templatetags.scoring import cited, number, one_place, span, worth

SHEET = ("项目", "分值", "得分", "怎样判定", "出处")
NUMERALS = "一二三四五六七八九十"
WIDTHS = (0.2, 0.09, 0.13, 0.42, 0.16)


def sheet_document(evaluation: Evaluation, scheme: Scheme, sections: Sequence[Section], grade: Grade) -> Document:
    """Line by line: points, of how many, how it was judged, its citation. In Chinese, as papers are."""
    rows = [SHEET, *(row for number, one in enumerate(sections) for row in _section_rows(number, one))]
    rows.append(("合计", number(grade.total.full), span(grade.total), _level(grade), ""))
    title = f"{evaluation.year}年度{scheme.title}结果表"
    blocks = [
        text_block("title", title),
        text_block("byline", _whose(evaluation)),
        Block("table", rows=tuple(rows), widths=WIDTHS),
        *(text_block("paragraph", line) for line in _remarks(evaluation, scheme, grade)),
        text_block("signature", evaluation.committee.name),
    ]
    if evaluation.published_at:
        day = evaluation.published_at
        blocks.append(text_block("date", f"{day.year}年{day.month}月{day.day}日"))
    made = evaluation.on.isoformat() if evaluation.on else ""
    return Document(f"{title}（{_whose(evaluation)}）", tuple(blocks), date=made)


def _whose(evaluation: Evaluation) -> str:
    name = str(evaluation.organization.name)
    if evaluation.member is None:
        return name
    part = ""
    if evaluation.since or evaluation.until:
        part = f"（{_day(evaluation.since) or '年初'}至{_day(evaluation.until) or '年底'}）"
    return f"{name} {evaluation.member}{part}"


def _day(day: date | None) -> str:
    return f"{day.month}月{day.day}日" if day else ""


def _section_rows(place: int, section: Section) -> Iterable[tuple[str, ...]]:
    label = {"vetoes": "否决项", "deductions": "扣分项"}.get(section.slug) or section.label.label
    named = f"{NUMERALS[place]}、{label}" if place < len(NUMERALS) else label
    yield (named, number(section.total.full), span(section.total), "", "") if section.total else (named, "", "", "", "")
    for line in section.lines:
        yield _line_row(line)


def _line_row(line: Line) -> tuple[str, ...]:
    item, point = line.item, line.point
    scored = item.role == "scored"
    got = span(point) if scored and point.state != "exempt" else worth(point)
    why = "".join(_said(one) for one in point.why)
    if line.said and line.said.note:
        why += f"{'上级说明' if line.said.opinion else '支部说明'}：{line.said.note}"
    return (item.label, number(item.points) if item.role != "veto" else "—", got, why, cited(line))


def _said(sentence: Sentence | str) -> str:
    return sentence.text() if isinstance(sentence, Sentence) else sentence


def _level(grade: Grade) -> str:
    if grade.level:
        return grade.level
    return "至".join(level.label for level in grade.total.levels)


def _remarks(evaluation: Evaluation, scheme: Scheme, grade: Grade) -> Iterable[str]:
    version = f"第{scheme.version}版"
    mark = "" if scheme.confidence == "V" else "，本地办法，未与文件核对"
    yield f"办法：{scheme.issuer}，来源：{scheme.source}，{version}{mark}。"
    if not grade.certain:
        yield f"还有{len(grade.total.open)}项说不清或没有到期，不按零分算，得分以范围表示。"
    if evaluation.level_reason:
        proposed = f"按总分拟定为{grade.proposed.label}" if grade.proposed else "总分说不清"
        yield f"{proposed}，委员会定为{grade.level}。理由：{evaluation.level_reason}"
    for row in evaluation.objections.all():
        handled = "等待答复" if row.upheld is None else f"{'采纳' if row.upheld else '不采纳'}：{row.answer}"
        yield f"异议：{row.text}（{handled}）"
    if evaluation.snapshot:
        yield f"依据的台账快照：{evaluation.snapshot.digest}"


# --- a round -------------------------------------------------------------------------------------------------------


Cell = str | Decimal | None


def round_table(found: Round) -> list[list[Cell]]:
    """Head and rows, in the order of the tree. A figure that is a range is text; one that is certain a number."""
    head: list[Cell] = [
        _("代码"), _("组织"), *([_("述职人")] if found.of_persons else []),
        *(f"{part.label}（{number(part.points)}）" for part in found.scheme.parts), _("扣分"), _("合计"), _("满分"),
        _("得分率（%）"), _("等次"), *([_("名次")] if found.places else []), _("状态"),
    ]  # fmt: skip
    return [head, *(_round_row(found, one) for one in found.entries)]


def _round_row(found: Round, one: Entry) -> list[Cell]:
    evaluation, total = one.evaluation, one.grade.total
    low, high = one.share.rounded()
    place = found.places.get(evaluation.pk)
    return [
        evaluation.organization.code, evaluation.organization.name,
        *([str(evaluation.member)] if found.of_persons else []),
        *(
            _span(part.low, part.high) if (part := one.weighed.parts.get(each.slug)) and part.full else None
            for each in found.scheme.parts
        ),
        _span(*one.weighed.off), _span(total.low, total.high), total.full, _span(low, high), _level(one.grade),
        *([one_place(place)] if found.places else []),
        _("没有开始") if found.trial else str(evaluation.get_state_display()),
    ]  # fmt: skip


def _span(low: Decimal, high: Decimal) -> Cell:
    return low if low == high else f"{number(low)}—{number(high)}"


def as_csv(rows: Sequence[Sequence[Cell]]) -> bytes:
    """With a mark at its head by which Excel knows the encoding. Nothing in it can be read as a formula."""
    buffer = io.StringIO()
    csv.writer(buffer).writerows([[_plain(cell) for cell in row] for row in rows])
    return buffer.getvalue().encode("utf-8-sig")


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return number(cell)
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def as_xlsx(rows: Sequence[Sequence[Cell]], name: str) -> bytes:
    """A workbook of one sheet; text is never a formula."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(buffer, options)
    sheet = book.add_worksheet(name[:31])
    head = book.add_format({"bold": True, "border": 1, "valign": "vcenter", "text_wrap": True, "bg_color": "#EAEFF5"})
    for line, row in enumerate(rows):
        for place, cell in enumerate(row):
            if isinstance(cell, Decimal):
                sheet.write_number(line, place, float(cell))
            elif cell is not None:
                sheet.write_string(line, place, cell, head if line == 0 else None)
    sheet.set_column(0, 0, 12)
    sheet.set_column(1, 1, 30)
    sheet.freeze_panes(1, 2)
    sheet.set_landscape()
    sheet.repeat_rows(0)
    book.close()
    return buffer.getvalue()
