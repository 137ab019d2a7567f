"""What is up, what is on its way, what is due, what was withdrawn, and what readers wrote. Always asked for a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, Q, QuerySet

from zhibu.disclosure.catalogue import BODIES, catalogue
from zhibu.disclosure.deadlines import Adopted, Due, Shown, dues
from zhibu.disclosure.models import Audience, Board, Comment, Publication, State
from zhibu.org.models import Account, Organization
from zhibu.periods import add_months
from zhibu.tasks.models import State as TaskState

LOOK_BACK = 12
"""Months of past deadlines that are still named."""
STEPS = ("made_by", "proposed_by", "reviewed_by", "approved_by", "ended_by")


def up(on: date) -> Q:
    """Publications to be seen on `on`, whoever looks."""
    begun = Q(state__in=(State.APPROVED, State.ENDED), since__lte=on)
    return begun & (Q(until=None) | Q(until__gte=on)) & (Q(ended_on=None) | Q(ended_on__gt=on))


def shown_on(organization: Organization, on: date, audiences: Iterable[str] = Audience.values) -> QuerySet[Publication]:
    """What the board shows on `on` to the audiences, newest first."""
    return Publication.objects.filter(up(on), organization=organization, audience__in=list(audiences))


def newest(organization: Organization, item: str, on: date) -> Publication | None:
    """The newest publication of a matter that is up: this month's plan, the rules."""
    return shown_on(organization, on).filter(item=item).first()


def with_steps(publications: QuerySet[Publication]) -> QuerySet[Publication]:
    """With the names of those who took each step, in the same query."""
    return publications.select_related(*(f"{step}__member" for step in STEPS))


def on_the_way(organization: Organization, on: date) -> QuerySet[Publication]:
    """Drafts, proposals, and what is approved for a day to come; what needs doing first."""
    waiting = Q(state__in=(State.DRAFT, State.PROPOSED, State.REVIEWED))
    coming = Q(state=State.APPROVED, since__gt=on)
    return with_steps(Publication.objects.filter(waiting | coming, organization=organization)).order_by("since", "id")


def archive(publications: QuerySet[Publication], on: date) -> QuerySet[Publication]:
    """What was up and is no longer, and what was withdrawn; newest first."""
    gone = Q(state__in=(State.APPROVED, State.ENDED), since__lte=on) & ~up(on)
    return with_steps(publications.filter(gone | Q(state=State.WITHDRAWN))).order_by("-since", "-id")


# --- deadlines ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Adoption:
    """The catalogue a body follows and whose it is: its own, or that of the nearest body above that adopted one."""

    of: Organization | None
    rows: tuple[Adopted, ...]

    def in_force(self, on: date) -> list[Adopted]:
        return [one for one in self.rows if one.since <= on and (one.until is None or one.until >= on)]


def adoption(organization: Organization) -> Adoption:
    return adoptions([organization])[organization.pk]


def adoptions(bodies: Sequence[Organization]) -> dict[int, Adoption]:
    """Body → the catalogue it follows, in one query however many bodies there are."""
    boards = Board.objects.exclude(items={}).select_related("organization")
    if len(bodies) == 1:
        boards = boards.filter(organization__path__in=_line(bodies[0].path))
    by_path = {board.organization.path: Adoption(board.organization, tuple(_adopted(board.items))) for board in boards}
    none = Adoption(None, ())
    return {
        body.pk: next((by_path[path] for path in reversed(_line(body.path)) if path in by_path), none)
        for body in bodies
    }


def _line(path: str) -> list[str]:
    """The paths of a body and of all above it, from the top."""
    step = Organization.steplen
    return [path[:end] for end in range(step, len(path) + 1, step)]


def _adopted(items: dict[str, dict[str, str | None]]) -> Iterable[Adopted]:
    """A matter that has left the catalogue file is passed over."""
    for slug, span in items.items():
        if (item := catalogue().items.get(slug)) and span.get("since"):
            until = span.get("until")
            yield Adopted(item, date.fromisoformat(str(span["since"])), date.fromisoformat(until) if until else None)


def disclosures_due(organization: Organization, on: date) -> list[Due]:
    """Every deadline of the last twelve months and of the month ahead, with how it stands.

    Empty for a body that follows no catalogue: nobody has said then what it must disclose. `Due.owed` are those still
    to be done.
    """
    return dues_of([organization], on)[organization.pk]


def dues_of(bodies: Sequence[Organization], on: date, since: date | None = None) -> dict[int, list[Due]]:
    """`disclosures_due` of many bodies, in two queries. `since`: the first deadline, if not that of a year ago."""
    alive = [body for body in bodies if body.kind in BODIES and (body.ended is None or body.ended > on)]
    followed = {pk: found.rows for pk, found in adoptions(alive).items() if found.rows}
    shown: dict[int, list[Shown]] = defaultdict(list)
    rows = Publication.objects.all()
    if len(alive) == 1:
        rows = rows.filter(organization=alive[0])
    if followed:
        for row in rows.defer("body"):
            shown[row.organization_id].append(as_shown(row))
    since = since or add_months(on, -LOOK_BACK)
    return {body.pk: [] for body in bodies} | {
        body.pk: dues(followed[body.pk], shown[body.pk], max(since, body.founded), on)
        for body in alive
        if body.pk in followed
    }


def as_shown(row: Publication) -> Shown:
    return Shown(row.pk, row.item, row.state, row.first_shown or row.since, row.last, row.period)


# --- opinions -------------------------------------------------------------------------------------------------------


def comments_of(organization: Organization) -> QuerySet[Comment]:
    """Opinions and suggestions, those without an answer first, then those answered last."""
    rows = Comment.objects.filter(organization=organization)
    return rows.select_related("publication", "answered_by__member", "task").order_by(
        F("answered_at").desc(nulls_first=True), "-id"
    )


def own_comments(account: Account, organization: Organization) -> QuerySet[Comment]:
    """What this member signed."""
    return Comment.objects.filter(organization=organization, account=account).select_related("publication", "task")


def opinions_heard(organization: Organization, since: datetime, until: datetime) -> dict[str, int]:
    """Opinions and suggestions that came from `since` up to `until`, of the body and those below: how many, how many of
    them were answered, taken up as a task, and solved: “听取意见建议n条，答复n条”."""
    rows = Comment.objects.filter(organization__path__startswith=organization.path, at__gte=since, at__lt=until)
    return rows.aggregate(
        heard=Count("id"),
        answered=Count("id", filter=Q(answered_at__isnull=False)),
        from_members=Count("id", filter=Q(source="member")),
        from_public=Count("id", filter=Q(source="public")),
        taken_up=Count("id", filter=Q(task__isnull=False)),
        solved=Count("id", filter=Q(task__state=TaskState.CLOSED)),
    )
