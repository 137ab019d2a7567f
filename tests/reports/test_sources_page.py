"""A report held against other texts, for each kind of reader; a source that may not be read leaks nothing."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.corpus.texts import ARCHIVES, HONEST, HYDROLOGY, add, new
from tests.reports.seasons import SECRET, two_reports, written
from tests.reports.year import AT, ON, a_report
from zhibu.corpus import file
from zhibu.org.models import Organization, Post
from zhibu.reports.services import start_report

MOST_QUERIES = 16


def url(name, report, *more):
    return reverse(f"reports:{name}", args=[report.organization.code, report.pk, *more])


def page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


# --- works


def test_sources_are_ranked_with_their_share(cast, as_):
    report = written(cast.secretary, a_report(cast), HYDROLOGY, ARCHIVES)
    whole, part = add(
        cast.secretary, cast.branch, new("去年的报告", f"{HYDROLOGY}\n{ARCHIVES}", file_name="去年.docx"),
        new("网上的范文", ARCHIVES, visibility="template", year=None),
    )  # fmt: skip
    text = page(as_(cast.secretary), url("sources", report))
    assert text.index("去年的报告") < text.index("网上的范文")
    assert "100%" in text
    assert re.findall(r"(\d)处相同", text) == ["1", "1"] or "2处相同" in text
    assert url("source", report, "text", whole.pk) in text
    assert url("source", report, "text", part.pk) in text
    assert text.count('class="strip"') == 2
    assert "不说明谁先写" in text


def test_a_source_stands_beside_the_report(cast, as_):
    report = written(cast.secretary, a_report(cast), HYDROLOGY)
    (row,) = add(cast.secretary, cast.branch, new(text=HYDROLOGY.replace("四十一", "五十六")))
    text = page(as_(cast.secretary), url("source", report, "text", row.pk))
    assert "只改了数字、日期或名称" in text
    assert '<strong class="pg-differs">四十一</strong>' in text
    assert '<strong class="pg-differs">五十六</strong>' in text
    assert 'id="a1"' in text
    assert 'href="#a1"' in text
    # The outline's own sentences and the ledger's figures stand in both texts and are not marked.
    assert not re.search(r"<mark[^>]*>[^<]*根据会议安排", text)


def test_the_writers_earlier_year_is_found(cast, as_):
    report = written(cast.secretary, a_report(cast), HYDROLOGY)
    earlier = written(
        cast.secretary, start_report(cast.secretary, cast.branch, 2025, cast.members[1], ON, at=AT), HYDROLOGY
    )
    text = page(as_(cast.secretary), url("sources", report))
    assert url("source", report, "report", earlier.pk) in text
    assert "苏明棠" in text
    assert url("source", report, "report", report.pk) not in text


def test_two_fresh_drafts_have_nothing_in_common(cast, as_):
    report, _other = two_reports(cast, ours=(), theirs=())
    assert "没有相同的段落" in page(as_(cast.clerk), url("sources", report))


def test_a_changed_report_is_compared_as_it_now_stands(cast, as_):
    report, other = two_reports(cast, ours=(HONEST,))
    client = as_(cast.clerk)
    assert "没有相同的段落" in page(client, url("sources", report))
    written(cast.secretary, report, ARCHIVES)
    assert "青禾县档案馆党支部 阮青岚" in page(client, url("sources", report))
    assert "青禾县水文站党支部 闻知远" in page(client, url("sources", other))


def test_queries_do_not_grow_with_the_sources(cast, as_):
    report = written(cast.secretary, a_report(cast), HYDROLOGY)
    client = as_(cast.secretary)
    add(cast.secretary, cast.branch)
    page(client, url("sources", report))
    asked = []
    for more in ([], [new(f"第{n}篇", HYDROLOGY + "又" * n + "。") for n in (1, 2)]):
        if more:
            add(cast.secretary, cast.branch, *more)
        page(client, url("sources", report))
        with CaptureQueriesContext(connection) as queries:
            page(client, url("sources", report))
        asked.append(len(queries))
    assert asked[0] == asked[1] <= MOST_QUERIES


# --- bad input


@pytest.mark.parametrize("rest", ["text-999999", "report-999999", "other-1", "text-99999999999999999999999"])
def test_a_source_that_is_not_there(cast, as_, rest):
    report = a_report(cast)
    assert as_(cast.secretary).get(url("sources", report) + rest + "/").status_code == 404


def test_a_report_is_not_its_own_source(cast, as_):
    report = a_report(cast)
    assert as_(cast.secretary).get(url("source", report, "report", report.pk)).status_code == 404


def test_a_folder_that_cannot_be_written_is_a_sentence(cast, as_, settings, tmp_path):
    report = a_report(cast)
    (tmp_path / "file").write_text("")
    settings.CORPUS = tmp_path / "file" / "corpus"
    answer = as_(cast.secretary).get(url("sources", report))
    assert (answer.status_code, "无法写入资料库文件夹" in answer.content.decode()) == (503, True)


def test_a_damaged_file_is_written_anew_unseen(cast, as_):
    report = written(cast.secretary, a_report(cast), HYDROLOGY)
    add(cast.secretary, cast.branch)
    client = as_(cast.secretary)
    page(client, url("sources", report))
    file.place_of(cast.committee).write_bytes(b"damaged" * 3000)
    assert "2024年度述职报告" in page(client, url("sources", report))


def test_texts_that_are_still_to_come_are_told(cast, as_, monkeypatch):
    monkeypatch.setattr(file, "AT_ONCE", 1)
    report = written(cast.secretary, a_report(cast), HYDROLOGY)
    add(cast.secretary, cast.branch, new(), new("二", ARCHIVES))
    assert "还有2篇没有列入" in page(as_(cast.secretary), url("sources", report))


# --- the right person


def test_a_source_of_another_branch_is_told_without_a_word_of_it(cast, as_):
    report, other = two_reports(cast)
    text = page(as_(cast.secretary), url("sources", report))
    assert "有一份您无权查看的文字（其他支部，2025年）" in text
    assert "请向青禾县县直机关工委的党务干事询问" in text
    assert HYDROLOGY[:-1] in text  # one's own side
    for leak in ("档案馆", "阮青岚", SECRET, ARCHIVES, "GW-02", f"report-{other.pk}", f"report/{other.pk}"):
        assert leak not in text, leak
    assert as_(cast.secretary).get(url("source", report, "report", other.pk)).status_code == 404


def test_the_committee_above_opens_both(cast, as_):
    report, other = two_reports(cast)
    client = as_(cast.clerk)
    assert "青禾县档案馆党支部 阮青岚" in page(client, url("sources", report))
    both = page(client, url("source", report, "report", other.pk))
    assert ARCHIVES in both
    assert SECRET in both


@pytest.mark.parametrize("visibility", ["own", "sister", "template", "material"])
def test_texts_a_sister_branch_added_are_compared_and_not_shown(cast, as_, visibility):
    report = written(cast.secretary, a_report(cast), HYDROLOGY)
    source = new("档案馆存的稿子", f"{HYDROLOGY}\n{SECRET}", owner="某某", visibility=visibility, file_name="机密.docx")
    (row,) = add(cast.outsider, cast.other, source)
    text = page(as_(cast.secretary), url("sources", report))
    assert "有一份您无权查看的文字" in text
    for leak in ("档案馆", "存的稿子", "某某", "机密.docx", SECRET, f"text-{row.pk}"):
        assert leak not in text, leak
    assert as_(cast.secretary).get(url("source", report, "text", row.pk)).status_code == 404
    assert "档案馆存的稿子" in page(as_(cast.clerk), url("sources", report))


def test_what_the_committee_keeps_of_others_is_not_shown_below_but_its_templates_are(cast, as_):
    report = written(cast.secretary, a_report(cast), HYDROLOGY)
    add(
        cast.clerk, cast.committee, new("别处的报告", f"{HYDROLOGY}\n{SECRET}", visibility="sister", owner="某支部"),
        new("市面上的范文", HYDROLOGY, visibility="template"),
    )  # fmt: skip
    text = page(as_(cast.secretary), url("sources", report))
    assert "市面上的范文" in text
    assert "有一份您无权查看的文字（其他支部，2024年）" in text
    assert "别处的报告" not in text
    assert "某支部" not in text
    assert SECRET not in text


def test_a_writer_who_is_on_no_committee_sees_the_colleagues_draft_only_exists(cast, as_):
    report = written(cast.secretary, a_report(cast), HYDROLOGY)
    Post.objects.filter(member=cast.members[0]).delete()
    add(cast.deputy, cast.branch, new("支部存的", f"{HYDROLOGY}\n{SECRET}"))
    text = page(as_(cast.secretary), url("sources", report))
    assert "有一份您无权查看的文字（本单位，2024年）" in text
    assert "请向青禾县水文站党支部的副书记询问" in text
    assert "支部存的" not in text


def test_where_no_post_is_filled_the_next_body_above_is_named(cast, as_):
    between = Organization.objects.add_child(
        cast.committee,
        {"code": "DW", "name": "青禾县教育局机关党委", "kind": "organ-committee", "founded": "2012-03-01"},
    )
    for body in (cast.branch, cast.other):
        body.refresh_from_db()
        Organization.objects.move(body, Organization.objects.get(pk=between.pk), "last-child")
        body.refresh_from_db()
    report, _other = two_reports(cast)
    report.organization.refresh_from_db()
    text = page(as_(cast.secretary), url("sources", report))
    assert "请向青禾县县直机关工委的党务干事询问" in text


@pytest.mark.parametrize("who", ["member", "outsider"])
def test_a_draft_is_not_there_for_others(cast, as_, who):
    report, other = two_reports(cast)
    client = as_(getattr(cast, who))
    assert client.get(url("sources", report)).status_code == 404
    assert client.get(url("source", report, "report", other.pk)).status_code == 404
    assert client.get(url("source", other, "report", report.pk)).status_code == 404


def test_a_tree_beside_is_not_compared_with(cast, as_):
    report = written(cast.secretary, a_report(cast), HYDROLOGY)
    values = {"code": "XQ", "name": "溪桥县工委", "kind": "organs-work-committee", "founded": "2012-03-01"}
    elsewhere = Organization.objects.add_root(values)
    (row,) = add(cast.clerk, elsewhere, new(visibility="template"))
    assert "没有相同的段落" in page(as_(cast.secretary), url("sources", report))
    Post.objects.create(member=cast.clerk.member, organization=elsewhere, title="clerk", since=ON)
    assert as_(cast.clerk).get(url("source", report, "text", row.pk)).status_code == 404
