"""Two branches of the county under the sample scheme: one has been verified, one is in the midst of its own view. And
last year's year-end assessment and grades of reports, final, one after an objection."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction

from django.utils import timezone

from zhibu.demo.county import Branch
from zhibu.duties.models import Form, Origin, OriginState
from zhibu.org.models import Account, Organization
from zhibu.periods import month_end
from zhibu.scoring import grading, queries, services, settling
from zhibu.scoring.grading import Part, Vote
from zhibu.scoring.models import Evaluation
from zhibu.scoring.scheme import Level
from zhibu.scoring.services import Found, Said
from zhibu.tasks.models import State as TaskState
from zhibu.tasks.models import Task

SCHEME = "standard-branch"
ANSWERED = ("post-duties", "files", "place")
"""What the first branch has filled in so far."""
FOUND = {
    "place": (Decimal(2), "与另一支部共用，当天门锁着，打开后能用。"),
    "files": (Decimal(1), "抽查五名，一名岗位已变动，名册未改。"),
}
MOST = 9
"""Branches of last year's rounds."""
PLANNED = ("召开支部党员大会", "开展主题党日", "组织一次党课", "走访困难党员", "联系群众解决一件实事")
LISTED = ("书记讲一次党课", "研究一次意识形态工作", "开展一次廉政谈话", "落实一件为民实事")
MONTHS = (3, 6, 9, 11)
"""In which months of last year a plan stands."""
NOTES = {"place": "三楼会议室，和机关党委共用。", "business": "牵头核清了三年前的一笔往来账。"}


def make_evaluations(root: Organization, branches: list[Branch], accounts: dict[str, Account], on: date) -> None:
    """Needs three branches and the committee's clerk, who belongs to the second; else nothing is made."""
    clerk, secretary = accounts.get("gongwei"), accounts.get("shuji")
    if len(branches) < 3 or clerk is None or secretary is None:
        return
    at = timezone.make_aware(datetime.combine(on, time(10)))
    offered = queries.schemes_for(root)[SCHEME]
    first, third = (Organization.objects.get(pk=branches[place].organization.pk) for place in (0, 2))
    [own] = services.ask_evaluations(clerk, root, offered, on.year, [first], at=at)
    services.save_answers(secretary, own, _answers(own, on, ANSWERED), own.version, at=at)
    [done] = services.ask_evaluations(clerk, root, offered, on.year - 1, [third], at=at)
    done = services.save_answers(None, done, _answers(done, on), done.version, at=at)
    done = services.submit(None, done, done.version, on, at=at)
    done = services.save_findings(clerk, done, _found(done, on), done.version, on, at=at)
    services.finish_verification(clerk, done, done.version, on, at=at)
    # The clerk's own branch is the second; his committee's grade of it would be another's business.
    chosen = [branches[0], *branches[2 : MOST + 1]]
    for branch in chosen:
        _last_plans(branch, on.year - 1, clerk)
    _last_year_end(root, chosen, clerk, on)
    _last_grades(root, chosen, clerk, secretary, on)


def _last_plans(branch: Branch, year: int, clerk: Account) -> None:
    """Plans of a few months and a responsibility list, carried out as reliably as the branch does everything."""
    draw = random.Random(f"{branch.organization.code}-{year}")  # noqa: S311 (made-up data, no secret)
    spans = [(Form.PLAN, f"{month}月工作计划", date(year, month, 1), month_end(year, month)) for month in MONTHS]
    spans.append((Form.LIST, "党建工作责任清单", date(year, 1, 1), date(year, 11, 30)))
    for form, title, since, until in spans:
        origin = Origin.objects.create(
            organization=branch.organization, form=form, title=f"{year}年{title}", since=since, until=until,
            state=OriginState.CLOSED, approved_on=since, made_at=_morning(since), made_by=clerk,
        )  # fmt: skip
        for text in PLANNED if form == Form.PLAN else LISTED:
            done = draw.random() < branch.care
            Task.objects.create(
                organization=branch.organization, given_by=branch.organization, origin=origin, text=text, due=until,
                state=TaskState.CLOSED if done else TaskState.MISSED, closed_on=until - timedelta(3) if done else None,
                owner=branch.secretary, made_at=_morning(since), made_by=clerk,
            )  # fmt: skip


def _last_year_end(root: Organization, chosen: list[Branch], clerk: Account, on: date) -> None:
    bodies = [Organization.objects.get(pk=one.organization.pk) for one in chosen]
    day = _settled_on(on)
    offered = queries.schemes_for(root)["year-end"]
    rows = services.ask_evaluations(clerk, root, offered, on.year - 1, bodies, at=_morning(day))
    for one, branch in zip(rows, chosen, strict=True):
        said = {"effect": Said("strong" if branch.care > 0.8 else "some", "平时到支部调研了解的情况。")}
        services.save_opinions(clerk, one, said, one.version, day, at=_morning(day))
    _settle(root, rows, clerk, on)


def _last_grades(root: Organization, chosen: list[Branch], clerk: Account, secretary: Account, on: date) -> None:
    day, year = _settled_on(on), on.year - 1
    offered = queries.schemes_for(root)["report-grade"]
    parts = []
    changed = next((one for one in chosen[1:] if len(one.committee) > 1), None)
    for branch in chosen:
        vote = {"overall": Vote(Fraction(72 + round(branch.care * 24), 100), f"{year}年度述职评议会民主测评")}
        body, since = branch.organization, None
        if branch is changed:
            parts.append(Part(body, branch.committee[1], until=date(year, 6, 30), ballots=vote))
            since = date(year, 7, 1)
        parts.append(Part(body, branch.secretary, since, ballots=vote))
    rows = grading.begin_reports(clerk, root, offered, year, parts, at=_morning(day))
    for one, part in zip(rows, parts, strict=True):
        good = part.ballots["overall"].share or 0
        superior = "good" if good >= Fraction(9, 10) else "fairly-good"
        said = {"superior": Said(superior), "criticized": Said("none"), "made-up": Said("clear")}
        services.save_opinions(clerk, one, said, one.version, day, at=_morning(day))
    _settle(root, rows, clerk, on, objector=secretary)


def _settled_on(on: date) -> date:
    return min(on, date(on.year, 1, 12))


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(10)))


def _settle(
    root: Organization, rows: Sequence[Evaluation], clerk: Account, on: date, objector: Account | None = None
) -> None:
    """Frozen, levels set within the limits, published, objected to, answered; final if that long ago."""
    day, keys = _settled_on(on), [one.pk for one in rows]
    at = _morning(day)
    grading.freeze(clerk, keys, day, at=at)
    _set_levels(keys, clerk, day, at)
    done = settling.publish(clerk, root, keys, day, at=at, until=day + timedelta(days=12))
    mine = [one for one in done if objector and one.member_id == objector.member_id]
    if objector and mine:
        row = settling.object_to(objector, mine[0], "有一次党课是年底补录的，请核对次数。", day, at=at)
        answer = "已核对活动记录，补录的一次已经计入，得分不变。"
        settling.answer_objection(clerk, row, answer, upheld=False, on=day, at=at)
    final = day + timedelta(days=13)
    if final <= on:
        settling.close_evaluations(clerk, keys, final, at=_morning(final))


def _set_levels(keys: list[int], clerk: Account, day: date, at: datetime) -> None:
    """Where the sum is a range the committee says; where a level is given too often the least points fall back."""
    rows = {one.pk: one for one in queries.with_items(Evaluation.objects.filter(pk__in=keys)).order_by("pk")}
    grades = queries.grades_of(rows.values(), day)
    scheme = queries.scheme_of(next(iter(rows.values())))
    given: dict[int, tuple[Level, str]] = {}
    for pk, grade in grades.items():
        lowest = grade.proposed or scheme.level(grade.total.percent[0])
        given[pk] = (lowest, "" if grade.proposed else "有的记录当年没有登记，按查得到的记录定。")
    for level, below in zip(scheme.levels, scheme.levels[1:], strict=False):
        holders = sorted((pk for pk in given if given[pk][0] == level), key=lambda pk: grades[pk].total.percent[0])
        for pk in holders[: max(0, len(holders) - level.most(len(given)))]:
            given[pk] = (below, f"“{level.label}”不超过{level.quota}%，按比例核定。")
    for pk, (level, why) in given.items():
        if why:
            settling.set_level(clerk, rows[pk], level.label, why, rows[pk].version, day, at=at)


def _answers(evaluation: Evaluation, on: date, only: tuple[str, ...] = ()) -> dict[str, Said]:
    """The best answer to what is asked, once in four the second best."""
    items = queries.unanswered(queries.scheme_of(evaluation), queries.points_of(evaluation, on))
    return {
        item.slug: Said(item.choices[min(place % 4 == 3, len(item.choices) - 1)].slug, NOTES.get(item.slug, ""))
        for place, item in enumerate(items)
        if not only or item.slug in only
    }


def _found(evaluation: Evaluation, on: date) -> dict[str, Found]:
    """Agreed, but for a few things seen on site, and what could not be told otherwise."""
    found = {}
    for point in queries.points_of(evaluation, on):
        if point.slug in FOUND:
            found[point.slug] = Found(False, *FOUND[point.slug])
        elif not point.certain:
            found[point.slug] = Found(False, point.low, "当年没有记录可查，按已有记录认定。")
        else:
            found[point.slug] = Found(True)
    return found
