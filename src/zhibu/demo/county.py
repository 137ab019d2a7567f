"""The bodies and the people of the made-up county: a tree, members with dated status, posts, accounts.

Everything follows from the seed and the day; nothing is drawn from the clock. Rows are made in bulk, so that two
thousand branches take seconds.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from zhibu.demo.words import name, words
from zhibu.org.models import Member, MemberStatus, Organization, Post, Status, Title

FOUNDED = date(2012, 3, 1)
BRANCHES_BELOW_ONE_COMMITTEE = 40


@dataclass
class Branch:
    """A branch with the people the year needs at hand. `care` is how reliably it does and records its duties (0–1)."""

    organization: Organization
    care: float
    cells: list[Organization] = field(default_factory=list)
    leading_group: Organization | None = None
    people: list[Member] = field(default_factory=list)
    statuses: list[MemberStatus] = field(default_factory=list)
    committee: list[Member] = field(default_factory=list)
    cell_of: dict[int, int] = field(default_factory=dict)
    """member id → cell id"""

    @property
    def secretary(self) -> Member:
        return self.committee[0]


@dataclass
class _Body:
    """A row of the tree before it is saved."""

    values: dict[str, Any]
    parent: int | None
    care: float = 0.0
    leads: int | None = None


def build_bodies(organizations: int, year: int, draw: random.Random) -> tuple[Organization, list[Branch]]:
    """Save the tree with `organizations` branches; give its root and its branches in order of their codes."""
    w = words()
    bodies = [_Body(_values("GW", w["committee"], "organs-work-committee", short="县委县直机关工委"), None)]
    plan = _branch_names(organizations)
    parents = _parents(bodies, plan, organizations)
    branches: list[int] = []
    for number, (unit, group) in enumerate(plan, start=1):
        founded = date(year, 5, 12) if number == min(7, organizations) and number > 1 else FOUNDED
        care = 0.9 if number == 1 else draw.choice([0.99, 0.97, 0.95, 0.93, 0.9, 0.8])
        code = f"ZB{number:03}"
        bodies.append(
            _Body(_values(code, f"{w['county']}{unit}党支部", "branch", f"{unit}党支部", founded), parents[group], care)
        )
        branches.append(len(bodies) - 1)
        if number % 3 == 1 and number <= 60:
            bodies.append(
                _Body(_values(f"DZ{number:03}", f"中共{w['county']}{unit}党组", "leading-group", f"{unit}党组"), 0)
            )
            bodies[-1].leads = branches[-1]
    saved = _save_tree(bodies)
    made = [Branch(saved[index], bodies[index].care) for index in branches]
    by_path = {branch.organization.path: branch for branch in made}
    for index, body in enumerate(bodies):
        if body.leads is not None:
            led = saved[body.leads]
            saved[index].related_to = led
            by_path[led.path].leading_group = saved[index]
    Organization.objects.bulk_update([body for body in saved if body.related_to_id], ["related_to"])
    return saved[0], made


def _values(code: str, full: str, kind: str, short: str, founded: date = FOUNDED) -> dict[str, Any]:
    return {"code": code, "name": full, "short_name": short, "kind": kind, "founded": founded}


def _branch_names(organizations: int) -> list[tuple[str, str]]:
    """(unit, group) for each branch; the group is empty for those directly below the work committee."""
    w = words()
    grouped = [(f"{group['unit']}{section}", group["unit"]) for group in w["groups"] for section in group["sections"]]
    direct = [(unit, "") for unit in w["units"]]
    free = max(organizations - len(grouped), 1)
    plan = (direct[:free] + grouped)[:organizations]
    for number in range(len(plan), organizations):
        town, unit = w["towns"][number % len(w["towns"])], w["units"][number % len(w["units"])]
        plan.append((f"{town}{unit}第{number}站", f"{number // BRANCHES_BELOW_ONE_COMMITTEE}"))
    return plan


def _parents(bodies: list[_Body], plan: list[tuple[str, str]], organizations: int) -> dict[str, int]:
    """Add the bodies between the root and the branches; give group → index of its body."""
    w = words()
    parents = {"": 0}
    kinds = {group["unit"]: group["kind"] for group in w["groups"]}
    for number, group in enumerate(dict.fromkeys(group for _, group in plan if group), start=1):
        kind = kinds.get(group, "organ-committee")
        tail = "党总支" if kind == "general-branch" else "机关党委"
        unit = group if group in kinds else f"第{group}片区"
        bodies.append(_Body(_values(f"JW{number:02}", f"{w['county']}{unit}{tail}", kind, f"{unit}{tail}"), 0))
        parents[group] = len(bodies) - 1
    return parents


def _save_tree(bodies: list[_Body]) -> list[Organization]:
    """Give every body its path (parents stand before their children) and save all in one go."""
    children = Counter(body.parent for body in bodies)
    seen: Counter[int | None] = Counter()
    saved: list[Organization] = []
    for index, body in enumerate(bodies):
        seen[body.parent] += 1
        above = saved[body.parent] if body.parent is not None else None
        depth = above.depth + 1 if above else 1
        path = Organization._get_path(above.path if above else None, depth, seen[body.parent])
        saved.append(Organization(**body.values, depth=depth, path=path, numchild=children[index]))
    return Organization.objects.bulk_create(saved, batch_size=2000)


def build_people(branches: list[Branch], members: int, year: int, recording_since: date, draw: random.Random) -> None:
    """Fill the branches with `members` people in all, with statuses, cells, committees and posts."""
    sizes = _sizes(len(branches), members, draw)
    people: list[Member] = []
    for branch, size in zip(branches, sizes, strict=True):
        branch.organization.recording_since = max(recording_since, branch.organization.founded)
        branch.people = [_person(branch, number, year, draw) for number in range(1, size + 1)]
        people += branch.people
    Member.objects.bulk_create(people, batch_size=2000)
    Organization.objects.bulk_update([b.organization for b in branches], ["recording_since"], batch_size=500)
    _save_cells([branch for branch in branches if len(branch.people) >= 14], recording_since)
    for branch in branches:
        _statuses_and_committee(branch, year, draw)
    MemberStatus.objects.bulk_create([row for branch in branches for row in branch.statuses], batch_size=2000)
    Post.objects.bulk_create([post for branch in branches for post in _posts(branch, year)], batch_size=2000)


def _sizes(branches: int, members: int, draw: random.Random) -> list[int]:
    """Sizes between 5 and 48 that add up to `members` (as far as those bounds allow); the first branch has 23."""
    sizes = [draw.randint(8, 32) for _ in range(branches)]
    sizes[0] = 23
    if branches > 4:
        sizes[4] = 6  # too few for a committee
    fixed = {0, 4}
    turn = 0
    while (missing := members - sum(sizes)) and turn < 100 * branches:
        index = turn % branches
        step = 1 if missing > 0 else -1
        if index not in fixed and 5 <= sizes[index] + step <= 48:
            sizes[index] += step
        turn += 1
    return sizes


def _person(branch: Branch, number: int, year: int, draw: random.Random) -> Member:
    w = words()
    born = date(draw.randint(year - 58, year - 26), draw.randint(1, 12), draw.randint(1, 28))
    joined = min(date(born.year + draw.randint(20, 30), 7, 1), date(year - 2, 7, 1))
    return Member(
        organization=branch.organization,
        number=f"{number:03}",
        name=name(draw),
        gender=draw.choice("mf"),
        born=born,
        education=draw.choice(w["education"]),
        job=draw.choice(w["jobs"]),
        joined=joined,
        confirmed=joined.replace(year=joined.year + 1),
        cared_for=draw.random() < 0.03,
    )


@transaction.atomic
def _save_cells(branches: list[Branch], recording_since: date) -> None:
    cells = []
    for branch in branches:
        above = branch.organization
        for number in (1, 2):
            cells.append(
                Organization(
                    code=f"{above.code}-{number}",
                    name=f"{above.name}第{'一二'[number - 1]}党小组",
                    short_name=f"第{'一二'[number - 1]}党小组",
                    kind="cell",
                    founded=above.founded,
                    recording_since=above.recording_since,
                    depth=above.depth + 1,
                    path=Organization._get_path(above.path, above.depth + 1, number),
                    numchild=0,
                )
            )
        above.numchild = 2
    Organization.objects.bulk_create(cells, batch_size=2000)
    Organization.objects.bulk_update([branch.organization for branch in branches], ["numchild"], batch_size=500)
    for index, branch in enumerate(branches):
        branch.cells = cells[2 * index : 2 * index + 2]


def _statuses_and_committee(branch: Branch, year: int, draw: random.Random) -> None:
    """One status from founding on; the last people of a branch have a history: confirmed, moved, suspended."""
    organization = branch.organization
    for index, person in enumerate(branch.people):
        cell = branch.cells[index % 2] if branch.cells else None
        if cell:
            branch.cell_of[person.pk] = cell.pk
        since = max(organization.founded, person.joined or organization.founded)
        for status, start, until, reason in _history(person, index, len(branch.people), since, year, draw):
            branch.statuses.append(
                MemberStatus(
                    organization=organization,
                    member=person,
                    cell=cell,
                    status=status,
                    since=start,
                    until=until,
                    reason=reason,
                )
            )
    full = len(branch.people) - 1
    branch.committee = branch.people[: (5 if full >= 10 else 3) if full >= 7 else 1]


def _history(
    person: Member, index: int, size: int, since: date, year: int, draw: random.Random
) -> list[tuple[str, date, date | None, str]]:
    if size > 7 and index == size - 1:  # admitted last year, confirmed this year
        day = date(year - 1, 6, 20)
        person.joined, person.confirmed = day, date(year, 7, 3)
        Member.objects.filter(pk=person.pk).update(joined=person.joined, confirmed=person.confirmed)
        start = max(since, day)
        if start >= person.confirmed:
            return [(Status.FULL, start, None, "")]
        return [(Status.PROBATIONARY, start, person.confirmed, ""), (Status.FULL, person.confirmed, None, "按期转正")]
    if size > 12 and index == size - 2 and draw.random() < 0.5:
        gone = date(year, draw.randint(4, 9), 15)
        if gone > since:
            return [(Status.FULL, since, gone, ""), (Status.TRANSFERRED, gone, None, "工作调动，组织关系转出")]
    if size > 20 and index == size - 3 and draw.random() < 0.3:
        lost = date(year - 1, 9, 1)
        if lost > since:
            return [(Status.FULL, since, lost, ""), (Status.SUSPENDED, lost, None, "失去联系六个月以上")]
    return [(Status.FULL, since, None, "")]


def _posts(branch: Branch, year: int) -> list[Post]:
    """Committee posts in a three-year term, cell leaders, and the leading group's secretary where there is one."""
    titles = {1: [Title.SECRETARY], 3: [Title.SECRETARY, Title.ORGANIZATION_MEMBER, Title.DISCIPLINE_MEMBER]}.get(
        len(branch.committee),
        [
            Title.SECRETARY,
            Title.DEPUTY_SECRETARY,
            Title.ORGANIZATION_MEMBER,
            Title.PUBLICITY_MEMBER,
            Title.DISCIPLINE_MEMBER,
        ],
    )
    elected = max(
        date(year - 2, 4, 18) + timedelta(days=7 * (branch.organization.pk % 40)), branch.organization.founded
    )
    elected = min(elected, date(year, 6, 1))
    ends = elected.replace(year=elected.year + 3)
    posts = [
        Post(
            organization=branch.organization,
            member=member,
            title=title,
            since=elected,
            term_ends=ends,
            basis="党员大会选举，上级批复",
        )
        for member, title in zip(branch.committee, titles, strict=True)
    ]
    for cell, leader in zip(branch.cells, branch.people[6:4:-1], strict=False):  # each of the cell itself
        posts.append(Post(organization=cell, member=leader, title=Title.CELL_LEADER, since=elected))
    if branch.leading_group:
        title_of = [Title.GROUP_SECRETARY, Title.GROUP_MEMBER, Title.GROUP_MEMBER]
        for member, title in zip(branch.people[:3], title_of, strict=False):
            posts.append(Post(organization=branch.leading_group, member=member, title=title, since=elected))
    return posts
