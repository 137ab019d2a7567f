"""Read, commented on, returned, accepted: by people of the committee who are not of the reporting body."""

from __future__ import annotations

import pytest

from tests.review.seasons import AT, ON, a_cycle, a_leader, entry_of, submitted, told_to
from zhibu.errors import UserError
from zhibu.reports.models import Report
from zhibu.review import handing_in, reading
from zhibu.review.models import Remark, Stage
from zhibu.review.reading import Place


@pytest.fixture
def handed_in(cast):
    return submitted(cast, a_cycle(cast))


def version(submission):
    submission.entry.refresh_from_db()
    return submission.entry.version


def test_a_person_reads_once(cast, handed_in):
    reading.mark_read(cast.clerk, handed_in, ON, at=AT)
    reading.mark_read(cast.clerk, handed_in, ON, at=AT)
    assert [str(row.by) for row in Remark.objects.filter(verb="read")] == ["池砚秋"]


def test_a_comment_keeps_its_place_and_words(cast, handed_in):
    start = handed_in.text.index("党员大会")
    made = reading.comment(cast.clerk, handed_in, "次数与台账核对", Place(start, start + 4), ON, at=AT)
    assert (made.excerpt, made.start) == ("党员大会", start)
    with pytest.raises(UserError, match="找不到这处文字"):
        reading.comment(cast.clerk, handed_in, "越界", Place(5, 10**6), ON, at=AT)
    assert reading.settle(cast.clerk, made, ON, at=AT).settled_by == cast.clerk


def test_a_report_nobody_read_does_not_pass(cast, handed_in):
    with pytest.raises(UserError, match="还没有人阅过"):
        reading.accept(cast.clerk, handed_in, version(handed_in), ON, at=AT)
    reading.mark_read(cast.clerk, handed_in, ON, at=AT)
    assert reading.accept(cast.clerk, handed_in, version(handed_in), ON, at=AT).stage == Stage.ACCEPTED


def test_two_reviewers_do_not_overwrite_each_other(cast, handed_in):
    leader, seen = a_leader(cast), version(handed_in)
    reading.return_report(leader, handed_in, "第三部分与去年相同", seen, ON, at=AT)
    with pytest.raises(UserError, match="有人办理过"):
        reading.return_report(cast.clerk, handed_in, "字数不够", seen, ON, at=AT)
    assert [row.text for row in Remark.objects.filter(verb="return")] == ["第三部分与去年相同"]
    assert "第三部分与去年相同" in told_to(cast.secretary)


def test_nobody_judges_a_report_of_his_own_body(cast):
    cycle = a_cycle(cast)
    entry = entry_of(cycle, cast.other)  # the clerk is a member of this branch
    made = handing_in.prepare_file(cast.outsider, entry, "述职报告", "各位领导：\n我述职如下。", None, at=AT)
    handing_in.sign(cast.outsider, _agreed(cast, made), at=AT)
    handing_in.submit(cast.outsider, made, ON, at=AT)
    for who in (cast.clerk, cast.outsider, cast.secretary, cast.member):
        with pytest.raises(UserError, match="本人或本组织"):
            reading.mark_read(who, made, ON, at=AT)
    assert not Remark.objects.exists()


def _agreed(cast, submission):
    return handing_in.agree(cast.deputy, submission, at=AT)


def test_an_overtaken_version_cannot_be_decided(cast, handed_in):
    entry = handed_in.entry
    second = handing_in.prepare(cast.secretary, entry, Report.objects.get(), "更正数字", at=AT)
    handing_in.agree(cast.deputy, second, at=AT)
    handing_in.sign(cast.secretary, second, at=AT)
    handing_in.submit(cast.secretary, second, ON, at=AT)
    with pytest.raises(UserError, match="请看最新的一稿"):
        reading.comment(cast.clerk, handed_in, "看旧稿写的", None, ON, at=AT)
