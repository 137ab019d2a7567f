"""A year's reports held against each other: the page works, wants the right person, and says when it was computed."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from tests.conftest import _account, _member, _organization
from tests.corpus.texts import ARCHIVES, HONEST, HYDROLOGY
from tests.reports.seasons import two_reports, written
from tests.reports.year import AT, ON, record
from zhibu.org.models import Organization
from zhibu.reports import jobs, season
from zhibu.reports.services import start_report


def url(code="GW", year=2025):
    return reverse("reports:between", args=[code, year])


def page(client, address=None):
    answer = client.get(address or url())
    assert answer.status_code == 200
    return answer.content.decode()


def another(cast, number, *paragraphs):
    """One more branch with a report."""
    committee = Organization.objects.get(pk=cast.committee.pk)
    branch = _organization(committee, f"GW-1{number}", f"青禾县第{number}水库党支部", "branch")
    writer = _member(branch, "001", f"娄知{'一二三四五六七八九'[number]}", "secretary")
    account = _account(f"more{number}", writer)
    record(branch, "talk", ON.replace(month=3), writer, "谈话")
    report = start_report(account, branch, 2025, writer, ON, at=AT)
    return written(account, report, *paragraphs)


# --- works


def test_a_group_the_picture_and_the_pair_with_its_way_down(cast, as_):
    first, second = two_reports(cast)
    another(cast, 1, HONEST)
    client = as_(cast.clerk)
    text = page(client)
    assert "3份中有2份与别的报告有相同的段落" in text
    assert "2份：" in text
    assert text.count('fill="#8a2c0d"') == 2
    assert text.count('fill="#c5cdd5"') == 3
    down = reverse("reports:source", args=["GW-01", first.pk, "report", second.pk])
    assert f'<a class="btn btn-sm" href="{down}"' in text
    pair = page(client, down)
    share = re.search(r"<strong>(\d+%)</strong>", text)[1]
    assert f"相同部分占{share}" in pair


def test_honest_reports_have_nothing_in_common(cast, as_):
    two_reports(cast, ours=(HYDROLOGY,), theirs=(ARCHIVES,))
    assert "没有找到相同的段落" in page(as_(cast.clerk))


def test_one_report_has_nothing_to_be_compared_with(cast, as_):
    assert "还没有可以相互对照的报告" in page(as_(cast.clerk))


def test_the_result_is_kept_and_told_to_be_old(cast, as_, monkeypatch):
    first, _second = two_reports(cast, ours=(HONEST,), theirs=(HYDROLOGY,))
    client = as_(cast.clerk)
    monkeypatch.setattr(season, "QUICK", 1)
    assert "开始对照" in page(client)
    assert "已开始在后台对照" in client.post(url(), follow=True).content.decode()
    jobs.compare_season.call(cast.committee.pk, 2025)
    DBTaskResult.objects.all().delete()
    assert "没有找到相同的段落" in page(client)
    written(cast.secretary, first, HYDROLOGY)
    text = page(client)
    assert "之后有1份变动" in text
    assert "没有找到相同的段落" in text
    monkeypatch.setattr(season, "QUICK", 2)
    assert "已按现在的文字重新对照" in client.post(url(), follow=True).content.decode()
    assert "相同部分最多的" in page(client)


def test_few_reports_are_compared_at_once_and_anew_when_they_changed(cast, as_, monkeypatch):
    first, _second = two_reports(cast, ours=(HONEST,), theirs=(HYDROLOGY,))
    client = as_(cast.clerk)
    assert "没有找到相同的段落" in page(client)
    written(cast.secretary, first, HYDROLOGY)
    assert "相同部分最多的" in page(client)
    monkeypatch.setattr(season, "compute", lambda *_args, **_more: pytest.fail("computed again"))
    page(client)


def test_what_was_kept_and_cannot_be_read_is_computed_anew(cast, as_):
    two_reports(cast)
    client = as_(cast.clerk)
    page(client)
    for harm in (b"{", b"[]", b'{"pairs": [{"first": 1}], "groups": []}', b"\xff"):
        season._place(cast.committee, 2025).write_bytes(harm)
        assert "相同部分最多的" in page(client)


def test_queries_do_not_grow_with_the_reports(cast, as_):
    two_reports(cast)
    client = as_(cast.clerk)
    page(client)
    asked = []
    for number in (None, 1, 2):
        if number:
            another(cast, number, HYDROLOGY, HONEST)
            page(client)
        with CaptureQueriesContext(connection) as queries:
            page(client)
        asked.append(len(queries))
    assert asked[0] == asked[1] == asked[2] <= 14


def test_the_index_leads_here(cast, as_):
    two_reports(cast)
    assert url() in page(as_(cast.clerk), reverse("reports:index", args=["GW"]))


# --- the right person, and bad input


@pytest.mark.parametrize(("who", "status"), [("secretary", 404), ("outsider", 404), ("member", 404)])
def test_only_those_who_may_read_all_below(cast, as_, who, status):
    two_reports(cast)
    client = as_(getattr(cast, who))
    assert client.get(url()).status_code == status
    assert client.post(url()).status_code == status


def test_many_reports_are_compared_behind_the_page_with_progress(cast, as_, monkeypatch):
    two_reports(cast)
    another(cast, 1, HONEST)
    monkeypatch.setattr(season, "QUICK", 2)
    monkeypatch.setattr(season, "TOLD_EVERY", 1)
    client, htmx = as_(cast.clerk), {"HX-Request": "true"}
    for _twice in range(2):
        assert client.post(url()).status_code == 302
    job = DBTaskResult.objects.get()
    assert season.kept(cast.committee, 2025) is None  # the request computed nothing
    text = page(client)
    assert "正在排队" in text
    assert "<button" not in text[text.index('id="progress"') : text.index("</form>", text.index('id="progress"'))]
    seen = []

    def note(*told):
        DBTaskResult.objects.update(status="RUNNING")
        kept(*told)
        answer = client.get(url(), headers=htmx)
        seen.append((answer.content.decode(), answer.headers.get("HX-Refresh")))

    kept = season.note
    monkeypatch.setattr(season, "note", note)
    jobs.compare_season.call(*job.args_kwargs["args"])
    assert ["已完成0份" in one for one, _ in seen] == [True, False, False]
    assert "3份中已完成2份" in seen[2][0]
    assert {refresh for _, refresh in seen} == {None}
    DBTaskResult.objects.update(status="SUCCESSFUL")
    assert client.get(url(), headers=htmx).headers["HX-Refresh"] == "true"
    text = page(client)
    assert "3份中有2份与别的报告有相同的段落" in text
    assert "重新对照" in text
    assert season.noted(cast.committee, 2025) == (0, 0)


def test_a_comparison_that_failed_is_told_and_tried_again(cast, as_, monkeypatch):
    two_reports(cast)
    monkeypatch.setattr(season, "QUICK", 1)
    client = as_(cast.clerk)
    client.post(url())
    DBTaskResult.objects.update(status="FAILED")
    text = page(client)
    assert "上一次没有算成" in text
    assert "开始对照" in text
    client.post(url())
    assert DBTaskResult.objects.filter(status="READY").count() == 1
    assert as_(cast.member).post(url()).status_code == 404


def test_a_branch_has_no_such_page(cast, as_):
    two_reports(cast)
    assert as_(cast.secretary).get(url("GW-01")).status_code == 403


def test_an_office_reads_no_drafts(cast, as_, django_user_model):
    two_reports(cast)
    for office in ("system", "audit"):
        account = django_user_model.objects.create_user(office, password="x", office=office)
        answer = as_(account).get(url())
        assert answer.status_code == 403
        assert "闻知远" not in answer.content.decode()


@pytest.mark.parametrize("year", [1, 1949, 99999999999])
def test_a_year_without_reports(cast, as_, year):
    two_reports(cast)
    assert as_(cast.clerk).get(url(year=year)).status_code in (200, 404)


def test_a_disk_that_takes_nothing_is_no_reason_to_show_nothing(cast, as_, monkeypatch):
    two_reports(cast)
    monkeypatch.setattr(season.os, "replace", _full)
    client = as_(cast.clerk)
    answer = client.get(url())
    assert answer.status_code == 200


def _full(*_):
    raise OSError(28, "No space left on device")
