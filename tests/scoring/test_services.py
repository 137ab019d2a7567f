"""Asking, answering, freezing, verifying by another, settling."""

from datetime import date
from decimal import Decimal

import pytest

from tests.conftest import _account, _member
from tests.ledger.records import hold
from tests.scoring.conftest import DAY, NOW, SLUG, agree_all, answer_all, ask, reload, submitted
from zhibu.errors import UserError
from zhibu.org.models import JournalEntry
from zhibu.scoring import access, queries, services
from zhibu.scoring.models import Evaluation, OwnScheme, State
from zhibu.scoring.points import total
from zhibu.scoring.reading import FOLDER
from zhibu.scoring.services import Found, Said
from zhibu.tasks import services as tasks
from zhibu.tasks.services import Terms

TEXT = (FOLDER / SLUG / "scheme.yaml").read_text(encoding="utf-8")


def code_of(call, *arguments, **more):
    with pytest.raises(UserError) as refused:
        call(*arguments, **more)
    return refused.value.code


def point(evaluation, slug):
    return next(one for one in queries.points_of(reload(evaluation), DAY) if one.slug == slug)


def test_asks_each_body_once(cast):
    first, second = ask(cast, cast.branch, cast.other)
    assert (first.committee, first.state, first.scheme_version) == (cast.committee, State.SELF, 1)
    assert code_of(ask, cast, cast.other) == "evaluation-there"
    assert Evaluation.objects.count() == 2
    assert JournalEntry.objects.filter(verb="begin-evaluation", organization=second.organization).count() == 1


def test_only_bodies_below_that_it_is_for(cast):
    offered = queries.schemes_for(cast.committee)[SLUG]
    assert code_of(ask, cast, cast.cell) == "evaluation-not-for"
    asked = services.ask_evaluations
    assert code_of(asked, cast.clerk, cast.branch, offered, 2024, [cast.other], at=NOW) == "evaluation-not-for"
    assert code_of(asked, cast.clerk, cast.committee, offered, 2024, [], at=NOW) == "evaluation-no-body"
    assert not Evaluation.objects.exists()


def test_the_ledger_fills_in_what_it_knows(cast):
    for month in (2, 5, 8):
        hold(cast, "lecture", date(2024, month, 10))
    [evaluation] = ask(cast)
    lecture = point(evaluation, "lecture")
    assert (lecture.low, len(lecture.records), lecture.asked) == (Decimal(3), 3, False)
    tasks.give_task(cast.clerk, cast.branch, Terms("一件交办的事", due=date(2025, 3, 25)), DAY, at=NOW)
    assert point(evaluation, "decided-done").state == "exempt"


def test_answers_are_kept_and_not_overwritten_unseen(cast):
    [evaluation] = ask(cast)
    read = evaluation.version
    services.save_answers(cast.deputy, evaluation, {"place": Said("poor", "  门  锁着 ")}, read, at=NOW)
    assert reload(evaluation).items.get().note == "门 锁着"
    late = {"place": Said("usable")}
    assert code_of(services.save_answers, cast.secretary, evaluation, late, read, at=NOW) == "evaluation-changed"
    assert point(evaluation, "place").low == 2
    current = reload(evaluation)
    save = services.save_answers
    assert (
        code_of(save, cast.secretary, current, {"place": Said("grand")}, current.version, at=NOW) == "evaluation-choice"
    )
    assert code_of(save, cast.secretary, current, {"throne": Said()}, current.version, at=NOW) == "evaluation-item"
    services.save_answers(cast.secretary, current, {"place": Said("poor", "门 锁着")}, current.version, at=NOW)
    assert JournalEntry.objects.filter(verb="answer-evaluation").count() == 1


def test_nothing_is_handed_in_while_something_is_asked(cast):
    [evaluation] = ask(cast)
    with pytest.raises(UserError, match="活动场所"):
        services.submit(cast.secretary, evaluation, evaluation.version, DAY, at=NOW)
    assert reload(evaluation).state == State.SELF


def test_what_was_handed_in_does_not_move_with_the_ledger(cast):
    evaluation = submitted(cast)
    assert (evaluation.state, evaluation.on, evaluation.snapshot.year) == (State.SUBMITTED, DAY, 2024)
    before = total(queries.points_of(evaluation, DAY), queries.scheme_of(evaluation))
    for month in (1, 4, 7, 10):
        hold(cast, "lecture", date(2024, month, 10))
    after = total(queries.points_of(reload(evaluation), DAY), queries.scheme_of(evaluation))
    assert after == before
    late = {"place": Said("poor")}
    assert (
        code_of(services.save_answers, cast.secretary, evaluation, late, evaluation.version, at=NOW)
        == "evaluation-state"
    )


def test_the_verification_is_by_another(cast):
    evaluation = submitted(cast)
    found = {"place": Found(True)}
    for account in (cast.secretary, cast.deputy, cast.outsider, cast.member):
        assert not access.may_verify(account, evaluation, DAY)
        save = services.save_findings
        assert code_of(save, account, evaluation, found, evaluation.version, DAY, at=NOW) == "evaluation-own"
    assert access.may_verify(cast.clerk, evaluation, DAY)
    # The clerk belongs to the other branch, so that one is not his to verify.
    own = submitted(cast, cast.other, cast.outsider)
    assert not access.may_verify(cast.clerk, own, DAY)


def test_whoever_answered_for_the_body_does_not_verify(cast):
    evaluation = submitted(cast, by=cast.clerk)
    assert not access.may_verify(cast.clerk, evaluation, DAY)
    second = _account("second", _member(cast.other, "009", "岳临川", "secretary", organization=cast.committee))
    assert access.may_verify(second, evaluation, DAY)


def test_a_difference_needs_points_within_bounds_and_a_reason(cast):
    evaluation = submitted(cast)

    def save(found):
        return services.save_findings(cast.clerk, evaluation, found, evaluation.version, DAY, at=NOW)

    for points in (None, Decimal(5), Decimal(-1), Decimal("NaN"), Decimal("Infinity")):
        assert code_of(save, {"place": Found(False, points, "看过")}) == "evaluation-points"
    assert code_of(save, {"place": Found(False, Decimal(1), "  ")}) == "evaluation-no-reason"
    assert code_of(save, {"made-up": Found(False, Decimal(2), "查实")}) == "evaluation-points"
    save({"place": Found(False, Decimal(1), "门锁着")})
    assert (point(evaluation, "place").low, point(evaluation, "place").before) == (1, (4, 4))


def test_it_is_finished_when_all_has_been_looked_at(cast):
    evaluation = submitted(cast)
    finish = services.finish_verification
    assert code_of(finish, cast.clerk, evaluation, evaluation.version, DAY, at=NOW) == "evaluation-unverified"
    evaluation = agree_all(cast.clerk, evaluation)
    done = finish(cast.clerk, evaluation, evaluation.version, DAY, at=NOW)
    assert done.state == State.VERIFIED
    assert JournalEntry.objects.get(verb="finish-verification").data["level"] == "未达标"


def test_what_cannot_be_told_is_not_agreed_to(cast):
    cast.branch.recording_since = date(2024, 7, 1)
    cast.branch.save()
    [evaluation] = ask(cast)
    assert point(evaluation, "lecture").asked
    evaluation = answer_all(cast.secretary, evaluation)
    assert point(evaluation, "lecture").by == "person"
    evaluation = reload(services.submit(cast.secretary, evaluation, evaluation.version, DAY, at=NOW))
    frozen = [one | {"state": "not-yet-due"} if one["slug"] == "lecture" else one for one in evaluation.points]
    Evaluation.objects.filter(pk=evaluation.pk).update(points=frozen)
    found = {"lecture": Found(True)}
    save = services.save_findings
    assert code_of(save, cast.clerk, evaluation, found, evaluation.version, DAY, at=NOW) == "evaluation-unknown"


def test_returned_it_is_the_bodys_again_and_looked_at_anew(cast):
    evaluation = agree_all(cast.clerk, submitted(cast))
    send = services.return_evaluation
    assert code_of(send, cast.clerk, evaluation, " ", evaluation.version, DAY, at=NOW) == "evaluation-return-reason"
    evaluation = reload(send(cast.clerk, evaluation, "场所没有写清", evaluation.version, DAY, at=NOW))
    assert (evaluation.state, evaluation.returned, evaluation.points) == (State.SELF, "场所没有写清", [])
    assert queries.rulings_of(evaluation) == {}
    assert queries.answers_of(evaluation)["place"].choice == "usable"


def test_an_own_scheme_is_checked_versioned_and_does_not_touch_what_began(cast):
    [evaluation] = ask(cast)
    changed = TEXT.replace("全年至少上4次党课", "全年至少上2次党课").replace(
        "{1: 1/4, 2: 1/2, 3: 3/4, 4: 1}", "{1: 1/2, 2: 1}"
    )
    row = services.write_scheme(cast.clerk, cast.committee, SLUG, changed, 2025, at=NOW)
    again = services.write_scheme(cast.clerk, cast.committee, SLUG, changed + "# 再改\n", 2025, at=NOW)
    assert (row.version, again.version) == (1, 2)
    write = services.write_scheme
    assert code_of(write, cast.clerk, cast.committee, SLUG, again.text, 2025, at=NOW) == "scheme-unchanged"
    wrong = changed.replace("total: 100", "total: 90")
    assert code_of(write, cast.clerk, cast.committee, SLUG, wrong, 2025, at=NOW) == "scheme-sum"
    assert OwnScheme.objects.count() == 2
    for month in (2, 5):
        hold(cast, "lecture", date(2024, month, 10))
    assert point(evaluation, "lecture").low == 2
    [new] = ask(cast, cast.other)
    assert new.scheme_version == 2
    assert queries.schemes_for(cast.branch)[SLUG].own == again


def test_many_bodies_take_no_more_queries(cast, django_assert_num_queries):
    first, second = ask(cast, cast.branch, cast.other)
    rows = queries.with_items(Evaluation.objects.order_by("id"))
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        queries.points_of_all(rows.filter(pk=first.pk), DAY)
    with django_assert_num_queries(len(one)):
        queries.points_of_all(rows, DAY)
    assert set(queries.points_of_all(rows, DAY)) == {first.pk, second.pk}


def test_the_party_cells_count_with_their_branch(cast):
    [evaluation] = ask(cast)
    assert {cell.subject for cell in point(evaluation, "cell-meeting").cells} == {cast.cell.code}
