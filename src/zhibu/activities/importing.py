"""A past year's activities from Excel: looked over row by row, confirmed all or nothing, undone while untouched."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import xlsxwriter
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhibu.activities.entry import Around, Earlier, Elsewhere, Entry
from zhibu.activities.entry_checks import check_entry
from zhibu.activities.import_rows import COLUMNS, Read, RowReader, headers, kind_named, read_day
from zhibu.activities.kinds import Kind, find_kind, kinds_for
from zhibu.activities.models import Activity, Attendance, Resolution
from zhibu.activities.roster import Rosters
from zhibu.activities.services import attendance_rows, completed, fill
from zhibu.errors import Sentence, UserError
from zhibu.org.journal import note
from zhibu.org.models import Account, ImportBatch, Organization
from zhibu.org.workbook import read_table

MOST_ROWS = 500
MOST_CELL = 20_000
Packed = tuple[str, dict[str, str]]


def template(organization: Organization) -> bytes:
    """An .xlsx with the columns, a note on each, a choice list for the kinds and no example row to be imported."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet("活动")
    head = book.add_format({"bold": True, "bg_color": "#EAEFF5", "border": 1, "text_wrap": True})
    must = book.add_format({"bold": True, "bg_color": "#FBE9E7", "border": 1, "text_wrap": True})
    for number, column in enumerate(COLUMNS):
        sheet.write(0, number, column.header, must if column.required else head)
        if column.hint:
            sheet.write_comment(0, number, column.hint)
        sheet.set_column(number, number, 30 if column.header in ("议题", "记录", "决议") else 14)
    labels = [kind.label for group in kinds_for(organization.kind) for kind in group.kinds]
    words = book.add_worksheet("类别")
    words.write_column(0, 0, labels)
    sheet.data_validation(1, 0, MOST_ROWS, 0, {"validate": "list", "source": f"=类别!$A$1:$A${len(labels)}"})
    sheet.set_column(1, 1, 14, book.add_format({"num_format": "yyyy-mm-dd"}))
    sheet.freeze_panes(1, 2)
    book.close()
    return buffer.getvalue()


def fits(size: int) -> None:
    if size > settings.UPLOAD_LIMIT:
        raise UserError(
            "file-too-big", "文件超过{limit} MB。请拆分后分次导入。", limit=settings.UPLOAD_LIMIT // 1024**2
        )


def preview(
    account: Account | None, organization: Organization, data: bytes, name: str, *, at: datetime
) -> ImportBatch:
    """Read the file and keep its rows with what is wrong in each. Nothing is recorded yet."""
    fits(len(data))
    rows = list(_sheet_rows(data, name))
    looked = _look_over(Rosters(organization), [values for _line, values in rows], timezone.localdate(at))
    return ImportBatch.objects.create(
        organization=organization,
        what="activities",
        file_name=name[:200],
        rows=[
            {"line": line, "values": values, "errors": _packed(read.errors), "warnings": _packed(read.warnings)}
            for (line, values), read in zip(rows, looked, strict=True)
        ],
        made_at=at,
        made_by=account,
    )


def confirm(actor: Account | None, batch: ImportBatch, *, at: datetime) -> list[Activity]:
    """Record every row, or none. Raises UserError while a row has errors or the batch was dealt with already."""
    with transaction.atomic():
        current = _locked(batch, "preview")
        rosters = Rosters(current.organization)
        looked = _look_over(rosters, [row["values"] for row in current.rows], timezone.localdate(at), keep=True)
        wrong = [row["line"] for row, read in zip(current.rows, looked, strict=True) if read.errors]
        if wrong:
            lines = "、".join(str(line) for line in wrong[:10])
            raise UserError(
                "import-has-errors", "第{lines}行还有错误，没有导入任何一行。请改好表格后重新上传。", lines=lines
            )
        made = _save(actor, current, looked, rosters, at)
        current.state, current.created = "done", {"activity": [one.pk for one in made]}
        current.save()
        note(
            actor, current.organization, "import-activities", current,
            f"从“{current.file_name}”导入{len(made)}条活动记录", count=len(made),
        )  # fmt: skip
    batch.refresh_from_db()
    return made


def undo(actor: Account | None, batch: ImportBatch, *, at: datetime) -> int:
    """Remove exactly what the import made. Refused once one of the records was corrected or withdrawn."""
    with transaction.atomic():
        current = _locked(batch, "done")
        made = Activity.objects.filter(pk__in=current.created.get("activity", []))
        touched = made.exclude(version=1).order_by("held").first()
        if touched:
            raise UserError(
                "import-was-corrected", "“{title}”导入后已更正或撤回过，不能整批撤销。请逐条撤回。", title=touched.title
            )
        count = made.count()
        made.delete()
        current.state = "undone"
        current.save()
        note(
            actor, current.organization, "undo-import", current,
            f"撤销从“{current.file_name}”导入的{count}条活动记录", count=count,
        )  # fmt: skip
    batch.refresh_from_db()
    return count


def _locked(batch: ImportBatch, state: str) -> ImportBatch:
    current = ImportBatch.objects.select_for_update(of=("self",)).select_related("organization").get(pk=batch.pk)
    if current.state != state:
        raise UserError(
            "import-already-done", "这次导入已处理过，当前状态：{state}。", state=current.get_state_display()
        )
    return current


def _save(
    actor: Account | None, batch: ImportBatch, looked: list[Read], rosters: Rosters, at: datetime
) -> list[Activity]:
    """All rows in a few statements; `recorded_at` is now, so that what was entered late stays visible as late."""
    organization = batch.organization
    made, entries = [], []
    for read in looked:
        if read.entry is None:
            continue
        kind = find_kind(read.entry.kind)
        known = Around(today=read.entry.held, founded=organization.founded, people=rosters.on(read.entry.held, kind))
        activity = Activity(organization=organization, recorded_at=at, recorded_by=actor, changed_at=at, batch=batch)
        fill(activity, read.entry, kind, known)
        made.append(activity)
        entries.append((activity, read.entry, known))
    made = Activity.objects.bulk_create(made)
    rows = [row for activity, entry, known in entries for row in attendance_rows(activity, entry, known)]
    Attendance.objects.bulk_create(rows, batch_size=1000)
    Resolution.objects.bulk_create(
        Resolution(organization=organization, activity=activity, text=one.text)
        for activity, entry, _known in entries
        for one in entry.resolutions
    )
    return made


# --- reading ----------------------------------------------------------------------------------------------------------


def _sheet_rows(data: bytes, name: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number in Excel and header → text of every row that is not empty. Raises UserError for what is no sheet."""
    rows = read_table(data, name, MOST_ROWS * 4)
    known = headers()
    head = next((n for n, row in enumerate(rows[:10]) if {"类别", "日期"} <= {known.get(_word(c)) for c in row}), None)
    if head is None:
        raise UserError("import-no-headers", "没有找到表头。前几行中应有“类别”和“日期”两列，请使用模板中的表头。")
    names = [known.get(_word(cell), "") for cell in rows[head]]
    found = 0
    for number, row in enumerate(rows[head + 1 :], start=head + 2):
        values = {
            header: text for header, cell in zip(names, row, strict=False) if header and (text := _text(cell).strip())
        }
        if not values:
            continue
        found += 1
        if found > MOST_ROWS:
            raise UserError("import-too-many", "一次最多导入{most}行。请按年份拆成几个文件。", most=MOST_ROWS)
        yield number, values
    if not found:
        raise UserError("import-empty", "表头下面没有内容。")


def _word(cell: Any) -> str:
    return "".join(_text(cell).split()).rstrip("*＊：:")


def _text(cell: Any) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    if isinstance(cell, timedelta):
        return f"{int(cell.total_seconds()) // 3600}:{int(cell.total_seconds()) // 60 % 60:02}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)[:MOST_CELL]


def _look_over(rosters: Rosters, rows: list[dict[str, str]], today: date, keep: bool = False) -> list[Read]:
    """Every row read and checked like a record entered by hand, against the records there are and the rows before it.

    `keep`: only what decides whether it can be saved; the comparison of minutes was shown in the preview.
    """
    organization = rosters.organization
    saved = Activity.objects.filter(organization=organization, withdrawn_at__isnull=True)
    earlier = [] if keep else [Earlier(*one) for one in saved.values_list("id", "title", "held", "minutes") if one[3]]
    there = set(saved.values_list("kind", "held", "title"))
    looked, others = [], []
    for values in rows:
        read = _read(values, rosters)
        looked.append(read)
        if read.entry is None:
            continue
        entry, kind = read.entry, find_kind(read.entry.kind)
        same_day = tuple(Elsewhere(o.title, o.starts, o.ends, o.present) for o in others if o.held == entry.held)
        known = Around(
            today=today, founded=organization.founded, ended=organization.ended, people=rosters.on(entry.held, kind),
            elsewhere=same_day, earlier=() if keep else tuple(earlier),
        )  # fmt: skip
        _judge(read, entry, kind, known)
        if (entry.kind, entry.held, entry.title) in there:
            said = Sentence("import-already-there", "{day}已有同名的“{title}”。", day=entry.held, title=entry.title)
            read.errors.append(said)
        there.add((entry.kind, entry.held, entry.title))
        others.append(entry)
        earlier.append(Earlier(0, entry.title, entry.held, entry.minutes))
    return looked


def _judge(read: Read, entry: Entry, kind: Kind, known: Around) -> None:
    """Add what the entry checks say; that all of it is recorded late is said once, on the page."""
    for remark in check_entry(entry, kind, known):
        if remark.severity != "note":
            (read.errors if remark.severity == "error" else read.warnings).append(remark.sentence)


def _read(values: dict[str, str], rosters: Rosters) -> Read:
    kind, held = kind_named(values.get("类别", "")), read_day(values.get("日期", ""))
    read = Read()
    if kind is None:
        said = Sentence("import-kind", "“类别”一栏的“{text}”不在可用的类别之中。", text=values.get("类别", ""))
        read.errors.append(said)
    elif rosters.organization.kind not in kind.bodies:
        said = Sentence("kind-not-for-body", "{body}不记录“{kind}”。", body=rosters.organization.name, kind=kind.label)
        read.errors.append(said)
    if held is None:
        data = {"column": "日期", "text": values.get("日期", "")}
        said = Sentence("import-date", "“{column}”一栏的“{text}”不是日期，应如 2025-03-05。", **data)
        read.errors.append(said)
    if kind is None or held is None or read.errors:
        return read
    found = RowReader(values, kind, held, rosters.on(held, kind)).row()
    if found.entry is not None:
        found.entry = completed(found.entry, kind)
    return found


def _packed(sentences: list[Sentence]) -> list[Packed]:
    return [(one.message, {key: str(value) for key, value in one.data.items()}) for one in sentences]


def shown_rows(batch: ImportBatch) -> list[dict[str, Any]]:
    """The preview rows with their sentences in the reader's language, rows with errors first."""
    rows = [
        {
            **row,
            "errors": [_(message).format(**data) for message, data in row["errors"]],
            "warnings": [_(message).format(**data) for message, data in row["warnings"]],
        }
        for row in batch.rows
    ]
    return sorted(rows, key=lambda row: (not row["errors"], row["line"]))
