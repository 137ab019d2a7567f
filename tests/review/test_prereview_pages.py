"""把关: what is shown beside the text, comments at a place, return and acceptance, who may not, words that are kept."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.rectify.problems import problem_of
from tests.reports.year import a_report
from tests.review.seasons import AT, ON, a_cycle, a_leader, entry_of, submitted
from tests.review.test_entry_pages import OUTSIDE, address, clock, page  # noqa: F401 (a fixture)
from zhibu.corpus.comparing import compared
from zhibu.corpus.feeds import named
from zhibu.corpus.services import NewText, add_texts
from zhibu.org.models import Account, JournalEntry
from zhibu.reports.editing import rows_of
from zhibu.reports.queries import Text as ReportText
from zhibu.reports.services import save_report
from zhibu.review import handing_in, reading
from zhibu.review.handed import Handed
from zhibu.review.models import Remark, Stage, Submission


def read_of(cycle, body):
    return address(cycle, body, "read/")


def outside(cast, cycle, text=OUTSIDE):
    """The other branch's report, written elsewhere and handed in."""
    made = handing_in.prepare_file(cast.outsider, entry_of(cycle, cast.other), "述职报告", text, None, at=AT)
    Submission.objects.filter(pk=made.pk).update(agreed_at=AT, signed_at=AT)
    made.refresh_from_db()
    return handing_in.submit(cast.outsider, made, ON, at=AT)


def test_the_text_stands_with_findings_records_and_last_years_problems(cast, as_):
    cycle = a_cycle(cast)
    submitted(cast, cycle)
    problem_of(cast, "公开栏更新慢", 2024)
    problem_of(cast, "别的支部的问题", 2024, body=cast.other)
    shown = page(as_(a_leader(cast)), read_of(cycle, cast.branch))
    assert "data-note=" in shown
    assert "个数据有台账依据" in shown
    assert "公开栏更新慢" in shown
    assert "别的支部的问题" not in shown
    assert "还没有人阅过" in shown


def test_read_commented_at_a_place_returned_without_script(cast, as_):
    cycle = a_cycle(cast)
    made = submitted(cast, cycle)
    client, where = as_(a_leader(cast)), read_of(cycle, cast.branch)
    shown = client.get(where)
    row = shown.context["lines"].paragraphs[4]
    said = {"act": "comment", "submission": made.pk, "paragraph": row.key, "text": "这一段请写具体"}
    assert client.post(where, said).status_code == 302
    comment = Remark.objects.get(verb="comment")
    assert (comment.start, comment.end, comment.excerpt) == (row.start, row.end, made.text[row.start : row.end][:200])
    picked = {"act": "comment", "submission": made.pk, "start": row.start, "end": row.start + 4, "text": "这四个字不妥"}
    assert client.post(where, picked).status_code == 302
    assert client.post(where, {"act": "comment", "submission": made.pk, "text": "全文偏长"}).status_code == 302
    shown = page(client, where)
    assert shown.count("note-said") == 3
    assert client.post(where, {"act": "settle", "remark": comment.pk}).status_code == 302
    assert client.post(where, {"act": "read", "submission": made.pk}).status_code == 302
    assert "您已阅过这一稿" in page(client, where)
    version = entry_of(cycle, cast.branch).version
    back = {"act": "return", "submission": made.pk, "version": version, "reason": "次数不实，请核对"}
    assert client.post(where, back).status_code == 302
    assert entry_of(cycle, cast.branch).stage == Stage.RETURNED
    assert "次数不实，请核对" in page(client, where)
    assert 'value="accept"' not in page(client, where)
    assert JournalEntry.objects.filter(verb="return-report").count() == 1


def test_accepted_once_somebody_has_read_it(cast, as_):
    cycle = a_cycle(cast)
    made = submitted(cast, cycle)
    client, where = as_(a_leader(cast)), read_of(cycle, cast.branch)
    take = {"act": "accept", "submission": made.pk, "version": entry_of(cycle, cast.branch).version}
    refused = client.post(where, take)
    assert refused.status_code == 422
    assert "还没有人阅过" in refused.content.decode()
    client.post(where, {"act": "read", "submission": made.pk})
    assert client.post(where, take).status_code == 302
    assert entry_of(cycle, cast.branch).stage == Stage.ACCEPTED


def test_the_second_reviewer_is_told_and_loses_no_word(cast, as_):
    cycle = a_cycle(cast)
    made = submitted(cast, cycle)
    client, where = as_(a_leader(cast)), read_of(cycle, cast.branch)
    stale = {
        "act": "return",
        "submission": made.pk,
        "version": entry_of(cycle, cast.branch).version,
        "reason": "我写的退回理由",
    }
    reading.return_report(_leader(), made, "另一位先退回了", entry_of(cycle, cast.branch).version, ON, at=AT)
    answer = client.post(where, stale)
    assert answer.status_code == 422
    assert "有人办理过" in answer.content.decode()
    assert "另一位先退回了" in answer.content.decode()
    assert "我写的退回理由" in answer.content.decode()


def test_a_comment_on_a_text_that_was_replaced_comes_back(cast, as_):
    cycle = a_cycle(cast)
    made = outside(cast, cycle)
    client, where = as_(a_leader(cast)), read_of(cycle, cast.other)
    second = handing_in.prepare_file(
        cast.outsider, entry_of(cycle, cast.other), "述职报告", f"{OUTSIDE}\n补充。", None, "补充", at=AT
    )
    Submission.objects.filter(pk=second.pk).update(submitted_at=AT, submitted_by=cast.outsider)
    answer = client.post(where, {"act": "comment", "submission": made.pk, "text": "我写了很久的意见"})
    assert answer.status_code == 422
    assert "请看最新的一稿" in answer.content.decode()
    assert "我写了很久的意见" in answer.content.decode()
    assert "第2稿" in answer.content.decode()


@pytest.mark.parametrize(
    "more",
    [
        {"text": ""}, {"text": "长" * 2001}, {"text": "好的", "start": "0", "end": "9" * 30},
        {"text": "好的", "start": "5", "end": "5"}, {"text": "好的", "paragraph": "x-y"},
        {"text": "好的", "submission": "9" * 40},
    ],
)  # fmt: skip
def test_refuses_bad_comments(cast, as_, more):
    cycle = a_cycle(cast)
    made = submitted(cast, cycle)
    data = {"act": "comment", "submission": made.pk} | more
    assert as_(a_leader(cast)).post(read_of(cycle, cast.branch), data).status_code == 422
    assert not Remark.objects.exists()


def test_the_reviewer_of_his_own_branch_reads_a_sentence_and_finds_no_buttons(cast, as_):
    cycle = a_cycle(cast)
    made = outside(cast, cycle)
    client, where = as_(cast.clerk), read_of(cycle, cast.other)
    shown = page(client, where)
    assert "由其他同志审阅" in shown
    assert 'name="act"' not in shown
    for act in ("read", "comment", "return", "accept", "settle"):
        assert client.post(where, {"act": act, "submission": made.pk, "text": "很好"}).status_code == 403
    assert not Remark.objects.exists()


def test_a_text_taken_from_another_branch_and_one_with_new_numbers_are_shown_side_by_side(cast, as_):
    cycle = a_cycle(cast)
    outside(cast, cycle)
    old = OUTSIDE.replace("两千卷", "三千卷").replace("五名", "七名")
    add_texts(cast.outsider, cast.other, [NewText("去年的报告", cast.other.name, 2024, "own", old)], at=AT)
    entry = entry_of(cycle, cast.branch)
    made = handing_in.prepare_file(cast.secretary, entry, "述职报告", OUTSIDE, None, at=AT)
    Submission.objects.filter(pk=made.pk).update(submitted_at=AT, submitted_by=cast.secretary)
    client = as_(a_leader(cast))
    found = client.get(address(cycle, cast.branch, "sources/")).context["found"]
    assert found.seen[0].origin.kind == "submission"
    assert found.seen[0].share == 1
    likes = client.get(read_of(cycle, cast.other)).context["likenesses"]
    assert [(one.source.origin.title, one.only_values) for one in likes if one.source.category == "own"] == [
        ("去年的报告", True)
    ]
    shown = page(client, read_of(cycle, cast.other))
    assert "只改了数字、日期或名称" in shown
    key = next(one.source.origin.key for one in likes if one.source.category == "own")
    pair = page(client, address(cycle, cast.other, f"sources/text-{key}/"))
    assert "pg-differs" in pair
    assert page(client, address(cycle, cast.other, "sources/text-99999/"), 404)


def test_a_copy_of_a_report_composed_here_is_told_by_the_writers_own_words(cast):
    cycle, leader = a_cycle(cast), a_leader(cast)
    report = a_report(cast)
    rows = rows_of(report.body)
    rows[4]["text"] += "汛期到来之前，支部把值班表贴在测船的舱门上，五名党员轮流守夜，涨到警戒线的那晚没有一个人离开。"
    save_report(cast.secretary, report, rows, report.version, at=AT, by_hand=True)
    report.refresh_from_db()
    copy = ReportText.of(report).document().text.replace("水文站", "档案馆")
    made = handing_in.prepare_file(cast.outsider, entry_of(cycle, cast.other), "述职报告", copy, None, at=AT)
    Submission.objects.filter(pk=made.pk).update(submitted_at=AT, submitted_by=cast.outsider)
    handed = Handed(entry_of(cycle, cast.other), made)
    [source] = handed.compared(leader, ON).seen
    assert source.origin.organization == cast.branch
    assert [passage.kind for passage in source.passages] == ["identical"]
    whole = compared(copy, cast.other, leader, ON, without=[named("submission", made.pk)]).seen[0]
    assert source.share > 2 * whole.share  # of what the writer wrote, not of all the ledger put there


def test_a_version_that_was_withdrawn_does_not_bring_the_one_before_back(cast, as_):
    cycle = a_cycle(cast)
    outside(cast, cycle)
    entry = entry_of(cycle, cast.other)
    second = handing_in.prepare_file(cast.outsider, entry, "述职报告", f"{OUTSIDE}\n补充。", None, "补充", at=AT)
    Submission.objects.filter(pk=second.pk).update(submitted_at=AT, agreed_at=AT, signed_at=AT)
    handing_in.withdraw(cast.outsider, second, "要再改", ON, at=AT)
    client = as_(a_leader(cast))
    assert client.get(read_of(cycle, cast.other)).status_code == 302
    row = next(one for one in client.get(f"/review/GW/{cycle.pk}/").context["rows"] if one.entry.pk == entry.pk)
    assert row.submission is None
    assert 'value="prepare"' not in page(as_(cast.outsider), address(cycle, cast.other))  # no draft of the year here
    assert 'value="file"' in page(as_(cast.outsider), address(cycle, cast.other))


def test_from_one_report_to_the_next(cast, as_):
    cycle = a_cycle(cast)
    client = as_(a_leader(cast))
    assert client.get(read_of(cycle, cast.branch)).headers["Location"] == address(cycle, cast.branch)
    submitted(cast, cycle)
    outside(cast, cycle)
    assert 'rel="next"' in page(client, read_of(cycle, cast.branch))
    assert 'rel="prev"' in page(client, read_of(cycle, cast.other))


def test_more_findings_comments_and_reports_ask_no_more(cast, as_):
    cycle = a_cycle(cast)
    made = submitted(cast, cycle)
    leader = a_leader(cast)
    client, where = as_(leader), read_of(cycle, cast.branch)
    reading.comment(leader, made, "请写具体", reading.Place(0, 4), ON, at=AT)
    problem_of(cast, "公开栏更新慢", 2024)
    page(client, where)

    def asked():
        with CaptureQueriesContext(connection) as found:
            page(client, where)
        return len(found)

    one = asked()
    for number in range(3):
        reading.comment(leader, made, f"请写具体{number}", reading.Place(0, 4), ON, at=AT)
        problem_of(cast, f"第{number}类记录不全", 2024)
    assert asked() == one
    assert one <= 32


def test_hostile_text_stays_text(cast, as_):
    cycle = a_cycle(cast)
    made = outside(cast, cycle, "述职报告\n<script>alert(1)</script>我讲了党课[[c1]]。")
    leader = a_leader(cast)
    reading.comment(leader, made, "<img src=x>", reading.Place(0, 2), ON, at=AT)
    shown = page(as_(leader), read_of(cycle, cast.other))
    assert "<script>alert" not in shown
    assert "<img src=x" not in shown


def _leader():
    return Account.objects.get(username="leader")
