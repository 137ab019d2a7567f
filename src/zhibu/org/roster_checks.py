"""A roster's rows against each other and against what is in the database already."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from zhibu.errors import Sentence
from zhibu.org.models import (
    COMMITTEE_TITLES,
    Member,
    Organization,
    OrganizationKind,
    Post,
    Status,
    Title,
)
from zhibu.org.roster_rows import Row, as_day

Span = tuple[str, date, date | None]


class Surroundings:
    """The branches the rows may go to, and those who are there: five queries, however long the roster."""

    def __init__(self, organization: Organization, rows: list[Row]) -> None:
        self.organization = organization
        below = Organization.objects.filter(path__startswith=organization.path, kind=OrganizationKind.BRANCH)
        known = [organization] if organization.kind == OrganizationKind.BRANCH else list(below)
        self._by_name: dict[str, list[Organization]] = defaultdict(list)
        for branch in known:
            for name in {branch.name, branch.short_name, branch.code} - {""}:
                self._by_name["".join(name.split())].append(branch)
        self.only = known[0] if organization.kind == OrganizationKind.BRANCH else None
        wanted = {branch for row in rows if (branch := self.branch_of(row))}
        self._load(wanted, {str(row.values["identity_digest"]) for row in rows} - {""})
        self._given = {(self.branch_of(row), row.values["number"]) for row in rows}

    def _load(self, branches: set[Organization], digests: set[str]) -> None:
        ids = [branch.pk for branch in branches]
        self.members: dict[int, list[Member]] = defaultdict(list)
        for member in Member.objects.filter(organization__in=ids):
            self.members[member.organization_id].append(member)
        self.digests = dict(
            Member.objects.filter(identity_digest__in=list(digests)).values_list("identity_digest", "organization_id")
        )
        paths = {branch.path: branch.pk for branch in branches}
        below = Organization.objects.filter(kind=OrganizationKind.CELL, path__startswith=self.organization.path)
        self.cells = {
            (paths[cell.path[: -Organization.steplen]], "".join(name.split())): cell
            for cell in below.filter(ended=None)
            for name in {cell.name, cell.short_name} - {""}
            if cell.path[: -Organization.steplen] in paths
        }
        self._codes = set(below.values_list("code", flat=True))
        posts = Post.objects.filter(organization__in=ids, until=None, title=Title.SECRETARY).select_related("member")
        self.secretaries = {post.organization_id: post.member.name for post in posts}

    def branch_of(self, row: Row) -> Organization | None:
        """Where the row goes: the branch it names, or, without a name, the one the file is for."""
        named = str(row.values["branch"])
        if not named:
            return self.only
        found = self._by_name.get(named, [])
        return found[0] if len(found) == 1 else None

    def next_number(self, branch: Organization) -> str:
        """The number after the highest in the branch and in the file."""
        taken = [member.number for member in self.members[branch.pk]]
        taken += [str(number) for body, number in self._given if body == branch]
        highest = max((one for one in taken if one.isascii() and one.isdigit()), key=int, default="000")
        number = str(int(highest) + 1).zfill(len(highest))
        self._given.add((branch, number))
        return number

    def next_code(self, branch: Organization) -> str:
        """A free code for a new cell: GW-01-1, GW-01-2 …"""
        number = next(n for n in range(1, 10_000) if f"{branch.code}-{n}" not in self._codes)
        self._codes.add(f"{branch.code}-{number}")
        return f"{branch.code}-{number}"


def spans(row: Row, branch: Organization) -> list[Span]:
    """The statuses a row stands for: from joining or moving here, not before the branch was founded.

    A full member whose confirmation is later than that was probationary until then.
    """
    values = row.values
    start = max(as_day(values["since"]) or as_day(values["joined"]) or branch.founded, branch.founded)
    confirmed, status = as_day(values["confirmed"]), str(values["status"])
    if status == Status.FULL and confirmed and confirmed > start:
        return [(Status.PROBATIONARY, start, confirmed), (Status.FULL, confirmed, None)]
    return [(status, start, None)]


def look_over(rows: list[Row], around: Surroundings) -> None:
    """Add to each row what is wrong beside the others and beside the database."""
    numbers: dict[tuple[int, object], int] = {}
    digests: dict[str, int] = {}
    names: dict[tuple[int, object], int] = {}
    for row in rows:
        branch = around.branch_of(row)
        if branch is None:
            row.errors.append(_no_branch(row, around))
            continue
        _twice(row, branch, numbers, digests, names)
        _known(row, branch, around)
        if not row.errors and not row.known:
            _place(row, branch, around)


def _no_branch(row: Row, around: Surroundings) -> Sentence:
    named = str(row.values["branch"])
    if not named:
        return Sentence(
            "branch-empty", "没有填写“所在支部”。导入到{body}时每行都要写明支部。", body=around.organization.name
        )
    if around.only:
        return Sentence(
            "branch-differs",
            "所在支部写的是“{named}”，而这次导入的是{body}。",
            named=named,
            body=around.organization.name,
        )
    return Sentence("branch-unknown", "所在支部“{named}”不能确定是哪一个，请写支部全称或代码。", named=named)


def _twice(
    row: Row, branch: Organization, numbers: dict[tuple[int, object], int], digests: dict[str, int],
    names: dict[tuple[int, object], int],
) -> None:  # fmt: skip
    """The same number or identity on two rows is an error, the same name a question."""
    values = row.values
    if values["number"]:
        first = numbers.setdefault((branch.pk, values["number"]), row.line)
        if first != row.line:
            row.errors.append(
                Sentence("number-twice", "编号“{number}”与第{line}行相同。", number=values["number"], line=first)
            )
    if values["identity_digest"]:
        first = digests.setdefault(str(values["identity_digest"]), row.line)
        if first != row.line:
            row.errors.append(Sentence("identity-twice", "身份证号与第{line}行相同。", line=first))
    first = names.setdefault((branch.pk, values["name"]), row.line)
    if first != row.line:
        row.warnings.append(Sentence("name-twice", "与第{line}行同名，请确认是两个人。", line=first))


def _known(row: Row, branch: Organization, around: Surroundings) -> None:
    values = row.values
    there = around.members[branch.pk]
    if any(_very_person(row, member) for member in there):
        row.known, row.warnings = True, [Sentence("passed-over", "已在名册中，这一行不再导入。")]
        return
    where = around.digests.get(str(values["identity_digest"])) if values["identity_digest"] else None
    if where == branch.pk:
        row.errors.append(
            Sentence("already-here", "{name}（同一身份证号）已在名册中，请删去这一行。", name=values["name"])
        )
        return
    if where is not None:
        row.errors.append(Sentence("identity-known", "这个身份证号已在另一个支部登记，请由原支部办理转接。"))
    if values["number"] and any(member.number == values["number"] for member in there):
        row.errors.append(Sentence("number-taken", "编号“{number}”在本支部已有人使用。", number=values["number"]))
    for member in (one for one in there if one.name == values["name"]):
        data = {"name": member.name, "number": member.number}
        if _same_person(row, member):
            row.errors.append(
                Sentence("same-person", "{name}（编号{number}）已在名册中，入党或出生日期相同，请删去这一行。", **data)
            )
        else:
            row.warnings.append(
                Sentence("namesake-here", "名册中已有同名的{name}（编号{number}），请确认是另一个人。", **data)
            )


def _very_person(row: Row, member: Member) -> bool:
    """The same name with the same identity number, or with the same number in the branch and nothing that differs."""
    values, mine = row.values, member.identity_digest
    if member.name != values["name"]:
        return False
    if values["identity_digest"] and mine:
        return values["identity_digest"] == mine
    return bool(values["number"]) and member.number == values["number"] and _same_person(row, member)


def _same_person(row: Row, member: Member) -> bool:
    """Two identity numbers that differ are two people; otherwise an equal date of birth or admission is one."""
    if row.values["identity_digest"] and member.identity_digest:
        return False
    born, joined = as_day(row.values["born"]), as_day(row.values["joined"])
    if born and member.born and born != member.born:
        return False
    return bool(joined and joined == member.joined) or bool(born and born == member.born)


def _place(row: Row, branch: Organization, around: Surroundings) -> None:
    """The cell and the posts."""
    values = row.values
    if values["cell"] and (branch.pk, values["cell"]) not in around.cells:
        row.warnings.append(Sentence("cell-new", "党小组“{cell}”还没有建立，导入时将新建。", cell=values["cell"]))
    start = spans(row, branch)[0][1]
    if branch.ended and start >= branch.ended:
        row.errors.append(Sentence("branch-ended", "{name}已于{day}撤销。", name=branch.name, day=branch.ended))
    posts, since = values["posts"], as_day(values["post_since"])
    if not posts or since is None:
        return
    if since < start:
        row.errors.append(Sentence("post-too-early", "任职日期{day}早于进入本支部的{start}。", day=since, start=start))
        return
    full_from = next((first for status, first, _ in spans(row, branch) if status == Status.FULL), None)
    if set(posts) & set(COMMITTEE_TITLES) and (full_from is None or since < full_from):
        row.errors.append(Sentence("post-not-full", "{day}还不是正式党员，不能任委员。", day=since))
    if Title.CELL_LEADER in posts and not values["cell"]:
        row.errors.append(Sentence("leader-without-cell", "党小组组长须填写所在党小组。"))
    if Title.SECRETARY in posts:
        holder = around.secretaries.get(branch.pk)
        if holder:
            row.errors.append(Sentence("secretary-twice", "书记已有{name}，一个支部只能有一位书记。", name=holder))
        around.secretaries[branch.pk] = str(values["name"])
