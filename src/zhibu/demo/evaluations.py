"""Two branches of the county under the sample scheme: one has been verified, one is in the midst of its own view."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

from django.utils import timezone

from zhibu.demo.county import Branch
from zhibu.org.models import Account, Organization
from zhibu.scoring import queries, services
from zhibu.scoring.models import Evaluation
from zhibu.scoring.services import Found, Said

SCHEME = "standard-branch"
ANSWERED = ("post-duties", "files", "place")
"""What the first branch has filled in so far."""
FOUND = {
    "place": (Decimal(2), "与另一支部共用，当天门锁着，打开后能用。"),
    "files": (Decimal(1), "抽查五名，一名岗位已变动，名册未改。"),
}
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
