"""Who sees a body's problems, who enters them, who says what is done about them, and who may say it is not done."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from zhibu.duties.models import Origin
from zhibu.org.access import may_read_minutes, may_record
from zhibu.org.models import Account, Organization
from zhibu.rectify.models import Problem


def problems_seen_by(account: Account, organization: Organization, on: date) -> QuerySet[Problem]:
    """The body's own problems: for those who may read its minutes. Never an office."""
    problems = Problem.objects.filter(organization=organization)
    return problems if may_read_minutes(account, organization, on) else problems.none()


def problems_below_seen_by(account: Account, committee: Organization, on: date) -> QuerySet[Problem]:
    """Those of all bodies below a committee: for those who may record there."""
    problems = Problem.objects.filter(organization__path__startswith=committee.path).exclude(organization=committee)
    return problems if may_record(account, committee, on) else problems.none()


def may_find(account: Account, finder: Organization, on: date) -> bool:
    """Put problems on the lists of `finder`: its committee or clerk, or those of one above."""
    return may_record(account, finder, on)


def may_enter(account: Account, origin: Origin, organization: Organization, on: date) -> bool:
    """Put a problem of the body on the list: only the finder's people, only of bodies it stands above."""
    return may_find(account, origin.organization, on) and organization.path.startswith(origin.organization.path)


def may_change(account: Account, problem: Problem, on: date) -> bool:
    """Say why it is so and what is done about it: the body's committee, and those above."""
    return may_record(account, problem.organization, on)


def may_return(account: Account, problem: Problem, on: date) -> bool:
    """Say of a closed problem that it is not solved: the finder's people, but nobody who answers for a measure."""
    if not may_find(account, problem.origin.organization, on):
        return False
    owners = {task.owner_id for task in problem.measures.all()}
    return account.member_id is None or account.member_id not in owners
