"""The body's side: what is next, to whom it is offered, what is refused, what others must not see."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.conftest import _account
from tests.reports.year import a_report
from tests.review.seasons import AT, ON, a_cycle, a_leader, entry_of, submitted
from zhibu.corpus.comparing import compared
from zhibu.corpus.feeds import feeds
from zhibu.documents.docx import write_docx
from zhibu.documents.model import Block, Document, Span
from zhibu.org.models import JournalEntry
from zhibu.reports.models import Report
from zhibu.review import handing_in, reading, season
from zhibu.review.feed import FORM
from zhibu.review.models import Stage, Submission

OUTSIDE = (
    "抓基层党建工作述职报告\n各位领导：\n"
    "我带头讲了一堂党课，讲的是库房漏水那一夜五名党员怎样把两千卷档案搬到高处。\n以上报告，请予评议。"
)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    for name in ("entry_views", "prereview_views", "season_views", "views"):
        monkeypatch.setattr(f"zhibu.review.{name}.today", lambda: ON, raising=False)
    monkeypatch.setattr("zhibu.review.entry_views.now", lambda: AT)


def address(cycle, body, name=""):
    return f"/review/GW/{cycle.pk}/{entry_of(cycle, body).pk}/{name}"


def page(client, where, status=200):
    answer = client.get(where)
    assert answer.status_code == status, where
    return answer.content.decode()


def test_from_draft_to_submission_without_script(cast, as_):
    cycle = a_cycle(cast)
    season.change_cycle(
        cast.clerk,
        cycle,
        season.Plan(2025, cycle.title, focus="党课质量", days=(("submit", date(2026, 1, 15)),)),
        cycle.version,
    )
    where = address(cycle, cast.branch)
    shown = page(as_(cast.secretary), where)
    assert "起草述职报告" in shown
    assert "党课质量" in shown
    assert "2026年1月15日" in shown
    a_report(cast)
    shown = page(as_(cast.secretary), where)
    assert "要求1500–3000字" in shown
    assert "待补" in shown
    assert as_(cast.secretary).post(where, {"act": "prepare"}).status_code == 302
    made = Submission.objects.get()
    assert 'value="agree"' not in page(as_(cast.secretary), where)
    assert 'value="agree"' in page(as_(cast.deputy), where)
    assert as_(cast.deputy).post(where, {"act": "agree", "submission": made.pk}).status_code == 302
    assert as_(cast.secretary).post(where, {"act": "sign", "submission": made.pk}).status_code == 302
    assert "提交给" in page(as_(cast.secretary), where)
    assert as_(cast.secretary).post(where, {"act": "submit", "submission": made.pk}).status_code == 302
    assert entry_of(cycle, cast.branch).stage == Stage.SUBMITTED
    assert "撤回" in page(as_(cast.secretary), where)
    refused = as_(cast.secretary).post(where, {"act": "withdraw", "submission": made.pk, "why": ""})
    assert refused.status_code == 422
    assert "请写明理由" in refused.content.decode()
    assert "<details open><summary>撤回" in refused.content.decode()
    assert (
        as_(cast.secretary).post(where, {"act": "withdraw", "submission": made.pk, "why": "还要补充"}).status_code
        == 302
    )
    assert "还要补充" in page(as_(cast.secretary), where)
    assert JournalEntry.objects.filter(verb="submit-report").count() == 1


def test_what_was_prepared_anew_is_not_agreed_to_unread(cast, as_):
    cycle = a_cycle(cast)
    old = handing_in.prepare(cast.secretary, entry_of(cycle, cast.branch), a_report(cast), at=AT)
    handing_in.prepare(cast.secretary, entry_of(cycle, cast.branch), Report.objects.get(), at=AT)
    answer = as_(cast.deputy).post(address(cycle, cast.branch), {"act": "agree", "submission": old.pk})
    assert answer.status_code == 422
    assert "被新的一稿代替" in answer.content.decode()


def test_a_return_shows_its_reason_the_places_and_asks_what_changed(cast, as_):
    cycle = a_cycle(cast)
    made, leader = submitted(cast, cycle), a_leader(cast)
    place = reading.Place(made.text.index("党员大会"), made.text.index("党员大会") + 4)
    said = reading.comment(leader, made, "次数请核对", place, ON, at=AT)
    reading.return_report(leader, made, "次数不实，请核对后重报", entry_of(cycle, cast.branch).version, ON, at=AT)
    where = address(cycle, cast.branch)
    shown = page(as_(cast.secretary), where)
    assert "次数不实，请核对后重报" in shown
    assert "次数请核对" in shown
    assert f'id="c{said.pk}"' in page(as_(cast.secretary), f"{where}text/1/")
    assert "请写明理由" in as_(cast.secretary).post(where, {"act": "prepare"}).content.decode()
    report = Report.objects.get()
    report.body["blocks"].append({"kind": "paragraph", "level": 0, "text": "补充一句话说明情况。"})
    report.version += 1
    report.save()
    assert "补充一句话说明情况" in page(as_(cast.secretary), f"{where}changed/0/")
    assert as_(cast.secretary).post(where, {"act": "prepare", "reason": "核对了次数"}).status_code == 302
    shown = page(as_(cast.secretary), f"{where}changed/2/")
    assert "核对了次数" in shown
    assert "<ins>补充一句话说明情况。</ins>" in shown
    assert page(as_(cast.secretary), f"{where}changed/1/", 404)


def test_after_the_day_it_says_so(cast, as_, monkeypatch):
    monkeypatch.setattr("zhibu.review.entry_views.today", lambda: date(2026, 1, 16))
    cycle = a_cycle(cast)
    assert "已经逾期" in page(as_(cast.secretary), address(cycle, cast.branch))
    submitted(cast, cycle, date(2026, 1, 16))
    shown = page(as_(cast.secretary), address(cycle, cast.branch))
    assert "逾期提交" in shown
    assert 'value="withdraw"' not in shown


def test_a_file_from_elsewhere_rests_on_no_records_and_stands_in_the_corpus(cast, as_):
    cycle = a_cycle(cast)
    where = address(cycle, cast.other)
    file = SimpleUploadedFile("述职.txt", OUTSIDE.encode())
    assert as_(cast.outsider).post(where, {"act": "file", "file": file}).status_code == 302
    made = Submission.objects.get()
    assert (made.title, made.snapshot, made.file.name) == ("抓基层党建工作述职报告", None, "述职.txt")
    assert "数据没有台账依据" in page(as_(cast.outsider), where)
    got = as_(cast.outsider).get(f"{where}text/1/file/")
    assert b"".join(got.streaming_content) == OUTSIDE.encode()
    feed = next(one for one in feeds() if one.kind == "submission")
    assert not feed.versions(cast.committee)
    Submission.objects.update(submitted_at=AT, submitted_by=cast.outsider)
    assert feed.versions(cast.committee) == {made.pk: f"{FORM}.{made.digest}"}
    found = compared(OUTSIDE, cast.branch, cast.clerk, ON)
    assert [(one.origin.title, one.category) for one in found.seen] == [("青禾县档案馆党支部 阮青岚", "sister")]
    hidden = compared(OUTSIDE, cast.branch, cast.secretary, ON)
    assert (hidden.seen, len(hidden.unseen)) == ((), 1)


def test_a_word_file_is_read_and_kept_as_it_came(cast, as_):
    cycle = a_cycle(cast)
    data = write_docx(Document("述职", tuple(Block("paragraph", (Span(line),)) for line in OUTSIDE.splitlines())))
    where = address(cycle, cast.other)
    sent = {"act": "file", "file": SimpleUploadedFile("述职.docx", data), "title": "我的述职报告"}
    assert as_(cast.outsider).post(where, sent).status_code == 302
    made = Submission.objects.get()
    assert (made.title, made.text.split()) == ("我的述职报告", OUTSIDE.split())
    got = as_(cast.outsider).get(f"{where}text/1/file/")
    assert b"".join(got.streaming_content) == data


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({}, "请选择一个文件"),
        ({"file": SimpleUploadedFile("空.docx", b"")}, "空"),
        ({"file": SimpleUploadedFile("假.docx", b"MZ not a document")}, "假.docx"),
        ({"text": "长" * 200_001}, "200000"),
    ],
)
def test_a_bad_file_is_refused_and_the_words_are_kept(cast, as_, more, sentence):
    cycle = a_cycle(cast)
    answer = as_(cast.outsider).post(address(cycle, cast.other), {"act": "file", "title": "我的标题"} | more)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "我的标题" in answer.content.decode()
    assert not Submission.objects.exists()


def test_figures_of_the_frozen_text_open_their_records(cast, as_):
    cycle = a_cycle(cast)
    submitted(cast, cycle)
    client = as_(cast.secretary)
    shown = page(client, address(cycle, cast.branch, "text/1/"))
    assert "个数据有台账依据" in shown
    claim = next(iter(Submission.objects.get().body["claims"]))
    assert "台账快照" in page(client, address(cycle, cast.branch, f"text/1/{claim}/"))
    part = client.get(address(cycle, cast.branch, f"text/1/{claim}/"), headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert page(client, address(cycle, cast.branch, "text/1/c999/"), 404)
    assert page(client, address(cycle, cast.branch, f"text/{10**30}/"), 404)


def test_others_see_nothing_of_it(cast, as_):
    cycle = a_cycle(cast)
    submitted(cast, cycle)
    names = ("", "text/1/", "changed/0/", "read/", "sources/", "text/1/file/")
    for account in (cast.member, cast.outsider, _account("system", office="system")):
        for name in names:
            answer = as_(account).get(address(cycle, cast.branch, name))
            assert answer.status_code == 404, (account, name)
    for name in ("read/", "sources/", "sources/report-1/"):
        assert as_(cast.secretary).get(address(cycle, cast.branch, name)).status_code == 403
    for act in ("prepare", "submit", "agree", "sign"):
        assert as_(cast.clerk).post(address(cycle, cast.branch), {"act": act}).status_code == 403
    assert as_(cast.deputy).post(address(cycle, cast.branch), {"act": "sign"}).status_code == 403
    assert as_(cast.secretary).post(address(cycle, cast.branch), {"act": "steal"}).status_code == 404


def test_the_month_and_the_reports_lead_there(cast, as_):
    cycle = a_cycle(cast)
    client = as_(cast.secretary)
    part = client.get("/review/GW-01/due/", headers={"HX-Request": "true"}).content.decode()
    assert address(cycle, cast.branch) in part
    assert "2026年1月15日前提交" in part
    assert client.get("/review/GW-01/due/").headers["Location"] == "/review/GW-01/"
    assert 'hx-get="/review/GW-01/due/"' in page(client, "/reports/GW-01/")
    assert "/review/GW-01/due/" in page(client, "/ledger/GW-01/")
    assert address(cycle, cast.branch) in page(client, "/review/GW-01/")
    assert address(cycle, cast.branch) not in page(as_(cast.member), "/review/GW-01/")


def test_one_submission_and_three_ask_the_same(cast, as_):
    cycle = a_cycle(cast)
    submitted(cast, cycle)
    client = as_(cast.secretary)
    client.get("/")
    where = address(cycle, cast.branch)

    def asked():
        with CaptureQueriesContext(connection) as found:
            page(client, where)
        return len(found)

    one = asked()
    leader = a_leader(cast)
    for number in (2, 3):
        made = handing_in.prepare(
            cast.secretary, entry_of(cycle, cast.branch), Report.objects.get(), f"第{number}次", at=AT
        )
        Submission.objects.filter(pk=made.pk).update(submitted_at=AT, submitted_by=cast.secretary)
        reading.comment(leader, made, "请写具体", None, ON, at=AT)
    assert asked() == one
    assert one <= 20
