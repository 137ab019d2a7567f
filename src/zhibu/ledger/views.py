"""The pages of the ledger. What the database answers for one day is arranged by the pure modules beside this file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zhibu.activities.kinds import load_kinds
from zhibu.duties.forms import ExplanationForm
from zhibu.duties.queries import DutyBook
from zhibu.duties.services import explain
from zhibu.errors import UserError
from zhibu.http import is_htmx, said
from zhibu.org.access import get_seen_or_404, may_read_minutes, may_record, require, today
from zhibu.org.models import Organization, OrganizationKind, Sector
from zhibu.rulebook.duty import Duty, Holds

from . import overview as rolled
from .charts import matrix_chart, rollup_chart
from .forms import SnapshotForm, VerifyForm
from .gathering import Item, gather
from .lines import Liner, brief, cell_url, next_step, page, recurrence_name, rhythm
from .matrix import matrix
from .models import Snapshot
from .month import month_of
from .queries import bodies_below, ledger_and_records, ledger_of, ledger_with_cells, snapshots_of, years_with_records
from .queries import rollup as roll_up
from .snapshots import as_file, is_intact, take_snapshot, verify_file
from .standing import Standing

BODIES_ON_A_PAGE = 50


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
    number = max(1, int(request.GET["page"])) if request.GET.get("page", "").isdigit() else 1
    some = slice((number - 1) * BODIES_ON_A_PAGE, number * BODIES_ON_A_PAGE)
    found = rolled.overview(bodies, roll_up(organization, year, on), wish, some)
    duties = DutyBook(below, year).by_id()
    asked = {"year": year, "kind": wish.kind, "sector": wish.sector, "duty": wish.duty, "status": wish.status}
    query = {name: value for name, value in asked.items() if value}
    context = {
        "organization": organization,
        "year": year,
        "years": years_with_records(organization, on),
        "wish": wish,
        "overview": found,
        "page": Paginator(range(found.found), BODIES_ON_A_PAGE).get_page(number),
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


@require_http_methods(["GET", "HEAD", "POST"])
def snapshots(request: HttpRequest, code: str) -> HttpResponse:
    """Frozen ledgers: take one, list them, check a downloaded file."""
    on = today()
    organization = get_seen_or_404(request.user, code, on=on)
    may_take = may_record(request.user, organization, on)
    checking = request.method == "POST" and "verify" in request.POST
    taking = request.method == "POST" and not checking
    form = SnapshotForm(request.POST if taking else None, latest=on, initial={"year": on.year, "on": on})
    verify = VerifyForm(request.POST if checking else None, request.FILES if checking else None)
    if taking:
        require(may_take)
        if form.is_valid():
            taken = take_snapshot(request.user, organization, form.cleaned_data["year"], form.cleaned_data["on"])
            messages.success(request, _("台账已冻结。"))
            return redirect("ledger:snapshot", code, taken.pk)
    context = {
        "organization": organization,
        "form": form if may_take else None,
        "verify": verify,
        "verified": _verified(verify) if checking and verify.is_valid() else None,
        "page": Paginator(snapshots_of(organization), BODIES_ON_A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "ledger/snapshots.html", context)


def _verified(form: VerifyForm) -> bool | None:
    """True: as it was frozen. False: changed since. None, with an error on the form: no snapshot at all."""
    try:
        return verify_file(form.cleaned_data["file"].read().decode("utf-8-sig"))
    except UnicodeDecodeError:
        form.add_error("file", _("这不是台账快照文件。请选择从本页下载的 JSON 文件。"))
    except UserError as error:
        form.add_error("file", said(error))
    return None


@require_safe
def snapshot(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    organization = get_seen_or_404(request.user, code, on=today())
    frozen = get_object_or_404(Snapshot.objects.select_related("made_by__member"), organization=organization, pk=pk)
    data = frozen.contents()
    context = {
        "organization": organization,
        "snapshot": frozen,
        "intact": is_intact(frozen),
        "data": data,
        "sums": _frozen_sums(data),
        "cells": data["cells"],
    }
    return render(request, "ledger/snapshot.html", context)


def _frozen_sums(data: dict[str, Any]) -> list[tuple[str, int]]:
    counts = dict.fromkeys(rolled.ORDER, 0)
    for one in data["cells"]:
        counts[one["status"]] += 1
    return [(status, count) for status, count in counts.items() if count]


@require_safe
def download(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    organization = get_seen_or_404(request.user, code, on=today())
    frozen = get_object_or_404(Snapshot, organization=organization, pk=pk)
    response = HttpResponse(as_file(frozen), content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="ledger-{frozen.year}-{frozen.digest[:8]}.json"'
    return response
