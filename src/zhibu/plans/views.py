"""Pages of plans, lists, campaigns and business projects."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zhibu.activities.models import Activity
from zhibu.duties.models import Form, Origin, OriginState
from zhibu.duties.queries import as_duty
from zhibu.errors import UserError
from zhibu.http import said
from zhibu.org.access import get_seen_or_404, may_read_minutes, may_record, require, today
from zhibu.org.models import ABOVE_BRANCHES, Organization
from zhibu.periods import add_months, month_end
from zhibu.plans import copying, origins, queries, services
from zhibu.plans.burden import SHORT_NOTICE, burden
from zhibu.plans.charge import bodies_in_charge, charges, done
from zhibu.plans.forms import (
    AboutForm,
    AskedForm,
    EndPostForm,
    LinkForm,
    MeetingForm,
    PeopleForm,
    SummaryForm,
    TeamForm,
    VanguardForm,
    item_forms,
    kept_lines,
    line_forms,
    rows_of,
)
from zhibu.plans.packs import packs
from zhibu.plans.team import change_people, end_team_post, found_team, give_vanguard_post, team_posts
from zhibu.tasks import access as task_access
from zhibu.tasks import queries as task_queries
from zhibu.tasks.models import State
from zhibu.tasks.views import warn_of_known

BODIES = 50
"""Bodies below listed on the burden's page; all of them when asked for."""


def now() -> datetime:
    return timezone.now()


def _seen(request: HttpRequest, code: str) -> Organization:
    return get_seen_or_404(request.user, code, on=today())


@require_safe
def index(request: HttpRequest, code: str) -> HttpResponse:
    """This month's plan and the next; lists, campaigns, projects of the body and from above."""
    on = today()
    organization = _seen(request, code)
    seen = queries.origins_seen_by(request.user, organization, on)
    rows = list(queries.counted(seen.exclude(form=Form.PLAN)))
    months = [on.replace(day=1), add_months(on.replace(day=1), 1)]
    plans = {plan.since: plan for plan in queries.counted(seen.filter(form=Form.PLAN))[:14]}
    reads = may_read_minutes(request.user, organization, on)
    context = {
        "organization": organization,
        "months": [(month, plans.get(month)) for month in months],
        "earlier": [plan for since, plan in plans.items() if since < months[0]],
        "groups": [(form.label, [row for row in rows if row.form == form]) for form in origins.FORMS],
        "above": list(queries.from_above(organization)) if reads else [],
        "may_plan": may_record(request.user, organization, on),
        "may_read": reads,
        "is_above": organization.kind in ABOVE_BRANCHES,
        "in_charge": bool(bodies_in_charge(request.user, on)),
    }
    return render(request, "plans/index.html", context)


def _month(text: str) -> date:
    if not re.fullmatch(r"(19|2\d)\d\d-(0[1-9]|1[0-2])", text):
        raise Http404
    return date.fromisoformat(f"{text}-01")


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, code: str, month: str) -> HttpResponse:
    """One month's plan in whatever state it is: to be begun, drafted, in force, to be settled, over."""
    on, first = today(), _month(month)
    organization = _seen(request, code)
    found = queries.origins_seen_by(request.user, organization, on).filter(form=Form.PLAN, since=first).first()
    may_plan = may_record(request.user, organization, on)
    if request.method == "POST":
        require(may_plan)
        return _act(request, organization, found, first)
    if found is not None and found.state == OriginState.DRAFT and not may_plan:
        found = None  # a draft is the committee's own until a meeting has approved it
    return _plan_page(request, organization, found, first)


def _act(request: HttpRequest, organization: Organization, found: Origin | None, first: date) -> HttpResponse:
    """Do what the pressed button says; on refusal the page again, with all that was typed."""
    act, on, extra = request.POST.get("act", ""), today(), {}
    try:
        if act == "draft":
            services.draft_plan(request.user, organization, first, on, at=now())
            messages.success(request, _("已按台账拟出初稿，请增减后保存。"))
        elif found is None:
            raise Http404
        elif act == "save":
            formset = extra["formset"] = item_forms(request.POST, organization, on)
            if not formset.is_valid():
                return _plan_page(request, organization, found, first, status=422, **extra)
            version = _number(request.POST.get("version", ""))
            services.save_plan(request.user, found, rows_of(formset), version, on, at=now())
            messages.success(request, _("已保存。"))
        elif act == "approve":
            form = extra["meeting"] = MeetingForm(request.POST, meetings=queries.meetings_for(found, on))
            if not form.is_valid():
                return _plan_page(request, organization, found, first, status=422, **extra)
            services.approve_plan(request.user, found, form.cleaned_data["meeting"], on, at=now())
            messages.success(request, _("计划已生效，各项已列入督办。"))
        elif act == "add":
            formset = extra["formset"] = item_forms(request.POST, organization, on)
            if not formset.is_valid():
                return _plan_page(request, organization, found, first, status=422, **extra)
            for row in rows_of(formset):
                services.add_item(request.user, found, row, on, at=now())
            messages.success(request, _("已追加。"))
        elif act == "settle":
            extra["verdicts"] = _verdicts(request.POST)
            services.settle_plan(request.user, found, extra["verdicts"], on, at=now())
            messages.success(request, _("本月计划已小结。"))
        else:
            raise Http404
    except UserError as refused:
        return _plan_page(request, organization, found, first, problem=said(refused), status=409
                          if isinstance(refused, services.PlanChanged) else 422, **extra)  # fmt: skip
    return redirect("plans:plan", code=organization.code, month=f"{first:%Y-%m}")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _verdicts(data: Any) -> dict[int, tuple[str, str]]:
    found = {}
    for key in data:
        if key.startswith("verdict-") and (pk := _number(key.partition("-")[2])):
            found[pk] = (data[key], data.get(f"reason-{pk}", ""))
    return found


def _plan_page(
    request: HttpRequest, organization: Organization, found: Origin | None, first: date, *, status: int = 200,
    problem: str = "", **forms: Any,
) -> HttpResponse:  # fmt: skip
    on, last = today(), month_end(first.year, first.month)
    may_plan = may_record(request.user, organization, on)
    items = list(queries.items_of(found)) if found else []
    tasks = task_queries.listed(
        task_queries.unfinished(task_access.tasks_seen_by(request.user, organization, on)).filter(due__lte=last)
    ).exclude(origin__form=Form.PLAN)
    shown = task_queries.with_parts(tasks[:40]) if found else []
    rows = [{"id": one.pk, "text": one.text, "due": one.due, "owner": one.owner_id, "kind": one.kind} for one in items]
    draft = found is not None and found.state == OriginState.DRAFT and may_plan
    in_force = found is not None and found.state == OriginState.IN_FORCE
    verdicts = forms.get("verdicts", {})
    chosen = _number(request.GET.get("activity", "")) or None
    context = {
        "organization": organization, "first": first, "last": last, "plan": found, "items": items, "tasks": shown,
        "responsible": task_queries.responsible([*items, *shown], on), "today": on, "problem": problem,
        "may_plan": may_plan, "may_begin": may_plan and first >= on.replace(day=1) and found is None,
        "previous": add_months(first, -1), "next": add_months(first, 1),
        "draft": draft, "in_force": in_force, "to_settle": in_force and may_plan and on >= last,
        "verdict_words": [("met", _("已办完")), ("moved", _("转下月")), ("missed", _("未完成"))],
        "left": [(one, *verdicts.get(one.pk, ("", ""))) for one in items if one.state in (State.OPEN, State.REPORTED)],
        "moved": {one.pk: one for one in items if one.parent_id},
        "formset": forms.get("formset") or (item_forms(None, organization, on, rows if draft else ()) if may_plan else None),  # noqa: E501
        "meeting": forms.get("meeting") or (MeetingForm(None, meetings=queries.meetings_for(found, on), chosen=chosen) if draft and found else None),  # noqa: E501
        "approved_by": found.activities.filter(held=found.approved_on).first() if found and found.approved_on else None,
    }  # fmt: skip
    return render(request, "plans/plan.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, code: str) -> HttpResponse:
    """Set up a list, campaign, instruction or project: from a template, from one done before (`?from=`), or empty."""
    on = today()
    organization = _seen(request, code)
    require(may_record(request.user, organization, on))
    source = _source(request, organization)
    lines = copying.lines_of(source, copying.years_on(source, on)) if source else []
    initial = _again(source, on) if source else {"form": request.GET.get("form", "")}
    initial = {"since": on, "issuer": organization.name, **initial}
    form = AboutForm(request.POST or None, organization=organization, on=on, initial=initial)
    formset = line_forms(request.POST or None, lines) if source else None
    if request.method == "POST" and form.is_valid() and (formset is None or formset.is_valid()):
        chosen = form.chosen_bodies()
        items = copying.chosen_items(lines, kept_lines(formset), chosen) if formset else []
        pack = None if source else packs().get(form.cleaned_data["pack"])
        try:
            made = origins.found_origin(
                request.user, organization, form.about(), on, at=now(), pack=pack, bodies=chosen, items=items
            )
        except UserError as refused:
            form.add_error(None, said(refused))
        else:
            messages.success(request, _("已建立。"))
            return redirect("plans:origin", code=code, pk=made.pk)
    context = {"organization": organization, "form": form, "formset": formset, "source": source}
    bad = form.errors or (formset is not None and formset.is_bound and not formset.is_valid())
    return render(request, "plans/new.html", context, status=422 if bad else 200)


def _source(request: HttpRequest, organization: Organization) -> Origin | None:
    """What is taken up again: one of the body's own."""
    pk = _number(request.GET.get("from", ""))
    if not pk:
        return None
    seen = queries.origins_seen_by(request.user, organization, today())
    return get_object_or_404(seen.filter(form__in=copying.COPIED), pk=pk)


def _again(source: Origin, on: date) -> dict[str, Any]:
    about = copying.about_again(source, copying.years_on(source, on))
    names = ("form", "title", "issuer", "since", "until")
    return {name: getattr(about, name) for name in names} | {
        "people": [one.pk for one in about.people], "bodies": sorted(copying.bodies_of(source)),
    }  # fmt: skip


def _forms(request: HttpRequest, found: Origin, act: str, on: date) -> dict[str, Any]:
    """What may be changed, by the name of its button; the one that was pressed with what was sent."""

    def sent(name: str) -> Any:
        return request.POST if name == act else None

    forms: dict[str, Any] = {
        "add": AskedForm(sent("add"), organization=found.organization, on=on),
        "link": LinkForm(sent("link"), activities=queries.linkable(found, on)),
        "close": SummaryForm(sent("close")),
    }
    if found.form == Form.PROJECT:
        forms |= {
            "people": PeopleForm(sent("people"), project=found, on=on),
            "team": TeamForm(sent("team"), project=found, on=on),
            "vanguard": VanguardForm(sent("vanguard"), project=found, on=on),
            "end_post": EndPostForm(sent("end_post")),
        }
    return forms


@require_http_methods(["GET", "HEAD", "POST"])
def origin(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One list, campaign or project: its items with what became of them, the records linked to it."""
    on = today()
    organization = _seen(request, code)
    seen = queries.origins_seen_by(request.user, organization, on).exclude(form=Form.PLAN)
    found = get_object_or_404(seen.select_related("organization"), pk=pk)
    may_change = may_record(request.user, organization, on) and found.state != OriginState.CLOSED
    act = request.POST.get("act", "") if request.method == "POST" else ""
    forms = _forms(request, found, act, on) if may_change else {}
    if request.method == "POST":
        require(may_change and act in forms)
        if forms[act].is_valid():
            try:
                _change(request, found, act, forms[act])
            except UserError as refused:
                forms[act].add_error(None, said(refused))
            else:
                messages.success(request, _("已保存。"))
                return redirect("plans:origin", code=code, pk=pk)
    items = list(queries.items_of(found))
    context = {
        "organization": organization, "origin": found, "items": items, "today": on, "forms": forms,
        "duties": [(row, as_duty(row)) for row in found.duties.select_related("organization")],
        "responsible": task_queries.responsible(items, on), "people": list(found.people.all()),
        "activities": list(found.activities.filter(withdrawn_at=None).select_related("organization")[:200]),
        "may_copy": found.form in copying.COPIED and may_record(request.user, organization, on),
        "posts": team_posts(found) if found.form == Form.PROJECT else [], "may_change": may_change,
    }  # fmt: skip
    bad = bool(act) and bool(forms[act].errors)
    return render(request, "plans/origin.html", context, status=422 if bad else 200)


def _change_project(request: HttpRequest, found: Origin, act: str, given: dict[str, Any]) -> None:
    on, actor = today(), request.user
    if act == "people":
        change_people(actor, found, list(given["people"]), on)
    elif act == "team":
        found_team(actor, found, given["name"], given["member"], given["since"], given["basis"], on)
    elif act == "vanguard":
        give_vanguard_post(actor, found, given["member"], given["since"], given["basis"], on)
    else:
        end_team_post(actor, found, given["post"], given["until"], on)


@require_safe
def burden_page(request: HttpRequest, code: str) -> HttpResponse:
    """What a committee asked of those below it: the month by body, the year by month."""
    on = today()
    organization = _seen(request, code)
    require(organization.kind in ABOVE_BRANCHES and may_record(request.user, organization, on))
    asked = request.GET.get("m", "")
    first = date.fromisoformat(f"{asked}-01") if re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", asked) else on.replace(day=1)
    found = burden(organization, first.year, first.month, on)
    most = len(found.bodies) if request.GET.get("bodies") == "all" else BODIES
    context = {
        "organization": organization, "first": first, "bodies": found.bodies[:most],
        "more_bodies": len(found.bodies[most:]), "this": found.months[first.month - 1],
        "months": [(date(first.year, number, 1), row) for number, row in enumerate(found.months, start=1)],
        "most": max(row.requests for row in found.months) or 1, "short": SHORT_NOTICE,
        "previous": add_months(first, -1), "next": add_months(first, 1),
    }  # fmt: skip
    return render(request, "plans/burden.html", context)


@require_safe
def charge(request: HttpRequest) -> HttpResponse:
    """For a leader: the bodies he is in charge of, what is open there, what he did there."""
    on = today()
    bodies = bodies_in_charge(request.user, on)
    if not bodies:
        raise Http404
    context = {"charges": charges(bodies, on), "done": done(request.user, bodies, on), "year": on.year}
    return render(request, "plans/charge.html", context)


def _change(request: HttpRequest, found: Origin, act: str, form: Any) -> None:
    on = today()
    if act == "add":
        item = form.item()
        origins.add_asked(request.user, found, item, on, at=now())
        if not item.per:
            warn_of_known(request, item.bodies, item.kind)
    elif act == "link":
        chosen: list[Activity] = list(form.cleaned_data["activities"].select_related("organization"))
        origins.link_activities(request.user, found, chosen)
    elif act != "close":
        _change_project(request, found, act, form.cleaned_data)
    else:
        origins.close_origin(request.user, found, form.cleaned_data["summary"], on, at=now())
