"""Who sees an evaluation, who answers for the body, and who may verify: never one of the body, nor who answered."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from zhibu.org.access import may_lay_down_duties, may_read_minutes, may_record, powers
from zhibu.org.models import ABOVE_BRANCHES, Account, Organization
from zhibu.scoring.models import Evaluation, State


def evaluations_seen_by(account: Account, organization: Organization, on: date) -> QuerySet[Evaluation]:
    """The body's own: for its members and those who hold a post in it or above. Never an office."""
    found = Evaluation.objects.filter(organization=organization)
    return found if may_read_minutes(account, organization, on) else found.none()


def evaluations_below_seen_by(account: Account, committee: Organization, on: date) -> QuerySet[Evaluation]:
    """Those of the bodies below a committee: for those who may record in it."""
    found = Evaluation.objects.filter(organization__path__startswith=committee.path).exclude(organization=committee)
    return found if may_record(account, committee, on) else found.none()


def may_ask(account: Account, committee: Organization, on: date) -> bool:
    """Have the bodies below evaluate themselves."""
    return committee.kind in ABOVE_BRANCHES and may_record(account, committee, on)


def may_begin(account: Account, organization: Organization, on: date) -> bool:
    """Begin the body's own evaluation without being asked."""
    return may_record(account, organization, on)


def may_answer(account: Account, evaluation: Evaluation, on: date) -> bool:
    return evaluation.state == State.SELF and may_record(account, evaluation.organization, on)


def may_verify(account: Account, evaluation: Evaluation, on: date) -> bool:
    """Look at what was submitted, and return it: in the committee that asked, not one's own body's, not one's own
    answers."""
    return evaluation.state == State.SUBMITTED and _from_outside(account, evaluation, on)


def may_close(account: Account, evaluation: Evaluation, on: date) -> bool:
    """Settle what has been verified."""
    return evaluation.state == State.VERIFIED and _from_outside(account, evaluation, on)


def _from_outside(account: Account, evaluation: Evaluation, on: date) -> bool:
    body = evaluation.organization
    mine = powers(account, on)
    if evaluation.committee_id == evaluation.organization_id or not may_record(account, evaluation.committee, on):
        return False
    if mine.home_path.startswith(body.path) or any(post.path.startswith(body.path) for post in mine.posts):
        return False
    answered = {one.answered_by_id for one in evaluation.items.all()}
    return account.pk not in {*answered, evaluation.submitted_by_id}


def may_adapt(account: Account, committee: Organization, on: date) -> bool:
    """Write the committee's own scheme: posts in the committee itself."""
    return committee.kind in ABOVE_BRANCHES and may_lay_down_duties(account, committee, on)
