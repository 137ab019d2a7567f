"""The roll-up of a committee: a page, and the part of it that a filter changes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from zhibu.duties.queries import DutyBook
from zhibu.http import is_htmx
from zhibu.ledger import overview as rolled
from zhibu.ledger.board import overviews_below
from zhibu.ledger.charts import rollup_chart
from zhibu.ledger.queries import bodies_below, years_with_records
from zhibu.ledger.views import require_year
from zhibu.org.access import get_seen_or_404, today
from zhibu.org.models import Organization, OrganizationKind, Sector
from zhibu.rulebook.duty import Duty

BODIES_ON_A_PAGE = 50


@require_safe
def rollup(request: HttpRequest, code: str) -> HttpResponse:
    """A committee's bodies by duty: where something is missing, and how far the whole has come."""
    on = today()
    organization = get_seen_or_404(request.user, code, on=on)
    year = int(request.GET["year"]) if re.fullmatch(r"\d{4}", request.GET.get("year", "")) else on.year
    require_year(year)
    wish = asked_wish(request)
    below = list(bodies_below(organization))
    shown = [body for body in below if (body.kind == wish.kind if wish.kind else body.kind != OrganizationKind.CELL)]
    bodies = [_body(one) for one in shown]
    found, page = paged(overviews_below(organization, year, on, bodies, wish), request.GET.get("page"))
    duties = DutyBook(below, year).by_id()
    asked = {"year": year, "kind": wish.kind, "sector": wish.sector, "duty": wish.duty, "status": wish.status}
    query = {name: value for name, value in asked.items() if value}
    context = {
        "organization": organization,
        "year": year,
        "years": years_with_records(organization, on),
        "wish": wish,
        "overview": found,
        "page": page,
        "query": urlencode(query),
        "statuses": rolled.ORDER,
        "total": [(status, found.total[status]) for status in rolled.ORDER if found.total[status]],
        "bodies": [_body_row(body, total, year) for body, total in found.bodies],
        "duties": _duty_rows(found, duties, query),
        "kinds": [kind for kind in OrganizationKind.choices if any(body.kind == kind[0] for body in below)],
        "sectors": [sector for sector in Sector.choices if any(body.sector == sector[0] for body in below)],
        "all_duties": _duty_choices(duties, below),
        "chart": rollup_chart(found, duties, [body_url(body, year) for body, _total in found.bodies]),
        "below": len(below),
    }
    return render(request, "ledger/_overview.html" if is_htmx(request) else "ledger/rollup.html", context)


def paged(look: Callable[[slice], rolled.Overview], asked: str | None) -> tuple[rolled.Overview, Page]:
    """The page asked for, or the nearest there is; `look` gives the overview of some of the bodies."""
    number = int(asked) if asked and re.fullmatch(r"[1-9][0-9]{0,5}", asked) else 1
    start = (number - 1) * BODIES_ON_A_PAGE
    found = look(slice(start, start + BODIES_ON_A_PAGE))
    page = Paginator(range(found.found), BODIES_ON_A_PAGE).get_page(number)
    if page.number != number:
        start = (page.number - 1) * BODIES_ON_A_PAGE
        found = look(slice(start, start + BODIES_ON_A_PAGE))
    return found, page


def asked_wish(request: HttpRequest) -> rolled.Wish:
    """The filters of the address; an unknown status is as good as none."""
    status = request.GET.get("status", "")
    return rolled.Wish(
        kind=request.GET.get("kind", ""),
        sector=request.GET.get("sector", ""),
        duty=request.GET.get("duty", ""),
        status=status if status in rolled.ORDER else "",
    )


def _body(one: Organization) -> rolled.Body:
    return rolled.Body(one.pk, one.code, one.short_name or one.name, one.kind, one.sector, looks_after(one))


def looks_after(body: Organization) -> bool:
    """Whether the body has others below it, cells aside."""
    return body.numchild > 0 and body.kind != OrganizationKind.BRANCH


def _body_row(body: rolled.Body, total: rolled.Sum, year: int) -> dict[str, Any]:
    return {
        "body": body,
        "kind": dict(OrganizationKind.choices)[body.kind],
        "sum": total,
        "late": total["late"],
        "defective": total["defective"],
        "missing": total["missing"],
        "ahead": total["not-yet-due"],
        "unknown": total["unknown"],
        "url": body_url(body, year),
    }


def body_url(body: rolled.Body, year: int) -> str:
    """A body with others below it is looked into; any other shows its year."""
    if body.below:
        return f"{reverse('ledger:rollup', args=(body.code,))}?year={year}"
    return reverse("ledger:year", args=(body.code, year))


def _duty_rows(found: rolled.Overview, duties: dict[str, Duty], query: dict[str, Any]) -> list[dict[str, Any]]:
    """Duties of which something is left first; `first_done` marks where the others begin."""
    rows = [_duty_row(duties[one], total, query) for one, total in found.duties if one in duties]
    left = [row for row in rows if row["sum"].done < row["sum"].owed]
    done = [row for row in rows if row["sum"].done >= row["sum"].owed]
    if done:
        done[0]["first_done"] = True
    return left + done


def _duty_row(duty: Duty, total: rolled.Sum, query: dict[str, Any]) -> dict[str, Any]:
    return {
        "duty": duty,
        "sum": total,
        "query": urlencode({**query, "duty": duty.id}),
        "missing": total["missing"],
        "defective": total["defective"],
        "missing_query": urlencode({**query, "duty": duty.id, "status": "missing"}),
        "defective_query": urlencode({**query, "duty": duty.id, "status": "defective"}),
    }


def _duty_choices(duties: dict[str, Duty], below: list[Organization]) -> list[tuple[str, list[Duty]]]:
    """Duties that some body below can owe, by regulation."""
    kinds = {body.kind for body in below}
    groups: dict[str, list[Duty]] = {}
    for duty in duties.values():
        if not kinds.isdisjoint(duty.subject):
            groups.setdefault(duty.regulation, []).append(duty)
    return list(groups.items())
