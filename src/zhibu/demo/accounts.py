"""The demo's log-ins: one for each standing, so that a newcomer sees the workbench with different eyes."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password

from zhibu.demo.county import Branch
from zhibu.org.models import Account, Member, Office, Organization, Post

PASSWORD = "Qinghe-2026"  # noqa: S105 (of made-up accounts in a made-up county; `zhibu serve` listens on this machine only)

ROLES = {
    "shuji": "县审计局党支部书记",
    "weiyuan": "县审计局党支部组织委员",
    "jijian": "县审计局党支部纪检委员",
    "dangyuan": "县审计局党支部党员",
    "shuji2": "另一党支部书记",
    "gongwei": "县直机关工委党务干事",
    "gongwei2": "县直机关工委副书记",
    "xitong": "系统管理员",
    "anquan": "安全管理员",
    "shenjiyuan": "审计管理员",
}


def make_accounts(root: Organization, branches: list[Branch]) -> dict[str, Account]:
    """The demo's accounts by user name."""
    audit, other = branches[0], branches[min(1, len(branches) - 1)]
    password = make_password(PASSWORD)
    people: dict[str, Member] = {"shuji": audit.secretary}
    if len(branches) > 1:
        people["shuji2"] = other.secretary
    for username, person in zip(
        ("weiyuan", "dangyuan"), (audit.committee[2:3] or [audit.people[1]]) + audit.people[-6:-5], strict=False
    ):
        people[username] = person
    if len(audit.committee) > 4:
        people["jijian"] = audit.committee[4]
    taken = {person.pk for person in (*people.values(), *other.committee)}
    clerk = next((person for person in other.people if person.pk not in taken), None)
    if clerk:  # a member like any other: a post counts only while its holder belongs to a branch
        Post.objects.create(organization=root, member=clerk, title="clerk", since=root.founded)
        people["gongwei"] = clerk
    # Somebody else of the committee, of another branch: nobody judges his own.
    if further := next((branch for branch in branches[5:] if len(branch.people) >= 10), None):
        deputy = further.people[5]
        Post.objects.create(organization=root, member=deputy, title="deputy-secretary", since=root.founded)
        people["gongwei2"] = deputy
    made = [Account(username=username, password=password, member=person) for username, person in people.items()]
    for username, office in (("xitong", Office.SYSTEM), ("anquan", Office.SECURITY), ("shenjiyuan", Office.AUDIT)):
        made.append(Account(username=username, password=password, office=office))
    return {account.username: account for account in Account.objects.bulk_create(made)}


def account_of(branch: Branch) -> Account:
    """The secretary's log-in; made without a password where the demo has none for this branch."""
    known = Account.objects.filter(member=branch.secretary).first()
    name = f"shuji-{branch.organization.code.lower()}"
    return known or Account.objects.create(username=name, password=make_password(None), member=branch.secretary)


def demo_accounts() -> list[tuple[str, str]]:
    """(user name, who it is) of the demo accounts that exist."""
    there = set(Account.objects.filter(username__in=ROLES).values_list("username", flat=True))
    return [(username, what) for username, what in ROLES.items() if username in there]
