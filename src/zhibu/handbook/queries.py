"""A branch's year read from the database for one reader: some twenty-five queries, however many records there are.

Everything is seen as it stood on the day asked about, as the ledger sees it. Texts are Chinese whatever language the
pages are read in: it is called with Chinese switched on (`services.in_chinese`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Q

from zhibu.activities.access import private_kinds
from zhibu.duties.models import Form, OriginState
from zhibu.duties.queries import duties_of
from zhibu.handbook.deeds import duty_record_of, heads_of
from zhibu.handbook.people import cells_in_year, figures, persons, posts_held, roster_changes, study_hours
from zhibu.handbook.records import activities_of, records_of, talk_of
from zhibu.handbook.year import BranchYear, Planned, Reader, ToDo
from zhibu.ledger.facts import Span, facts_of
from zhibu.ledger.gathering import gather
from zhibu.ledger.queries import cells_below
from zhibu.ledger.standing import stand_all
from zhibu.org.models import Organization, OrganizationKind
from zhibu.org.queries import members_on
from zhibu.tasks.models import State, Task

KEPT_KINDS = (OrganizationKind.BRANCH, OrganizationKind.GENERAL_BRANCH)
"""Bodies that keep a handbook."""


def branch_year(organization: Organization, year: int, on: date, reader: Reader) -> BranchYear:
    """The year of a branch as far as `reader` may see it."""
    span = Span(year, on)
    cells = cells_below(organization)
    known = cells if organization.kind == OrganizationKind.BRANCH else None
    (subject,) = facts_of([organization], year, on, known).subjects
    standings = stand_all(duties_of(organization, year), subject, year, on)
    open_, private = [], []
    for one in activities_of([organization, *cells], span, reader):
        (private if one.kind in private_kinds() else open_).append(one)
    roster = list(members_on(organization, span.last))
    changes = roster_changes(organization, span)
    heads = heads_of(organization, span) if reader.records else []
    return BranchYear(
        code=organization.code,
        name=organization.name,
        kind=organization.get_kind_display(),
        sector=organization.get_sector_display(),
        superior=superior_name(organization),
        founded=organization.founded,
        ended=organization.ended if organization.ended and organization.ended <= span.last else None,
        units=organization.units,
        year=year,
        on=on,
        reader=reader,
        figures=figures(subject, roster, span),
        members=tuple(persons(organization, roster, cells, span, reader)),
        studied=tuple(study_hours(roster, span, reader)),
        changes=changes if reader.keeps else (),
        posts=tuple(posts_held(organization, span)),
        cells=tuple(cells_in_year(cells, roster, span)),
        items=tuple(gather(standings)),
        records=records_of(open_, {cell.pk: str(cell) for cell in cells}, span),
        talks=tuple(talk_of(one) for one in private),
        plans=tuple(month_plans(organization, span)),
        todos=tuple(things_to_do(organization, span)),
        duty_records=tuple(duty_record_of(post, span) for post in heads),
        counts=Counter(change.what for change in changes),
    )


def superior_name(organization: Organization) -> str:
    """The body above; empty where there is none."""
    if organization.is_root():
        return ""
    above = Organization.objects.filter(path=organization.path[: -Organization.steplen])
    return above.values_list("name", flat=True).first() or ""


def month_plans(organization: Organization, span: Span) -> Iterable[Planned]:
    """The plans of the year's months that are past the draft, with what became of their items."""
    plans = organization.origins.filter(form=Form.PLAN, since__range=(span.first, span.last))
    rows = plans.exclude(state=OriginState.DRAFT)
    counted = rows.annotate(
        items=Count("tasks", filter=~Q(tasks__state=State.CANCELLED)),
        done=Count("tasks", filter=Q(tasks__state=State.CLOSED)),
        moved=Count("tasks", filter=Q(tasks__state=State.MOVED)),
        missed=Count("tasks", filter=Q(tasks__state=State.MISSED)),
    )
    for plan in counted.order_by("since", "id"):
        yield Planned(
            plan.title, plan.get_state_display(), plan.approved_on, plan.items, plan.done, plan.moved, plan.missed
        )


def things_to_do(organization: Organization, span: Span) -> Iterable[ToDo]:
    """Tasks of the year that do not follow up a resolution (those stand with it): due, or given, in the year."""
    in_year = Q(due__range=(span.first, span.last)) | Q(due=None, made_at__year=span.year)
    rows = Task.objects.filter(in_year, organization=organization, resolution=None)
    rows = rows.exclude(state__in=(State.DRAFT, State.CANCELLED)).select_related("origin", "owner", "activity")
    for task in rows.order_by("origin__since", "due", "id"):
        closed = task.closed_on if task.closed_on and task.closed_on <= span.on else None
        meeting = task.activity if task.activity and task.activity.kind not in private_kinds() else None
        source = task.origin.title if task.origin else meeting.title if meeting else ""
        yield ToDo(
            text=task.text,
            source=source,
            form=task.origin.form if task.origin else "",
            owner=task.owner.name if task.owner else "",
            due=task.due,
            state=str(State.OPEN.label if task.closed_on and not closed else task.get_state_display()),
            closed=closed,
        )
