"""The notice board of the demo's first branch: what is up, what came late, what was withdrawn, what waits, what people
said. Written through the services, as three people would have done it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from zhibu.activities.models import Activity
from zhibu.demo.county import Branch
from zhibu.demo.words import words
from zhibu.disclosure import boards, opinions, services
from zhibu.disclosure.catalogue import find_item
from zhibu.disclosure.checking import period_of
from zhibu.disclosure.models import Publication
from zhibu.disclosure.suggested import suggested_text
from zhibu.errors import UserError
from zhibu.org.models import Account, Organization

ADOPTED = ("monthly-plan", "progress", "set-up", "candidates", "appraisal", "dues", "rules", "honours", "notice")
STEPS = ("weiyuan", "jijian", "shuji")
"""Who proposes, reviews and approves."""


def _at(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=timezone.get_default_timezone())


class BoardOf:
    """Fills the board of one branch up to `on`."""

    def __init__(self, branch: Branch, accounts: dict[str, Account], on: date) -> None:
        self.body, self.on, self.branch = branch.organization, on, branch
        self.proposer, self.reviewer, self.approver = (accounts[name] for name in STEPS)
        self.member = accounts.get("dangyuan")

    def fill(self) -> None:
        self._monthly_plans()
        for one in words()["board"]:
            self._one(one)
        self._set_up()
        self._candidates()
        self._waiting()
        self._opinions()

    # --- what is or was up

    def _monthly_plans(self) -> None:
        """Of each month whose disclosure was recorded; the record is the one that is there already."""
        for record in Activity.objects.filter(
            organization=self.body, kind="disclosure", held__year=self.on.year, held__lte=self.on
        ).order_by("held"):
            key = f"{record.held:%Y-%m}"
            period = period_of(find_item("monthly-plan"), key)
            text = suggested_text(self.body, find_item("monthly-plan"), period, self.on) or self._from_records(key)
            self._up("monthly-plan", record.title.removeprefix("公开"), text, record.held, period=key)

    def _from_records(self, key: str) -> str:
        """What the month then held, as its plan said it would."""
        rows = Activity.objects.filter(organization=self.body, held__year=int(key[:4]), held__month=int(key[5:]))
        rows = rows.exclude(kind__in=("disclosure", "talk")).order_by("held", "id")
        return "\n".join(f"{n}. {row.held.day}日前，{row.title}。" for n, row in enumerate(rows, start=1)) or "无。"

    def _one(self, one: dict[str, Any]) -> None:
        """A line of words.yaml: `days` before the day of the demo it went up."""
        since = self.on - timedelta(days=one["days"])
        if since.year < self.on.year:
            since = date(self.on.year, 1, 5)
        if since > self.on:
            return
        period = str(since.year) if find_item(one["item"]).recurring else ""
        made = self._up(one["item"], one["title"], one["text"], since, period=period, audience=one.get("audience", ""))
        if made and one.get("withdrawn"):
            services.withdraw(
                self.approver, made, one["withdrawn"], at=_at(min(since + timedelta(days=1), self.on), 15)
            )

    def _set_up(self) -> None:
        text = suggested_text(self.body, find_item("set-up"), None, self.on)
        self._up("set-up", "支部委员会组成和分工", text, date(self.on.year, 1, 5))

    def _candidates(self) -> None:
        """A publicity that is running: begun three days ago, for five working days."""
        text = words()["candidates"].format(body=self.body.name)
        self._up("candidates", "关于拟列为发展对象的公示", text, self.on - timedelta(days=3))

    def _up(
        self, item: str, title: str, text: str, since: date, *, period: str = "", audience: str = ""
    ) -> Publication | None:
        try:
            made = self._draft(item, title, text, since, period=period, audience=audience)
        except UserError as refused:
            if refused.code == "calendar-year-unknown":
                return None
            raise
        services.propose(self.proposer, made, at=_at(since))
        services.review(self.reviewer, made, at=_at(since, 10))
        return services.approve(self.approver, made, at=_at(since, 11))

    def _draft(
        self, item: str, title: str, text: str, since: date, *, period: str = "", audience: str = ""
    ) -> Publication:
        values = {
            "item": item, "period": period, "title": title, "body": text, "since": since, "until": None,
            "audience": audience or find_item(item).audience, "about": None,
        }  # fmt: skip
        return services.draft(self.proposer, self.body, values, at=_at(since, 8))

    # --- what waits

    def _waiting(self) -> None:
        """One to review, one to approve, one given back."""
        first, second, third = (
            self._draft("notice", one["title"], one["text"], self.on) for one in words()["board_waiting"]
        )
        for one in (first, second, third):
            services.propose(self.proposer, one, at=_at(self.on))
        services.review(self.reviewer, second, at=_at(self.on, 10))
        services.give_back(self.reviewer, third, "时间和地点没有写", at=_at(self.on, 10))

    # --- what people said

    def _opinions(self) -> None:
        for number, one in enumerate(words()["opinions"]):
            day = max(date(self.on.year, 1, 1), self.on - timedelta(days=3 * number + 2))
            row = opinions.comment(
                self.body, None, one["text"], source=one["source"], at=_at(day), name=one.get("name", "")
            )
            if "answer" in one:
                opinions.answer(self.approver, row, one["answer"], at=_at(min(self.on, day + timedelta(days=2))))


def make_board(root: Organization, branches: list[Branch], accounts: dict[str, Account], on: date) -> None:
    """The committee's catalogue, and the first branch's board, where three people have accounts."""
    clerk = accounts.get("gongwei", accounts["shuji"])
    boards.adopt(clerk, root, ADOPTED, on=date(on.year, 1, 1))
    if all(name in accounts for name in STEPS):
        body = branches[0].organization
        boards.open_to_public(accounts["shuji"], body, True)
        boards.renew_wall(accounts["shuji"], body)
        BoardOf(branches[0], accounts, on).fill()
