"""The links of a body, and where a log-in leads first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zhibu.org.models import ABOVE_BRANCHES

MONTH = ("ledger:month",)
ACCOUNTS = ("org:accounts", "org:account", "org:account_choose", "org:account_new", "org:account_reset")
OWN = ("org:tokens",)
"""Pages of the reader himself, of no body."""
REPORTS = ("reports:", "corpus:", "handbook:duty")
LEDGER = (
    "handbook:index",
    "handbook:export",
    "ledger:year",
    "ledger:cell",
    "ledger:by_regulation",
    "ledger:snapshots",
    "ledger:snapshot",
)


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    icon: str
    url: str
    current: bool


def link(name: str, *args: object) -> str:
    """The address of a page, or nothing while that page does not exist."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def tabs(organization: Any, request: HttpRequest, account: Any) -> list[Tab]:
    wanted = office_tabs(account) if account.office or not organization else body_tabs(organization)
    match = request.resolver_match
    here = (match.view_name or "") if match else ""
    return [Tab(label, icon, url, _is_here(here, names)) for label, icon, url, names in wanted if url]


def _is_here(view: str, names: tuple[str, ...]) -> bool:
    if view in OWN:
        return False
    return any(view == name or (name.endswith(":") and view.startswith(name)) for name in names)


def body_tabs(body: Any) -> list[tuple[str, str, str, tuple[str, ...]]]:
    year = timezone.localdate().year
    duties = (_("制度"), "book", link("duties:regulations", body.code), ("duties:",))
    members = (_("党员"), "people", link("org:members", body.code), ("org:",))
    board = (_("公开"), "board", link("disclosure:board", body.code), ("disclosure:",))
    plans = (_("计划"), "check", link("plans:index", body.code), ("plans:", "tasks:", "rectify:"))
    scoring = (pgettext("tab", "评价"), "scale", link("scoring:index", body.code), ("scoring:",))
    if body.kind in ABOVE_BRANCHES:
        tree = (_("组织"), "tree", link("org:show", body.code), ("org:",))
        rollup = (_("总览"), "overview", link("ledger:rollup", body.code), ("ledger:",))
        reports = (pgettext("tab", "述职报告"), "report", link("reports:index", body.code), REPORTS)
        return [rollup, plans, board, tree, duties, scoring, reports]
    month = (_("本月"), "calendar", link("ledger:month", body.code), MONTH)
    ledger = (_("台账"), "grid", link("ledger:year", body.code, year), LEDGER)
    activities = (_("活动"), "pen", link("activities:index", body.code), ("activities:", "meetings:"))
    reports = (pgettext("tab", "述职报告"), "report", link("reports:index", body.code), REPORTS)
    if body.kind == "cell":
        return [month, plans, ledger, activities, duties]
    return [month, plans, ledger, activities, board, duties, scoring, reports, members]


def office_tabs(account: Any) -> list[tuple[str, str, str, tuple[str, ...]]]:
    """What one of the three administrators looks after; for a member without a body on the page, nothing."""
    organizations = (_("组织"), "tree", link("org:index"), ("org:index", "org:show"))
    accounts = (_("账号"), "key", link("org:accounts"), ACCOUNTS)
    journal = (_("操作日志"), "journal", link("org:journal"), ("org:journal",))
    return {"system": [organizations, accounts], "security": [accounts], "audit": [journal]}.get(account.office, [])
