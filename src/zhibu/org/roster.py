"""A roster from Excel: looked over row by row, confirmed all or nothing, undone while nothing depends on it.

Identity numbers leave the file as digest and last four places; once confirmed or undone, a batch keeps names only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhibu.errors import Sentence, UserError
from zhibu.org import bodies
from zhibu.org.journal import note
from zhibu.org.models import (
    Account,
    ImportBatch,
    JournalEntry,
    Member,
    MemberStatus,
    Organization,
    OrganizationKind,
    Post,
    Status,
    Title,
)
from zhibu.org.roster_checks import Surroundings, look_over, spans
from zhibu.org.roster_rows import COLUMNS, EXAMPLE, HEADER_OF, Row, as_day, find_header, plain, read_row
from zhibu.org.workbook import read_table

MOST_ROWS = 2000
Packed = tuple[str, dict[str, str]]


def preview(
    account: Account | None, organization: Organization, data: bytes, name: str, *, at: datetime
) -> ImportBatch:
    """Read the file and keep its rows with what is wrong in each. Nobody is entered yet."""
    table = read_table(data, name, MOST_ROWS + 12)
    at_row, columns, unused = find_header(table)
    today = timezone.localdate(at)
    rows, examples = [], 0
    for line, cells in enumerate(table[at_row + 1 :], start=at_row + 2):
        given = {key: cells[place] for place, key in columns.items() if place < len(cells)}
        if not any(plain(cell) for cell in given.values()):
            continue
        if plain(given["name"]).startswith(EXAMPLE):
            examples += 1
            continue
        rows.append(read_row(line, given, today))
    if not rows:
        raise UserError("roster-empty", "表头下面没有党员。请在表头下一行一人填写后再上传。")
    if len(rows) > MOST_ROWS:
        raise UserError("roster-too-long", "一次最多导入{most}人，请分成几个文件。", most=MOST_ROWS)
    look_over(rows, Surroundings(organization, rows))
    head = Row(at_row + 1, {}, [], _about_columns(columns.values(), unused, examples))
    return ImportBatch.objects.create(
        organization=organization,
        what="roster",
        file_name=name[:200],
        rows=[_kept(row) for row in ([head] if head.warnings else []) + rows],
        made_at=at,
        made_by=account,
    )


def _about_columns(used: Iterable[str], unused: list[str], examples: int) -> list[Sentence]:
    """Remarks on the sheet as a whole."""
    found = []
    if unused:
        found.append(Sentence("columns-unused", "这些列没有用到：{columns}。", columns="、".join(unused[:20])))
    if "since" not in used:
        found.append(
            Sentence(
                "no-since-column", "没有“转入日期”一列：每人从入党日期（或支部成立日期，以晚者为准）起计入本支部。"
            )
        )
    if examples:
        found.append(Sentence("example-skipped", "示例行没有读入。"))
    return found


def confirm(actor: Account | None, batch: ImportBatch, *, at: datetime) -> list[Member]:
    """Enter every row, or none; what changed since the preview is looked at again. Raises UserError."""
    try:
        with transaction.atomic():
            made = _confirm(actor, batch, timezone.localdate(at))
    except IntegrityError:
        raise UserError("import-overtaken", "名册刚刚被别人改动，一个人也没有导入。请重新上传核对。") from None
    except (DatabaseError, OSError):
        raise UserError(
            "import-not-written", "写入时出错，一个人也没有导入，原有数据没有变化。请检查磁盘空间后再确认一次。"
        ) from None
    batch.refresh_from_db()
    return made


def _confirm(actor: Account | None, batch: ImportBatch, today: date) -> list[Member]:
    current = _locked(batch, "preview")
    rows = [Row(kept["line"], kept["values"]) for kept in current.rows if kept["values"]]
    wrong = [kept["line"] for kept in current.rows if kept["errors"]]
    if not wrong:
        around = Surroundings(current.organization, rows)
        look_over(rows, around)
        wrong = [row.line for row in rows if row.errors]
    if wrong:
        raise UserError(
            "import-has-errors", "第{lines}行有错误，一个人也没有导入。请改好表格后重新上传。",
            lines="、".join(str(line) for line in wrong[:10]),
        )  # fmt: skip
    rows = [row for row in rows if not row.known]
    if not rows:
        raise UserError("import-nothing-new", "表中的人都已在名册中，没有要导入的。")
    made, created = _save(actor, rows, around, today)
    current.state, current.created, current.rows = "done", created, [_thin(kept) for kept in current.rows]
    current.save()
    by_branch = Counter(member.organization for member in made)
    for branch, count in by_branch.items():
        note(actor, branch, "import-roster", current, f"从“{current.file_name}”导入{count}名党员", count=count)
    return made


def _save(
    actor: Account | None, rows: list[Row], around: Surroundings, today: date
) -> tuple[list[Member], dict[str, list[int]]]:
    """All rows in a few statements, new cells first."""
    cells, founded = _cells(actor, rows, around, today)
    members = Member.objects.bulk_create([_member(row, around) for row in rows], batch_size=500)
    statuses, posts = [], []
    for row, member in zip(rows, members, strict=True):
        branch, cell = member.organization, cells.get((member.organization_id, row.values["cell"]))
        statuses += [
            MemberStatus(organization=branch, member=member, cell=cell, status=status, since=since, until=until)
            for status, since, until in spans(row, branch)
        ]
        posts += [
            Post(
                organization=cell if title == Title.CELL_LEADER and cell else branch, member=member, title=title,
                since=as_day(row.values["post_since"]), term_ends=as_day(row.values["term_ends"]),
            )
            for title in row.values["posts"]
        ]  # fmt: skip
    made_statuses = MemberStatus.objects.bulk_create(statuses, batch_size=500)
    made_posts = Post.objects.bulk_create(posts, batch_size=500)
    created = {
        "member": [one.pk for one in members],
        "status": [one.pk for one in made_statuses],
        "post": [one.pk for one in made_posts],
        "organization": [one.pk for one in founded],
    }
    return members, created


def _member(row: Row, around: Surroundings) -> Member:
    values = row.values
    branch = around.branch_of(row)
    assert branch is not None
    texts = {name: values[name] for name in ("name", "gender", "education", "job", "identity_digest", "identity_tail")}
    days = {name: as_day(values[name]) for name in ("born", "joined", "confirmed")}
    return Member(organization=branch, number=values["number"] or around.next_number(branch), **texts, **days)


def _cells(
    actor: Account | None, rows: list[Row], around: Surroundings, today: date
) -> tuple[dict[tuple[int, object], Organization], list[Organization]]:
    """The cells the rows name, those not there yet founded on the first day somebody is in them."""
    cells: dict[tuple[int, object], Organization] = dict(around.cells)
    founded = []
    for row in rows:
        branch = around.branch_of(row)
        if branch is None or not row.values["cell"] or (branch.pk, row.values["cell"]) in cells:
            continue
        own = [one for one in rows if around.branch_of(one) == branch and one.values["cell"] == row.values["cell"]]
        first = min(spans(one, branch)[0][1] for one in own)
        cell = bodies.found_organization(
            actor, branch, code=around.next_code(branch), name=str(row.values["cell"]), kind=OrganizationKind.CELL,
            founded=first, today=today, sector=branch.sector, recording_since=branch.recording_since,
        )  # fmt: skip
        cells[branch.pk, row.values["cell"]] = cell
        founded.append(cell)
    return cells, founded


def undo(actor: Account | None, batch: ImportBatch, *, at: datetime) -> int:
    """Remove exactly what the import made and give the number of members. Refused once anything hangs on them."""
    with transaction.atomic():
        current = _locked(batch, "done")
        made = {name: current.created.get(name, []) for name in ("member", "status", "post", "organization")}
        _independent(made)
        Post.objects.filter(pk__in=made["post"]).delete()
        MemberStatus.objects.filter(pk__in=made["status"]).delete()
        Member.objects.filter(pk__in=made["member"]).delete()
        # The cells' founding stands in the journal; the entries lose the body that is no more, not their words.
        JournalEntry.objects.filter(organization__in=made["organization"]).update(organization=current.organization)
        for cell in Organization.objects.filter(pk__in=made["organization"]):
            cell.delete()
        current.state = "undone"
        current.save()
        count = len(made["member"])
        note(actor, current.organization, "undo-import", current, f"撤销从“{current.file_name}”导入的{count}名党员")
    batch.refresh_from_db()
    return count


def discard(actor: Account | None, batch: ImportBatch) -> None:
    """Drop a preview and the personal data in it."""
    with transaction.atomic():
        _locked(batch, "preview").delete()


def _independent(made: dict[str, list[int]]) -> None:
    """Nothing but what the import made itself may hang on its members, their rows unchanged."""
    own = {"MemberStatus": set(made["status"]), "Post": set(made["post"])}
    for model, ids in ((Member, made["member"]), (Organization, made["organization"])):
        for relation in model._meta.get_fields(include_hidden=True):
            if not ((relation.auto_created and relation.one_to_many) or relation.one_to_one) or relation.concrete:
                continue
            rows = relation.related_model.objects.filter(**{f"{relation.field.name}__in": ids})
            rows = rows.exclude(pk__in=own.get(relation.related_model.__name__, ()))
            if relation.related_model is JournalEntry or not rows.exists():
                continue
            thing = getattr(rows.first(), relation.field.name)
            raise UserError(
                "import-depended-on",
                "{thing}在导入之后已有“{what}”，不能整批撤销。请先处理这些记录，或逐人修改。",
                thing=thing, what=relation.related_model._meta.verbose_name,
            )  # fmt: skip
    touched = JournalEntry.objects.filter(
        object_type="member", object_id__in=[str(pk) for pk in made["member"]]
    ).first()
    if touched:
        member = Member.objects.get(pk=touched.object_id)
        raise UserError("import-was-edited", "{name}的资料在导入之后改过，不能整批撤销。请逐人修改。", name=member.name)


def _locked(batch: ImportBatch, state: str) -> ImportBatch:
    """The batch as it is now. Its body is locked with it: two rosters of one branch are entered one after the other."""
    Organization.objects.select_for_update().get(pk=batch.organization_id)
    current = ImportBatch.objects.select_for_update(of=("self",)).select_related("organization").filter(pk=batch.pk)
    found = current.first()
    if found is None:
        raise UserError("import-gone", "这次预览已被放弃。请重新上传。")
    if found.state != state:
        raise UserError(
            "import-already-done", "这次导入已处理过，当前状态：{state}。", state=str(found.get_state_display())
        )
    return found


# --- what a preview keeps and shows -----------------------------------------------------------------------------------


def _kept(row: Row) -> dict[str, Any]:
    return {
        "line": row.line,
        "values": row.values,
        "errors": _packed(row.errors),
        "warnings": _packed(row.warnings),
        "known": row.known,
    }


def _packed(sentences: list[Sentence]) -> list[Packed]:
    return [(one.message, {key: str(value) for key, value in one.data.items()}) for one in sentences]


def _thin(kept: dict[str, Any]) -> dict[str, Any]:
    """Line and name: the member's page has the rest, and a preview is no second file of personal data."""
    values = {"name": kept["values"]["name"]} if kept["values"] else {}
    return {**kept, "values": values}


def has_errors(batch: ImportBatch) -> bool:
    return any(row["errors"] for row in batch.rows)


def shown_rows(batch: ImportBatch) -> list[dict[str, Any]]:
    """Preview rows with sentences in the reader's language and labels for codes; remarks first, then errors."""
    rows = [
        {
            "line": row["line"],
            "values": row["values"],
            "status": Status(row["values"]["status"]).label if row["values"].get("status") else "",
            "posts": "、".join(str(Title(title).label) for title in row["values"].get("posts", ())),
            "errors": [_(message).format(**data) for message, data in row["errors"]],
            "warnings": [_(message).format(**data) for message, data in row["warnings"]],
            "known": row.get("known", False),
        }
        for row in batch.rows
    ]
    return sorted(rows, key=lambda row: (bool(row["values"]), not row["errors"], not row["warnings"], row["line"]))


__all__ = ["COLUMNS", "HEADER_OF", "confirm", "discard", "has_errors", "preview", "shown_rows", "undo"]
