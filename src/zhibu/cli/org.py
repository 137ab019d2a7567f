"""`zhibu org`: the bodies there are, and one of them with its members, its committee and the years on record."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

from zhibu.cli.main import use_django
from zhibu.cli.table import table
from zhibu.errors import UserError

if TYPE_CHECKING:
    from zhibu.org.models import Organization

SUMMARY = "列出组织；显示一个组织的党员、班子和有记录的年份。"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="列出全部组织")
    show = actions.add_parser("show", help="显示一个组织")
    show.add_argument("code", metavar="CODE", help="组织代码，如 GW-01")
    for action in (listing, show):
        action.add_argument(
            "--format", choices=("table", "json"), default="table", help="table：文字；json：供程序读取"
        )


def run(options: argparse.Namespace) -> None:
    use_django()
    if options.action == "list":
        _list(options.format)
    else:
        _show(options.code, options.format)


def _list(form: str) -> None:
    from zhibu.org.models import Organization

    bodies = list(Organization.objects.order_by("path"))
    codes = {body.path: body.code for body in bodies}
    rows = [_row(body, codes.get(body.path[: -body.steplen])) for body in bodies]
    if form == "json":
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    elif rows:
        cells = [
            (row["code"], "  " * (body.depth - 1) + row["name"], body.get_kind_display(), row["parent"] or "")
            for row, body in zip(rows, bodies, strict=True)
        ]
        print(table(("代码", "名称", "类别", "上级"), cells))
    else:
        print("还没有组织。用 zhibu demo 建一个示例县，或登录后在“组织”页新建。")


def _row(body: Organization, parent: str | None) -> dict[str, Any]:
    return {"code": body.code, "name": body.name, "kind": body.kind, "parent": parent}


def _show(code: str, form: str) -> None:
    from zhibu.org.models import Organization

    body = Organization.objects.filter(code=code).first()
    if body is None:
        raise UserError("no-such-organization", "没有代码为“{org}”的组织。用 zhibu org list 查看。", org=code)
    data = _whole(body)
    if form == "json":
        print(json.dumps(data, ensure_ascii=False, indent=1))
        return
    print(f"{body.name}（{body.code}，{body.get_kind_display()}）")
    years = "、".join(str(year) for year in data["years"])
    print(f"党员{len(data['members'])}名；有记录的年份：{years or '还没有'}")
    if data["committee"]:
        print("\n" + table(("职务", "姓名", "任职日期", "任期届满"), _texts(data["committee"], _POST)))
    if data["members"]:
        print("\n" + table(("编号", "姓名", "状态"), _texts(data["members"], _MEMBER)))


_POST = ("label", "name", "since", "term_ends")
_MEMBER = ("number", "name", "label")


def _texts(rows: list[dict[str, Any]], names: tuple[str, ...]) -> list[list[str]]:
    return [[str(row[name] or "") for name in names] for row in rows]


def _whole(body: Organization) -> dict[str, Any]:
    """The row of the list, with `members` and `committee` of today and `years` that have records."""
    from django.utils import timezone

    from zhibu.activities.models import Activity
    from zhibu.org.models import Organization, Status
    from zhibu.org.queries import committee_on, members_on

    today = timezone.localdate()
    parent = Organization.objects.filter(path=body.path[: -body.steplen]).values_list("code", flat=True).first()
    years = Activity.objects.filter(organization=body, withdrawn_at=None).dates("held", "year")
    members = [
        {"number": one.number, "name": one.name, "status": one.status, "label": str(Status(one.status).label)}
        for one in members_on(body, today)
    ]
    committee = [
        {
            "title": post.title,
            "label": str(post.get_title_display()),
            "name": post.member.name,
            "number": post.member.number,
            "since": post.since.isoformat(),
            "term_ends": post.term_ends.isoformat() if post.term_ends else None,
        }
        for post in committee_on(body, today)
    ]
    return {**_row(body, parent), "members": members, "committee": committee, "years": [day.year for day in years]}
