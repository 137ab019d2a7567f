"""Before the vote: draft, name who watches, post keys, seal the roll and the words. Each one transaction with its line
in the journal; voting itself is in `voting`, what comes after in `ending`."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from zhibu.ballots import queries
from zhibu.ballots.booth import booth_hashes
from zhibu.ballots.canonical import bytes_of, canonical, digest, text_of
from zhibu.ballots.manifest import SCRUTINEERS, Manifest, Scrutineer, check_keys, check_point
from zhibu.ballots.models import Artefact, Ballot, Official, Role, State, Voter
from zhibu.ballots.plan import Person, Plan, check_plan
from zhibu.ballots.record import Artefact as Step
from zhibu.ballots.sealing import new_key, point_of
from zhibu.ballots.signing import is_signed
from zhibu.errors import Sentence, UserError
from zhibu.notices.services import tell
from zhibu.org.journal import note
from zhibu.org.models import Account, Member, Organization

NAMED = Sentence("ballot-named", "您是“{title}”的监票人，请打开页面生成密钥。")
MOST_VOTERS = 20_000


def draft_ballot(
    actor: Account, organization: Organization, plan: Plan, roll: Sequence[Person], *, at: datetime
) -> Ballot:
    """A new ballot. UserError as `check_plan`; the roll may still be empty."""
    check_plan(plan, roll)
    with transaction.atomic():
        ballot = Ballot.objects.create(
            organization=organization, uid=secrets.token_hex(16), title=plan.title.strip(), plan=plan.words(),
            opens_at=plan.opens_at, closes_at=plan.closes_at, objection_days=plan.objection_days,
            made_by=actor, made_at=at,
        )  # fmt: skip
        _enrol(ballot, roll)
        note(actor, organization, "draft-ballot", ballot, ballot.title, voters=len(roll))
    return ballot


def change_ballot(actor: Account, ballot: Ballot, plan: Plan, roll: Sequence[Person]) -> Ballot:
    """Other words, times or voters, while nothing is sealed."""
    check_plan(plan, roll)
    with transaction.atomic():
        current = locked(ballot, State.DRAFT)
        current.title, current.plan = plan.title.strip(), plan.words()
        current.opens_at, current.closes_at = plan.opens_at, plan.closes_at
        current.objection_days = plan.objection_days
        current.save()
        current.voters.all().delete()
        _enrol(current, roll)
        note(actor, current.organization, "change-ballot", current, current.title, voters=len(roll))
    return current


def discard_ballot(actor: Account, ballot: Ballot) -> None:
    """Throw a draft away; what was sealed once can only be declared void."""
    with transaction.atomic():
        current = locked(ballot, State.DRAFT)
        note(actor, current.organization, "discard-ballot", current, current.title)
        current.delete()


def _enrol(ballot: Ballot, roll: Sequence[Person]) -> None:
    if len(roll) > MOST_VOTERS:
        raise UserError("roll-long", "名册最多{most}人。", most=MOST_VOTERS)
    Voter.objects.bulk_create(
        Voter(ballot=ballot, member_id=one.member, name=one.name.strip(), category=one.category) for one in roll
    )


def locked(ballot: Ballot, *states: str) -> Ballot:
    """The ballot as it stands, locked until the end of the transaction. UserError unless in one of the states."""
    rows = Ballot.objects.select_for_update(of=("self",)).select_related("organization")
    current = rows.get(pk=ballot.pk)
    if current.state not in states:
        raise UserError("ballot-state", "这次票决{state}，不能这样做。", state=current.get_state_display())
    return current


# --- who watches ------------------------------------------------------------------------------------------------------


def name_officials(
    actor: Account, ballot: Ballot, scrutineers: Sequence[Member], tellers: Sequence[Member] = (), *, at: datetime
) -> Ballot:
    """Two or three scrutineers, in the order of their turns; for papers two or more tellers. A scrutineer who stays in
    his turn keeps the key he posted."""
    if len(scrutineers) not in SCRUTINEERS:
        raise UserError("ballot-scrutineers", "监票人应有2至3名，各持一把密钥。")
    if len(tellers) == 1:
        raise UserError("ballot-tellers", "计票人要有两名以上，由两人分别清点、互相核对。")
    everybody = [*scrutineers, *tellers]
    if len({one.pk for one in everybody}) != len(everybody):
        raise UserError("officials-twice", "监票人、计票人不能重复，也不能互兼。")
    with transaction.atomic():
        current = locked(ballot, State.DRAFT)
        subjects = {one["subject"] for one in current.plan["questions"] if one["subject"]}
        if named := next((one for one in everybody if one.name in subjects), None):
            raise UserError("official-is-subject", "{name}是被测评（选举）的人，不能监票、计票。", name=named.name)
        kept = {
            (one.member_id, one.layer): (one.sealing, one.signing)
            for one in current.officials.filter(role=Role.SCRUTINEER)
        }
        current.officials.all().delete()
        for layer, member in enumerate(scrutineers, start=1):
            sealing, signing = kept.get((member.pk, layer), ("", ""))
            Official.objects.create(
                ballot=current, member=member, role=Role.SCRUTINEER, layer=layer, sealing=sealing, signing=signing
            )
        Official.objects.bulk_create(Official(ballot=current, member=one, role=Role.TELLER) for one in tellers)
        names = "、".join(one.name for one in scrutineers)
        note(actor, current.organization, "name-officials", current, f"{current.title}：监票人{names}")
        tell_members(current, scrutineers, NAMED, "ballots:key", at)
    return current


def tell_members(ballot: Ballot, members: Iterable[Member], words: Sentence, page: str, at: datetime) -> None:
    sentence = Sentence(words.code, words.message, title=ballot.title)
    url = reverse(page, args=[ballot.organization.code, ballot.pk])
    tell(members, sentence, kind="ballot", at=at, url=url, organization=ballot.organization)


def key_message(uid: str, sealing: str, signing: str) -> bytes:
    """What a scrutineer signs with the new key, so that nobody posts a key that is not his to use."""
    return canonical({"ballot": uid, "sealing": sealing, "signing": signing})


def post_key(actor: Account, ballot: Ballot, sealing: str, signing: str, proof: str) -> Official:
    """A scrutineer's public points, made in his browser; another one takes the place of the first until all is
    sealed."""
    with transaction.atomic():
        current = locked(ballot, State.DRAFT)
        official = scrutineer_of(current, actor)
        check_point(sealing)
        point = check_point(signing)
        if sealing == signing or not is_signed(point, key_message(current.uid, sealing, signing), bytes_of(proof)):
            raise UserError("ballot-key", "这不是一把可用的公钥，请在监票人页面重新生成。")
        official.sealing, official.signing = sealing, signing
        official.save(update_fields=["sealing", "signing"])
        mark = Scrutineer(official.member.name, sealing, signing).fingerprint
        note(actor, current.organization, "post-key", current, f"{current.title}：{official.member.name} {mark}")
    return official


def scrutineer_of(ballot: Ballot, account: Account) -> Official:
    """The account's own line among the scrutineers. UserError when it has none."""
    found = queries.official(ballot, account, Role.SCRUTINEER)
    if found is None:
        raise UserError("not-scrutineer", "您不是这次票决的监票人。")
    return found


# --- sealed -----------------------------------------------------------------------------------------------------------


def seal_ballot(actor: Account, ballot: Ballot, *, at: datetime) -> Ballot:
    """Freeze the roll and the words, and publish the manifest. From now on only voting and voiding are left."""
    with transaction.atomic():
        current = locked(ballot, State.DRAFT)
        officials = list(current.officials.filter(role=Role.SCRUTINEER).select_related("member"))
        if missing := [one.member.name for one in officials if not one.sealing]:
            raise UserError("keys-missing", "还没有生成密钥：{names}。", names="、".join(missing))
        scrutineers = tuple(Scrutineer(one.member.name, one.sealing, one.signing) for one in officials)
        check_keys(scrutineers)
        roll = list(current.voters.all())
        if not roll:
            raise UserError("roll-empty", "名册里还没有人。")
        key = new_key()
        current.receipt_key = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        manifest = _manifest(current, scrutineers, roll, text_of(point_of(key.public_key())))
        current.state = State.SEALED
        current.save(update_fields=["state", "receipt_key"])
        step = publish(current, "manifest", manifest.to_json(), at)
        note(actor, current.organization, "seal-ballot", current, current.title, manifest=step.hash, roll=manifest.roll)
    return current


def _manifest(ballot: Ballot, scrutineers: tuple[Scrutineer, ...], roll: Sequence[Voter], receipts: str) -> Manifest:
    plan = queries.plan(ballot)
    check_plan(plan, [Person(one.name, one.category, one.member_id) for one in roll])
    entitled = {one.slug: sum(voter.category == one.slug for voter in roll) for one in plan.categories}
    if empty := [one.label for one in plan.categories if not entitled[one.slug]]:
        raise UserError("category-empty", "名册里没有这一类投票人：{names}。", names="、".join(empty))
    return Manifest(
        ballot=ballot.uid, body=ballot.organization.name, title=ballot.title, questions=plan.questions,
        categories=plan.categories, entitled=entitled, roll=roll_hash(roll), scrutineers=scrutineers,
        receipts=receipts, booth=booth_hashes(), rule=plan.rule, yes=plan.yes, seats=plan.seats,
        opens=plan.opens_at.isoformat() if plan.opens_at else "",
        closes=plan.closes_at.isoformat() if plan.closes_at else "",
    )  # fmt: skip


def roll_hash(roll: Iterable[Voter]) -> str:
    return digest(canonical(sorted([one.category, one.name] for one in roll)))


def publish(ballot: Ballot, kind: str, body: dict[str, object], at: datetime) -> Step:
    """Chain one more artefact to the record."""
    last = ballot.artefacts.order_by("-position").first()
    step = Step(kind, last.hash if last else "", body)
    Artefact.objects.create(
        ballot=ballot, position=last.position + 1 if last else 1, kind=kind, text=step.text(), hash=step.hash, at=at
    )
    return step


# --- slips ------------------------------------------------------------------------------------------------------------


def make_slips(actor: Account, ballot: Ballot, everybody: bool = False) -> list[tuple[Voter, str]]:
    """A slip with a secret of its own for each voter without an account (or for all), who has not voted; a new slip
    ends the one before. The secrets are in no other place than on the slips."""
    with transaction.atomic():
        current = locked(ballot, State.SEALED, State.OPEN)
        rows = current.voters.filter(vote=None, paper=False)
        if not everybody:
            rows = rows.exclude(Q(member__account__is_active=True))
        made = [(voter, secrets.token_urlsafe(24)) for voter in rows]
        for voter, secret in made:
            voter.slip = digest(secret.encode())
        Voter.objects.bulk_update([voter for voter, _secret in made], ["slip"], 500)
        note(actor, current.organization, "make-slips", current, f"{current.title}：投票条{len(made)}张")
    return made
