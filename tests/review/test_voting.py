"""The season's ballot and overall grade: made once, taken in once, graded by the season's scheme."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.ballots.staging import Keys
from tests.ballots.staging import Stage as Staged
from tests.review.heard import accepted, presented
from tests.review.seasons import AT, ON, entry_of
from zhibu.ballots import ending, services
from zhibu.ballots import queries as ballots
from zhibu.errors import UserError
from zhibu.org.models import JournalEntry
from zhibu.review import overall, voting
from zhibu.review.models import Cycle, Stage
from zhibu.review.voting import Group, Voting
from zhibu.scoring.models import Evaluation, State
from zhibu.scoring.services import Said, save_opinions
from zhibu.scoring.settling import set_level

SHARES = {"good": "100", "fair": "80", "average": "60", "poor": "0"}
PUBLIC = tuple(f"群众{n}" for n in range(1, 7))


def a_ballot(cast, items=()):
    cycle, _entry, leader = presented(cast)
    plan = Voting((Group("领导", "0.6", ("温汝舟",)), Group("群众", "0.4", PUBLIC)), items, SHARES)
    return voting.make_ballot(leader, cycle, plan, cycle.version, at=AT), leader


def staged(cast, ballot, leader):
    """The ballot with its scrutineers, sealed and open."""
    watching = cast.members[1:4]
    if not ballot.officials.exists():
        services.name_officials(leader, ballot, watching, at=AT)
    stage = Staged(leader, ballot, watching, [Keys() for _one in watching])
    stage.reload()
    stage.open()
    return stage


def counted(cast, ballot, leader, choices):
    """The ballot voted and published: every voter votes the same for each line."""
    stage = staged(cast, ballot, leader)
    for voter in stage.voters():
        stage.vote(voter, choices)
    stage.finish()
    return ballots.results(stage.reload())


def test_one_ballot_with_a_line_for_each_reporter(cast):
    cycle, leader = a_ballot(cast, ("抓党课质量",))
    plan = ballots.plan(cycle.ballot)
    assert [one.subject for one in plan.questions] == ["闻知远", "闻知远"]
    assert [(one.label, one.weight) for one in plan.categories] == [("领导", "0.6"), ("群众", "0.4")]
    assert [one.name for one in ballots.roll(cycle.ballot)] == ["温汝舟", *PUBLIC]
    with pytest.raises(UserError, match="已经有测评"):
        voting.make_ballot(leader, cycle, Voting((), (), SHARES), cycle.version, at=AT)
    with pytest.raises(UserError, match="还没有公布结果"):
        voting.take_result(leader, cycle, at=AT)


def test_a_void_ballot_is_followed_by_the_one_made_in_its_place(cast):
    cycle, leader = a_ballot(cast)
    ballot = staged(cast, cycle.ballot, leader).reload()
    ballot = ending.void_ballot(leader, ballot, "监票人的密钥丢了", at=AT)
    with pytest.raises(UserError, match="还没有公布结果"):
        voting.take_result(leader, cycle, at=AT)
    fresh = ending.vote_again(leader, ballot, at=AT)
    assert voting.ballot_of(cycle) == fresh
    results = counted(cast, fresh, leader, (0,))
    assert voting.received(cycle) == results.collected
    (entry,) = voting.take_result(leader, cycle, at=AT)
    assert entry.stage == Stage.VOTED
    assert str(fresh.pk) in voting.votes_of(cycle, fresh, results, entry)["overall"].url


def test_shares_that_rise_from_good_to_poor_are_refused(cast):
    cycle, _entry, leader = presented(cast)
    plan = Voting((Group("群众", "1", PUBLIC),), (), SHARES | {"fair": "101"})
    with pytest.raises(UserError, match="得分率"):
        voting.make_ballot(leader, cycle, plan, cycle.version, at=AT)


def graded(cast, choices=(0,)):
    """The branch's secretary voted on and his evaluation begun."""
    cycle, leader = a_ballot(cast)
    results = counted(cast, cycle.ballot, leader, choices)
    Cycle.objects.filter(pk=cycle.pk).update(scheme="report-grade")
    cycle = Cycle.objects.select_related("organization", "ballot").get(pk=cycle.pk)
    assert [one.stage for one in voting.take_result(leader, cycle, at=AT)] == [Stage.VOTED]
    overall.begin(leader, cycle, at=AT)
    return cycle, leader, results


def test_the_vote_counts_in_the_grade(cast):
    cycle, _leader, results = graded(cast, (1,))
    entry = entry_of(cycle, cast.branch)
    assert voting.votes_of(cycle, cycle.ballot, results, entry)["overall"].share == Fraction(4, 5)
    assert entry.evaluation.ballots["overall"]["share"] == "4/5"
    assert entry.evaluation.since is None


def test_frozen_published_and_then_graded(cast):
    cycle, leader, _results = graded(cast)
    evaluation = Evaluation.objects.get()
    said = {"superior": Said("good"), "made-up": Said("clear"), "criticized": Said("none")}
    save_opinions(leader, evaluation, said, evaluation.version, ON, at=AT)
    assert overall.freeze(leader, cycle, ON, at=AT) == 1
    evaluation.refresh_from_db()
    set_level(leader, evaluation, "较好", "会议研究决定", evaluation.version, ON, at=AT)
    assert overall.publish(leader, cycle, ON, at=AT) == 1
    assert entry_of(cycle, cast.branch).stage == Stage.GRADED
    with pytest.raises(UserError, match="异议期"):
        overall.close(leader, cycle, ON, at=AT)
    assert overall.close(leader, cycle, ON + timedelta(days=60), at=AT) == 1
    assert Evaluation.objects.get().state == State.CLOSED
    assert JournalEntry.objects.filter(verb="season-graded").count() == 1


def test_no_scheme_no_grade(cast):
    cycle, _entry, leader = accepted(cast)
    with pytest.raises(UserError, match="选定评述职的评价办法"):
        overall.begin(leader, cycle, at=AT)


# --- pages -----------------------------------------------------------------------------------------------------------


def test_the_ballot_is_made_and_shows_only_how_many_came_in(cast, as_):
    cycle, _entry, leader = presented(cast)
    address = f"/review/GW/{cycle.pk}/ballot/"
    client = as_(leader)
    assert "测评1人" in client.get(address).content.decode()
    form = {"version": cycle.version, "label-1": "群众", "weight-1": "1", "names-1": "\n".join(PUBLIC)}
    form |= {f"share-{slug}": share for slug, share in SHARES.items()}
    bad = client.post(address, form | {"weight-1": "重"})
    assert bad.status_code == 422
    assert "群众3" in bad.content.decode()
    answer = client.post(address, form)
    cycle.refresh_from_db()
    assert answer.headers["Location"] == f"/ballots/GW/{cycle.ballot_id}/officials/"
    shown = client.get(address).content.decode()
    assert "名册6人，已收到0张票" in shown
    assert "群众3" not in shown
    assert client.post(address).status_code == 422


def test_the_grades_page_begins_freezes_and_publishes(cast, as_):
    cycle, _entry, leader = accepted(cast)
    Cycle.objects.filter(pk=cycle.pk).update(scheme="report-grade")
    address, client = f"/review/GW/{cycle.pk}/grades/", as_(leader)
    assert client.post(address, {"act": "begin"}).status_code == 302
    assert "核定得分" in client.get(address).content.decode()
    assert client.post(address, {"act": "freeze"}).status_code == 302
    refused = client.post(address, {"act": "publish"})
    assert refused.status_code == 422
    assert "没有定等次" in refused.content.decode()
    assert client.post(address, {"act": "nothing"}).status_code == 404
    assert client.post(address, {"act": "freeze"}).status_code == 422


@pytest.mark.parametrize("who", ["secretary", "member", "outsider"])
@pytest.mark.parametrize("page", ["ballot", "grades"])
def test_only_who_leads_the_season(cast, as_, who, page):
    cycle, _entry, leader = presented(cast)
    Cycle.objects.filter(pk=cycle.pk).update(scheme="report-grade")
    overall.begin(leader, Cycle.objects.get(pk=cycle.pk), at=AT)
    client = as_(getattr(cast, who))
    answer = client.get(f"/review/GW/{cycle.pk}/{page}/")
    assert answer.status_code in (403, 404)
    assert "拟定等次" not in answer.content.decode()
    assert client.post(f"/review/GW/{cycle.pk}/{page}/", {"act": "freeze"}).status_code in (403, 404)


def test_as_many_queries_whatever_the_number_of_evaluations(cast, as_):
    cycle, _entry, leader = presented(cast)
    Cycle.objects.filter(pk=cycle.pk).update(scheme="report-grade")
    overall.begin(leader, Cycle.objects.get(pk=cycle.pk), at=AT)
    client, address = as_(leader), f"/review/GW/{cycle.pk}/grades/"
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    other = cycle.entries.get(organization=cast.other)
    other.stage = Stage.ACCEPTED
    other.save()
    overall.begin(leader, Cycle.objects.get(pk=cycle.pk), at=AT)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) <= len(few)
