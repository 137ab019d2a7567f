"""The roster as an .xlsx: the empty form to fill in, and the members of a day to take away."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import xlsxwriter

from zhibu.org.models import PROJECT_TITLES, MemberStatus, Organization, OrganizationKind, Post, Status, Title
from zhibu.org.queries import members_on
from zhibu.org.roster_rows import COLUMNS, GENDERS, TITLES
from zhibu.org.spans import in_force

TEXT = {"number", "identity", "name", "cell", "branch", "job", "education", "posts"}
DAYS = {"born", "joined", "confirmed", "since", "post_since", "term_ends"}
EXAMPLE_ROW = {"name": "示例：请删去本行", "gender": "女", "born": "1985-03-05", "joined": "2012-07-01",
               "confirmed": "2013-07-01", "status": "正式党员", "since": "2019-01-10", "education": "大学本科",
               "posts": "组织委员", "post_since": "2024-03-01", "term_ends": "2027-03-01"}  # fmt: skip
FORM_ROWS = 500
WORD_OF_TITLE = {title: word for word, title in reversed(TITLES.items())}
WORD_OF_STATUS = {Status.FULL: "正式党员", Status.PROBATIONARY: "预备党员"}


def form(organization: Organization) -> bytes:
    """The empty form: headers with hints, choices to pick from, days checked while typing, one example row."""
    book, sheet, buffer = _sheet("党员名册")
    formats = _head(book, sheet, organization)
    grey = book.add_format({"font_color": "#7A7A7A", "italic": True, "num_format": "@"})
    for place, column in enumerate(COLUMNS):
        sheet.write_string(1, place, EXAMPLE_ROW.get(column.key, ""), grey)
        if column.key in DAYS:
            sheet.data_validation(2, place, FORM_ROWS, place, _day_rule())
        sheet.set_column(place, place, 14 if column.key != "identity" else 22, formats[column.key in DAYS])
    for key, words in (("gender", list(GENDERS)), ("status", ["正式党员", "预备党员"])):
        place = next(n for n, column in enumerate(COLUMNS) if column.key == key)
        sheet.data_validation(1, place, FORM_ROWS, place, {"validate": "list", "source": words})
    book.close()
    return buffer.getvalue()


def export(organization: Organization, day: date) -> bytes:
    """The members on `day`, in the form's own columns; identity numbers with only the last four places."""
    book, sheet, buffer = _sheet("党员名册")
    _head(book, sheet, organization)
    for line, values in enumerate(_rows(organization, day), start=1):
        for place, column in enumerate(COLUMNS):
            # As text and never as a formula, whatever a name begins with.
            sheet.write_string(line, place, values.get(column.key, ""))
    book.close()
    return buffer.getvalue()


def _sheet(name: str) -> tuple[Any, Any, io.BytesIO]:
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(buffer, options)
    return book, book.add_worksheet(name), buffer


def _head(book: Any, sheet: Any, organization: Organization) -> tuple[Any, Any]:
    plain = {"bold": True, "border": 1, "valign": "vcenter", "text_wrap": True}
    head, must = book.add_format({**plain, "bg_color": "#EAEFF5"}), book.add_format({**plain, "bg_color": "#FBE3DC"})
    for place, column in enumerate(COLUMNS):
        sheet.write_string(0, place, column.header, must if column.required else head)
        if column.hint:
            sheet.write_comment(0, place, column.hint)
        sheet.set_column(place, place, 22 if column.key == "identity" else 14)
    sheet.freeze_panes(1, 2)
    sheet.set_header(f"&C{organization.name.replace('&', '&&')}")
    sheet.set_landscape()
    sheet.repeat_rows(0)
    return book.add_format({"num_format": "@"}), book.add_format({"num_format": "yyyy-mm-dd"})


def _day_rule() -> dict[str, Any]:
    return {
        "validate": "date", "criteria": "between", "minimum": date(1900, 1, 1), "maximum": date(2100, 12, 31),
        "error_title": "日期", "error_message": "请写成 1990-01-05 这样。", "error_type": "warning",
    }  # fmt: skip


def _rows(organization: Organization, day: date) -> list[dict[str, str]]:
    members = list(members_on(organization, day).select_related("organization"))
    branches = {member.organization_id for member in members}
    cells = dict(Organization.objects.filter(pk__in={m.cell_pk for m in members} - {None}).values_list("pk", "name"))
    posts: dict[int, list[Post]] = {}
    below = Post.objects.filter(in_force(day), member__in=members, organization__path__startswith=organization.path)
    below = below.exclude(title__in=PROJECT_TITLES)
    for post in below.exclude(organization__kind__in=(OrganizationKind.LEADING_GROUP,)):
        posts.setdefault(post.member_id, []).append(post)
    entered: dict[int, date] = {}
    for member, since in (
        MemberStatus.objects.filter(member__in=members, organization__in=branches)
        .order_by("-since").values_list("member_id", "since")
    ):  # fmt: skip
        entered[member] = since
    return [
        _row(member, cells.get(member.cell_pk, ""), posts.get(member.pk, []), entered.get(member.pk))
        for member in members
    ]


def _row(member: Any, cell: str, posts: list[Post], entered: date | None) -> dict[str, str]:
    days = {"born": member.born, "joined": member.joined, "confirmed": member.confirmed, "since": entered}
    first = posts[0] if posts else None
    days |= {"post_since": first.since if first else None, "term_ends": first.term_ends if first else None}
    return {
        "number": member.number,
        "name": member.name,
        "gender": {sign: word for word, sign in GENDERS.items()}.get(member.gender, ""),
        "identity": f"{'*' * 14}{member.identity_tail}" if member.identity_tail else "",
        "education": member.education,
        "status": WORD_OF_STATUS.get(member.status, str(Status(member.status).label)),
        "branch": member.organization.name,
        "cell": cell,
        "posts": "、".join(WORD_OF_TITLE.get(Title(post.title), str(Title(post.title).label)) for post in posts),
        "job": member.job,
        **{key: value.isoformat() if value else "" for key, value in days.items()},
    }
