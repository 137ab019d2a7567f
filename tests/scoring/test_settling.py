"""Level, limits, publication, objection, final, opened again."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from tests.conftest import _organization
from tests.scoring.conftest import DAY, NOW, REPORT, another_clerk, graded, opinion, reload, reported, tried
from tests.scoring.test_services import code_of
from zhibu.errors import UserError
from zhibu.notices.models import Notice
from zhibu.org.models import JournalEntry
from zhibu.scoring import access, grading, queries, services, settling
from zhibu.scoring.grading import Part, Vote
from zhibu.scoring.models import Evaluation, Objection, Ranking, State
from zhibu.scoring.reading import load_schemes
from zhibu.scoring.services import Found

NEXT = DAY + timedelta(days=30)


def one(cast, share="43/50"):
    [first] = reported(cast, Part(cast.branch, cast.secretary.member))
    return graded(cast.clerk, first, share)


def level(actor, evaluation, label, reason=""):
    current = reload(evaluation)
    return settling.set_level(actor, current, label, reason, current.version, DAY, at=NOW)


def published(cast, label="较好"):
    """Nothing was recorded in the year: vote and opinion give 一般."""
    level(cast.clerk, (done := one(cast)), label, "年中接任，情况特殊")
    settling.publish(cast.clerk, cast.committee, [done.pk], DAY, at=NOW)
    return reload(done)


def test_the_proposed_level_counts_until_it_is_changed_with_a_reason(cast):
    done = one(cast)
    grade = queries.grades_of([done], DAY)[done.pk]
    assert (grade.proposed.label, grade.level, grade.changed) == ("一般", "一般", False)
    with pytest.raises(UserError, match="写明理由"):
        level(cast.clerk, done, "较好", "  ")
    with pytest.raises(UserError, match="没有“优秀”"):
        level(cast.clerk, done, "优秀", "很好")
    level(cast.clerk, done, "较好", "年中接任，情况特殊")
    grade = queries.grades_of([reload(done)], DAY)[done.pk]
    assert (grade.proposed.label, grade.level, grade.changed) == ("一般", "较好", True)
    entry = JournalEntry.objects.get(verb="set-level")
    assert entry.data == {"before": "一般", "proposed": "一般", "reason": "年中接任，情况特殊"}
    level(cast.clerk, done, "一般")
    assert reload(done).level_reason == ""


def test_what_the_level_was_set_upon_changes_and_it_is_set_anew(cast):
    done = one(cast)
    for change in (
        lambda: grading.set_ballots(cast.clerk, {done.pk: {"overall": Vote(None)}}, at=NOW),
        lambda: opinion(cast.clerk, done, superior="fair"),
        lambda: services.save_findings(
            cast.clerk,
            reload(done),
            {"lectures": Found(False, Decimal(8), "另有记录")},
            reload(done).version,
            DAY,
            at=NOW,
        ),
    ):
        level(cast.clerk, done, "较好", "年中接任，情况特殊")
        change()
        assert (reload(done).level, reload(done).level_reason) == ("", "")


def test_nobody_sets_the_level_of_his_own_branch_or_of_himself(cast):
    done = one(cast)
    for account in (cast.secretary, cast.outsider, cast.member):
        assert code_of(settling.set_level, account, done, "好", "好", done.version, DAY, at=NOW) == (
            "evaluation-settle-own"
        )
    Evaluation.objects.filter(pk=done.pk).update(member=cast.clerk.member)
    assert not access.may_settle(cast.clerk, reload(done), DAY)


def test_a_veto_leaves_the_lowest_level(cast):
    done = one(cast)
    opinion(cast.clerk, done, made_up="made-up")
    assert queries.grades_of([reload(done)], DAY)[done.pk].total.struck == ("made-up",)
    with pytest.raises(UserError, match="只能定为“差”"):
        level(cast.clerk, done, "一般", "情有可原")


def test_while_the_sum_is_a_range_the_committee_says_which_level_and_why(cast):
    [first] = reported(cast, Part(cast.branch, cast.secretary.member))
    grading.freeze(cast.clerk, [first.pk], DAY, at=NOW)
    grade = queries.grades_of([reload(first)], DAY)[first.pk]
    assert (grade.proposed, grade.level) == (None, "")
    publish = settling.publish
    assert code_of(publish, cast.clerk, cast.committee, [first.pk], DAY, at=NOW) == "evaluation-levels-open"
    assert code_of(level, cast.clerk, first, "差") == "evaluation-level-reason"
    level(cast.clerk, first, "差", "没有参加述职评议会")
    assert publish(cast.clerk, cast.committee, [first.pk], DAY, at=NOW)[0].state == State.PUBLISHED


def test_limits_are_those_of_the_whole_round(cast):
    third = _organization(cast.committee, "GW-03", "青禾县气象局党支部", "branch")
    judge = another_clerk(cast)
    rows = reported(
        cast, Part(cast.branch, cast.secretary.member), Part(cast.other, cast.outsider.member),
        Part(third, cast.deputy.member),
    )  # fmt: skip
    for each in rows[:2]:
        level(judge, graded(judge, each), "好", "成绩突出")
    publish, keys = settling.publish, [each.pk for each in rows]
    with pytest.raises(UserError, match="还没有核定的有1个：青禾县气象局党支部"):
        publish(judge, cast.committee, keys[:2], DAY, at=NOW)
    level(judge, graded(judge, rows[2]), "一般", "台账不全")
    with pytest.raises(UserError) as refused:
        publish(judge, cast.committee, keys, DAY, at=NOW)
    assert str(refused.value) == ("“好”不超过30%，一共3个，最多0个，现有2个：青禾县水文站党支部、青禾县档案馆党支部。")
    assert {reload(each).state for each in rows} == {State.VERIFIED}
    for each in rows[:2]:
        level(judge, each, "较好", "比例所限")
    assert len(publish(judge, cast.committee, keys, DAY, at=NOW)) == 3
    # One result set anew is counted with those that stand.
    secretary = another_clerk(cast, "secretary")
    settling.reopen(secretary, reload(rows[0]), "核算有误", reload(rows[0]).version, DAY, at=NOW)
    level(judge, rows[0], "好", "成绩突出")
    assert code_of(publish, judge, cast.committee, keys[:1], DAY, at=NOW) == "evaluation-limit"


def test_how_often_a_level_may_be_given():
    scheme, _data = load_schemes()[REPORT]
    assert settling.exceeding(scheme, ["好"] * 3 + ["较好"] * 7) == []
    assert settling.exceeding(scheme, ["好"] * 3 + ["较好"] * 6) == [("好", 3, 2)]
    assert settling.exceeding(scheme, ["较好"] * 9) == []


def test_the_body_is_told_and_may_object(cast):
    done = published(cast)
    assert (done.state, done.level, done.objection_until) == (State.PUBLISHED, "较好", date(2025, 3, 27))
    assert {notice.account for notice in Notice.objects.all()} == {cast.secretary}
    assert JournalEntry.objects.get(verb="publish-evaluation").data["level"] == "较好"
    assert access.may_object(cast.secretary, done, DAY)
    assert access.may_object(cast.deputy, done, DAY)
    for account in (cast.member, cast.outsider, cast.clerk):
        assert not access.may_object(account, done, DAY)
    assert code_of(settling.object_to, cast.secretary, done, " ", DAY, at=NOW) == "objection-empty"
    assert code_of(settling.object_to, cast.secretary, done, "长" * 501, DAY, at=NOW) == "objection-long"
    assert code_of(settling.object_to, cast.member, done, "不同意", DAY, at=NOW) == "objection-late"
    assert code_of(settling.object_to, cast.secretary, done, "迟", date(2025, 3, 28), at=NOW) == "objection-late"
    settling.object_to(cast.secretary, done, "党课次数少算一次", date(2025, 3, 27), at=NOW)
    assert JournalEntry.objects.get(verb="object-evaluation").summary == "党课次数少算一次"


def test_an_objection_is_answered_before_it_is_final(cast):
    done = published(cast)
    close = settling.close_evaluations
    assert code_of(close, cast.clerk, [done.pk], DAY, at=NOW) == "objection-time"
    row = settling.object_to(cast.secretary, done, "党课次数少算一次", DAY, at=NOW)
    assert code_of(close, cast.clerk, [done.pk], NEXT, at=NOW) == "objection-open"
    answer = settling.answer_objection
    assert code_of(answer, cast.clerk, row, "  ", False, NEXT, at=NOW) == "objection-no-answer"
    for account in (cast.secretary, cast.outsider):
        assert code_of(answer, account, row, "不采纳", False, NEXT, at=NOW) == "objection-own"
    answer(cast.clerk, row, "已核对，次数无误。", False, NEXT, at=NOW)
    assert code_of(answer, cast.clerk, row, "再答一次", True, NEXT, at=NOW) == "objection-own"
    assert Notice.objects.filter(account=cast.secretary).count() == 2
    assert code_of(close, cast.secretary, [done.pk], NEXT, at=NOW) == "evaluation-settle-own"
    [final] = close(cast.clerk, [done.pk], NEXT, at=NOW)
    assert (final.state, final.level) == (State.CLOSED, "较好")


def test_upheld_the_result_is_set_and_published_anew(cast):
    done = published(cast)
    row = settling.object_to(cast.secretary, done, "党课次数少算一次", DAY, at=NOW)
    back = settling.answer_objection(cast.clerk, row, "采纳，重新核定。", True, DAY, at=NOW)
    assert (back.state, back.level) == (State.VERIFIED, "")
    level(cast.clerk, back, "较好", "补记一次党课")
    [again] = settling.publish(cast.clerk, cast.committee, [done.pk], NEXT, at=NOW)
    assert (again.level, again.objection_until > NEXT) == ("较好", True)
    assert Objection.objects.get().upheld is True


def test_final_nothing_changes_it(cast):
    done = published(cast)
    settling.close_evaluations(cast.clerk, [done.pk], NEXT, at=NOW)
    final = reload(done)
    before = Evaluation.objects.filter(pk=done.pk).values().get()
    votes, found = {done.pk: {"overall": Vote(None)}}, {"lectures": Found(False, Decimal(8), "另有记录")}
    assert code_of(grading.set_ballots, cast.clerk, votes, at=NOW) == "evaluation-states"
    assert code_of(grading.freeze, cast.clerk, [done.pk], DAY, at=NOW) == "evaluation-states"
    assert code_of(settling.publish, cast.clerk, cast.committee, [done.pk], DAY, at=NOW) == "evaluation-states"
    save = services.save_findings
    assert code_of(save, cast.clerk, final, found, final.version, NEXT, at=NOW) == "evaluation-state"
    assert code_of(opinion, cast.clerk, final, superior="poor") == "evaluation-state"
    assert code_of(level, cast.clerk, final, "好", "好") == "evaluation-state"
    assert code_of(settling.object_to, cast.secretary, final, "不同意", NEXT, at=NOW) == "evaluation-state"
    for act in ("submit", "finish_verification"):
        assert code_of(getattr(services, act), cast.clerk, final, final.version, DAY, at=NOW) == "evaluation-state"
    assert (
        code_of(services.return_evaluation, cast.clerk, final, "退", final.version, DAY, at=NOW) == "evaluation-state"
    )
    assert Evaluation.objects.filter(pk=done.pk).values().get() == before


def test_the_committees_secretary_opens_it_again_with_a_reason(cast):
    done = published(cast)
    settling.close_evaluations(cast.clerk, [done.pk], NEXT, at=NOW)
    final, secretary = reload(done), another_clerk(cast, "secretary")
    assert code_of(settling.reopen, cast.clerk, final, "核算有误", final.version, NEXT, at=NOW) == (
        "reopen-not-secretary"
    )
    assert code_of(settling.reopen, secretary, final, " ", final.version, NEXT, at=NOW) == "reopen-reason"
    again = settling.reopen(secretary, final, "核算有误", final.version, NEXT, at=NOW)
    assert (again.state, again.level, again.closed_at) == (State.VERIFIED, "", None)
    entry = JournalEntry.objects.get(verb="reopen-evaluation")
    assert entry.summary == "核算有误"
    assert entry.data["before"] == {"state": "closed", "level": "较好", "reason": "年中接任，情况特殊"}


def test_the_last_day_is_said_where_the_calendar_is_not_known(cast):
    done, late = one(cast), date(2098, 12, 30)
    publish = settling.publish
    assert code_of(publish, cast.clerk, cast.committee, [done.pk], late, at=NOW) == "evaluation-until"
    soon = date(2098, 12, 31)
    assert code_of(publish, cast.clerk, cast.committee, [done.pk], late, at=NOW, until=soon) == "evaluation-until-early"
    [row] = publish(cast.clerk, cast.committee, [done.pk], late, at=NOW, until=date(2099, 1, 8))
    assert row.objection_until == date(2099, 1, 8)


def test_the_order_is_off_until_it_is_switched_on_and_never_of_persons(cast):
    schemes = load_schemes()
    switch = settling.switch_ranking
    report, bodies = schemes[REPORT][0], schemes["year-end"][0]
    assert code_of(switch, cast.clerk, cast.committee, report, 2024, DAY, wanted=True, at=NOW) == "ranking-of-persons"
    assert code_of(switch, cast.secretary, cast.committee, bodies, 2024, DAY, wanted=True, at=NOW) == (
        "ranking-not-allowed"
    )
    switch(cast.clerk, cast.committee, bodies, 2024, DAY, wanted=True, at=NOW)
    switch(cast.clerk, cast.committee, bodies, 2024, DAY, wanted=True, at=NOW)
    assert Ranking.objects.count() == JournalEntry.objects.filter(verb="rank-on").count() == 1
    switch(cast.clerk, cast.committee, bodies, 2024, DAY, wanted=False, at=NOW)
    assert not Ranking.objects.exists()
    assert JournalEntry.objects.filter(verb="rank-off").count() == 1


def test_one_evaluation_of_each_is_enforced_by_the_database(cast):
    [body] = tried(cast)
    [report] = reported(cast, Part(cast.branch, cast.secretary.member))
    for row in (body, report):
        row.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)
