"""Start, save, keep, restore, renew, quote, waive, export: what they do, refuse and write into the journal."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.reports.year import AT, ON, a_report, a_year, record
from zhibu.errors import UserError
from zhibu.ledger.models import Snapshot
from zhibu.org.models import JournalEntry
from zhibu.reports import services
from zhibu.reports.editing import rows_of
from zhibu.reports.models import Report
from zhibu.reports.queries import Text, waivers_of
from zhibu.reports.services import ReportChanged


def verbs():
    return list(JournalEntry.objects.order_by("id").values_list("verb", flat=True))


def text_of(report):
    report.refresh_from_db()
    return Text.of(report).document().text


def with_paragraph(report, text, at=3):
    rows = rows_of(report.body)
    rows[at] = {**rows[at], "text": text}
    return rows


def claim_id(report, query):
    return next(number for number, known in report.body["claims"].items() if known == query)


def test_a_report_starts_from_a_frozen_ledger(cast):
    report = a_report(cast)
    assert report.snapshot.on == ON
    assert "召开党员大会3次" in text_of(report)
    assert "青禾县县直机关工委：" in text_of(report)
    assert verbs() == ["snapshot", "start-report"]


def test_a_second_report_of_the_same_writer_and_year_is_refused(cast):
    a_report(cast)
    with pytest.raises(UserError, match="已经有了"):
        services.start_report(cast.deputy, cast.branch, 2025, cast.members[0], ON, at=AT)
    assert services.start_report(cast.deputy, cast.branch, 2025, cast.members[1], ON, at=AT).pk


@pytest.mark.parametrize(
    ("year", "writer", "sentence"), [(2024, 0, "没有活动记录"), (2026, 0, "还没有开始"), (2025, 5, "没有可以述职")]
)
def test_a_report_that_cannot_be_started_leaves_nothing(cast, year, writer, sentence):
    a_year(cast)
    with pytest.raises(UserError, match=sentence):
        services.start_report(cast.secretary, cast.branch, year, cast.members[writer], ON, at=AT)
    assert (Report.objects.count(), Snapshot.objects.count(), verbs()) == (0, 0, [])


def test_saving_keeps_the_claims_and_counts_the_version(cast):
    report = a_report(cast)
    saved = services.save_report(cast.secretary, report, with_paragraph(report, "新的开头。"), 1, at=AT)
    assert (saved.version, saved.body["claims"]) == (2, report.body["claims"])
    assert "新的开头。" in text_of(report)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("召开[[c999]]次", "不是本报告的引用"),
        ("召开[[c1=99]]次", "不是本报告的引用"),
        ("召开[[c1次", "不完整"),
        ("长" * 5001, "请分段"),
    ],
)
def test_a_text_that_cannot_be_saved_changes_nothing(cast, text, sentence):
    report = a_report(cast)
    before = text_of(report)
    with pytest.raises(UserError, match=sentence):
        services.save_report(cast.secretary, report, with_paragraph(report, text), 1, at=AT)
    assert (text_of(report), report.version) == (before, 1)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([{"style": "script", "text": "x"}], "不认识"),
        ([{"style": "paragraph", "text": "  "}], "是空的"),
        ([{"style": "paragraph", "text": "段"}] * 401, "误贴"),
        ([{"style": "paragraph", "text": "长" * 4000}] * 8, "误贴"),
    ],
)
def test_odd_reports_are_refused(cast, rows, sentence):
    report = a_report(cast)
    with pytest.raises(UserError, match=sentence):
        services.save_report(cast.secretary, report, rows, 1, at=AT)


def test_the_second_of_two_savers_loses_nothing(cast):
    report = a_report(cast)
    mine, theirs = with_paragraph(report, "书记的话。"), with_paragraph(report, "副书记的话。")
    services.save_report(cast.deputy, report, theirs, 1, at=AT)
    with pytest.raises(ReportChanged) as caught:
        services.save_report(cast.secretary, report, mine, 1, at=AT)
    assert "副书记的话。" in Text.of(caught.value.report).document().text
    assert caught.value.blocks[3]["text"] == "书记的话。"
    assert str(cast.deputy) in str(caught.value)

    services.save_report(cast.secretary, report, mine, 2, at=AT)
    assert "书记的话。" in text_of(report)
    kept = report.versions.first()
    assert (kept.body["blocks"][3]["text"], kept.made_by) == ("副书记的话。", cast.deputy)


def test_a_text_given_up_is_kept_aside(cast):
    report = a_report(cast)
    version = services.keep_aside(cast.secretary, report, with_paragraph(report, "没有采用的话。"), at=AT)
    assert version.body["blocks"][3]["text"] == "没有采用的话。"
    assert "没有采用的话。" not in text_of(report)


def test_autosaves_of_one_sitting_are_one_line_in_the_journal(cast):
    report = a_report(cast)
    for number in range(1, 5):
        report = services.save_report(
            cast.secretary, report, with_paragraph(report, f"第{number}稿。"), number, at=AT + timedelta(seconds=number)
        )
    assert verbs().count("save-report") == 1
    assert report.versions.count() == 0
    later = AT + timedelta(hours=1)
    services.save_report(cast.secretary, report, with_paragraph(report, "第二天的话。"), 5, at=later)
    assert verbs().count("save-report") == 2
    assert report.versions.get().body["blocks"][3]["text"] == "第4稿。"


def test_saving_the_same_text_again_is_nothing(cast):
    report = a_report(cast)
    services.save_report(cast.secretary, report, with_paragraph(report, "一样。"), 1, at=AT)
    again = services.save_report(cast.deputy, report, with_paragraph(report, "一样。"), 1, at=AT)
    assert again.version == 2


def test_a_kept_version_comes_back_with_its_data(cast):
    report = a_report(cast)
    first = text_of(report)
    kept = services.keep_version(cast.secretary, report, "送讨论稿", at=AT)
    services.save_report(cast.secretary, report, with_paragraph(report, "改坏了。"), 1, at=AT)
    services.restore_version(cast.secretary, report, kept.number, at=AT)
    assert text_of(report) == first
    assert "改坏了。" in [version.body["blocks"][3]["text"] for version in report.versions.all()]
    assert verbs()[-3:] == ["keep-version", "save-report", "restore-version"]
    with pytest.raises(UserError, match="没有第99版"):
        services.restore_version(cast.secretary, report, 99, at=AT)


@pytest.mark.parametrize("reason", ["", " 一 ", "长" * 201])
def test_a_version_wants_a_reason(cast, reason):
    report = a_report(cast)
    with pytest.raises(UserError):
        services.keep_version(cast.secretary, report, reason, at=AT)
    assert report.versions.count() == 0


def test_newer_data_change_the_figures_and_say_which(cast):
    report = a_report(cast)
    record(cast.branch, "general-meeting", date(2025, 9, 9), cast.members[0])
    changes = services.refresh_snapshot(cast.secretary, report, ON, at=AT)
    number = claim_id(report, "count general-meeting")
    assert (number, "3", "4") in changes
    assert "召开党员大会4次" in text_of(report)
    assert "召开党员大会3次" in Text.of_version(report.versions.get(), report).document().text
    assert services.refresh_snapshot(cast.secretary, report, ON, at=AT) == []


def test_a_figure_whose_records_went_away_is_told_as_such(cast):
    report = a_report(cast)
    cast.branch.activities.filter(kind="lecture").update(withdrawn_at=AT)
    changes = services.refresh_snapshot(cast.secretary, report, date(2026, 1, 10), at=AT)
    assert (claim_id(report, "count lecture"), "1", None) in changes
    assert "此处所据记录已不存在" in text_of(report)


def test_a_figure_is_quoted_once_and_only_with_a_record(cast):
    report = a_report(cast)
    _report, number = services.add_claim(cast.secretary, report, "first  general-meeting")
    assert services.add_claim(cast.secretary, report, "first general-meeting")[1] == number
    services.save_report(cast.secretary, report, with_paragraph(report, f"[[{number}]]开会。"), 1, at=AT)
    assert "3月5日开会。" in text_of(report)
    for query, sentence in (("count training", "没有这项数据"), ("drop table", "看不懂引用"), ("", "看不懂引用")):
        with pytest.raises(UserError, match=sentence):
            services.add_claim(cast.secretary, report, query)
    assert verbs().count("add-claim") == 1


def test_a_waiver_hides_its_finding_and_can_be_taken_back(cast):
    report = a_report(cast)
    services.save_report(cast.secretary, report, with_paragraph(report, "本人认真布署工作。"), 1, at=AT)
    report.refresh_from_db()
    found = {row.code: row for row in Text.of(report).review().findings}
    assert found["WO04"].excerpt == "布署"
    services.waive(cast.secretary, report, "WO04", "布署", "引用原文如此", at=AT)
    assert "WO04" not in {row.code for row in Text.of(report).review().findings}
    services.unwaive(cast.secretary, report, "WO04", "布署")
    assert "WO04" in {row.code for row in Text.of(report).review().findings}
    assert verbs()[-2:] == ["waive-finding", "unwaive-finding"]


def test_a_waiver_bears_the_day_here(cast):
    report = a_report(cast)
    early = datetime(2026, 1, 8, 7, 30, tzinfo=ZoneInfo("Asia/Shanghai"))  # still the seventh in UTC
    services.waive(cast.secretary, report, "WO04", "布署", "引用原文如此", at=early)
    report.refresh_from_db()
    assert [str(one.date) for one in waivers_of(Report.objects.get(pk=report.pk))] == ["2026-01-08"]


@pytest.mark.parametrize(
    ("code", "excerpt", "reason"), [("WO04", "布署", ""), ("ZZ99", "布署", "理由够了"), ("WO04", " ", "理由够了")]
)
def test_a_waiver_without_ground_is_refused(cast, code, excerpt, reason):
    report = a_report(cast)
    with pytest.raises(UserError):
        services.waive(cast.secretary, report, code, excerpt, reason, at=AT)
    assert report.waivers.count() == 0


@pytest.mark.parametrize(("form", "start"), [("docx", b"PK"), ("pdf", b"%PDF")])
@pytest.mark.parametrize("annex", [False, True])
def test_export(cast, form, start, annex):
    report = a_report(cast)
    made = services.export_report(cast.secretary, report, form, annex=annex)
    assert made.data.startswith(start)
    assert made.name == f"2025年度抓基层党建工作述职报告（闻知远）.{form}"
    assert verbs()[-1] == "export-report"


def test_the_annex_is_in_the_file_only_when_asked_for(cast):
    report = a_report(cast)
    texts = [Text.of(report).document(annex=annex).text for annex in (False, True)]
    assert ["数据依据" in text for text in texts] == [False, True]
    assert report.snapshot.digest in texts[1].replace(" ", "")
    assert "党员大会（次数）：3" in texts[1]


def test_other_formats_are_refused(cast):
    report = a_report(cast)
    with pytest.raises(UserError, match="不能导出"):
        services.export_report(cast.secretary, report, "exe")


def test_the_frozen_data_are_the_snapshots(cast):
    report = a_report(cast)
    data = Text.of(report).data
    assert data["hash"]["value"] == report.snapshot.digest
    assert {key: data[key] for key in data if key != "hash"} == json.loads(report.snapshot.data)
