"""While the ballot is open: it opens, votes come in, it closes.

A vote leaves no line in the journal: a list of who voted when belongs to no secret ballot. The box, sealed when it
closes, is noted with its hash and number.
"""

from __future__ import annotations

import hmac
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings
from django.db import transaction

from zhibu.ballots import queries
from zhibu.ballots.booth import booth_hashes
from zhibu.ballots.canonical import digest, text_of
from zhibu.ballots.manifest import Manifest, pools
from zhibu.ballots.mixing import boxed
from zhibu.ballots.models import Ballot, Role, State, Vote, Voter
from zhibu.ballots.record import box_body, receipt_message
from zhibu.ballots.sealing import length
from zhibu.ballots.services import locked, publish, tell_members
from zhibu.ballots.signing import sign
from zhibu.errors import Sentence, UserError
from zhibu.org.journal import note
from zhibu.org.models import Account, Member

ASKED = Sentence("ballot-open", "“{title}”正在投票，请您投票。")
YOUR_TURN = Sentence("ballot-turn", "“{title}”已截止，轮到您拆封。")
LOCAL = frozenset({"localhost", "127.0.0.1", "[::1]", "::1"})


def is_private_site() -> bool:
    """Whether this deployment is reached by HTTPS, or from this machine only: what a schedule goes by."""
    return settings.HTTPS or set(settings.ALLOWED_HOSTS) <= LOCAL


def _refuse_open_line(secure: bool) -> None:
    if not secure:
        raise UserError(
            "ballot-needs-https",
            "没有启用 HTTPS，选票在路上可能被偷看、被换掉，不能开启无记名投票。请管理员配置 HTTPS 后再开启。",
        )


# --- opening ----------------------------------------------------------------------------------------------------------


def open_ballot(actor: Account | None, ballot: Ballot, *, at: datetime, secure: bool) -> Ballot:
    """Voting begins. `secure`: the site is reached by HTTPS, or on this machine. Actor None: by the schedule."""
    _refuse_open_line(secure)
    with transaction.atomic():
        current = locked(ballot, State.SEALED)
        if current.closes_at and current.closes_at <= at:
            raise UserError("ballot-late", "截止时间已过，不能再开启。请作废后重新安排。")
        manifest = queries.manifest(current)
        if manifest.booth != booth_hashes():
            raise UserError("booth-changed", "封存以后投票程序更新过，与封存的不同。请作废后重新发起。")
        current.state = State.OPEN
        current.opens_at = current.opens_at if actor is None else at
        current.save(update_fields=["state", "opens_at"])
        note(actor, current.organization, "open-ballot", current, current.title, manifest=manifest.name)
        voters = Member.objects.filter(pk__in=current.voters.exclude(member=None).values("member"))
        tell_members(current, voters, ASKED, "ballots:show", at)
    return current


def on_time(ballot: Ballot, *, at: datetime) -> Ballot:
    """What the schedule has open or closed by now; called by whoever looks at the ballot."""
    over = ballot.closes_at is not None and ballot.closes_at <= at
    begun = ballot.opens_at is not None and ballot.opens_at <= at
    try:
        if ballot.state == State.SEALED and begun and not over and is_private_site():
            return open_ballot(None, ballot, at=at, secure=True)
        if ballot.state == State.OPEN and over:
            return close_ballot(None, ballot, at=at)
    except UserError as refused:  # somebody was quicker; or the booth changed, which the chair's page says
        if refused.code not in ("ballot-state", "booth-changed"):
            raise
        return Ballot.objects.select_related("organization").get(pk=ballot.pk)
    return ballot


# --- votes ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Receipt:
    """Signed: that this envelope was taken as the voter's, and which of the voter's it was."""

    ballot: str
    sealed: str
    """Hash of the envelope as text."""
    turn: int
    signature: str


def cast(voter: Voter, sealed: bytes, *, at: datetime, secure: bool, by_slip: bool = False) -> Receipt:
    """Put the voter's envelope into the box; the last one counts, and by a slip the first. UserError when the ballot
    is not open, or the voter took a paper."""
    _refuse_open_line(secure)
    with transaction.atomic():
        ballot = Ballot.objects.select_for_update().get(pk=voter.ballot_id)
        if ballot.state != State.OPEN or (ballot.closes_at and ballot.closes_at <= at):
            raise UserError("ballot-not-open", "现在不是投票时间，这张票没有投入。")
        manifest = queries.manifest(ballot)
        if len(sealed) != length(len(manifest.scrutineers)):
            raise UserError("vote-shape", "选票没有按规定封好，没有投入。请重新打开投票页。")
        current = Voter.objects.select_related("vote").get(pk=voter.pk)
        if current.paper:
            raise UserError("vote-paper", "您已领取纸质票，请投纸质票。")
        vote = _put(current, ballot, sealed, by_slip)
        return _receipt(ballot, manifest, sealed, vote.turn)


def _put(voter: Voter, ballot: Ballot, sealed: bytes, by_slip: bool) -> Vote:
    vote = getattr(voter, "vote", None)
    if vote is None:
        return Vote.objects.create(voter=voter, ballot=ballot, sealed=sealed)
    if bytes(vote.sealed) == sealed:  # sent again, as the answer got lost
        return vote
    if by_slip:
        raise UserError("slip-used", "这张投票条已经投过票。如果不是您投的，请马上告诉监票人。")
    vote.sealed, vote.turn = sealed, vote.turn + 1
    vote.save(update_fields=["sealed", "turn"])
    return vote


def _receipt(ballot: Ballot, manifest: Manifest, sealed: bytes, turn: int) -> Receipt:
    key = load_pem_private_key(ballot.receipt_key.encode(), password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    name = digest(text_of(sealed).encode())
    signature = sign(key, receipt_message(manifest.name, name, turn))
    return Receipt(manifest.name, name, turn, text_of(signature))


def voter_of_slip(ballot: Ballot, secret: str) -> Voter | None:
    """Whose slip it is."""
    wanted = digest(secret.encode())
    found = ballot.voters.filter(slip=wanted).first()
    return found if found is not None and hmac.compare_digest(found.slip or "", wanted) else None


def hand_out_paper(actor: Account, voter: Voter) -> Voter:
    """The voter gets a paper ballot and cannot vote otherwise any more. UserError when there is a vote already."""
    with transaction.atomic():
        ballot = locked(voter.ballot, State.SEALED, State.OPEN)
        if not ballot.officials.filter(role=Role.TELLER).exists():
            raise UserError("paper-no-tellers", "没有指定计票人，不能发纸质票。")
        current = Voter.objects.select_related("vote").get(pk=voter.pk)
        if hasattr(current, "vote"):
            raise UserError("paper-voted", "{name}已经投过票，不能再发纸质票。", name=current.name)
        if not current.paper:
            current.paper = True
            current.save(update_fields=["paper"])
            note(actor, ballot.organization, "hand-out-paper", ballot, f"{ballot.title}：{current.name}领纸质票")
    return current


# --- closing ----------------------------------------------------------------------------------------------------------


def close_ballot(actor: Account | None, ballot: Ballot, *, at: datetime, present: int | None = None) -> Ballot:
    """Voting ends and the box is sealed. `present`: how many voters were there; None: those who voted."""
    with transaction.atomic():
        current = locked(ballot, State.OPEN)
        manifest = queries.manifest(current)
        votes = list(current.votes.values_list("voter__category", "sealed"))
        paper = Counter(current.voters.filter(paper=True).values_list("category", flat=True))
        handed = len(votes) + paper.total()
        present = handed if present is None else present
        if not handed <= present <= sum(manifest.entitled.values()):
            raise UserError(
                "ballot-present", "实到人数应不少于已投票、领票的{handed}人，不多于名册的{all}人。", handed=handed,
                all=sum(manifest.entitled.values()),
            )  # fmt: skip
        found = pools(manifest.categories, Counter(category for category, _vote in votes), paper)
        lists = tuple(boxed(bytes(vote) for category, vote in votes if category in one.categories) for one in found)
        current.state, current.present = State.CLOSED, present
        current.closes_at = current.closes_at if actor is None else at
        current.save(update_fields=["state", "present", "closes_at"])
        step = publish(current, "box", box_body(found, lists, present), at)
        note(
            actor, current.organization, "close-ballot", current, current.title, box=step.hash, sealed=len(votes),
            paper=paper.total(), present=present,
        )  # fmt: skip
        first = [one.member for one in current.officials.filter(layer=1).select_related("member")]
        tell_members(current, first, YOUR_TURN, "ballots:mix", at)
    return current
