"""The result on the page of an evaluation: opinions, level, publication, objection, answer, final, opened again."""

from datetime import date

import pytest
from django.utils import timezone

from tests.scoring.conftest import DAY, NOW, agree_all, another_clerk, graded, reload, reported, submitted, tried
from tests.scoring.test_pages import page_of
from zhibu.scoring import grading, services, settling
from zhibu.scoring.grading import Part
from zhibu.scoring.models import Evaluation, Objection, State

NEXT = date(2025, 4, 20)


@pytest.fixture
def report(cast):
    return reported(cast, Part(cast.branch, cast.secretary.member, until=date(2024, 6, 30)))[0]


def send(client, evaluation, act, **more):
    return client.post(page_of(evaluation), {"act": act, "version": reload(evaluation).version, **more})


def verified(cast):
    done = agree_all(cast.clerk, submitted(cast))
    return services.finish_verification(cast.clerk, done, done.version, DAY, at=NOW)


def test_a_result_is_set_published_objected_to_and_final_without_script(cast, as_, monkeypatch):
    done = verified(cast)
    client = as_(cast.clerk)
    page = client.get(page_of(done)).content.decode()
    assert "按总分拟定" in page
    assert "5个工作日内可以提出异议" in page
    assert send(client, done, "set-level", level="达标", reason="上年基础好").status_code == 302
    assert send(client, done, "publish", until="").status_code == 302
    client = as_(cast.secretary)
    page = client.get(page_of(done)).content.decode()
    assert "2025年3月27日前可以提出异议" in page
    assert "上年基础好" in page
    assert send(client, done, "object", text="党课少算一次").status_code == 302
    client = as_(cast.clerk)
    [row] = Objection.objects.all()
    assert "党课少算一次" in client.get(page_of(done)).content.decode()
    assert send(client, done, "answer", objection=row.pk, upheld="no", answer="已核对无误").status_code == 302
    assert 'value="close"' not in client.get(page_of(done)).content.decode()
    monkeypatch.setattr(timezone, "localdate", lambda *moment: moment[0].date() if moment else NEXT)
    assert 'value="close"' in client.get(page_of(done)).content.decode()
    assert send(client, done, "close").status_code == 302
    assert reload(done).state == State.CLOSED
    page = as_(cast.member).get(page_of(done)).content.decode()
    assert "不再改动" in page
    assert "已核对无误" in page
    chief = as_(another_clerk(cast, "secretary"))
    assert send(chief, done, "reopen", reason="核算有误").status_code == 302
    assert reload(done).state == State.VERIFIED


def test_the_committee_says_its_opinion_without_script(cast, as_, report):
    client = as_(cast.clerk)
    page = client.get(page_of(report)).content.decode()
    assert 'name="superior-choice"' in page
    assert 'name="life-note"' not in page
    assert "闻知远（年初至2024年6月30日）" in page
    assert "还有3项要填" in page
    data = {"superior-choice": "fairly-good", "superior-note": "深入支部调研", "criticized-choice": "none"}
    assert send(client, report, "opine", **data).status_code == 302
    page = client.get(page_of(report)).content.decode()
    assert "上级评定：较好。" in page
    assert "深入支部调研" in page
    assert "还有1项要填" in page


@pytest.mark.parametrize(
    ("act", "more", "kept"),
    [
        ("set-level", {"level": "示范", "reason": " "}, ""),
        ("set-level", {"level": "满分", "reason": "很好很好"}, "很好很好"),
        ("set-level", {}, ""),
        ("publish", {"until": "明天"}, "明天"),
        ("publish", {"until": "2025-03-21"}, "2025-03-21"),
        ("publish", {"version": "x"}, ""),
        ("publish", {"version": "0"}, ""),
    ],
)
def test_refuses_bad_results_and_keeps_what_was_typed(cast, as_, act, more, kept):
    done = verified(cast)
    answer = send(as_(cast.clerk), done, act, **more)
    assert answer.status_code == 422
    assert kept in answer.content.decode()
    assert reload(done).state == State.VERIFIED
    assert reload(done).level == ""


def test_refuses_bad_objections_and_answers_and_keeps_them(cast, as_):
    done = verified(cast)
    settling.publish(cast.clerk, cast.committee, [done.pk], DAY, at=NOW)
    client = as_(cast.secretary)
    for text in ("", "长" * 501):
        answer = send(client, done, "object", text=text)
        assert answer.status_code == 422
        assert text in answer.content.decode()
    assert not Objection.objects.exists()
    row = settling.object_to(cast.secretary, reload(done), "少算一次", DAY, at=NOW)
    client = as_(cast.clerk)
    for more in (
        {"objection": row.pk, "upheld": "no", "answer": " "},
        {"objection": row.pk, "upheld": "perhaps", "answer": "维持原判"},
        {"objection": 10**8, "upheld": "no", "answer": "维持原判"},
        {"objection": "x", "upheld": "no", "answer": "维持原判"},
    ):
        answer = send(client, done, "answer", **more)
        assert answer.status_code == 422
        assert more["answer"].strip() in answer.content.decode()
    assert Objection.objects.get().upheld is None


def test_requires_the_right_person(cast, as_, report):
    own = verified(cast)
    for account in (cast.member, cast.secretary, cast.deputy):
        for act in ("set-level", "publish", "close", "answer", "reopen", "opine"):
            answer = send(as_(account), own, act, level="示范", reason="很好", objection="1", upheld="no", answer="好")
            assert answer.status_code == 403, (account, act)
    assert reload(own).state == State.VERIFIED
    settling.publish(cast.clerk, cast.committee, [own.pk], DAY, at=NOW)
    for account in (cast.member, cast.clerk):
        assert send(as_(account), own, "object", text="不同意").status_code == 403
    assert as_(cast.outsider).post(page_of(own), {"act": "object", "text": "不同意"}).status_code == 404
    # A report's grade, and a body's trial, are nothing to the body yet; nor is a person's ever to other members.
    [trial] = tried(cast)
    for one in (report, trial):
        for account in (cast.secretary, cast.member, cast.deputy, cast.outsider):
            for name in ("", "sheet/", "gaps/", "verify/"):
                assert as_(account).get(page_of(one, name)).status_code == 404
    assert as_(cast.clerk).get(page_of(report)).status_code == 200
    done = graded(cast.clerk, report)
    settling.publish(cast.clerk, cast.committee, [done.pk], DAY, at=NOW)
    assert as_(cast.secretary).get(page_of(report)).status_code == 200
    assert as_(cast.member).get(page_of(report)).status_code == 404
    assert "闻知远" not in as_(cast.member).get("/scoring/GW-01/").content.decode()


def test_a_clerk_is_not_shown_nor_grades_himself(cast, as_):
    [one] = reported(cast, Part(cast.other, cast.clerk.member))
    assert as_(cast.clerk).get(page_of(one)).status_code == 404
    assert list(as_(cast.clerk).get("/scoring/GW/?year=2024&points=1").context["page"]) == []


def test_a_round_with_limits_is_not_published_one_by_one(cast, as_, report):
    done = graded(cast.clerk, report)
    page = as_(cast.clerk).get(page_of(done)).content.decode()
    assert "全部核定以后一起公布" in page
    assert 'value="publish"' not in page


def test_findings_may_be_changed_until_the_result_is_published(cast, as_, report):
    done = graded(cast.clerk, report)
    client = as_(cast.clerk)
    data = {"part": "daily", "lectures-agrees": "no", "lectures-points": "8", "lectures-reason": "另有记录"}
    assert client.post(page_of(done, "verify/"), {**data, "version": done.version}).status_code == 302
    assert "认定8分" in client.get(page_of(done)).content.decode()
    settling.publish(cast.clerk, cast.committee, [done.pk], DAY, at=NOW)
    assert client.post(page_of(done, "verify/"), {**data, "version": reload(done).version}).status_code == 403


def test_every_line_opens_what_it_rests_on(cast, as_, report):
    from fractions import Fraction

    vote = grading.Vote(Fraction(43, 50), "述职评议会测评", "/review/1/")
    grading.set_ballots(cast.clerk, {report.pk: {"overall": vote}}, at=NOW)
    page = as_(cast.clerk).get(page_of(report)).content.decode()
    assert '<a href="/review/1/">述职评议会测评</a>' in page
    assert "民主测评加权得分率86%。" in page
    assert "样例第八条" in page
    assert "/ledger/GW-01/2024/branch-work/general-meeting/2024-Q1/" in page
    assert "/ledger/GW-01/2024/branch-work/general-meeting/2024-Q3/" not in page
    assert Evaluation.objects.count() == 1
