"""A branch's year as it might have been: what was planned, what slipped, who came, when it was written down.

`happenings` is plain data from the seed, the branch and the year; `saving.py` turns it into rows.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any

from zhibu.activities.kinds import find_kind
from zhibu.demo.county import Branch
from zhibu.demo.words import words
from zhibu.org.models import Member, Organization
from zhibu.periods import month_end

AUDIT_MISSED = {
    ("committee-meeting", 2),
    ("committee-meeting", 8),
    ("disclosure", 3),
    ("disclosure", 7),
    ("disclosure", 8),
    ("cell-meeting", 7),
    ("general-meeting", 9),
}
"""What the audit bureau's branch, whose year resembles a bought report, left undone (kind, month)."""


@dataclass
class Happening:
    """One activity before it is saved. `due` are the members asked to come, chair first where there is one."""

    kind: str
    held: date
    title: str
    organization: Organization
    due: list[Member]
    chair: Member | None
    recorder: Member | None
    minutes: str
    agenda: str = ""
    also: tuple[str, ...] = ()
    studied: tuple[str, ...] = ()
    fields: dict[str, Any] = field(default_factory=dict)
    hours: float = 0
    place: str = ""
    starts: time = time(9, 0)
    ends: time = time(10, 30)
    resolutions: tuple[str, ...] = ()
    vote: str = ""
    recorded: date = date.min


class YearOf:
    """Draws the year of one branch. The draw depends on seed, branch and year only, never on the day asked for."""

    def __init__(self, branch: Branch, year: int, seed: int) -> None:
        self.branch, self.year = branch, year
        self.draw = random.Random(f"{seed}/{branch.organization.code}/{year}")  # noqa: S311 (made-up data, no secret)
        self.audit = branch.organization.code == "ZB001"
        self.party_day = self.draw.randint(10, 18)
        self.out: list[Happening] = []

    def happenings(self) -> list[Happening]:
        for month in range(1, 13):
            self._monthly(month)
            if month % 3 == 0:
                self._quarterly(month)
        self._yearly()
        self._leading_group()
        if self.audit:
            self._audit_bureau()
        else:
            self._training()
        for happening in self.out:
            happening.recorded = self._recorded(happening.held)
        return sorted(self.out, key=lambda happening: (happening.held, happening.kind))

    # --- what recurs
    def _monthly(self, month: int) -> None:
        w, committee = words(), self.branch.committee
        theme = w["themes"][(month - 1 + self.draw.randint(0, 2)) % len(w["themes"])]
        if len(committee) > 1:
            self._add("committee-meeting", self._day(month, 2, 7), f"{month}月支委会会议", committee, discuss=3)
        lecture = ("lecture",) if month in (3, 6, 9, 12) else ()
        topic = w["lectures"][(month // 3 + self.year) % len(w["lectures"])]
        day = self._add(
            "themed-day",
            self._day(month, self.party_day, self.party_day),
            f"主题党日：{theme['title']}",
            self._members(),
            text=theme["text"],
            also=lecture,
            hours=2,
            studied=(w["documents"][month % 4],) if month % 2 else (),
            fields={"theme": theme["title"]},
        )
        if day and lecture:
            day.minutes += f"书记{self.branch.secretary.name}以“{topic}”为题讲党课，结合岗位实际讲了三点要求。"
            day.fields |= {"topic": topic, "lecturer": self.branch.secretary.pk}
        for cell in self.branch.cells:
            people = [person for person in self.branch.people if self.branch.cell_of.get(person.pk) == cell.pk]
            self._add(
                "cell-meeting", self._day(month, 20, 26), f"{month}月{cell.short_name}会", people, discuss=2, at=cell
            )
        self._add(
            "disclosure",
            self._day(month, 1, 4),
            f"公开{month}月支部工作计划",
            [],
            text=f"在公开栏公布{month}月支部工作计划。",
            fields={"matter": f"{month}月支部工作计划", "item": "monthly-plan"},
        )

    def _quarterly(self, month: int) -> None:
        matter = {
            3: "审议年度工作计划",
            6: "讨论接收预备党员",
            9: "听取支委会半年工作报告",
            12: "听取支委会年度工作报告",
        }[month]
        meeting = self._add(
            "general-meeting",
            self._day(month, 22, 27),
            f"第{month // 3}季度党员大会：{matter}",
            self._members(),
            discuss=3,
            agenda=matter,
            studied=(words()["documents"][2],),
        )
        if meeting:
            meeting.vote = "年度工作计划" if month == 3 else ""
        for kind in ("committee-member", "member-member"):
            self._talk(self._day(month, 8, 27), kind)

    def _yearly(self) -> None:
        w, secretary = words(), self.branch.secretary
        self._add(
            "secretary-report",
            self._day(1, 12, 22),
            f"书记{self.year - 1}年度述职",
            self._members(),
            discuss=2,
            fields={"reporter": secretary.pk, "to": "both", "grade": "good"},
        )
        life = self._add(
            "organizational-life-meeting",
            self._day(12, 3, 12),
            f"{self.year}年度组织生活会",
            self._members(),
            discuss=4,
            fields={
                "theme": "严格组织生活 发挥先锋作用",
                "studied_before": "会前集中学习党章和支部工作条例。",
                "talks_before": 12,
                "opinions": 9,
                "criticism": "会上逐人对照检查，相互提出批评意见二十余条。",
            },
        )
        if life:
            count = len(life.due)
            excellent = count // 3
            self._add(
                "member-appraisal",
                life.held,
                f"{self.year}年民主评议党员",
                self._members(),
                discuss=1,
                fields={
                    "appraised": count,
                    "excellent": excellent,
                    "qualified": count - excellent,
                    "self_appraisal": True,
                    "mutual_appraisal": True,
                    "opinion": "支委会综合测评结果和日常表现评定等次。",
                },
                starts=time(14, 30),
                ends=time(16, 30),
            )
        if len(self.branch.committee) > 1:
            for month in (4, 10):
                self._talk(self._day(month, 5, 25), "committee-committee")
        for month in (5, 10):
            if not (self.audit and month == 5):
                self._add(
                    "warning-education",
                    self._day(month, 5, 25),
                    "警示教育：通报身边典型案例",
                    self._members(),
                    text="通报本县典型案例，逐条对照岗位廉洁风险。",
                    hours=2,
                )
        if self.draw.random() < 0.8 and not self.audit:
            self._add(
                "volunteer-service",
                self._day(8, 3, 25),
                "到包联社区开展志愿服务",
                self._members(),
                text=w["themes"][0]["text"],
            )
        for month in (4, 7, 11)[: self.draw.randint(0, 3)] if not self.audit else ():
            self._add(
                "field-visit",
                self._day(month, 6, 24),
                "到基层单位调研走访",
                [secretary, *self.branch.people[6:8]],
                text="听取基层意见四条，带回研究两条，当场答复两条。",
            )

    def _training(self) -> None:
        for month, title in ((4, "党员集中培训（上半年）"), (9, "党员集中培训（下半年）")):
            self._add(
                "training",
                self._day(month, 8, 24),
                title,
                self._members(),
                hours=14,
                text="县委党校教师授课，分组讨论，交流体会。",
                fields={"form": "together", "organizer": "县委组织部"},
                ends=time(17, 30),
            )

    def _leading_group(self) -> None:
        group = self.branch.leading_group
        if not group:
            return
        people = self.branch.people[:3]
        for month in (6, 12):
            self._add(
                "governance-study", self._day(month, 5, 20), "党组会议专题研究党建工作", people, discuss=2, at=group
            )
        self._add(
            "democratic-life-meeting",
            self._day(12, 16, 26),
            f"{self.year}年度党组民主生活会",
            people,
            discuss=3,
            at=group,
            fields={
                "theme": "树立正确政绩观",
                "studied_before": "会前集中学习并听取意见。",
                "criticism": "班子成员之间相互提出批评意见九条。",
            },
        )

    def _audit_bureau(self) -> None:
        for plan in words()["audit"]:
            self._add(
                plan["kind"],
                self._day(plan["month"], 8, 24),
                plan["title"],
                self._members(),
                text=plan["text"],
                hours=plan["hours"],
                fields={"organizer": "支部委员会"} if plan["kind"] == "training" else {},
            )

    # --- one activity
    def _add(
        self,
        kind: str,
        held: date,
        title: str,
        due: list[Member],
        *,
        text: str = "",
        discuss: int = 0,
        at: Organization | None = None,
        agenda: str = "",
        **more: Any,
    ) -> Happening | None:
        draw = self.draw
        slipped, place, spoken = (
            draw.random() > self.branch.care,
            draw.choice(words()["places"]),
            self._minutes(due, discuss),
        )
        if self.audit:
            slipped = (kind, held.month) in AUDIT_MISSED
        where = at or self.branch.organization
        if slipped or held < where.founded:
            return None
        decided = tuple(draw.sample(words()["resolutions"], draw.choice([1, 1, 2]))) if discuss > 1 else ()
        chair = due[0] if due else self.branch.secretary
        happening = Happening(
            kind,
            held,
            title,
            where,
            due,
            chair,
            due[1] if len(due) > 1 else chair,
            (text + spoken).strip(),
            agenda=agenda or (draw.choice(words()["matters"]) if discuss else title),
            place=place,
            resolutions=decided,
            **more,
        )
        self._fill(happening)
        if draw.random() > self.branch.care + 0.05:
            happening.recorder = None
        self.out.append(happening)
        return happening

    def _fill(self, happening: Happening) -> None:
        """The fields its kind requires, as a careful recorder would have filled them."""
        secretary, title = self.branch.secretary, happening.title
        usual = {
            "topic": title,
            "lecturer": secretary.pk,
            "theme": title,
            "subject": "支部工作条例、党员教育管理工作条例",
            "served": "包联社区居民",
            "visited": "基层单位干部群众",
            "matter": title,
            "scope": "unit",
            "way": "board",
            "shown_from": happening.held.isoformat(),
            "approved_by": secretary.pk,
            "to": "上级党组织",
            "speaker": secretary.name,
        }
        for slug in {happening.kind, *happening.also}:
            for one in find_kind(slug).fields:
                if one.required and one.slug not in happening.fields and one.slug in usual:
                    happening.fields[one.slug] = usual[one.slug]

    def _talk(self, held: date, pair: str) -> None:
        committee, others = self.branch.committee, self.branch.people[len(self.branch.committee) :]
        pools = {
            "committee-committee": (committee[:1], committee[1:]),
            "committee-member": (committee[:2], others),
            "member-member": (others, others),
        }
        first, second = (self.draw.choice(pool) if pool else None for pool in pools[pair])
        if not first or not second or first is second:
            return
        self._add(
            "talk",
            held,
            "谈心谈话",
            [first, second],
            text="交流了思想和工作情况，听取了对支部工作的意见。",
            fields={"partner": second.pk},
        )

    def _minutes(self, due: list[Member], speakers: int) -> str:
        chosen = self.draw.sample(due, min(speakers, len(due))) if due else []
        return "".join(f"{person.name}{self.draw.choice(words()['speeches'])}。" for person in chosen)

    def _members(self) -> list[Member]:
        return self.branch.people

    def _day(self, month: int, first: int, last: int) -> date:
        """A weekday between two days of the month."""
        day = date(self.year, month, min(self.draw.randint(first, last), month_end(self.year, month).day))
        return day - timedelta(days=max(0, day.weekday() - 4)) if day.day > 2 else day

    def _recorded(self, held: date) -> date:
        """Most write it down within days; careless branches catch up in December, and that stays visible."""
        late = self.draw.random()
        if self.branch.care < 0.85 and held.month >= 6 and late < 0.7:
            return max(date(self.year, 12, 18), held + timedelta(days=1))
        if self.audit and (held.month, late < 0.6) == (8, True):
            return held + timedelta(days=47)
        return held + timedelta(days=self.draw.choice([0, 1, 1, 2, 3, 5]))
