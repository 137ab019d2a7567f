"""The verbs: what they write, what they note, and what they refuse with which sentence."""

from datetime import date

import pytest

from zhibu.errors import UserError
from zhibu.org import services
from zhibu.org.journal import note
from zhibu.org.models import JournalEntry, Member, Organization, Post
from zhibu.org.queries import members_on, secretary_on

TODAY = date(2025, 6, 1)


def refused(refusal, call, /, *args, **kwargs):
    """The call is refused with that code and leaves no trace in the journal."""
    before = JournalEntry.objects.count()
    with pytest.raises(UserError) as caught:
        call(*args, **kwargs)
    assert caught.value.code == refusal, str(caught.value)
    assert JournalEntry.objects.count() == before
    return str(caught.value)


def add(cast, **fields):
    values = {"name": "沈拾光", "status": "full", "since": date(2025, 2, 1), "today": TODAY, **fields}
    return services.add_member(cast.secretary, cast.branch, **values)


def test_a_new_member_gets_the_next_number_and_a_line_in_the_journal(cast):
    member = add(cast, cell=cast.cell)
    assert member.number == "010"
    assert member in members_on(cast.branch, date(2025, 2, 1))
    assert member not in members_on(cast.branch, date(2025, 1, 31))
    entry = JournalEntry.objects.get()
    assert (entry.account, entry.verb, entry.object_id) == (cast.secretary, "add-member", str(member.pk))
    assert entry.data == {"status": "full", "since": "2025-02-01"}


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("date-in-future", {"since": date(2025, 6, 2)}),
        ("before-founding", {"since": date(2019, 1, 9)}),
        ("number-taken", {"number": "003"}),
        ("namesake", {"name": "温汝舟"}),
        ("joined-too-young", {"born": date(2000, 5, 1), "joined": date(2018, 4, 30)}),
        ("confirmed-before-joined", {"joined": date(2020, 7, 1), "confirmed": date(2020, 7, 1)}),
    ],
)
def test_a_member_who_cannot_be_is_refused(cast, code, fields):
    refused(code, add, cast, **fields)
    assert Member.objects.count() == 11


def test_the_same_identity_is_refused_without_telling_where_it_is_known(cast):
    Member.objects.filter(organization=cast.other, number="001").update(identity_digest="d" * 64)
    sentence = refused("identity-known", add, cast, identity_digest="d" * 64)
    assert "阮青岚" not in sentence
    assert "档案馆" not in sentence


def test_a_namesake_is_taken_when_said_so(cast):
    assert add(cast, name="温汝舟", namesake=True).number == "010"


def change(cast, member, status, since, **more):
    return services.change_status(cast.secretary, member, status=status, since=since, today=TODAY, **more)


def test_confirmation_closes_the_span_before_and_dates_the_member(cast):
    probationary = cast.members[8]
    Member.objects.filter(pk=probationary.pk).update(confirmed=None)
    change(cast, probationary, "full", date(2025, 3, 1))
    spans = [(row.status, row.since, row.until) for row in probationary.statuses.all()]
    assert spans == [
        ("probationary", date(2019, 1, 10), date(2025, 3, 1)),
        ("full", date(2025, 3, 1), None),
    ]
    probationary.refresh_from_db()
    assert probationary.confirmed == date(2025, 3, 1)


def test_spans_never_overlap(cast):
    member = cast.members[5]
    change(cast, member, "suspended", date(2025, 3, 1))
    refused("status-overlap", change, cast, member, "full", date(2025, 3, 1))
    refused("status-overlap", change, cast, member, "full", date(2025, 2, 1))
    refused("status-not-possible", change, cast, member, "probationary", date(2025, 4, 1))
    refused("date-in-future", change, cast, member, "full", date(2025, 6, 2))


def test_who_leaves_loses_the_posts(cast):
    secretary = cast.members[0]
    change(cast, secretary, "transferred", date(2025, 5, 1), reason="调动")
    assert secretary.posts.get().until == date(2025, 5, 1)
    assert secretary_on(cast.branch, date(2025, 4, 30)) == secretary
    assert secretary_on(cast.branch, date(2025, 5, 1)) is None


def test_a_transfer_carries_the_file_to_the_other_branch(cast):
    member = cast.members[5]
    Member.objects.filter(pk=cast.members[0].pk).update(number="099")
    Member.objects.filter(pk=member.pk).update(number="001")  # taken there
    change(cast, member, "transferred", date(2025, 5, 1), destination=cast.other)
    member.refresh_from_db()
    assert (member.organization, member.number) == (cast.other, "003")
    assert member in members_on(cast.branch, date(2025, 4, 30))
    assert member not in members_on(cast.branch, date(2025, 5, 1))
    assert member in members_on(cast.other, date(2025, 5, 1))
    assert set(JournalEntry.objects.values_list("verb", "organization__code")) == {
        ("change-status", "GW-01"),
        ("receive-member", "GW-02"),
    }


def test_a_failed_transfer_leaves_everything_as_it_was(cast):
    member = cast.members[5]
    Organization.objects.filter(pk=cast.other.pk).update(founded=date(2025, 5, 20))
    cast.other.refresh_from_db()
    refused("before-founding", change, cast, member, "transferred", date(2025, 5, 1), destination=cast.other)
    assert member.statuses.get().until is None


def test_a_mistaken_change_is_taken_back(cast):
    member = cast.members[5]
    change(cast, member, "suspended", date(2025, 3, 1))
    services.take_back_status(cast.secretary, member)
    assert [(row.status, row.until) for row in member.statuses.all()] == [("full", None)]
    refused("nothing-to-take-back", services.take_back_status, cast.secretary, member)


def test_a_confirmation_taken_back_leaves_no_day_of_confirmation(cast):
    member = cast.members[8]
    Member.objects.filter(pk=member.pk).update(confirmed=None)
    for day in (date(2025, 3, 1), date(2025, 4, 1)):
        services.change_status(cast.secretary, member, status="full", since=day, today=TODAY)
        assert Member.objects.get(pk=member.pk).confirmed == day
        services.take_back_status(cast.secretary, member)
        assert Member.objects.get(pk=member.pk).confirmed is None


def test_who_was_received_back_is_not_sent_nowhere(cast):
    member, moved = cast.members[5], {"status": "transferred", "today": TODAY}
    services.change_status(cast.clerk, member, since=date(2025, 3, 1), destination=cast.other, **moved)
    services.change_status(cast.clerk, member, since=date(2025, 4, 1), destination=cast.branch, **moved)
    refused("transfer-stands", services.take_back_status, cast.secretary, member)
    assert member in members_on(cast.branch, TODAY)


def test_a_move_to_a_cell_keeps_the_status(cast):
    member = cast.members[5]
    services.move_to_cell(cast.secretary, member, cell=cast.cell, since=date(2025, 3, 1), today=TODAY)
    assert [m.pk for m in members_on(cast.cell, date(2025, 3, 1))] == [member.pk]
    assert not members_on(cast.cell, date(2025, 2, 28))
    elsewhere = Organization.objects.add_child(
        cast.other, {"code": "GW-02-1", "name": "组", "kind": "cell", "founded": date(2020, 1, 1)}
    )
    move = services.move_to_cell
    refused("cell-elsewhere", move, cast.secretary, member, cell=elsewhere, since=TODAY, today=TODAY)


def assign(cast, member, title, since=date(2025, 2, 1), organization=None, **more):
    body = organization or cast.branch
    return services.assign_post(cast.secretary, body, member, title=title, since=since, today=TODAY, **more)


def test_a_post_has_a_term_and_an_end(cast):
    post = assign(cast, cast.members[5], "committee-member", term_ends=date(2027, 3, 1))
    services.end_post(cast.secretary, post, until=date(2025, 5, 1), today=TODAY)
    refused("post-ended", services.end_post, cast.secretary, post, until=date(2025, 5, 2), today=TODAY)
    assert [entry.verb for entry in JournalEntry.objects.order_by("id")] == ["assign-post", "end-post"]


def test_posts_that_cannot_be_are_refused(cast):
    members = cast.members
    refused("post-before-membership", assign, cast, members[5], "clerk", date(2019, 1, 9))
    refused("post-needs-full-member", assign, cast, members[8], "publicity-member")
    refused("post-taken", assign, cast, members[5], "secretary")
    refused("post-overlap", assign, cast, members[3], "publicity-member")
    refused("no-such-post", assign, cast, members[5], "group-secretary")
    refused("date-in-future", assign, cast, members[5], "clerk", date(2025, 7, 1))
    refused("term-before-post", assign, cast, members[5], "clerk", term_ends=date(2025, 2, 1))
    outsider = Member.objects.get(name="阮青岚")
    refused("post-before-membership", assign, cast, outsider, "committee-member")
    post = Post.objects.get(member=members[0])
    refused("post-ends-first", services.end_post, cast.secretary, post, until=date(2024, 3, 1), today=TODAY)


def test_bodies_are_founded_where_they_belong(cast):
    found = services.found_organization
    values = {"code": "GW-03", "name": "青禾县气象局党支部", "founded": date(2025, 1, 5), "today": TODAY}
    body = found(cast.clerk, cast.committee, kind="branch", sector="organ", **values)
    assert body.path.startswith(cast.committee.path)
    refused("code-taken", found, cast.clerk, cast.committee, kind="branch", **values)
    refused("code-shape", found, cast.clerk, cast.committee, kind="branch", **{**values, "code": "支部/3"})
    refused("kind-not-below", found, cast.clerk, cast.branch, kind="branch", **{**values, "code": "GW-04"})


def test_a_body_ends_when_it_is_empty(cast):
    end = services.end_organization
    refused("bodies-below", end, cast.clerk, cast.branch, on=date(2025, 5, 1), reason="", today=TODAY)
    end(cast.clerk, cast.cell, on=date(2025, 5, 1), reason="合并", today=TODAY)
    refused("members-left", end, cast.clerk, cast.branch, on=date(2025, 5, 1), reason="", today=TODAY)
    refused("already-ended", end, cast.clerk, cast.cell, on=date(2025, 5, 2), reason="", today=TODAY)


def test_an_edit_notes_which_fields_changed_but_not_the_identity(cast):
    services.edit_member(cast.secretary, cast.members[5], today=TODAY, job="水文观测员", identity_digest="e" * 64)
    entry = JournalEntry.objects.get()
    assert entry.data == {"fields": ["job"]}
    refused("number-taken", services.edit_member, cast.secretary, cast.members[5], today=TODAY, number="001")


@pytest.mark.django_db(transaction=True)
def test_an_entry_needs_the_transaction_of_its_write(cast):
    with pytest.raises(RuntimeError):
        note(cast.secretary, cast.branch, "x", None, "x")
