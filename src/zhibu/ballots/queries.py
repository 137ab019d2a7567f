"""What is read of a ballot. `results` is what other stages ask for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from django.db.models import Q

from zhibu.ballots.canonical import parsed
from zhibu.ballots.counting import PaperCount, Results, count, paper_count_of
from zhibu.ballots.manifest import Manifest, Pool, manifest_of
from zhibu.ballots.manifest import fingerprint as _fingerprint
from zhibu.ballots.mixing import Lists
from zhibu.ballots.models import Artefact, Ballot, HandCount, Official, State, Voter
from zhibu.ballots.plan import Person, Plan, plan_of
from zhibu.ballots.record import Artefact as Step
from zhibu.ballots.record import artefact_of, box_lists, paper_of_body, pools_of, record_text
from zhibu.org.models import ABOVE_BRANCHES, Account, Member, Organization
from zhibu.org.queries import members_on, voting_members_on
from zhibu.org.spans import in_force

CHOSEN_FROM = 300
"""Members a list to choose from may hold."""


def results(ballot: Ballot) -> Results | None:
    """Counted from the published record; None while the ballot is not counted, and when it is void."""
    if ballot.state != State.COUNTED:
        return None
    last = ballot.artefacts.order_by("-position").values_list("hash", flat=True).first()
    return _counted(ballot.pk, last or "")


@lru_cache(maxsize=64)
def _counted(ballot: int, _last: str) -> Results:
    """What is published never changes, and its last hash says which it is: counted once a process."""
    rows = Artefact.objects.filter(ballot=ballot)
    layer = rows.filter(kind="layer").order_by("-position").values_list("text", flat=True)[0]
    texts = dict(rows.filter(kind__in=("manifest", "box", "paper")).values_list("kind", "text"))
    bodies = {kind: artefact_of(parsed(text)).body for kind, text in texts.items()}
    manifest, box = manifest_of(bodies["manifest"]), bodies["box"]
    pools, lists = pools_of(box), artefact_of(parsed(layer)).body["lists"]
    return count(manifest, pools, lists, paper_of_body(bodies.get("paper"), manifest, pools), box["present"])


def current(ballot: Ballot) -> Ballot:
    """The ballot, or the one that was made anew in its place after it was declared void."""
    while (following := Ballot.objects.filter(replaces=ballot).select_related("organization").first()) is not None:
        ballot = following
    return ballot


def plan(ballot: Ballot) -> Plan:
    return plan_of(
        ballot.title, ballot.plan, opens_at=ballot.opens_at, closes_at=ballot.closes_at,
        objection_days=ballot.objection_days,
    )  # fmt: skip


def roll(ballot: Ballot) -> list[Person]:
    return [Person(one.name, one.category, one.member_id) for one in ballot.voters.all()]


# --- the record -------------------------------------------------------------------------------------------------------


def record(ballot: Ballot) -> list[Step]:
    """The published steps so far, in order."""
    return [artefact_of(parsed(text)) for text in ballot.artefacts.values_list("text", flat=True)]


def record_file(ballot: Ballot) -> str:
    """The record as it is handed out: `zhibu ballots verify` reads it."""
    return record_text(list(ballot.artefacts.values_list("text", flat=True)))


def step(ballot: Ballot, kind: str) -> Step | None:
    """The last step of a kind."""
    text = ballot.artefacts.filter(kind=kind).order_by("-position").values_list("text", flat=True).first()
    return artefact_of(parsed(text)) if text is not None else None


def manifest(ballot: Ballot) -> Manifest:
    """ValueError while nothing is sealed."""
    found = step(ballot, "manifest")
    if found is None:
        raise ValueError("not sealed")
    return manifest_of(found.body)


def pools(ballot: Ballot) -> tuple[Pool, ...]:
    """Who is counted together; none before the ballot is closed."""
    found = step(ballot, "box")
    return pools_of(found.body) if found else ()


def lists_before(ballot: Ballot) -> tuple[int, str, Lists]:
    """For the scrutineer whose turn it is: the layer, the hash of the step before, and its lists."""
    before = ballot.artefacts.filter(kind__in=("box", "layer")).order_by("-position").first()
    if before is None:
        raise ValueError("not closed")
    body = artefact_of(parsed(before.text)).body
    if before.kind == "box":
        return 1, before.hash, box_lists(body)
    return body["layer"] + 1, before.hash, tuple(tuple(entries) for entries in body["lists"])


# --- people -----------------------------------------------------------------------------------------------------------


def official(ballot: Ballot, account: Account, role: str) -> Official | None:
    if account.member_id is None:
        return None
    return ballot.officials.filter(member=account.member_id, role=role).select_related("member").first()


def voter(ballot: Ballot, account: Account) -> Voter | None:
    if account.member_id is None:
        return None
    return ballot.voters.filter(member=account.member_id).first()


def received(ballot: Ballot) -> int:
    """Ballots handed in so far: sealed ones, and papers handed out. Never by category, never who."""
    return ballot.votes.count() + ballot.voters.filter(paper=True).count()


def hand_counts(ballot: Ballot, manifest: Manifest, pools: Iterable[Pool]) -> list[list[tuple[Member, PaperCount]]]:
    """For each pool who counted what."""
    found: list[list[tuple[Member, PaperCount]]] = [[] for _ in pools]
    issued = [one.paper for one in pools]
    for row in HandCount.objects.filter(ballot=ballot).select_related("member"):
        found[row.pool].append((row.member, paper_count_of(row.count, manifest, issued[row.pool])))
    return found


def fingerprint(official: Official) -> str:
    """Of a scrutineer's key; empty while there is none."""
    return _fingerprint(official.sealing, official.signing) if official.sealing else ""


def void_reason(ballot: Ballot) -> str:
    found = step(ballot, "void") if ballot.state == State.VOID else None
    return str(found.body["reason"]) if found else ""


def voting_members(organization: Organization, on: date) -> list[int]:
    """Keys of those who vote in a branch by right; of a body above, nobody is proposed."""
    if organization.kind in ABOVE_BRANCHES:
        return []
    return list(voting_members_on(organization, on).values_list("pk", flat=True))


def people(organization: Organization, on: date) -> list[Member]:
    """Who may be chosen by hand: the members; of a large body, those with a post in it or below."""
    members = list(members_on(organization, on)[: CHOSEN_FROM + 1])
    if len(members) <= CHOSEN_FROM:
        return members
    held = in_force(on, "posts__") & Q(posts__organization__path__startswith=organization.path)
    return list(Member.objects.filter(held).distinct().order_by("organization__path", "number")[:1000])
