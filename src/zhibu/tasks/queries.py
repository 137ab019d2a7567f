"""What is to be done, by whom and until when; the chain a task stands in; decided but not done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Prefetch, Q, QuerySet

from zhibu.activities.access import private_kinds
from zhibu.activities.models import Activity
from zhibu.duties.queries import duties_of
from zhibu.org.models import PRESENT_STATUSES, Member, MemberStatus, Organization, Post
from zhibu.org.spans import in_force
from zhibu.rulebook.duty import AtLeast, Duty, Within
from zhibu.rulebook.obligations import concerns
from zhibu.tasks.models import UNFINISHED, State, Task, TaskStep

LEADING = ("secretary", "group-secretary", "cell-leader", "deputy-secretary")


@dataclass(frozen=True, slots=True)
class Responsible:
    """Who answers for a task on a day. `stands_in`: the owner has left or there is none, and the secretary does."""

    member: Member | None
    stands_in: bool


def with_all(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """With everything a task's page shows."""
    return tasks.select_related(
        "organization", "given_by", "origin", "owner", "activity", "resolution", "parent__organization", "made_by"
    ).prefetch_related(
        "helpers",
        Prefetch("evidence", _evidence(), to_attr="shown_evidence"),
        Prefetch("steps", TaskStep.objects.select_related("by__member").order_by("id")),
        Prefetch("parts", Task.objects.select_related("organization", "owner").order_by("organization__path", "id")),
    )


def _evidence() -> QuerySet[Activity]:
    """Records that may be named to whoever reads the task: never a private talk, which only a step tells of."""
    return Activity.objects.exclude(kind__in=private_kinds()).select_related("organization")


def listed(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """Rows of a list: the earliest deadline first, those without one last."""
    rows = tasks.select_related("organization", "given_by", "origin", "owner", "activity")
    return rows.order_by(F("due").asc(nulls_last=True), "id")


def with_parts(shown: Iterable[Task]) -> list[Task]:
    """The tasks of a page, each with `parts_all` and `parts_done`: counted for these alone, not for all that are
    sorted to find them."""
    rows = list(shown)
    counted = Task.objects.filter(parent__in=rows).exclude(state=State.CANCELLED).order_by().values("parent")
    counts = counted.annotate(every=Count("id"), done=Count("id", filter=Q(state=State.CLOSED)))
    parts = {one["parent"]: (one["every"], one["done"]) for one in counts}
    for row in rows:
        row.parts_all, row.parts_done = parts.get(row.pk, (0, 0))  # type: ignore[attr-defined]
    return rows


def unfinished(tasks: QuerySet[Task]) -> QuerySet[Task]:
    return tasks.filter(state__in=UNFINISHED)


def overdue(tasks: QuerySet[Task], on: date) -> QuerySet[Task]:
    """Decided but not done: the deadline has passed and nobody has reported it done."""
    return tasks.filter(state=State.OPEN, due__lt=on)


def due_by(tasks: QuerySet[Task], day: date) -> QuerySet[Task]:
    """Open ones due on that day or before, and those reported done that wait for somebody to look."""
    return unfinished(tasks).filter(Q(due__lte=day) | Q(state=State.REPORTED))


def tasks_of_member(member: Member | int) -> QuerySet[Task]:
    """Unfinished tasks the member is responsible for or helps with, in whatever body."""
    return unfinished(Task.objects.filter(Q(owner=member) | Q(helpers=member))).distinct()


def chain_above(task: Task) -> list[Task]:
    """The tasks it is a part of, from the top. A chain is as deep as the tree of bodies, and a little."""
    found: list[Task] = []
    above = task.parent_id
    while above is not None and len(found) < 40:
        parent = Task.objects.select_related("organization", "owner").get(pk=above)
        found.insert(0, parent)
        above = parent.parent_id
    return found


@dataclass(frozen=True, slots=True)
class Branch:
    """A task with all its parts, as deep as they go."""

    task: Task
    parts: tuple[Branch, ...]


def tree_below(task: Task) -> tuple[Branch, ...]:
    """All parts of a task, level by level: one query a level."""
    levels: list[list[Task]] = []
    ids = [task.pk]
    while ids and len(levels) < 40:
        rows = list(
            Task.objects.filter(parent__in=ids)
            .select_related("organization", "owner")
            .order_by("organization__path", "id")
        )
        levels.append(rows)
        ids = [row.pk for row in rows]
    below: Mapping[int, list[Branch]] = {}
    for rows in reversed(levels):
        made: dict[int, list[Branch]] = {}
        for row in rows:
            made.setdefault(row.parent_id or 0, []).append(Branch(row, tuple(below.get(row.pk, ()))))
        below = made
    return tuple(below.get(task.pk, ()))


def responsible(tasks: Sequence[Task], on: date) -> dict[int, Responsible]:
    """Who answers for each task today: its owner while he is in the Party there or holds a post in the body; else the
    secretary, so that no task is left without anybody. Three queries at most."""
    owners = {task.owner_id for task in tasks if task.owner_id}
    bodies = {task.organization_id: task.organization for task in tasks}
    present = _present(owners, bodies.values(), on)
    orphaned = {task.organization_id for task in tasks if (task.owner_id, task.organization_id) not in present}
    leaders = _leaders([bodies[pk] for pk in orphaned], on)
    return {
        task.pk: Responsible(task.owner, False)
        if (task.owner_id, task.organization_id) in present
        else Responsible(leaders.get(task.organization_id), True)
        for task in tasks
    }


def _present(owners: Iterable[int], bodies: Iterable[Organization], on: date) -> set[tuple[int | None, int]]:
    """(member, body) of those who belong to the body, or to one below it, or hold a post in it."""
    owners = set(owners)
    if not owners:
        return set()
    homes = MemberStatus.objects.filter(in_force(on), member__in=owners, status__in=PRESENT_STATUSES)
    paths = list(homes.values_list("member_id", "organization__path", "cell__path"))
    posts = set(Post.objects.filter(in_force(on), member__in=owners).values_list("member_id", "organization_id"))
    found: set[tuple[int | None, int]] = set(posts)
    for body in bodies:
        found |= {
            (member, body.pk)
            for member, path, cell in paths
            if path.startswith(body.path) or (cell or "").startswith(body.path)
        }
    return found


def _leaders(bodies: Sequence[Organization], on: date) -> dict[int, Member]:
    found: dict[int, Member] = {}
    if bodies:
        rows = Post.objects.filter(in_force(on), organization__in=bodies, title__in=LEADING).select_related("member")
        for post in sorted(rows, key=lambda one: LEADING.index(one.title)):
            found.setdefault(post.organization_id, post.member)
    return found


@dataclass(frozen=True, slots=True)
class Heard:
    """What visits brought up in a span of days: visits held, problems taken up as tasks, tasks done."""

    visits: int
    taken_up: int
    solved: int


def heard(organization: Organization, since: date, until: date) -> Heard:
    """听取意见、解决问题: of the body's field visits between the two days, both included."""
    visits = Activity.objects.filter(
        organization=organization, kind="field-visit", held__gte=since, held__lte=until, withdrawn_at=None
    )
    tasks = Task.objects.filter(activity__in=visits).exclude(state=State.CANCELLED)
    return Heard(visits.count(), tasks.count(), tasks.filter(state=State.CLOSED).count())


def counts_given(committee: Organization, on: date) -> list[dict[str, object]]:
    """By body below: how many of the tasks given to it are open, overdue, reported and closed; what waits first."""
    rows = Task.objects.filter(given_by=committee).exclude(organization=committee)
    return list(
        rows.values("organization__code", "organization__name")
        .annotate(
            open=Count("id", filter=Q(state=State.OPEN)),
            overdue=Count("id", filter=Q(state=State.OPEN, due__lt=on)),
            reported=Count("id", filter=Q(state=State.REPORTED)),
            closed=Count("id", filter=Q(state=State.CLOSED)),
        )
        .order_by("-overdue", "-reported", "organization__path")
    )


def known_already(bodies: Sequence[Organization], kind: str, year: int) -> list[Duty]:
    """Duties by which the ledger counts activities of this kind in every one of the bodies: asking again adds a form,
    not a fact. Asked of at most a few bodies of each kind, which all have the same duties."""
    if not kind or not bodies:
        return []
    sample = list({(body.kind, body.sector): body for body in bodies}.values())
    counts: Counter[str] = Counter()
    found: dict[str, Duty] = {}
    for body in sample:
        for duty in duties_of(body, year):
            shape = duty.shape
            counted = isinstance(shape, AtLeast | Within) and kind in shape.of
            if counted and concerns(duty, body.kind, body.sector):
                counts[duty.id] += 1
                found[duty.id] = duty
    return [duty for duty in found.values() if counts[duty.id] == len(sample)]
