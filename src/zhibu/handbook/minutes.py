"""One record in the official field sets (R0, RV …) as blocks: a form, the texts, resolutions, votes, signatures. Pure.

What the kind asks for and nobody recorded is named, never filled in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from zhibu.activities.kinds import Kind, find_kind, load_kinds
from zhibu.documents.layout import fitted_widths
from zhibu.documents.model import Block, Document, Span, text_block
from zhibu.handbook.words import day_text, figure, name_lines, times_text
from zhibu.handbook.year import Record, Resolved, Value

NOTHING = "没有记录"
FORM_WIDTHS = (6.0, 15.0, 5.5, 9.5)
SHORT = 12
"""Characters of a value that shares its row with another."""


def record_document(record: Record, organization: str) -> Document:
    """A record by itself: 党员大会记录, the body, and the sheet to be signed."""
    blocks = [
        text_block("title", f"{record.label}记录"), text_block("byline", organization), *record_blocks(record)
    ]  # fmt: skip
    return Document(f"{record.title}记录", tuple(blocks), organization, record.held.isoformat())


def record_blocks(record: Record) -> Iterable[Block]:
    kind = find_kind(record.kind)
    yield Block("form", rows=tuple(_form(record, kind)), widths=FORM_WIDTHS)
    yield from _texts(record, kind)
    if record.resolutions:
        yield _resolutions(record.resolutions, _label(kind, "resolutions", "决议事项"))
    if record.votes:
        yield _votes(record)
    if kind.has("outcome") and _label(kind, "outcome", "") in record.lacks:
        yield _paragraph("决议或结论", NOTHING + "。")
    if signers := _signers(kind, record):
        yield Block("form", rows=(tuple(signers),), widths=FORM_WIDTHS)


def _label(kind: Kind, column: str, otherwise: str) -> str:
    return kind.columns[column].label if column in kind.columns else otherwise


# --- the form ---------------------------------------------------------------------------------------------------------


def _form(record: Record, kind: Kind) -> Iterable[tuple[str, ...]]:
    also = "、".join(load_kinds()[slug].label for slug in record.also)
    yield ("名称", record.title)
    yield (
        "类别",
        record.label + (f"（同时是{also}）" if also else ""),
        "次数",
        f"{record.held.year}年第{record.number}次",
    )
    yield (
        "时间", _or_nothing(_when(record), record, kind, "times"),
        _label(kind, "place", "地点"), _or_nothing(record.place, record, kind, "place"),
    )  # fmt: skip
    if record.chair or record.recorder or kind.has("chair") or kind.has("recorder"):
        yield (
            _label(kind, "chair", "主持人"), _or_nothing(record.chair, record, kind, "chair"),
            _label(kind, "recorder", "记录人"), _or_nothing(record.recorder, record, kind, "recorder"),
        )  # fmt: skip
    if kind.attends != "pair":
        yield from _attendance(record, kind)
    yield from _short_values(record, kind)
    if record.studied:
        yield ("学习文件", "\n".join(record.studied))


def _when(record: Record) -> str:
    return f"{day_text(record.held)} {times_text(record.starts, record.ends)}".strip()


def _or_nothing(text: str, record: Record, kind: Kind, column: str) -> str:
    """The text; of a part that is asked for and missing, that it is."""
    if column == "times" and not _lacks(record, kind, column):
        return text
    missing = _lacks(record, kind, column)
    return f"{text}（起止时间{NOTHING}）" if column == "times" else NOTHING if missing else text


def _lacks(record: Record, kind: Kind, column: str) -> bool:
    return column in kind.columns and kind.columns[column].label in record.lacks


def _attendance(record: Record, kind: Kind) -> Iterable[tuple[str, ...]]:
    if kind.attends == "chosen":
        if record.attended or _lacks(record, kind, "attendance"):
            yield ("参加", f"{record.attended}人" if record.attended else NOTHING)
    elif record.entitled or record.attended:
        total = f"（到会共{record.attended}人）" if record.attended != record.present else ""
        yield ("应到", f"{record.entitled}人", "实到", f"{record.present}人{total}")
    elif kind.has("attendance"):
        yield ("到会", NOTHING)
    if record.there:
        yield ("到会名单", "、".join(record.there))
    if record.away:
        yield ("缺席和原因", "、".join(_away(*one) for one in record.away))
    if record.observers or record.guests:
        yield ("列席", "、".join([*record.observers, *([record.guests] if record.guests else [])]))


def _away(name: str, presence: str, reason: str) -> str:
    return f"{name}（{presence}，{reason or '原因' + NOTHING}）"


def _short_values(record: Record, kind: Kind) -> Iterable[tuple[str, ...]]:
    """Hours and short fields of the kind's own, two in a row where both are short; what is missing too."""
    cells = [Value("hours", "学时", figure(record.hours))] if record.hours or _lacks(record, kind, "hours") else []
    cells = [one if one.text else Value(one.slug, one.label, NOTHING) for one in cells]
    cells += [one for one in record.values if not one.long]
    known = {column.label for column in kind.columns.values()}
    cells += [Value("", name, NOTHING) for name in record.lacks if name not in known and not _is_long(kind, name)]
    waiting: Value | None = None
    for one in cells:
        if len(one.text) > SHORT:
            yield (one.label, one.text)
        elif waiting is None:
            waiting = one
        else:
            yield (waiting.label, waiting.text, one.label, one.text)
            waiting = None
    if waiting is not None:
        yield (waiting.label, waiting.text)


def _is_long(kind: Kind, label: str) -> bool:
    return any(field.label == label and field.type == "long" for field in kind.fields)


# --- texts ------------------------------------------------------------------------------------------------------------


def _texts(record: Record, kind: Kind) -> Iterable[Block]:
    for column, text in (("agenda", record.agenda), ("minutes", record.minutes)):
        name = _label(kind, column, {"agenda": "议题", "minutes": "记录"}[column])
        if text.strip():
            yield from _named(name, text)
        elif _lacks(record, kind, column):
            yield _paragraph(name, NOTHING + "。")
    for value in record.values:
        if value.long:
            yield from _named(value.label, value.text)
    for name in record.lacks:
        if _is_long(kind, name):
            yield _paragraph(name, NOTHING + "。")


def _named(name: str, text: str) -> Iterable[Block]:
    """A text of any length, its first paragraph after its name."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    yield _paragraph(name, lines[0])
    for line in lines[1:]:
        yield text_block("paragraph", line)


def _paragraph(name: str, text: str) -> Block:
    return Block("paragraph", (Span(f"{name}：", "strong"), Span(text)))


def _resolutions(resolutions: Sequence[Resolved], name: str) -> Block:
    rows = [("序号", name, "责任人", "完成时限", "完成情况")]
    for number, one in enumerate(resolutions, 1):
        done = f"{day_text(one.done)}完成" if one.done else ""
        rows.append((str(number), one.text, name_lines(one.owner) or NOTHING, day_text(one.due) or NOTHING, done))
    return Block("table", rows=tuple(rows), widths=fitted_widths(rows, names={2}))


def _votes(record: Record) -> Block:
    rows = [("表决事项", "方式", "应到", "实到", "赞成", "反对", "弃权", "会前书面意见", "结果")]
    rows += [
        (
            one.matter, one.method or NOTHING, str(one.entitled), str(one.present), str(one.yes), str(one.no),
            str(one.abstain), str(one.written), "通过" if one.passed else "未通过",
        )
        for one in record.votes
    ]  # fmt: skip
    return Block("table", rows=tuple(rows), widths=fitted_widths(rows))


def _signers(kind: Kind, record: Record) -> list[str]:
    """Label and room to sign for those who answer for the record: 主持人, 记录人; at a talk the two who talked.

    Who confirmed the record in the workbench stands there already.
    """
    names = [(_label(kind, role, ""), record.signed.get(role, "")) for role in ("chair", "recorder") if kind.has(role)]
    if kind.attends == "pair":
        partner = kind.field("partner")
        names = [*names[:1], (partner.label if partner else "谈话对象", "")]
    return [cell for name, signed in names for cell in (f"{name}\n签字", signed)]
