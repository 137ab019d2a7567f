"""A ballot on its way, with scrutineers whose browsers are played by Python."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from zhibu.ballots import ending, queries, services, voting
from zhibu.ballots.canonical import text_of
from zhibu.ballots.manifest import Category, Question
from zhibu.ballots.mixing import layer_message, mix
from zhibu.ballots.models import Ballot, Voter
from zhibu.ballots.plan import Person, Plan
from zhibu.ballots.sealing import Paper, Vote, new_code, new_key, point_of, seal
from zhibu.ballots.signing import sign

NOW = datetime(2025, 12, 20, 2, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)

DEBRIEF = (
    Question("wen", "对闻知远同志抓基层党建工作的评价", subject="闻知远同志"),
    Question("ruan", "对阮青岚同志抓基层党建工作的评价", subject="阮青岚同志"),
)
LEADERS, SECRETARIES, PUBLIC = (
    Category("leaders", "工委领导", "0.4"),
    Category("secretaries", "党组织书记", "0.4"),
    Category("public", "群众代表", "0.2"),
)


@dataclass
class Keys:
    """What a scrutineer's browser keeps."""

    sealing: ec.EllipticCurvePrivateKey = field(default_factory=new_key)
    signing: ec.EllipticCurvePrivateKey = field(default_factory=new_key)

    @property
    def points(self) -> tuple[str, str]:
        return text_of(point_of(self.sealing.public_key())), text_of(point_of(self.signing.public_key()))

    def proof(self, uid: str) -> str:
        return text_of(sign(self.signing, services.key_message(uid, *self.points)))


def account_of(member: Any) -> Any:
    """The member's account, opened if there is none."""
    from zhibu.org.models import Account

    return Account.objects.filter(member=member).first() or Account.objects.create_user(
        f"m{member.pk}", password="Correct-Horse-7", member=member
    )


@dataclass
class Stage:
    """One ballot and everybody's keys."""

    chair: Any
    ballot: Ballot
    scrutineers: list[Any]
    keys: list[Keys]

    def reload(self) -> Ballot:
        self.ballot = Ballot.objects.select_related("organization").get(pk=self.ballot.pk)
        return self.ballot

    def voters(self) -> list[Voter]:
        return list(self.ballot.voters.all())

    def post_keys(self) -> None:
        for member, keys in zip(self.scrutineers, self.keys, strict=True):
            services.post_key(account_of(member), self.ballot, *keys.points, keys.proof(self.ballot.uid))

    def seal(self) -> None:
        self.post_keys()
        self.ballot = services.seal_ballot(self.chair, self.ballot, at=NOW)

    def open(self) -> None:
        self.seal()
        self.ballot = voting.open_ballot(self.chair, self.ballot, at=NOW, secure=True)

    def paper(self, vote: Vote, code: str = "") -> bytes:
        manifest = queries.manifest(self.ballot)
        return seal(Paper(code or new_code(), vote), manifest.keys, manifest.name)

    def vote(self, voter: Voter, vote: Vote, code: str = "") -> voting.Receipt:
        return voting.cast(voter, self.paper(vote, code), at=LATER, secure=True)

    def close(self, present: int | None = None) -> None:
        self.ballot = voting.close_ballot(self.chair, self.ballot, at=LATER, present=present)

    def layer(self, turn: int) -> tuple[list[list[str]], str]:
        """The lists of that turn and their signature, honestly made."""
        layer, after, before = queries.lists_before(self.ballot)
        name, keys = queries.manifest(self.ballot).name, self.keys[turn - 1]
        lists = [list(mix(keys.sealing, one, name, layer, len(self.keys))) for one in before]
        return lists, text_of(sign(keys.signing, layer_message(name, after, layer, lists)))

    def mix(self) -> None:
        for turn, member in enumerate(self.scrutineers, start=1):
            self.ballot = ending.post_layer(account_of(member), self.ballot, *self.layer(turn), at=LATER)

    def publish(self) -> None:
        self.ballot = ending.publish_result(self.chair, self.ballot, at=LATER)

    def finish(self, present: int | None = None) -> None:
        self.close(present)
        self.mix()
        self.publish()


def staged(
    cast: Any,
    roll: Sequence[Person] = (),
    questions: Sequence[Question] = DEBRIEF,
    scrutineers: int = 3,
    tellers: int = 0,
    **more: Any,
) -> Stage:
    """A draft in the branch with scrutineers and tellers named; by default its eight full members vote."""
    roll = roll or [Person(one.name, member=one.pk) for one in cast.members[:8]]
    plan = Plan("2025年度述职评议测评", tuple(questions), **more)
    ballot = services.draft_ballot(cast.secretary, cast.branch, plan, roll, at=NOW)
    watching = cast.members[1 : 1 + scrutineers]
    counting = cast.members[5 : 5 + tellers]
    services.name_officials(cast.secretary, ballot, watching, counting, at=NOW)
    return Stage(cast.secretary, ballot, watching, [Keys() for _ in watching])
