"""A season is prepared, opened, paused, closed; who reports in it. One transaction and one line in the journal each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from zhibu.activities.models import StoredFile
from zhibu.errors import UserError
from zhibu.org.journal import note
from zhibu.org.models import Account, Member, Organization, OrganizationKind, Post, Title
from zhibu.org.queries import existing_on
from zhibu.review.models import Cycle, CycleState, Entry, Stage
from zhibu.review.steps import STEPS, days_of, disordered
from zhibu.review.telling import tell_opened

SECRETARIES = (Title.SECRETARY, Title.GROUP_SECRETARY)
MOST_ENTRIES = 1000
HARD_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Plan:
    """What a season is made of, as the committee says it."""

    year: int
    title: str
    number: str = ""
    focus: str = ""
    shortest: int = 1500
    longest: int = 3000
    days: tuple[tuple[str, date], ...] = ()
    scheme: str = ""
    file: StoredFile | None = None


def plan_after(cycle: Cycle) -> Plan:
    """Last year's season as the beginning of this year's: what it was, a year later, without its number and file."""
    year = cycle.year + 1
    days = tuple((step, _a_year_later(day)) for step, day in days_of(cycle.days).items())
    title = cycle.title.replace(str(cycle.year), str(year))
    return Plan(year, title, "", cycle.focus, cycle.shortest, cycle.longest, days, cycle.scheme)


def _a_year_later(day: date) -> date:
    """29 February becomes the 28th."""
    return day.replace(year=day.year + 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


@dataclass(frozen=True, slots=True)
class Reporter:
    """Somebody who may report: of which body, in which post, for which part of the year (both days included)."""

    organization: Organization
    member: Member
    post: str
    since: date
    until: date

    @property
    def post_label(self) -> str:
        return str(Title(self.post).label)


def make_cycle(actor: Account | None, committee: Organization, plan: Plan, *, at: datetime) -> Cycle:
    """Begin to prepare a season. UserError for a plan that cannot be kept, or a name the year already has."""
    _sound(plan)
    cycle = Cycle(organization=committee, made_at=at, made_by=actor)
    _fill(cycle, plan)
    try:
        with transaction.atomic():
            cycle.save()
            note(actor, committee, "make-cycle", cycle, f"拟订{plan.title}", year=plan.year)
    except IntegrityError:
        raise UserError("cycle-there", "{year}年已经有“{title}”。", year=plan.year, title=plan.title) from None
    return cycle


def change_cycle(actor: Account, cycle: Cycle, plan: Plan, version: int) -> Cycle:
    """Change a season that is not closed. The year of an open one stays, as its reports are of that year."""
    _sound(plan)
    with transaction.atomic():
        current = locked(cycle.pk, version)
        _not_closed(current)
        if current.state != CycleState.DRAFT and plan.year != current.year:
            raise UserError("cycle-year-fixed", "述职评议已经开始，不能再改年度。")
        before = {**current.days}
        _fill(current, plan)
        _save(current)
        note(actor, current.organization, "change-cycle", current, f"修改{current.title}", days=[before, current.days])
    return current


def _sound(plan: Plan) -> None:
    if not 2000 <= plan.year <= 2100:
        raise UserError("cycle-year", "年度应在2000到2100之间。")
    if not plan.title.strip():
        raise UserError("cycle-title", "请填写名称。")
    if not 0 < plan.shortest <= plan.longest <= HARD_LONGEST:
        raise UserError("cycle-length", "字数应从少到多，最多不超过{most}字。", most=HARD_LONGEST)
    if wrong := disordered(dict(plan.days)):
        first, second = (str(STEPS[step]) for step in wrong)
        raise UserError("cycle-days", "“{second}”不能早于“{first}”。", first=first, second=second)


def _fill(cycle: Cycle, plan: Plan) -> None:
    cycle.year, cycle.title, cycle.number, cycle.focus = plan.year, plan.title.strip(), plan.number, plan.focus
    cycle.shortest, cycle.longest, cycle.scheme = plan.shortest, plan.longest, plan.scheme
    cycle.days = {step: day.isoformat() for step, day in plan.days}
    cycle.plan = plan.file or cycle.plan


# --- who reports -----------------------------------------------------------------------------------------------------


def possible_reporters(committee: Organization, year: int) -> list[Reporter]:
    """Whoever was secretary in a body below during the year, each for his part; where nobody was, the deputy.

    Two queries, whatever the number of bodies. A body that ended during the year is among them for its part.
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    bodies = Organization.objects.filter(path__startswith=committee.path).exclude(pk=committee.pk)
    bodies = bodies.filter(existing_on(last) | Q(ended__gt=first, founded__lte=last))
    there = {body.pk: body for body in bodies.exclude(kind=OrganizationKind.CELL).order_by("path")}
    posts = Post.objects.filter(organization__in=there, title__in=(*SECRETARIES, Title.DEPUTY_SECRETARY))
    posts = posts.filter(Q(until=None) | Q(until__gt=first), since__lte=last).select_related("member")
    by_body: dict[int, list[Post]] = {pk: [] for pk in there}
    for post in posts.order_by("since", "id"):
        by_body[post.organization_id].append(post)
    return [one for pk, held in by_body.items() for one in _parts(there[pk], held, first, last)]


def _parts(body: Organization, posts: Sequence[Post], first: date, last: date) -> list[Reporter]:
    held = [post for post in posts if post.title in SECRETARIES] or list(posts[:1])
    found: dict[int, Reporter] = {}
    for post in held:
        since = max(post.since, first)
        until = min(date.fromordinal(post.until.toordinal() - 1), last) if post.until else last
        if since <= until and post.member_id not in found:
            found[post.member_id] = Reporter(body, post.member, post.title, since, until)
    return list(found.values())


def set_entries(actor: Account | None, cycle: Cycle, chosen: Iterable[tuple[Reporter, bool]], version: int) -> Cycle:
    """Who reports, and whether live. Whoever has handed in stays; the order is kept, newcomers come last."""
    rows = list(chosen)
    if len(rows) > MOST_ENTRIES:
        raise UserError("cycle-many-entries", "一次述职评议最多{most}人。", most=MOST_ENTRIES)
    with transaction.atomic():
        current = locked(cycle.pk, version)
        _not_closed(current)
        there = {(entry.organization_id, entry.reporter_id): entry for entry in current.entries.all()}
        wanted = {(one.organization.pk, one.member.pk): (one, live) for one, live in rows}
        _drop([entry for key, entry in there.items() if key not in wanted])
        place = max((entry.place for entry in there.values()), default=0)
        fresh, kept = [], []
        for key, (one, live) in wanted.items():
            if entry := there.get(key):
                entry.live, entry.post, entry.since, entry.until = live, one.post, one.since, one.until
                kept.append(entry)
                continue
            place += 1
            fresh.append(
                Entry(
                    organization=one.organization, cycle=current, reporter=one.member, post=one.post,
                    since=one.since, until=one.until, live=live, place=place,
                )
            )  # fmt: skip
        Entry.objects.bulk_update(kept, ["live", "post", "since", "until"], 200)
        Entry.objects.bulk_create(fresh)
        _save(current)
        note(actor, current.organization, "set-reporters", current, f"确定{current.title}述职人员{len(wanted)}名")
        if current.state == CycleState.OPEN:
            tell_opened(current, fresh, actor)
    return current


def _drop(entries: Sequence[Entry]) -> None:
    rows = Entry.objects.filter(pk__in=[entry.pk for entry in entries])
    begun = rows.filter(Q(submissions__isnull=False) | Q(remarks__isnull=False))
    if first := begun.select_related("reporter").first():
        raise UserError("entry-begun", "{name}已经报送过述职报告，不能从名单中去掉。", name=str(first.reporter))
    rows.delete()


def set_order(actor: Account, cycle: Cycle, places: dict[int, int], version: int) -> Cycle:
    """The order of speaking: `places` gives each entry's key its place. Equal places keep their present order."""
    with transaction.atomic():
        current = locked(cycle.pk, version)
        _not_closed(current)
        rows = sorted(current.entries.all(), key=lambda entry: (places.get(entry.pk, entry.place), entry.place))
        for place, entry in enumerate(rows, start=1):
            entry.place = place
        Entry.objects.bulk_update(rows, ["place"])
        _save(current)
        note(actor, current.organization, "set-order", current, f"调整{current.title}发言次序")
    return current


# --- its course ------------------------------------------------------------------------------------------------------


def open_cycle(actor: Account, cycle: Cycle, version: int, *, at: datetime) -> Cycle:
    """Open it: reporters are told and may hand in. UserError without reporters."""
    with transaction.atomic():
        current = _move(cycle, version, (CycleState.DRAFT,), CycleState.OPEN)
        entries = list(current.entries.select_related("organization", "reporter"))
        if not entries:
            raise UserError("cycle-empty", "还没有述职人员，不能开始。请先确定名单。")
        note(actor, current.organization, "open-cycle", current, f"启动{current.title}")
        tell_opened(current, entries, actor)
    return current


def pause_cycle(actor: Account, cycle: Cycle, reason: str, version: int) -> Cycle:
    return _with_reason(actor, cycle, (CycleState.OPEN,), CycleState.PAUSED, "pause-cycle", reason, version)


def resume_cycle(actor: Account, cycle: Cycle, version: int) -> Cycle:
    with transaction.atomic():
        current = _move(cycle, version, (CycleState.PAUSED,), CycleState.OPEN)
        note(actor, current.organization, "resume-cycle", current, f"继续{current.title}")
    return current


def close_cycle(actor: Account, cycle: Cycle, version: int) -> Cycle:
    """Close it: nothing changes any more. UserError while the letters of some reports have not gone out."""
    with transaction.atomic():
        current = _move(cycle, version, (CycleState.OPEN, CycleState.PAUSED), CycleState.CLOSED)
        left = current.entries.exclude(stage__in=(Stage.FED_BACK, Stage.CLOSED)).count()
        if left:
            raise UserError("cycle-unfinished", "还有{count}份没有反馈，不能结束。", count=left)
        note(actor, current.organization, "close-cycle", current, f"结束{current.title}")
    return current


def reopen_cycle(actor: Account, cycle: Cycle, reason: str, version: int) -> Cycle:
    """Open again what was closed by mistake; the reason stays on the season's page."""
    return _with_reason(actor, cycle, (CycleState.CLOSED,), CycleState.OPEN, "reopen-cycle", reason, version)


def _with_reason(
    actor: Account, cycle: Cycle, before: Sequence[str], after: str, verb: str, reason: str, version: int
) -> Cycle:
    reason = said(reason)
    with transaction.atomic():
        current = _move(cycle, version, before, after, reason)
        note(actor, current.organization, verb, current, f"{current.title}：{reason}")
    return current


def _move(cycle: Cycle, version: int, before: Sequence[str], after: str, reason: str = "") -> Cycle:
    current = locked(cycle.pk, version)
    if current.state not in before:
        state = str(current.get_state_display())
        raise UserError("cycle-state", "“{title}”现在是“{state}”，不能这样办。", title=current.title, state=state)
    current.state, current.reason = after, reason
    _save(current)
    return current


def said(reason: str, most: int = 300) -> str:
    """A reason in words. UserError for none, or too many."""
    reason = " ".join(reason.split())
    if len(reason) < 2:
        raise UserError("reason-needed", "请写明理由，至少两个字。")
    if len(reason) > most:
        raise UserError("reason-too-long", "说明有{length}字，请压缩到{limit}字以内。", length=len(reason), limit=most)
    return reason


def locked(pk: int, version: int) -> Cycle:
    """The season as it stands, locked until the transaction ends. UserError when somebody was quicker."""
    current = Cycle.objects.select_for_update(of=("self",)).select_related("organization", "plan").get(pk=pk)
    if current.version != version:
        raise UserError("cycle-changed", "打开页面以后，有人改过这次述职评议。请刷新页面，核对后再办。")
    return current


def _not_closed(cycle: Cycle) -> None:
    if cycle.state == CycleState.CLOSED:
        raise UserError("cycle-closed", "“{title}”已经结束，不能再改。", title=cycle.title)


def _save(cycle: Cycle) -> None:
    cycle.version += 1
    cycle.save()
