"""Prepared, agreed, signed, submitted; changed with a reason, late, withdrawn; nobody signs or agrees for another."""

from __future__ import annotations

import hashlib
from datetime import date

import pytest

from tests.reports.year import a_report
from tests.review.seasons import AT, ON, a_cycle, a_leader, entry_of, submitted, told_to
from zhibu.errors import UserError
from zhibu.reports.models import Report
from zhibu.review import handing_in, reading, season, steps
from zhibu.review.models import Stage, Submission

LATER = date(2026, 1, 16)


def test_a_report_is_frozen_with_its_hash_and_data(cast):
    cycle = a_cycle(cast)
    made = submitted(cast, cycle)
    assert made.digest == hashlib.sha256(made.text.encode()).hexdigest()
    assert made.snapshot == Report.objects.get().snapshot
    assert (made.late, entry_of(cycle, cast.branch).stage) == (False, Stage.SUBMITTED)
    assert "水文站党支部提交了闻知远的述职报告" in told_to(cast.clerk)


def test_after_the_day_it_is_taken_and_says_so(cast):
    assert submitted(cast, a_cycle(cast), LATER).late


def test_what_came_in_time_and_was_returned_is_not_late_when_it_comes_again(cast):
    cycle = a_cycle(cast)
    first = submitted(cast, cycle)
    entry = entry_of(cycle, cast.branch)
    reading.return_report(a_leader(cast), first, "请补写", entry.version, LATER, at=AT)
    assert steps.late(entry_of(cycle, cast.branch).stage, steps.days_of(cycle.days), LATER) is None
    second = handing_in.prepare(cast.secretary, entry, Report.objects.get(), "补写了整改", at=AT)
    handing_in.agree(cast.deputy, second, at=AT)
    handing_in.sign(cast.secretary, second, at=AT)
    assert not handing_in.submit(cast.secretary, second, LATER, at=AT).late


def test_the_reporter_does_not_agree_to_his_own_report(cast):
    made = handing_in.prepare(cast.secretary, entry_of(a_cycle(cast), cast.branch), a_report(cast), at=AT)
    with pytest.raises(UserError, match="不能审议自己"):
        handing_in.agree(cast.secretary, made, at=AT)
    with pytest.raises(UserError, match="先由支部委员会审议"):
        handing_in.sign(cast.secretary, made, at=AT)


def test_nobody_signs_for_the_reporter_but_may_note_his_signature_on_paper(cast):
    made = handing_in.prepare(cast.secretary, entry_of(a_cycle(cast), cast.branch), a_report(cast), at=AT)
    handing_in.agree(cast.deputy, made, at=AT)
    with pytest.raises(UserError, match="只能由述职人本人签字"):
        handing_in.sign(cast.deputy, made, at=AT)
    with pytest.raises(UserError, match="请述职人签字后再提交"):
        handing_in.submit(cast.deputy, made, ON, at=AT)
    assert handing_in.sign(cast.deputy, made, at=AT, on_paper=True).on_paper


def test_a_change_after_submission_is_a_new_version_with_a_reason(cast):
    cycle = a_cycle(cast)
    first = submitted(cast, cycle)
    entry, report = entry_of(cycle, cast.branch), Report.objects.get()
    with pytest.raises(UserError, match="请写明理由"):
        handing_in.prepare(cast.secretary, entry, report, at=AT)
    second = handing_in.prepare(cast.secretary, entry, report, "更正一处数字", at=AT)
    first.refresh_from_db()
    assert (second.number, first.in_force, second.in_force) == (2, True, False)


def test_what_was_only_prepared_is_prepared_anew(cast):
    entry, report = entry_of(a_cycle(cast), cast.branch), a_report(cast)
    old = handing_in.prepare(cast.secretary, entry, report, at=AT)
    handing_in.prepare(cast.secretary, entry, report, at=AT)
    assert Submission.objects.count() == 1
    with pytest.raises(UserError, match="被新的一稿代替"):
        handing_in.agree(cast.deputy, old, at=AT)


def test_withdrawn_before_the_day_and_not_after(cast):
    cycle = a_cycle(cast)
    made = submitted(cast, cycle)
    with pytest.raises(UserError, match="截止日已过"):
        handing_in.withdraw(cast.secretary, made, "要补充", LATER, at=AT)
    handing_in.withdraw(cast.secretary, made, "要补充", ON, at=AT)
    assert entry_of(cycle, cast.branch).stage == Stage.WAITING
    with pytest.raises(UserError, match="现在不能撤回"):
        handing_in.withdraw(cast.secretary, made, "要补充", ON, at=AT)


def test_another_persons_report_and_another_years_are_refused(cast):
    cycle = a_cycle(cast)
    report = a_report(cast)
    with pytest.raises(UserError, match="不是该述职人的"):
        handing_in.prepare(cast.outsider, entry_of(cycle, cast.other), report, at=AT)
    report.year = 2024
    with pytest.raises(UserError, match="这是2024年的报告"):
        handing_in.prepare(cast.secretary, entry_of(cycle, cast.branch), report, at=AT)


def test_a_text_from_outside_rests_on_no_records(cast):
    entry = entry_of(a_cycle(cast), cast.other)
    made = handing_in.prepare_file(cast.outsider, entry, "述职报告", "各位领导：\n我述职如下。", None, at=AT)
    assert (made.snapshot, made.body) == (None, {})
    with pytest.raises(UserError, match="请选择一个文件"):
        handing_in.prepare_file(cast.outsider, entry, "述职报告", " \n", None, at=AT)


def test_nothing_is_handed_in_while_the_season_is_paused_or_after_he_spoke(cast):
    cycle = a_cycle(cast)
    season.pause_cycle(cast.clerk, cycle, "上级通知推迟", cycle.version)
    with pytest.raises(UserError, match="暂停"):
        handing_in.prepare(cast.secretary, entry_of(cycle, cast.branch), a_report(cast), at=AT)
    cycle.refresh_from_db()
    season.resume_cycle(cast.clerk, cycle, cycle.version)
    cycle.entries.update(stage=Stage.PRESENTED)
    with pytest.raises(UserError, match="已经述职"):
        handing_in.prepare(cast.secretary, entry_of(cycle, cast.branch), Report.objects.get(), at=AT)
