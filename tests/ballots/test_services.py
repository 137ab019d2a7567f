"""A ballot from draft to destruction; each refusal with its sentence; the journal of all of it."""

from dataclasses import asdict, replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.ballots.staging import DEBRIEF, LATER, LEADERS, NOW, SECRETARIES, Keys, account_of, staged
from zhibu.ballots import ending, queries, services, voting
from zhibu.ballots.canonical import digest, text_of
from zhibu.ballots.manifest import Question
from zhibu.ballots.models import Ballot, State, Vote, Voter
from zhibu.ballots.plan import Person, Plan
from zhibu.ballots.record import accused, check, read_record
from zhibu.ballots.signing import is_signed
from zhibu.errors import UserError
from zhibu.org.models import JournalEntry


def refused(code):
    return pytest.raises(UserError, check=lambda error: error.code == code)


def verbs(ballot):
    rows = JournalEntry.objects.filter(object_type="ballot", object_id=str(ballot.pk)).order_by("pk")
    return list(rows.values_list("verb", flat=True))


def test_from_draft_to_destruction(cast):
    stage = staged(cast)
    stage.open()
    assert queries.results(stage.ballot) is None
    for number, voter in enumerate(stage.voters()[:6]):
        stage.vote(voter, (0 if number < 4 else 1, None))
    assert queries.received(stage.ballot) == 6
    stage.finish(present=7)
    found = queries.results(stage.reload())
    assert (found.entitled, found.present, found.collected, found.absent, found.invalid) == (8, 7, 6, 1, 0)
    assert found.of("wen").total.votes == {"good": 4, "fair": 2, "average": 0, "poor": 0}
    assert found.of("ruan").total.abstained == 6
    assert check(read_record(queries.record_file(stage.ballot))).faults == []
    with refused("destroy-early"):
        ending.destroy_votes(cast.secretary, stage.ballot, at=LATER + timedelta(days=4))
    ending.destroy_votes(cast.secretary, stage.ballot, at=LATER + timedelta(days=5))
    assert Vote.objects.count() == 0
    assert stage.reload().receipt_key == ""
    assert queries.results(stage.ballot) == found
    assert verbs(stage.ballot) == [
        "draft-ballot", "name-officials", "post-key", "post-key", "post-key", "seal-ballot", "open-ballot",
        "close-ballot", "post-layer", "post-layer", "post-layer", "publish-result", "destroy-votes",
    ]  # fmt: skip


def test_every_published_step_is_in_the_journal_by_its_hash(cast):
    stage = staged(cast)
    stage.open()
    for voter in stage.voters():
        stage.vote(voter, (0, 0))
    stage.finish()
    noted = " ".join(str(row.data) for row in JournalEntry.objects.all())
    hashes = list(stage.ballot.artefacts.values_list("hash", flat=True))
    assert len(hashes) == 6
    assert all(one in noted for one in hashes)


def test_the_last_vote_counts_and_a_receipt_says_which_it_is_for(cast):
    stage = staged(cast)
    stage.open()
    voter = stage.voters()[0]
    first, second = stage.vote(voter, (3, 3)), stage.vote(voter, (0, 0))
    assert (first.turn, second.turn) == (1, 2)
    manifest = queries.manifest(stage.ballot)
    message = voting.receipt_message(manifest.name, second.sealed, 2)
    from zhibu.ballots.canonical import bytes_of

    assert is_signed(bytes_of(manifest.receipts), message, bytes_of(second.signature))
    assert second.sealed == digest(text_of(bytes(Vote.objects.get().sealed)).encode())
    for other in stage.voters()[1:5]:
        stage.vote(other, (0, 0))
    stage.finish()
    assert queries.results(stage.ballot).of("wen").total.votes["good"] == 5


def test_a_receipt_is_held_against_the_box(cast):
    stage = staged(cast)
    stage.open()
    voters = stage.voters()
    replaced, last = stage.vote(voters[0], (3, 3)), stage.vote(voters[0], (0, 0))
    for other in voters[1:]:
        stage.vote(other, (0, 0))
    stage.finish()
    record = read_record(queries.record_file(stage.ballot))
    assert accused(record, asdict(last)).code == "proof-boxed"
    lost = accused(record, asdict(replaced))
    assert (lost.code, lost.data["turn"]) == ("proof-not-boxed", 1)
    for spoilt in ({"turn": 2}, {"sealed": "0" * 64}, {"sealed": 5}, {"ballot": "0" * 64}, {"signature": None}):
        with refused("proof-empty"):
            accused(record, asdict(replaced) | spoilt)


def test_one_vote_each_is_the_databases_doing(cast):
    stage = staged(cast)
    stage.open()
    voter = stage.voters()[0]
    stage.vote(voter, (0, 0))
    with pytest.raises(IntegrityError), transaction.atomic():
        Vote.objects.create(voter=voter, ballot=stage.ballot, sealed=b"x")
    with pytest.raises(IntegrityError), transaction.atomic():
        Voter.objects.create(ballot=stage.ballot, member=voter.member, name="又一次", category="voters")


def test_a_vote_leaves_neither_time_nor_line(cast):
    """Nothing but the envelope and how often: no column of a time, no line in the journal."""
    stage = staged(cast)
    stage.open()
    before = JournalEntry.objects.count()
    stage.vote(stage.voters()[0], (0, 0))
    assert JournalEntry.objects.count() == before
    assert {field.get_internal_type() for field in Vote._meta.concrete_fields} == {
        "OneToOneField", "ForeignKey", "BinaryField", "PositiveIntegerField",
    }  # fmt: skip
    assert not any("Time" in field.get_internal_type() for field in Voter._meta.concrete_fields)


def test_before_opening_and_after_closing_nothing_is_taken(cast):
    stage = staged(cast, closes_at=NOW + timedelta(hours=2))
    stage.seal()
    voter = stage.voters()[0]
    with refused("ballot-not-open"):
        stage.vote(voter, (0, 0))
    voting.open_ballot(cast.secretary, stage.ballot, at=NOW, secure=True)
    stage.vote(voter, (0, 0))
    sealed = stage.paper((1, 1))
    with refused("ballot-not-open"):  # the time is over although nobody closed it
        voting.cast(voter, sealed, at=NOW + timedelta(hours=2), secure=True)
    stage.reload()
    stage.close()
    with refused("ballot-not-open"):
        stage.vote(voter, (1, 1))


@pytest.mark.parametrize("sealed", [b"", b"x" * 754, b"x" * 756, b"x" * 100_000])
def test_an_envelope_of_another_size_is_refused(cast, sealed):
    stage = staged(cast)
    stage.open()
    with refused("vote-shape"):
        voting.cast(stage.voters()[0], sealed, at=LATER, secure=True)


def test_without_https_it_neither_opens_nor_takes_votes(cast):
    stage = staged(cast)
    stage.seal()
    with refused("ballot-needs-https"):
        voting.open_ballot(cast.secretary, stage.ballot, at=NOW, secure=False)
    stage.ballot = voting.open_ballot(cast.secretary, stage.ballot, at=NOW, secure=True)
    with refused("ballot-needs-https"):
        voting.cast(stage.voters()[0], stage.paper((0, 0)), at=LATER, secure=False)


def test_envelopes_that_do_not_open_are_invalid_not_lost(cast):
    """A replay from another ballot, noise, and a copy of somebody else's."""
    other, stage = staged(cast), staged(cast)
    other.open()
    stage.open()
    voters = stage.voters()
    copied = stage.paper((0, 0))
    for voter, sealed in zip(voters, [copied, copied, other.paper((0, 0)), b"\x04" * 755], strict=False):
        voting.cast(voter, sealed, at=LATER, secure=True)
    for voter in voters[4:]:
        stage.vote(voter, (1, 1))
    stage.finish()
    found = queries.results(stage.ballot)
    assert (found.collected, found.invalid) == (8, 3)
    assert found.of("wen").total.votes == {"good": 1, "fair": 4, "average": 0, "poor": 0}
    checked = check(read_record(queries.record_file(stage.ballot)))
    assert checked.faults == []


# --- officials and keys -----------------------------------------------------------------------------------------------


def test_who_may_watch(cast):
    stage = staged(cast)
    first, second, third = stage.scrutineers
    for scrutineers, tellers, code in (
        ([first], [], "ballot-scrutineers"),
        ([first, second, third, cast.members[6]], [], "ballot-scrutineers"),
        ([first, first], [], "officials-twice"),
        ([first, second], [first, third], "officials-twice"),
        ([first, second], [third], "ballot-tellers"),
    ):
        with refused(code):
            services.name_officials(cast.secretary, stage.ballot, scrutineers, tellers, at=NOW)
    plan = replace(queries.plan(stage.ballot), questions=(Question("a", "测评", subject=first.name),))
    services.change_ballot(cast.secretary, stage.ballot, plan, queries.roll(stage.ballot))
    with refused("official-is-subject"):
        services.name_officials(cast.secretary, stage.ballot, [first, second], at=NOW)


def test_only_a_scrutineer_posts_a_key_and_only_one_he_can_use(cast):
    stage = staged(cast)
    keys, account = Keys(), account_of(stage.scrutineers[0])
    uid = stage.ballot.uid
    with refused("not-scrutineer"):
        services.post_key(cast.secretary, stage.ballot, *keys.points, keys.proof(uid))
    for sealing, signing, proof in (
        (*keys.points, Keys().proof(uid)),
        (*keys.points, keys.proof("another")),
        (*Keys().points, keys.proof(uid)),
        ("", "", ""),
        (text_of(b"\x04" + b"\x01" * 64), keys.points[1], keys.proof(uid)),
        (keys.points[0] + "=", keys.points[1], keys.proof(uid)),
    ):
        with refused("ballot-key"):
            services.post_key(account, stage.ballot, sealing, signing, proof)
    assert services.post_key(account, stage.ballot, *keys.points, keys.proof(uid)).sealing == keys.points[0]


def test_nothing_is_sealed_without_keys_voters_or_a_voter_of_each_category(cast):
    stage = staged(cast)
    with refused("keys-missing"):
        services.seal_ballot(cast.secretary, stage.ballot, at=NOW)
    people = [Person("甲", "leaders"), Person("乙", "leaders")]
    split = staged(cast, roll=people, categories=(LEADERS, SECRETARIES))
    split.post_keys()
    with refused("category-empty"):
        services.seal_ballot(cast.secretary, split.ballot, at=NOW)
    services.change_ballot(cast.secretary, split.ballot, queries.plan(split.ballot), [])
    with refused("roll-empty"):
        services.seal_ballot(cast.secretary, split.ballot, at=NOW)


def test_what_is_sealed_does_not_change(cast):
    stage = staged(cast)
    stage.seal()
    plan, roll = queries.plan(stage.ballot), queries.roll(stage.ballot)
    keys = Keys()
    with refused("ballot-state"):
        services.change_ballot(cast.secretary, stage.ballot, plan, roll)
    with refused("ballot-state"):
        services.name_officials(cast.secretary, stage.ballot, stage.scrutineers, at=NOW)
    with refused("ballot-state"):
        services.post_key(account_of(stage.scrutineers[0]), stage.ballot, *keys.points, keys.proof(stage.ballot.uid))
    with refused("ballot-state"):
        services.discard_ballot(cast.secretary, stage.ballot)


def test_a_booth_that_changed_since_does_not_open(cast, monkeypatch):
    stage = staged(cast)
    stage.seal()
    monkeypatch.setattr(voting, "booth_hashes", lambda: {"booth.js": "0" * 64})
    with refused("booth-changed"):
        voting.open_ballot(cast.secretary, stage.ballot, at=NOW, secure=True)


@pytest.mark.parametrize(
    ("roll", "code"),
    [
        ([Person("甲", member=1), Person("乙", member=1)], "roll-twice"),
        ([Person("", "voters")], "roll-line"),
        ([Person("甲", "nobody")], "roll-line"),
    ],
)
def test_a_roll_that_does_not_fit(cast, roll, code):
    with refused(code):
        services.draft_ballot(cast.secretary, cast.branch, Plan("测评", DEBRIEF), roll, at=NOW)
    assert not Ballot.objects.exists()


# --- mixing in turn ---------------------------------------------------------------------------------------------------


def closed(cast, votes=8):
    stage = staged(cast)
    stage.open()
    for voter in stage.voters()[:votes]:
        stage.vote(voter, (0, 0))
    stage.close()
    return stage


def test_scrutineers_take_turns(cast):
    stage = closed(cast)
    lists, signature = stage.layer(1)
    with refused("not-your-turn"):
        ending.post_layer(account_of(stage.scrutineers[1]), stage.ballot, lists, signature, at=LATER)
    with refused("not-scrutineer"):
        ending.post_layer(cast.secretary, stage.ballot, lists, signature, at=LATER)
    first = account_of(stage.scrutineers[0])
    ending.post_layer(first, stage.ballot, lists, signature, at=LATER)
    with refused("not-your-turn"):
        ending.post_layer(first, stage.ballot, lists, signature, at=LATER)


def test_lists_that_cannot_follow_are_refused(cast):
    stage = closed(cast)
    account = account_of(stage.scrutineers[0])
    lists, signature = stage.layer(1)
    for spoilt, signed, code in (
        ([], signature, "layer-lists"),
        ([lists[0][::-1]], signature, "layer-shape"),
        ([[*lists[0], lists[0][-1]]], signature, "layer-shape"),
        ([lists[0][1:]], signature, "layer-signature"),
        (lists, signature[::-1], "layer-signature"),
        (lists, "", "layer-signature"),
        (lists, None, "layer-signature"),
        ("nonsense", signature, "layer-lists"),
    ):
        with refused(code):
            ending.post_layer(account, stage.ballot, spoilt, signed, at=LATER)
    assert queries.lists_before(stage.ballot)[0] == 1


def test_a_lost_key_means_voting_again(cast):
    stage = closed(cast)
    with refused("reason-needed"):
        ending.void_ballot(cast.secretary, stage.ballot, " ", at=LATER)
    with refused("again-not-void"):
        ending.vote_again(cast.secretary, stage.ballot, at=LATER)
    ballot = ending.void_ballot(cast.secretary, stage.ballot, "监票人密钥丢失", at=LATER)
    with refused("ballot-state"):
        ending.post_layer(account_of(stage.scrutineers[0]), ballot, *stage.layer(1), at=LATER)
    assert queries.results(ballot) is None
    checked = check(read_record(queries.record_file(ballot)))
    assert (checked.faults, checked.void) == ([], "监票人密钥丢失")
    again = ending.vote_again(cast.secretary, ballot, at=LATER)
    assert queries.plan(again) == replace(queries.plan(ballot), opens_at=None, closes_at=None)
    assert queries.roll(again) == queries.roll(ballot)
    assert [one.sealing for one in again.officials.all()] == ["", "", ""]
    assert again.uid != ballot.uid
    assert queries.current(ballot) == again == queries.current(again)
    with refused("again-done"):
        ending.vote_again(cast.secretary, ballot, at=LATER)
    ending.destroy_votes(cast.secretary, ballot, at=LATER)
    assert not ballot.votes.exists()


# --- papers -----------------------------------------------------------------------------------------------------------


def counted(good, collected, poor=0):
    row = {"votes": {"good": good, "fair": 0, "average": 0, "poor": poor}, "abstained": 0, "invalid": 0}
    return {"collected": collected, "tallies": [row, row]}


def test_papers_are_counted_by_two_who_agree(cast):
    stage = staged(cast, tellers=2)
    stage.open()
    voters = stage.voters()
    for voter in voters[:5]:
        voting.hand_out_paper(cast.secretary, voter)
    with refused("vote-paper"):
        stage.vote(voters[0], (0, 0))
    for voter in voters[5:]:
        stage.vote(voter, (0, 0))
    with refused("paper-voted"):
        voting.hand_out_paper(cast.secretary, voters[5])
    assert queries.received(stage.ballot) == 8
    stage.close()
    stage.mix()
    first, second = map(account_of, cast.members[5:7])
    with refused("papers-not-agreed"):
        stage.publish()
    with refused("not-teller"):
        ending.count_by_hand(cast.secretary, stage.ballot, 0, counted(4, 4))
    with refused("paper-too-many"):
        ending.count_by_hand(first, stage.ballot, 0, counted(6, 6))
    with refused("paper-no-pool"):
        ending.count_by_hand(first, stage.ballot, 1, counted(4, 4))
    ending.count_by_hand(first, stage.ballot, 0, counted(4, 4))
    ending.count_by_hand(first, stage.ballot, 0, counted(4, 4))  # the same person twice is one
    with refused("papers-not-agreed"):
        stage.publish()
    ending.count_by_hand(second, stage.ballot, 0, counted(3, 4, poor=1))
    with refused("papers-not-agreed"):
        stage.publish()
    ending.count_by_hand(second, stage.ballot, 0, counted(4, 4))
    stage.publish()
    found = queries.results(stage.ballot)
    assert (found.collected, found.of("wen").total.votes["good"]) == (7, 7)
    assert check(read_record(queries.record_file(stage.ballot))).faults == []


def test_papers_need_tellers(cast):
    stage = staged(cast)
    stage.open()
    with refused("paper-no-tellers"):
        voting.hand_out_paper(cast.secretary, stage.voters()[0])


# --- slips ------------------------------------------------------------------------------------------------------------


def test_a_slip_votes_once_and_only_its_hash_is_kept(cast):
    stage = staged(cast, roll=[Person(f"群众代表{n}") for n in range(6)])
    stage.open()
    made = services.make_slips(cast.secretary, stage.ballot)
    assert len(made) == 6
    voter, secret = made[0]
    assert voting.voter_of_slip(stage.ballot, secret) == voter
    assert secret not in str(list(Voter.objects.values()))
    assert voting.voter_of_slip(stage.ballot, "another") is None
    assert voting.voter_of_slip(stage.ballot, "") is None
    sealed = stage.paper((0, 0))
    once = voting.cast(voter, sealed, at=LATER, secure=True, by_slip=True)
    again = voting.cast(voter, sealed, at=LATER, secure=True, by_slip=True)  # the answer got lost
    assert (once.sealed, once.turn) == (again.sealed, again.turn)
    with refused("slip-used"):
        voting.cast(voter, stage.paper((1, 1)), at=LATER, secure=True, by_slip=True)
    others = services.make_slips(cast.secretary, stage.ballot)
    assert len(others) == 5  # not for who has voted
    assert voting.voter_of_slip(stage.ballot, made[1][1]) is None  # the new slip ends the old one


def test_slips_are_for_those_without_an_account(cast):
    stage = staged(cast)
    stage.open()
    named = {voter.name for voter, _secret in services.make_slips(cast.secretary, stage.ballot)}
    with_account = {cast.members[n].name for n in (0, 1, 2, 3, 5)}
    assert named == {one.name for one in cast.members[:8]} - with_account
    assert len(services.make_slips(cast.secretary, stage.ballot, everybody=True)) == 8


# --- the schedule -----------------------------------------------------------------------------------------------------


def test_it_opens_and_closes_by_the_clock(cast, settings):
    settings.ALLOWED_HOSTS = ["localhost"]
    stage = staged(cast, opens_at=LATER, closes_at=LATER + timedelta(hours=1))
    stage.seal()
    assert voting.on_time(stage.ballot, at=NOW).state == State.SEALED
    opened = voting.on_time(stage.ballot, at=LATER)
    assert opened.state == State.OPEN
    assert voting.on_time(stage.ballot, at=LATER).state == State.OPEN  # one who looked a moment earlier
    done = voting.on_time(opened, at=LATER + timedelta(hours=1))
    assert (done.state, done.present) == (State.CLOSED, 0)
    entry = JournalEntry.objects.get(verb="close-ballot")
    assert entry.account is None


def test_the_clock_does_not_open_it_without_https(cast, settings):
    settings.ALLOWED_HOSTS, settings.HTTPS = ["zhibu.example.org"], False
    stage = staged(cast, opens_at=LATER)
    stage.seal()
    assert voting.on_time(stage.ballot, at=LATER).state == State.SEALED
    settings.HTTPS = True
    assert voting.on_time(stage.ballot, at=LATER).state == State.OPEN


def test_nobody_voted(cast):
    """An empty box is opened and counted like any other."""
    stage = staged(cast)
    stage.open()
    stage.finish()
    found = queries.results(stage.ballot)
    assert (found.collected, found.absent, found.questions[0].weighted) == (0, 8, None)
    assert check(read_record(queries.record_file(stage.ballot))).faults == []


def test_who_was_there_is_between_those_who_voted_and_the_roll(cast):
    stage = closed_open(cast)
    for present in (3, 9, -1):
        with refused("ballot-present"):
            stage.close(present)
    stage.close(8)


def closed_open(cast):
    stage = staged(cast)
    stage.open()
    for voter in stage.voters()[:4]:
        stage.vote(voter, (0, 0))
    return stage
