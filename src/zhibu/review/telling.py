"""Who is told in a season: the reporter and his body when it opens, when a report comes back or passes, when the letter
goes out; the committee when a report comes in. Never the one who did it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.urls import reverse
from django.utils import timezone

from zhibu.errors import Sentence
from zhibu.notices.services import tell
from zhibu.org.models import Account, Member, Post, Title
from zhibu.org.spans import in_force
from zhibu.review.models import Cycle, Entry
from zhibu.review.steps import days_of
from zhibu.tasks.queries import LEADING

KIND = "review"
OPENED = Sentence("told-cycle-opened", "请准备{year}年述职报告：{title}。")
OPENED_BY = Sentence("told-cycle-opened-by", "请准备{year}年述职报告，{day}前提交：{title}。")
SUBMITTED = Sentence("told-report-submitted", "{body}提交了{name}的述职报告，请审阅。")
WITHDRAWN = Sentence("told-report-withdrawn", "{body}撤回了{name}的述职报告。{reason}")
RETURNED = Sentence("told-report-returned", "述职报告被退回，请修改后重新提交。{reason}")
ACCEPTED = Sentence("told-report-accepted", "述职报告已通过审阅。")
LETTER = Sentence("told-letter", "述职评议反馈意见已发出，请查看并制定整改措施。")


def tell_opened(cycle: Cycle, entries: Iterable[Entry], actor: Account | None) -> None:
    """Each reporter, and who leads his body."""
    day = days_of(cycle.days).get("submit")
    form = OPENED_BY if day else OPENED
    data = {"year": cycle.year, "title": cycle.title, "day": f"{day.month}月{day.day}日" if day else ""}
    rows = list(entries)
    leading = leaders([entry.organization_id for entry in rows], timezone.localdate())
    for entry in rows:
        people = [entry.reporter, *leading[entry.organization_id]]
        _tell(entry, people, Sentence(form.code, form.message, **data), actor)


def tell_body(entry: Entry, form: Sentence, actor: Account | None, **data: str) -> None:
    """The reporter and who leads his body."""
    people = [entry.reporter, *leaders([entry.organization_id], timezone.localdate())[entry.organization_id]]
    _tell(entry, people, Sentence(form.code, form.message, **data), actor)


def tell_committee(entry: Entry, form: Sentence, actor: Account | None, **data: str) -> None:
    """Who leads the committee, and its clerks."""
    words = {"body": str(entry.organization), "name": entry.reporter.name, **data}
    committee = entry.cycle.organization_id
    people = leaders([committee], timezone.localdate(), (*LEADING, Title.CLERK))[committee]
    _tell(entry, people, Sentence(form.code, form.message, **words), actor)


def _tell(entry: Entry, people: Iterable[Member], sentence: Sentence, actor: Account | None) -> None:
    whom = {one.pk: one for one in people if actor is None or one.pk != actor.member_id}
    url = reverse("review:entry", args=[entry.cycle.organization.code, entry.cycle_id, entry.pk])
    if whom:
        tell(list(whom.values()), sentence, kind=KIND, at=timezone.now(), url=url, organization=entry.organization)


def leaders(bodies: Iterable[int], on: date, titles: Iterable[str] = LEADING) -> dict[int, list[Member]]:
    """Who holds one of the posts, by the key of the body. One query."""
    found: dict[int, list[Member]] = defaultdict(list)
    rows = Post.objects.filter(in_force(on), organization__in=list(bodies), title__in=titles).select_related("member")
    for row in rows.order_by("pk"):
        found[row.organization_id].append(row.member)
    return found
