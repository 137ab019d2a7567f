"""The check beside the text, and while it is typed: it works, refuses bad input, wants the right person."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from tests.corpus.texts import ARCHIVES, HYDROLOGY, add, new
from tests.reports.seasons import SECRET, two_reports, written
from tests.reports.year import a_report, posted
from zhibu.reports.models import Report, ReportVersion

HTMX = {"HTTP_HX_REQUEST": "true"}
FAULTY = "认真布署工作，存在存在一些不足。"


def url(name, report, *more):
    return reverse(f"reports:{name}", args=[report.organization.code, report.pk, *more])


def page(client, address, **query):
    answer = client.get(address, query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def report(cast):
    return written(cast.secretary, a_report(cast), FAULTY)


def rows(text):
    """The rows of the page: the paragraph's words and the codes of the notes beside it."""
    found = []
    for row in text.split('<div class="beside-row">')[1:]:
        words = re.sub("<[^>]+>", "", row.split("</p>")[0])
        found.append((words.strip(), re.findall(r'data-rule="(\w+)"', row)))
    return found


# --- the page


def test_findings_stand_beside_their_paragraph(cast, as_, report):
    text = page(as_(cast.secretary), url("check", report))
    (codes,) = [codes for words, codes in rows(text) if words == FAULTY]
    assert codes == ["WO04", "WO01"]
    assert "应为“部署”" in text
    assert re.search(r'<mark class="mk mk-warning" data-notes="\d+">布署</mark>', text)
    assert "不是对人的评价" in text
    block = [block["text"] for block in report.body["blocks"]].index(FAULTY)
    assert f"{url('edit', report)}#block-{block}" in text


@pytest.mark.parametrize(
    ("query", "kept", "gone"),
    [({"rule": "WO01"}, "WO01", "WO04"), ({"family": "WO"}, "WO04", "ST"), ({"severity": "error"}, "WO01", "WO04")],
)
def test_without_script_an_address_narrows(cast, as_, report, query, kept, gone):
    text = page(as_(cast.secretary), url("check", report), **query)
    codes = re.findall(r'data-note="\d+"[^>]*data-rule="(\w+)"', text)
    assert kept in codes
    assert not [code for code in codes if code.startswith(gone)]
    assert "看全部" in text


@pytest.mark.parametrize("query", [{"rule": "XX99"}, {"severity": "x" * 3000}, {"family": "²"}])
def test_an_odd_filter_shows_nothing_and_breaks_nothing(cast, as_, report, query):
    assert "data-note=" not in page(as_(cast.secretary), url("check", report), **query)


def test_a_finding_is_waived_where_it_stands(cast, as_, report):
    client = as_(cast.secretary)
    asked = {"code": "WO04", "excerpt": "布署", "reason": "引用原文如此"}
    whole = client.post(url("waive", report), asked, HTTP_HX_TARGET="checked", **HTMX).content.decode()
    assert "beside-row" in whole
    assert "<html" not in whole
    assert "引用原文如此" in whole
    assert "WO04" not in dict(rows(whole))[FAULTY]
    refused = client.post(url("waive", report), asked | {"reason": ""}, HTTP_HX_TARGET="checked", **HTMX)
    assert (refused.status_code, "请写明理由" in refused.content.decode()) == (422, True)


def test_the_clerk_above_reads_the_findings_and_waives_none(cast, as_, report):
    text = page(as_(cast.clerk), url("check", report))
    assert FAULTY in dict(rows(text))
    assert url("waive", report) not in text
    assert url("edit", report) not in text


# --- what stands in other texts


def test_passages_of_other_texts_are_findings_too(cast, as_):
    report = written(cast.secretary, a_report(cast), HYDROLOGY, ARCHIVES)
    add(
        cast.secretary, cast.branch, new("去年的报告", HYDROLOGY),
        new("网上的范文", ARCHIVES, visibility="template", year=None),
    )  # fmt: skip
    found = dict(rows(page(as_(cast.secretary), url("check", report))))
    assert "OR01" in found[HYDROLOGY]
    assert "OR03" in found[ARCHIVES]


def test_a_text_that_may_not_be_read_is_a_finding_without_a_word_of_it(cast, as_):
    report, other = two_reports(cast)
    text = page(as_(cast.secretary), url("check", report))
    assert "OR02" in dict(rows(text))[HYDROLOGY]
    assert "一份您无权查看的文字" in text
    for leak in ("档案馆", "阮青岚", SECRET, ARCHIVES, f"report-{other.pk}"):
        assert leak not in text, leak
    assert "青禾县档案馆党支部 阮青岚" in page(as_(cast.clerk), url("check", report))


def test_a_waiver_of_a_passage_holds_when_nothing_can_be_compared(cast, as_, settings, tmp_path):
    report = written(cast.secretary, a_report(cast), HYDROLOGY)
    add(cast.secretary, cast.branch, new("去年的报告", HYDROLOGY))
    client = as_(cast.secretary)
    asked = {"code": "OR01", "excerpt": HYDROLOGY[:40], "reason": "同一件事跨了年度"}
    client.post(url("waive", report), asked)
    assert "OR01" not in dict(rows(page(client, url("check", report))))[HYDROLOGY]
    (tmp_path / "file").write_text("")
    settings.CORPUS = tmp_path / "file" / "corpus"
    found = [code for _words, codes in rows(page(client, url("check", report))) for code in codes]
    assert "ST99" not in found
    assert "OR01" not in found


# --- while typing


def test_what_is_typed_is_checked_and_not_saved(cast, as_, report):
    client = as_(cast.secretary)
    data = posted(report)
    data["text"][3] = "又布署了一遍。上党课9次。"
    before = Report.objects.values().get(), ReportVersion.objects.count(), cast.branch.journal.count()
    panel = client.post(url("recheck", report), data, **HTMX).content.decode()
    assert "<html" not in panel
    assert panel.count("“布署”应为“部署”") == 2
    assert "台账是1" in panel
    assert (Report.objects.values().get(), ReportVersion.objects.count(), cast.branch.journal.count()) == before


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"text": ["开会[[c999]]次"], "style": ["paragraph"]}, "不是本报告的引用"),
        ({"text": ["话"], "style": ["<b>"]}, "样式"),
        ({"text": ["话", "话"], "style": ["paragraph"]}, "不完整"),
        ({"text": [], "style": []}, "空的"),
        ({"text": ["长" * 6000], "style": ["paragraph"]}, "超过"),
    ],
)
def test_a_text_that_could_not_be_saved_is_not_checked(cast, as_, report, change, sentence):
    answer = as_(cast.secretary).post(url("recheck", report), posted(report) | change, **HTMX)
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)


@pytest.mark.parametrize(("who", "status"), [("clerk", 403), ("member", 404), ("outsider", 404)])
def test_only_those_who_write_check_while_typing(cast, as_, report, who, status):
    answer = as_(getattr(cast, who)).post(url("recheck", report), posted(report), **HTMX)
    assert answer.status_code == status
    assert "布署" not in answer.content.decode()


def test_typing_is_not_asked_by_address(cast, as_, report):
    assert as_(cast.secretary).get(url("recheck", report)).status_code == 405
