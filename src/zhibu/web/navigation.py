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
REPORTS = ("reports:", "review:", "corpus:", "handbook:duty")
LEDGER = (
    "handbook:index",
    "handbook:export",
    "ledger:year",
    "ledger:cell",
    "ledger:by_regulation",
    "ledger:snapshots",
    "ledger:snapshot",
)


ON_A_PHONE = 5
"""Places in the bar at the foot of a phone; where there are more links, the last one opens the rest."""


@dataclass(frozen=True, slots=True)
class Tab:
    """`in_bar`: it stands in the bar of a phone, not behind 更多."""

    label: str
    icon: str
    url: str
    current: bool
    in_bar: bool = True


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
    found = [(label, icon, url, _is_here(here, names)) for label, icon, url, names in wanted if url]
    bar = in_bar([current for *_rest, current in found])
    return [Tab(*one, in_bar=stands) for one, stands in zip(found, bar, strict=True)]


def in_bar(current: list[bool]) -> list[bool]:
    """Which links stand in the bar of a phone: all, or the first ones; the current one always does."""
    if len(current) <= ON_A_PHONE:
        return [True] * len(current)
    first = ON_A_PHONE - 1
    late = any(current[first:])
    return [number < first - late or is_current for number, is_current in enumerate(current)]


def _is_here(view: str, names: tuple[str, ...]) -> bool:
    if view in OWN:
        return False
    return any(view == name or (name.endswith(":") and view.startswith(name)) for name in names)


def body_tabs(body: Any) -> list[tuple[str, str, str, tuple[str, ...]]]:
    """The most used come first: on a phone the later ones are behind 更多."""
    year = timezone.localdate().year
    duties = (_("制度"), "book", link("duties:regulations", body.code), ("duties:",))
    members = (_("党员"), "people", link("org:members", body.code), ("org:",))
    board = (_("公开"), "board", link("disclosure:board", body.code), ("disclosure:",))
    plans = (_("计划"), "check", link("plans:index", body.code), ("plans:", "tasks:", "rectify:"))
    scoring = (pgettext("tab", "评价"), "scale", link("scoring:index", body.code), ("scoring:",))
    ballots = (_("票决"), "ballot", link("ballots:index", body.code), ("ballots:",))
    if body.kind in ABOVE_BRANCHES:
        tree = (_("组织"), "tree", link("org:show", body.code), ("org:",))
        rollup = (_("总览"), "overview", link("ledger:rollup", body.code), ("ledger:",))
        reports = (pgettext("tab", "述职报告"), "report", link("reports:index", body.code), REPORTS)
        return [rollup, plans, tree, reports, board, duties, scoring, ballots]
    month = (_("本月"), "calendar", link("ledger:month", body.code), MONTH)
    ledger = (_("台账"), "grid", link("ledger:year", body.code, year), LEDGER)
    activities = (_("活动"), "pen", link("activities:index", body.code), ("activities:", "meetings:"))
    reports = (pgettext("tab", "述职报告"), "report", link("reports:index", body.code), REPORTS)
    if body.kind == "cell":
        return [month, plans, ledger, activities, duties]
    return [month, plans, ledger, activities, board, duties, scoring, reports, members, ballots]


def office_tabs(account: Any) -> list[tuple[str, str, str, tuple[str, ...]]]:
    """What one of the three administrators looks after; for a member without a body on the page, nothing."""
    organizations = (_("组织"), "tree", link("org:index"), ("org:index", "org:show"))
    accounts = (_("账号"), "key", link("org:accounts"), ACCOUNTS)
    journal = (_("操作日志"), "journal", link("org:journal"), ("org:journal",))
    return {"system": [organizations, accounts], "security": [accounts], "audit": [journal]}.get(account.office, [])
