"""Each page: it works, it refuses bad input, it wants the right person, it works without script, in few queries."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.reports.year import AT, ON, a_report, a_year, posted, record
from zhibu.reports import services
from zhibu.reports.models import Report

MOST_QUERIES = 13
"""One of them for each of the three feeds of the corpus."""
HTMX = {"HTTP_HX_REQUEST": "true"}


def url(name, report, *more):
    return reverse(f"reports:{name}", args=[report.organization.code, report.pk, *more])


READING = ["show", "check", "sources", "versions", "compare", "exports"]


@pytest.mark.parametrize("name", [*READING, "edit"])
def test_pages_answer_in_few_queries(cast, as_, name):
    report = a_report(cast)
    services.keep_version(cast.secretary, report, "初稿", at=AT)
    client = as_(cast.secretary)
    client.get(url(name, report))  # the first page of a session saves it, and brings the corpus up to date
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(url(name, report))
    assert answer.status_code == 200
    assert len(queries) <= MOST_QUERIES, [query["sql"][:90] for query in queries]


@pytest.mark.parametrize("name", [*READING, "edit"])
@pytest.mark.parametrize("who", ["member", "outsider"])
def test_a_draft_is_not_there_for_others(cast, as_, name, who):
    report = a_report(cast)
    answer = as_(getattr(cast, who)).get(url(name, report))
    assert answer.status_code == 404
    assert "闻知远" not in answer.content.decode()


def test_the_clerk_above_reads_and_cannot_write(cast, as_):
    report, client = a_report(cast), as_(cast.clerk)
    assert client.get(url("show", report)).status_code == 200
    for name, data in (("edit", posted(report)), ("claim", {"query": "reached"}), ("refresh", {"on": "2025-12-22"}),
                       ("waive", {}), ("versions", {"note": "留存"})):  # fmt: skip
        assert client.post(url(name, report), data).status_code == 403
    assert client.get(url("edit", report)).status_code == 403
    assert "编辑" not in client.get(url("show", report)).content.decode()


def test_another_bodys_address_does_not_open_a_report(cast, as_):
    report = a_report(cast)
    address = reverse("reports:show", args=[cast.other.code, report.pk])
    assert as_(cast.outsider).get(address).status_code == 404


# --- index and compose


def test_an_empty_index_says_how_to_begin(cast, as_):
    page = as_(cast.secretary).get(reverse("reports:index", args=["GW-01"])).content.decode()
    assert "还没有述职报告" in page
    assert reverse("reports:compose", args=["GW-01"]) in page


def test_the_index_lists_years_in_few_queries_however_many(cast, as_):
    report, client = a_report(cast), as_(cast.secretary)
    client.get(reverse("reports:index", args=["GW-01"]))  # the first page of a session saves it
    asked = []
    for count in (1, 3):
        with CaptureQueriesContext(connection) as queries:
            page = client.get(reverse("reports:index", args=["GW-01"])).content.decode()
        assert page.count("编辑</a>") == count
        asked.append(len(queries))
        for year in (2024, 2023):
            Report.objects.get_or_create(
                organization=cast.branch, year=year, writer=cast.members[0],
                defaults={
                    "reporter_post": "书记", "outline": "x", "snapshot": report.snapshot, "title": f"{year}年度报告",
                    "body": report.body, "changed_at": AT, "changed_by": cast.secretary,
                },
            )  # fmt: skip
    assert asked[0] == asked[1] <= MOST_QUERIES


def test_the_index_of_a_committee_lists_the_bodies_below(cast, as_):
    a_report(cast)
    page = as_(cast.clerk).get(reverse("reports:index", args=["GW"])).content.decode()
    assert "青禾县水文站党支部" in page
    assert as_(cast.secretary).get(reverse("reports:index", args=["GW"])).status_code == 404


def test_a_member_sees_no_reports_in_the_index(cast, as_):
    a_report(cast)
    page = as_(cast.member).get(reverse("reports:index", args=["GW-01"])).content.decode()
    assert "抓基层党建工作述职报告" not in page


def test_starting_a_report(cast, as_):
    a_year(cast)
    client, address = as_(cast.secretary), reverse("reports:compose", args=["GW-01"])
    assert "闻知远（书记）" in client.get(address).content.decode()
    answer = client.post(address, {"year": 2025, "writer": cast.members[0].pk, "on": "2025-12-22"})
    assert answer.status_code == 302
    assert Report.objects.get().snapshot.on == ON


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"on": "2999-01-01"}, "今天或以前"),
        ({"on": "昨天"}, "保存"),
        ({"writer": 0}, "保存"),
        ({"year": 2024, "on": "2024-12-31"}, "没有活动记录"),
    ],
)
def test_a_report_is_not_started_from_bad_input(cast, as_, change, sentence):
    a_year(cast)
    asked = {"year": 2025, "writer": cast.members[0].pk, "on": "2025-12-22"} | change
    answer = as_(cast.secretary).post(reverse("reports:compose", args=["GW-01"]), asked)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Report.objects.exists()


def test_a_member_cannot_start_a_report(cast, as_):
    a_year(cast)
    address = reverse("reports:compose", args=["GW-01"])
    assert as_(cast.member).get(address).status_code == 403
    assert as_(cast.outsider).get(address).status_code == 404


# --- editing without script


def test_saving_by_the_button(cast, as_):
    report = a_report(cast)
    data = posted(report)
    data["text"][3] = "新的开头。\n又起一段。"
    answer = as_(cast.secretary).post(url("edit", report), data)
    assert answer.status_code == 302
    report.refresh_from_db()
    assert [block["text"] for block in report.body["blocks"][3:5]] == ["新的开头。", "又起一段。"]


def test_a_button_moves_a_paragraph(cast, as_):
    report = a_report(cast)
    second = report.body["blocks"][1]["text"]
    answer = as_(cast.secretary).post(url("edit", report), posted(report, act="up-1"))
    assert answer.url.endswith("#block-1")
    report.refresh_from_db()
    assert report.body["blocks"][0]["text"] == second


def test_a_refused_text_stays_on_the_page(cast, as_):
    report = a_report(cast)
    data = posted(report)
    data["text"][3] = "开会[[c999]]次，<b>都</b>到了。"
    answer = as_(cast.secretary).post(url("edit", report), data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "不是本报告的引用" in page
    assert "开会[[c999]]次，&lt;b&gt;都&lt;/b&gt;到了。" in page
    assert 'name="version" value="1"' in page


def test_text_cut_short_on_the_way_is_refused(cast, as_):
    report = a_report(cast)
    data = posted(report)
    data["text"].pop()
    assert "不完整" in as_(cast.secretary).post(url("edit", report), data).content.decode()


def test_claims_in_the_form_are_not_taken(cast, as_):
    report = a_report(cast)
    as_(cast.secretary).post(url("edit", report), posted(report, claims='{"c1": "count talk"}', body="{}"))
    before = report.body["claims"]
    report.refresh_from_db()
    assert report.body["claims"] == before


def test_two_savers_see_both_texts_and_keep_both(cast, as_):
    report = a_report(cast)
    theirs, mine = posted(report), posted(report)
    theirs["text"][3], mine["text"][3] = "副书记写的话。", "书记写的话。"
    as_(cast.deputy).post(url("edit", report), theirs)
    answer = as_(cast.secretary).post(url("edit", report), mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "苏明棠" in page
    assert 'name="version" value="2"' in page
    assert "书记写的话。</textarea>" in page

    given_up = as_(cast.secretary).post(url("edit", report), {**mine, "version": 2, "act": "theirs"})
    assert given_up.status_code == 302
    assert report.versions.first().body["blocks"][3]["text"] == "书记写的话。"
    as_(cast.secretary).post(url("edit", report), {**mine, "version": 2, "act": "mine"})
    report.refresh_from_db()
    assert report.body["blocks"][3]["text"] == "书记写的话。"
    assert "副书记写的话。" in [version.body["blocks"][3]["text"] for version in report.versions.all()]


def test_autosave_answers_with_the_new_version(cast, as_):
    report = a_report(cast)
    data = posted(report)
    data["text"][3] = "自动保存的话。"
    client = as_(cast.secretary)
    assert 'data-version="2"' in client.post(url("edit", report), data, **HTMX).content.decode()
    data["text"][3] = "坏的[[c999]]"
    refused = client.post(url("edit", report), data | {"version": 2}, **HTMX)
    assert (refused.status_code, "<html" in refused.content.decode()) == (422, False)
    data["text"][3] = "旧版上改的话。"
    late = client.post(url("edit", report), data | {"version": 1}, **HTMX)
    assert (late.status_code, "conflicted" in late.content.decode()) == (409, True)


def test_a_figure_is_quoted(cast, as_):
    report, client = a_report(cast), as_(cast.secretary)
    page = client.post(url("claim", report), {"query": "first general-meeting"}, follow=True).content.decode()
    assert "显示为“3月5日”" in page
    row = client.post(url("claim", report), {"query": "first general-meeting"}, **HTMX).content.decode()
    assert 'data-text="3月5日"' in row
    assert client.post(url("claim", report), {"query": "count nothing"}, **HTMX).status_code == 422
    assert client.get(url("claim", report)).status_code == 405


def test_newer_data_lead_to_the_comparison(cast, as_):
    report, client = a_report(cast), as_(cast.secretary)
    record(cast.branch, "general-meeting", date(2025, 9, 9), cast.members[0])
    page = client.post(url("refresh", report), {"on": "2025-12-22"}, follow=True).content.decode()
    assert "处数据有变化" in page
    assert "<strong>4</strong>" in page
    assert "没有变化" in client.post(url("refresh", report), {"on": "2025-12-22"}, follow=True).content.decode()
    assert "今天或以前" in client.post(url("refresh", report), {"on": "2999-01-01"}, follow=True).content.decode()


# --- reading, evidence, checking


def test_every_figure_of_the_text_opens_its_evidence(cast, as_):
    report, client = a_report(cast), as_(cast.secretary)
    page = client.get(url("show", report)).content.decode()
    number = next(key for key, query in report.body["claims"].items() if query == "count general-meeting")
    assert url("evidence", report, number) in page
    evidence = client.get(url("evidence", report, number)).content.decode()
    for activity in cast.branch.activities.filter(kind="general-meeting"):
        assert activity.title in evidence
        assert reverse("activities:show", args=["GW-01", activity.pk]) in evidence
    assert "七一党课" not in evidence
    assert client.get(url("evidence", report, "c999")).status_code == 404


def test_a_problem_opens_its_cells_of_the_ledger(cast, as_):
    report, client = a_report(cast), as_(cast.secretary)
    query = "when branch-work/general-meeting status=missing"
    number = next(key for key, known in report.body["claims"].items() if known == query)
    evidence = client.get(url("evidence", report, number)).content.decode()
    assert reverse("ledger:cell", args=["GW-01", 2025, "branch-work", "general-meeting", "2025-Q3"]) in evidence


def test_the_check_page_names_gaps_figures_and_findings(cast, as_):
    report, client = a_report(cast), as_(cast.secretary)
    data = posted(report)
    data["text"][3] = "全年召开党员大会3次，上党课9次，走访困难党员17户，认真布署工作。"
    client.post(url("edit", report), data)
    page = client.get(url("check", report)).content.decode()
    assert "党员培训学时的记录" in page
    assert "与台账相符" in page
    assert "台账是1" in page
    assert "台账里没有" in page
    assert "布署" in page
    assert f"{url('edit', report)}#block-3" in page


def test_a_finding_is_waived_with_a_reason(cast, as_):
    report, client = a_report(cast), as_(cast.secretary)
    data = posted(report)
    data["text"][3] = "认真布署工作。"
    client.post(url("edit", report), data)
    asked = {"code": "WO04", "excerpt": "布署"}
    refused = client.post(url("waive", report), asked)
    assert (refused.status_code, "请写明理由" in refused.content.decode()) == (422, True)
    page = client.post(url("waive", report), asked | {"reason": "引用原文如此"}, follow=True).content.decode()
    assert "引用原文如此" in page
    panel = client.post(url("waive", report), asked | {"act": "undo"}, **HTMX).content.decode()
    assert "引用原文如此" not in panel
    assert "<html" not in panel


# --- versions


def test_versions_are_kept_compared_and_restored(cast, as_):
    report, client = a_report(cast), as_(cast.secretary)
    assert "还没有可以比较的版本" in client.get(url("compare", report)).content.decode()
    client.post(url("versions", report), {"note": "送讨论稿"})
    data = posted(report)
    data["text"][3] = "讨论以后改的话。"
    client.post(url("edit", report), data)
    compared = client.get(url("compare", report)).content.decode()
    assert "<ins>" in compared
    assert "<del>" in compared
    assert "恢复第1版" in client.get(url("restore", report, 1)).content.decode()
    client.post(url("restore", report, 1))
    report.refresh_from_db()
    assert report.body["blocks"][3]["text"].startswith("根据会议安排")
    assert "讨论以后改的话。" in [version.body["blocks"][3]["text"] for version in report.versions.all()]


def test_versions_refuse_bad_input(cast, as_):
    report, client = a_report(cast), as_(cast.secretary)
    assert client.post(url("versions", report), {"note": ""}).status_code == 422
    assert client.get(url("restore", report, 9)).status_code == 404
    services.keep_version(cast.secretary, report, "初稿", at=AT)
    assert client.get(url("compare", report) + "?left=77").status_code == 404
    assert report.versions.count() == 1


# --- files


@pytest.mark.parametrize(("form", "start"), [("docx", b"PK"), ("pdf", b"%PDF")])
def test_a_file_is_handed_out(cast, as_, form, start):
    report, client = a_report(cast), as_(cast.clerk)
    answer = client.get(url("export", report, form), {"annex": "1"})
    assert answer.content.startswith(start)
    assert "attachment" in answer["Content-Disposition"]
    assert as_(cast.member).get(url("export", report, form)).status_code == 404


def test_a_missing_font_is_a_sentence(cast, as_, monkeypatch):
    from zhibu.errors import UserError

    def refuse(_document):
        raise UserError("font-missing", "缺少字体：{font}，无法生成 PDF。", font="仿宋")

    report, client = a_report(cast), as_(cast.secretary)
    monkeypatch.setattr("zhibu.documents.printing.write_pdf", refuse)
    answer = client.get(url("export", report, "pdf"))
    assert (answer.status_code, "缺少字体：仿宋" in answer.content.decode()) == (422, True)
    assert client.get(url("export", report, "docx")).status_code == 200


def test_signs_no_font_has_are_named_first(cast, as_):
    report, client = a_report(cast), as_(cast.secretary)
    data = posted(report)
    data["text"][3] = "罕见的字\U0010fffd。"
    client.post(url("edit", report), data)
    page = client.get(url("export", report, "pdf")).content.decode()
    assert "PDF 的字体里没有这些字：\U0010fffd" in page
    assert client.get(url("export", report, "pdf") + "?anyway=1").content.startswith(b"%PDF")


def test_another_format_is_refused(cast, as_):
    report = a_report(cast)
    answer = as_(cast.secretary).get(url("export", report, "exe"))
    assert (answer.status_code, "只能导出" in answer.content.decode()) == (422, True)
