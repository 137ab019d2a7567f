"""Opinions and suggestions: with or without a name, answered, taken up; nobody but the committee reads them."""

from __future__ import annotations

from datetime import date

import pytest

from tests.disclosure.publishing import DAY, at, bring_up, people
from tests.journeys.clock import calendar
from zhibu.disclosure import opinion_views, opinions
from zhibu.disclosure.models import Comment
from zhibu.errors import UserError
from zhibu.notices.models import Notice
from zhibu.org.models import JournalEntry
from zhibu.tasks.models import Task

pytestmark = pytest.mark.django_db

URL = "/disclosure/GW-01/suggestions/"


@pytest.fixture(autouse=True)
def three(cast, monkeypatch):
    calendar(monkeypatch)(DAY)
    return people(cast)


def text(answer):
    return answer.content.decode()


def test_a_member_suggests_without_a_name(cast, as_):
    answer = as_(cast.member).post(URL, {"text": "主题党日少念文件。"}, follow=True)
    row = Comment.objects.get()
    assert row.receipt in text(answer)
    assert (row.account, row.name, row.source, row.text) == (None, "", "member", "主题党日少念文件。")
    entry = JournalEntry.objects.get(verb="comment")
    assert (entry.account, "党日" in entry.summary) == (None, False)
    assert "主题党日少念文件" not in text(as_(cast.member).get(URL))  # nobody knows it is his
    page = text(as_(cast.secretary).get(URL))
    assert "主题党日少念文件" in page
    assert "未署名" in page
    assert "今年听取1条，已答复0条" in page


def test_a_member_who_signs_sees_it_again_with_the_answer(cast, as_):
    as_(cast.member).post(URL, {"text": "改进学习。", "signed": "on"})
    row = Comment.objects.get()
    assert (row.account, row.name) == (cast.member, "温汝舟")
    assert Notice.objects.filter(kind="opinion", account=cast.secretary).exists()
    assert as_(cast.secretary).post(f"{URL}{row.pk}/answer/", {"answer": "采纳。"}).status_code == 302
    page = text(as_(cast.member).get(URL))
    assert "采纳。" in page
    assert "闻知远" not in page.split('id="opinion-')[1].split("</li>")[0]
    assert Notice.objects.filter(kind="opinion", account=cast.member).count() == 1


def test_rejects_bad_input(cast, as_):
    for sent in ({"text": ""}, {"text": "   "}, {"text": "长" * 1001}):
        assert as_(cast.member).post(URL, sent).status_code == 422
    row = opinions.comment(cast.branch, None, "建议", source="public", at=at(DAY))
    for sent in ({"answer": ""}, {"answer": "长" * 1001}):
        answer = as_(cast.secretary).post(f"{URL}{row.pk}/answer/", sent)
        assert answer.status_code == 422
        assert "建议" in text(answer)
    assert Comment.objects.get().answer == ""


def test_requires_the_right_person(cast, as_, client):
    row = opinions.comment(cast.branch, None, "给支部的悄悄话", source="public", at=at(DAY))
    theirs = opinions.comment(cast.other, None, "给别处的", source="public", at=at(DAY))
    assert client.post(URL, {"text": "x"}).status_code == 302
    assert as_(cast.outsider).get(URL).status_code == 404
    assert "悄悄话" not in text(as_(cast.member).get(URL))
    assert "悄悄话" in text(as_(cast.clerk).get(URL))  # the committee above
    for part in ("answer/", "task/"):
        assert as_(cast.member).post(f"{URL}{row.pk}/{part}", {"answer": "x", "text": "x"}).status_code == 403
        assert as_(cast.secretary).post(f"{URL}{theirs.pk}/{part}", {"answer": "x", "text": "x"}).status_code == 404
    assert not Comment.objects.exclude(answer="").exists()
    assert not Task.objects.exists()


def test_an_opinion_on_a_publication(cast, as_, three):
    made = bring_up(cast, three)
    as_(cast.member).post(f"/disclosure/GW-01/{made.pk}/", {"text": "日期写错了。"})
    assert Comment.objects.get().publication == made
    assert "日期写错了" in text(as_(three.proposer).get(f"/disclosure/GW-01/{made.pk}/"))
    assert "日期写错了" not in text(as_(cast.member).get(f"/disclosure/GW-01/{made.pk}/"))
    with pytest.raises(UserError, match="不再公开"):
        opinions.comment(cast.branch, made, "晚了", source="member", at=at(date(2026, 4, 30)))


def test_an_answer_can_be_put_right_and_both_stay(cast):
    row = opinions.comment(cast.branch, None, "建议", source="public", at=at(DAY))
    opinions.answer(cast.secretary, row, "不采纳", at=at(DAY))
    opinions.answer(cast.deputy, row, "采纳", at=at(DAY))
    row.refresh_from_db()
    assert (row.answer, row.answered_by) == ("采纳", cast.deputy)
    assert JournalEntry.objects.filter(verb="answer-comment").first().data == {"earlier": "不采纳"}


def test_a_suggestion_becomes_a_task_once(cast, as_):
    row = opinions.comment(cast.branch, None, "楼道的灯坏了，请报修。", source="public", at=at(DAY))
    address = f"{URL}{row.pk}/task/"
    assert "楼道的灯坏了" in text(as_(cast.secretary).get(address))
    late = {"text": "报修", "due": "2026-02-01", "owner": ""}
    assert "已经过去" in text(as_(cast.secretary).post(address, late))
    sent = {"text": "报修楼道的灯", "due": "2026-03-20", "owner": cast.members[5].pk}
    assert as_(cast.secretary).post(address, sent).status_code == 302
    task = Task.objects.get()
    assert (task.text, task.owner, task.organization) == ("报修楼道的灯", cast.members[5], cast.branch)
    assert "已转为任务（办理中）" in text(as_(cast.secretary).get(URL))
    assert "已经转为任务" in text(as_(cast.secretary).post(address, sent))
    assert Task.objects.count() == 1


def test_an_owner_from_elsewhere_is_refused(cast, as_):
    row = opinions.comment(cast.branch, None, "建议", source="public", at=at(DAY))
    stranger = cast.outsider.member.pk
    answer = as_(cast.secretary).post(f"{URL}{row.pk}/task/", {"text": "办", "owner": stranger})
    assert "owner" in answer.context["form"].errors
    assert not Task.objects.exists()


def test_too_many_in_an_hour_are_refused(cast, as_, monkeypatch):
    monkeypatch.setattr(opinion_views, "COMMENTS_AN_HOUR", 2)
    client = as_(cast.member)
    assert [client.post(URL, {"text": f"建议{n}"}).status_code for n in range(3)] == [302, 302, 422]
    assert as_(cast.deputy).post(URL, {"text": "别人还可以"}).status_code == 302
    assert Comment.objects.count() == 3


@pytest.mark.parametrize("typed", ["{}", " {} ", "lower", "spaced"])
def test_a_receipt_is_read_however_it_is_typed(cast, typed):
    row = opinions.comment(cast.branch, None, "建议", source="public", at=at(DAY))
    shown = {"lower": row.receipt.lower(), "spaced": row.receipt.replace("-", " ")}.get(
        typed, typed.format(row.receipt)
    )
    assert opinions.with_receipt(shown) == row
    assert opinions.with_receipt("ABCDE-FGHJK") is None
    assert opinions.with_receipt("") is None
