"""The months of the demo's first branches: plans, a list and a campaign from above, tasks, with their lapses."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from zhibu.activities.models import Activity, Resolution
from zhibu.demo.county import Branch
from zhibu.duties.models import Origin, OriginState
from zhibu.meetings import services as meetings
from zhibu.org.models import Account, Organization, Status
from zhibu.org.queries import members_on
from zhibu.periods import add_months, month_end
from zhibu.plans import origins, services, team
from zhibu.plans.following import follow_activity
from zhibu.plans.origins import About, Asked
from zhibu.plans.packs import packs
from zhibu.tasks import services as tasks
from zhibu.tasks.models import State, Task
from zhibu.tasks.resolved import follow_meeting

HANDED_TO = 40
"""Bodies that the committee's list is handed down to; a county of thousands would take minutes."""
PLANNED_MONTHS = 3


def make_months(root: Organization, branches: list[Branch], accounts: dict[str, Account], on: date) -> None:
    """Plans and tasks of the first two branches up to `on`, and what the committee asks of them."""
    clerk = accounts.get("gongwei", accounts["shuji"])
    _from_above(root, branches, clerk, on)
    for branch, name in zip(branches[:2], ("shuji", "shuji2"), strict=False):
        if name in accounts:
            _resolutions(branch, accounts[name], on)
            _plans(branch, accounts[name], on)
            _next_meeting(branch, accounts[name], on)
    if "shuji" in accounts:
        _project(branches[0], accounts["shuji"], on)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(11, 30), tzinfo=timezone.get_default_timezone())


def _project(branch: Branch, secretary: Account, on: date) -> None:
    """A business project of the unit with its people, its temporary branch and two vanguard posts, still going on."""
    body, since = branch.organization, date(on.year, 3, 10)
    people = list(members_on(body, since, (Status.FULL,))[:6])
    if on < since + timedelta(days=30) or len(people) < 3:
        return
    about = About("project", f"{on.year}年惠民资金专项审计", since, date(on.year, 12, 31), people=people)
    project = origins.found_origin(secretary, body, about, since, at=_noon(since))
    basis = f"支委会{on.year}年3月研究同意"
    team.found_team(secretary, project, "惠民资金审计项目临时党小组", people[1], since, basis, since)
    later = since + timedelta(days=14)
    for member, what in ((people[2], "带头入户核对补贴发放名单"), (people[3], "每周汇总疑点，当天报项目组")):
        team.give_vanguard_post(secretary, project, member, later, what, later)
    item = Asked("汇总共性问题，向主管部门提出完善制度的建议", "建议稿", date(on.year, 12, 20), owner=people[1])
    origins.add_asked(secretary, project, item, since, at=_noon(since))
    held = body.activities.filter(kind__in=("themed-day", "lecture"), held__gt=since, withdrawn_at=None)
    origins.link_activities(secretary, project, held.select_related("organization").order_by("held")[:3])


def _from_above(root: Organization, branches: list[Branch], clerk: Account, on: date) -> None:
    since = date(on.year, 1, 6)
    if on <= since:
        return
    last = date(on.year, 12, 31)
    about = About("list", f"{on.year}年机关党建重点任务清单", since, last, root.name, f"青直工发〔{on.year}〕3号")
    keys = origins.found_origin(clerk, root, about, since, at=_noon(since))
    bodies = [branch.organization for branch in branches[:HANDED_TO]]
    spring, autumn = date(on.year, 3, 31), date(on.year, 10, 31)
    for text, asked, due in (
        ("修订支部学习制度", "修订后的制度，经支委会或党员大会通过", spring),
        ("清理与业务脱节的党建台账，减少重复填报", "取消或合并了哪些表册", autumn),
    ):
        item = Asked(text, asked, due, bodies=bodies)
        origins.add_asked(clerk, keys, item, since, at=_noon(since))
    about = About("campaign", f"{on.year}年“十个一”警示教育", date(on.year, 4, 1), date(on.year, 7, 31), root.name)
    if on >= about.since:
        origins.found_origin(
            clerk, root, about, about.since, at=_noon(about.since), pack=packs()["ten-ones"], bodies=bodies[:2]
        )
    _verified(Task.objects.filter(origin__organization=root, due__lte=on, parent__isnull=False), clerk, on)


def _verified(parts: QuerySet[Task], clerk: Account, on: date) -> None:
    """What the committee has looked at and closed; every fifth body has not got round to it."""
    for number, task in enumerate(parts.order_by("id")):
        if number % 5 != 4:
            day = min(on, (task.due or on) - timedelta(days=number % 9))
            tasks.close_by_record(clerk, task, day, "看过记录和文本", at=_noon(day))


def _resolutions(branch: Branch, account: Account, on: date) -> None:
    """The resolutions of the last two months: one done, one reported, one late with a reason, the rest open."""
    since = add_months(on.replace(day=1), -2)
    found = Activity.objects.filter(organization=branch.organization, held__gte=since, resolutions__isnull=False)
    for activity in found.distinct().order_by("held", "id"):
        Resolution.objects.filter(activity=activity).update(due=activity.held + timedelta(days=30))
        follow_meeting(Activity, activity=activity, actor=account, at=activity.recorded_at)
    mine = list(Task.objects.filter(organization=branch.organization, resolution__isnull=False).order_by("id"))
    for number, task in enumerate(mine):
        day = timezone.localdate(task.made_at)
        owner = branch.committee[number % len(branch.committee)] if branch.committee else branch.secretary
        tasks.assign(account, task, owner, [], day, at=_noon(day))
        after = min(on, day + timedelta(days=9))
        if number % 4 == 0:
            tasks.report_done(account, task, "已按会议要求办好。", at=_noon(after))
            tasks.close_by_record(None, task, after, "支委会会议听取了办理情况", at=_noon(after))
        elif number % 4 == 1:
            tasks.note_progress(account, task, "已联系有关股室，正在收集意见。", at=_noon(after))
        elif number % 4 == 2:
            tasks.report_done(account, task, "已完成，请核实。", at=_noon(after))


def _plans(branch: Branch, account: Account, on: date) -> None:
    body = branch.organization
    for back in reversed(range(PLANNED_MONTHS)):
        first = add_months(on.replace(day=1), -back)
        meetings = Activity.objects.filter(
            organization=body, kind="committee-meeting", held__lt=first + timedelta(days=15), held__lte=on,
            held__gte=first - timedelta(days=40), withdrawn_at=None,
        )  # fmt: skip
        meeting = meetings.order_by("-held").first()
        if meeting is None:
            continue
        plan = services.plan_of(body, first) or services.draft_plan(account, body, first, first, at=_noon(first))
        if plan.tasks.exists() and plan.state == OriginState.DRAFT:
            services.approve_plan(account, plan, meeting, max(first, meeting.held), at=_noon(max(first, meeting.held)))
            _carry_out(branch, plan, account, on)


def _carry_out(branch: Branch, plan: Origin, account: Account, on: date) -> None:
    last = month_end(plan.since.year, plan.since.month)
    held = Activity.objects.filter(
        organization__path__startswith=branch.organization.path, held__gte=plan.since, held__lte=min(last, on)
    )
    for activity in held.order_by("held", "id"):
        follow_activity(Activity, activity=activity, actor=account, at=activity.recorded_at)
    if on <= last:
        return
    left = plan.tasks.filter(state__in=(State.OPEN, State.REPORTED)).values_list("pk", flat=True)
    verdicts = dict.fromkeys(left, ("moved", "本月任务集中，转下月办理"))
    services.settle_plan(account, plan, verdicts, last, at=_noon(last))


def _next_meeting(branch: Branch, account: Account, on: date) -> None:
    """A committee meeting next week, announced and with one on leave."""
    day = on + timedelta(days=6)
    values = meetings.usual_of(branch.organization, "committee-meeting", on)
    people = list(branch.committee or [branch.secretary])
    values |= {
        "title": f"{day.year}年{day.month}月支委会会议", "day": day, "chair": branch.secretary, "recorder": people[-1],
        "agenda": "研究下月工作计划\n听取督办事项办理情况", "words": "请责任人准备办理情况。",
    }  # fmt: skip
    meeting = meetings.prepare_meeting(account, branch.organization, "committee-meeting", values, people, at=_noon(on))
    meeting.invitations.filter(member=people[-1]).update(leave=len(people) > 2, reason="参加业务培训")
