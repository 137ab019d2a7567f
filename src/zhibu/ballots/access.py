"""Who sees a ballot, who runs it. Nobody, whatever the post, sees how anyone voted."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from zhibu.ballots.models import Asking, Ballot, Official, Questionnaire, Right, State, Voter
from zhibu.ballots.voting import LOCAL
from zhibu.org.access import may_manage, powers
from zhibu.org.models import Account, Organization


def may_run(account: Account, organization: Organization, on: date) -> bool:
    """Draft, seal, open, close, publish: secretary, organisation member or clerk of the body or of one above."""
    return may_manage(account, organization, on)


def ballots_seen_by(account: Account, organization: Organization, on: date) -> QuerySet[Ballot]:
    """Who runs them sees all of the body's; others those they watch over, and once sealed those they vote in."""
    ballots = Ballot.objects.filter(organization=organization).select_related("organization")
    if may_run(account, organization, on):
        return ballots
    mine = powers(account, on)
    if mine.member_id is None or mine.home_id is None:
        return ballots.none()
    votes = Q(pk__in=Ballot.objects.filter(voters__member=mine.member_id).exclude(state=State.DRAFT).values("pk"))
    watches = Q(pk__in=Ballot.objects.filter(officials__member=mine.member_id).values("pk"))
    return ballots.filter(votes | watches)


def ballots_waiting_for(account: Account, organization: Organization, on: date) -> QuerySet[Ballot]:
    """Those of other bodies, not yet over, that the account votes in or watches over."""
    mine = powers(account, on)
    if mine.member_id is None or mine.home_id is None:
        return Ballot.objects.none()
    votes = Q(state=State.OPEN, pk__in=Voter.objects.filter(member=mine.member_id).values("ballot"))
    watches = Q(
        state__in=(State.DRAFT, State.SEALED, State.OPEN, State.CLOSED, State.MIXED),
        pk__in=Official.objects.filter(member=mine.member_id).values("ballot"),
    )
    found = Ballot.objects.filter(votes | watches).exclude(organization=organization)
    return found.select_related("organization")


def questionnaires_seen_by(account: Account, organization: Organization, on: date) -> QuerySet[Questionnaire]:
    """Only who runs them: what was answered is for those who asked."""
    rows = Questionnaire.objects.filter(organization=organization).select_related("organization")
    return rows if may_run(account, organization, on) else rows.none()


def questionnaires_waiting_for(account: Account) -> QuerySet[Questionnaire]:
    """Open ones the account may still take its token for."""
    if account.member_id is None:
        return Questionnaire.objects.none()
    mine = Right.objects.filter(member=account.member_id, issued=False).values("questionnaire")
    return Questionnaire.objects.filter(state=Asking.OPEN, pk__in=mine).select_related("organization")


def is_private_line(request: HttpRequest) -> bool:
    """Whether nobody between the reader and this site can read along: HTTPS, or the same machine."""
    host = request.get_host().rsplit(":", 1)[0] if not request.get_host().endswith("]") else request.get_host()
    return request.is_secure() or (host in LOCAL and not settings.HTTPS)
