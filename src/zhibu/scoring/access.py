"""Who sees an evaluation, answers for the body, verifies, settles: never one of the body, nor who answered."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from zhibu.org.access import RECORDING_TITLES, may_lay_down_duties, may_read_minutes, may_record, powers
from zhibu.org.models import ABOVE_BRANCHES, Account, Organization, Title
from zhibu.scoring.models import TOLD, Evaluation, Objection, State

UNSETTLED = (State.TRIAL, State.SELF, State.SUBMITTED, State.VERIFIED)
"""States in which votes and opinions still count."""


def evaluations_seen_by(account: Account, organization: Organization, on: date) -> QuerySet[Evaluation]:
    """The body's own: for its members and those who hold a post in it or above. Never an office.

    What the body did not begin itself it sees when the result is published; of a person's report only he himself and
    the body's committee.
    """
    found = Evaluation.objects.filter(organization=organization)
    if not may_read_minutes(account, organization, on):
        return found.none()
    mine = powers(account, on)
    found = found.exclude(_untold_to(mine.member_id))
    if any(post.path != organization.path and organization.path.startswith(post.path) for post in mine.posts):
        return found
    found = found.filter(Q(self_assessed=True) | Q(state__in=TOLD))
    if may_record(account, organization, on):
        return found
    return found.filter(Q(member__isnull=True) | Q(member=mine.member_id or 0))


def evaluations_below_seen_by(account: Account, committee: Organization, on: date) -> QuerySet[Evaluation]:
    """Those of the bodies below a committee: for those who may record in it."""
    found = Evaluation.objects.filter(organization__path__startswith=committee.path).exclude(organization=committee)
    if not may_record(account, committee, on):
        return found.none()
    return found.exclude(_untold_to(powers(account, on).member_id))


def _untold_to(member: int | None) -> Q:
    """The evaluation of one's own report, wherever one holds a post, until it is published."""
    return Q(member__isnull=False, member=member or 0) & ~Q(state__in=TOLD)


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


def may_find(account: Account, evaluation: Evaluation, on: date) -> bool:
    """Find otherwise than the records: while it is verified, and until the result is published."""
    return evaluation.state in (State.SUBMITTED, State.VERIFIED) and _from_outside(account, evaluation, on)


def may_give_opinion(account: Account, evaluation: Evaluation, on: date) -> bool:
    """Say what the committee is asked; not while the body still evaluates itself."""
    return evaluation.state in UNSETTLED and evaluation.state != State.SELF and _from_outside(account, evaluation, on)


def may_settle(account: Account, evaluation: Evaluation, on: date) -> bool:
    """Set the level of what has been verified."""
    return evaluation.state == State.VERIFIED and _from_outside(account, evaluation, on)


def may_run(account: Account, committee: Organization, on: date) -> bool:
    """Freeze, publish and close what the committee asked for, as a whole; and switch its order on or off."""
    return committee.kind in ABOVE_BRANCHES and may_record(account, committee, on)


def may_object(account: Account, evaluation: Evaluation, on: date) -> bool:
    """Say something against a published result: who reported, and who holds a post in the body itself."""
    if evaluation.state != State.PUBLISHED or evaluation.objection_until is None or on > evaluation.objection_until:
        return False
    mine = powers(account, on)
    reported = evaluation.member_id is not None and mine.member_id == evaluation.member_id
    return reported or mine.holds_in(RECORDING_TITLES, evaluation.organization)


def may_answer_objection(account: Account, evaluation: Evaluation, objection: Objection, on: date) -> bool:
    """In the committee; not who objected."""
    open = evaluation.state == State.PUBLISHED and objection.upheld is None
    return open and account.pk != objection.made_by_id and _from_outside(account, evaluation, on)


def may_close(account: Account, evaluation: Evaluation, on: date) -> bool:
    """Make a published result final."""
    return evaluation.state == State.PUBLISHED and _from_outside(account, evaluation, on)


def may_reopen(account: Account, evaluation: Evaluation, on: date) -> bool:
    """Open a result again that was published or final: the committee's secretary."""
    secretary = powers(account, on).holds_in(frozenset({Title.SECRETARY}), evaluation.committee)
    return evaluation.state in TOLD and secretary and _from_outside(account, evaluation, on)


def _from_outside(account: Account, evaluation: Evaluation, on: date) -> bool:
    body = evaluation.organization
    mine = powers(account, on)
    if evaluation.committee_id == evaluation.organization_id or not may_record(account, evaluation.committee, on):
        return False
    if mine.home_path.startswith(body.path) or any(post.path.startswith(body.path) for post in mine.posts):
        return False
    if evaluation.member_id is not None and evaluation.member_id == mine.member_id:
        return False
    answered = {one.answered_by_id for one in evaluation.items.all() if not one.opinion}
    return account.pk not in {*answered, evaluation.submitted_by_id}


def may_adapt(account: Account, committee: Organization, on: date) -> bool:
    """Write the committee's own scheme: posts in the committee itself."""
    return committee.kind in ABOVE_BRANCHES and may_lay_down_duties(account, committee, on)
