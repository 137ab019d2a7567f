"""The pages of the ledger. What the database answers for one day is arranged by the pure modules beside this file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zhibu.activities.kinds import load_kinds
from zhibu.duties.forms import ExplanationForm
from zhibu.duties.services import explain
from zhibu.errors import UserError
from zhibu.http import is_htmx, said
from zhibu.ledger import overview as rolled
from zhibu.ledger.charts import matrix_chart
from zhibu.ledger.gathering import Item, gather
from zhibu.ledger.lines import Liner, brief, cell_url, next_step, page, recurrence_name, rhythm
from zhibu.ledger.matrix import matrix
from zhibu.ledger.month import month_of
from zhibu.ledger.queries import ledger_and_records, ledger_of, ledger_with_cells, years_with_records
from zhibu.ledger.standing import Standing
from zhibu.org.access import get_seen_or_404, may_read_minutes, may_record, require, today
from zhibu.org.models import Organization
from zhibu.rulebook.duty import Holds


@require_safe
def month(request: HttpRequest, code: str) -> HttpResponse:
    """The secretary's home: what is to be done this month, what is left over, what is done."""
    on = today()
    organization = get_seen_or_404(request.user, code, on=on)
    first = asked_month(request.GET.get("m", ""), on)
    ledgers, held = ledger_with_cells(organization, first.year, on)
    arranged = month_of((one for _body, found in ledgers for one in found), first, held)
    liner = Liner((body for body, _found in ledgers), first.year, may_record(request.user, organization, on))
    context = {
        "organization": organization,
        "month": arranged,
        "current": first == on.replace(day=1),
        "future": first > on,
        "due": liner.lines(arranged.due),
        "mend": liner.lines(arranged.mend),
        "leftovers": liner.lines(arranged.leftovers),
        "later": liner.lines(arranged.later),
        "done": liner.lines(arranged.done),
        "quiet": liner.lines(arranged.quiet),
        "may_record": liner.may_record,
        "todo": len(arranged.due) + len(arranged.mend) + len(arranged.leftovers),
    }
    return render(request, "ledger/month.html", context)


def asked_month(text: str, on: date) -> date:
    """The first day of the month asked for with ?m=2025-03; this month for nothing or nonsense."""
    if re.fullmatch(r"(19[2-9]\d|2\d{3})-(0[1-9]|1[0-2])", text):
        return date.fromisoformat(f"{text}-01")
    return on.replace(day=1)


@require_safe
def year(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """The whole year: acts down, months across."""
    on = today()
    organization = get_seen_or_404(request.user, code, on=on)
    require_year(year)
    ledgers, _held = ledger_with_cells(organization, year, on)
    tables = [{"body": body, "parts": _parts(found, body.code, year)} for body, found in ledgers]
    own = tables[0]["parts"] if tables else []
    context = {
        "organization": organization,
        "year": year,
        "years": years_with_records(organization, on),
        "tables": [table for table in tables if table["parts"] or table["body"] == organization],
        "chart": matrix_chart(own),
        "sums": _sums(tables),
        "month_numbers": range(1, 13),
        "may_record": may_record(request.user, organization, on),
    }
    return render(request, "ledger/year.html", context)


def _parts(standings: list[Standing], code: str, year: int) -> list[dict[str, Any]]:
    """The parts of the table with the address of every cell."""
    return [
        {
            "name": recurrence_name(part.recurrence),
            "rows": [
                {
                    "row": row,
                    "rhythm": rhythm(row.duty),
                    "cells": [
                        (width, item, cell_url(code, year, item.standing) if item else "") for width, item in row.cells
                    ],
                }
                for row in part.rows
            ],
        }
        for part in matrix(standings)
    ]


def _sums(tables: list[dict[str, Any]]) -> list[tuple[str, int]]:
    """How many acts stand in each status, in the order of the statuses; a merged act counts once."""
    counts = dict.fromkeys(rolled.ORDER, 0)
    for table in tables:
        for part in table["parts"]:
            for row in part["rows"]:
                for _width, item, _url in row["cells"]:
                    if item:
                        counts[item.status] += 1
    return [(status, count) for status, count in counts.items() if count]


def require_year(year: int) -> None:
    if not 1921 <= year <= 9998:
        raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
def cell(request: HttpRequest, code: str, year: int, slug: str, key: str, period: str) -> HttpResponse:
    """Why one cell is as it is: the article, its words, the records, what to do next; and a reason for a 一般 duty."""
    on = today()
    organization = get_seen_or_404(request.user, code, on=on)
    require_year(year)
    standings, records = ledger_and_records(organization, year, on)
    item, standing = _find(standings, f"{slug}/{key}", period)
    recording = may_record(request.user, organization, on)
    form = ExplanationForm(request.POST or None)
    if request.method == "POST":
        require(recording)
        if form.is_valid() and _explained(request, organization, standing, form):
            return redirect(cell_url(code, year, standing))
    context = {
        "organization": organization,
        "year": year,
        "standing": standing,
        "duty": standing.duty,
        "rhythm": rhythm(standing.duty),
        "others": [(one, cell_url(code, year, one)) for one in item.all if one is not standing],
        "reason": brief(standing).text(_),
        "next_step": next_step(standing),
        "line": Liner([organization], year, recording).line(Item(standing)),
        "siblings": [(one, cell_url(code, year, one)) for one in standings if one.duty.id == standing.duty.id],
        "evidence": _evidence(standing, records, organization, may_read_minutes(request.user, organization, on)),
        "of_roster": isinstance(standing.duty.shape, Holds),
        "form": form if recording and (_explainable(standing) or form.errors) else None,
        "local": slug.startswith("local-"),
        "slug": slug,
        "key": key,
    }
    return render(request, "ledger/cell.html", context)


def _find(standings: list[Standing], duty: str, period: str) -> tuple[Item, Standing]:
    for item in gather(standings):
        for standing in item.all:
            if standing.duty.id == duty and standing.period.key == period:
                return item, standing
    raise Http404


def _explainable(standing: Standing) -> bool:
    return standing.duty.strength == "usually" and standing.status == "missing"


def _explained(request: HttpRequest, organization: Organization, standing: Standing, form: ExplanationForm) -> bool:
    if standing.duty.strength == "usually" and standing.status != "missing":
        form.add_error("reason", _("这一格不是未完成，不用说明原因。"))
        return False
    try:
        explain(request.user, organization, standing.duty, standing.period, form.cleaned_data["reason"])
    except UserError as error:
        form.add_error("reason", said(error))
        return False
    messages.success(request, _("原因已记下，显示在这一格旁边；判定不变。"))
    return True


def _evidence(
    standing: Standing, records: Mapping[int, Mapping[str, Any]], organization: Organization, may_read: bool
) -> list[dict[str, Any]]:
    """The records behind a cell, without their minutes; of a private record (a talk) its kind and day only."""
    found = []
    for pk in standing.evidence:
        one, kind = records[pk], load_kinds().get(records[pk]["kind"])
        named = _(kind.label) if kind and kind.private else one["title"]
        url = page("activities:show", organization.code, pk) if may_read else ""
        found.append({**one, "name": named, "url": url, "lacks": "、".join(one["lacks"])})
    return found


@require_safe
def by_regulation(request: HttpRequest, code: str, year: int, slug: str) -> HttpResponse:
    """How one regulation's duties stand this year: a page, or the part of it that the regulation's page shows."""
    on = today()
    organization = get_seen_or_404(request.user, code, on=on)
    require_year(year)
    found = [one for one in ledger_of(organization, year, on) if one.duty.id.rpartition("/")[0] == slug]
    rows: dict[str, dict[str, Any]] = {}
    for standing in found:
        row = rows.setdefault(standing.duty.id, {"duty": standing.duty, "cells": []})
        row["cells"].append((standing, cell_url(code, year, standing)))
    context = {"organization": organization, "year": year, "rows": list(rows.values()), "slug": slug}
    return render(request, "ledger/_standings.html" if is_htmx(request) else "ledger/by_regulation.html", context)
