"""The explanation of one cell: status, reason, article, words, evidence, what next; a reason for a 一般 duty."""

from datetime import date

import pytest

from tests.ledger.records import hold
from zhibu.duties.models import Explanation
from zhibu.org.models import JournalEntry

MEETING = "/ledger/GW-01/2025/branch-work/general-meeting/2025-Q1/"
THEMED = "/ledger/GW-01/2025/branch-work/themed-day/2025-03/"


def test_works(cast, as_):
    hold(cast, "general-meeting", date(2025, 2, 10), title="一季度党员大会", lacks=["决议或结论"])
    page = as_(cast.secretary).get(MEETING).content.decode()
    for said in ("有缺项", "一般每季度召开1次", "第十一条", "一季度党员大会", "决议或结论", "下一步"):
        assert said in page


def test_an_unverified_article_says_so(cast, as_):
    page = as_(cast.secretary).get(THEMED).content.decode()
    assert "条文未核对" in page
    assert "同一件事" in page
    assert "/member-education/themed-day/2025-03/" in page


def test_a_reason_is_kept_beside_the_cell_and_in_the_journal(cast, as_):
    client = as_(cast.secretary)
    answer = client.post(MEETING, {"reason": "一季度集中换届，推迟到四月召开"}, follow=True)
    assert "一季度集中换届" in answer.content.decode()
    assert answer.context["standing"].status == "missing"
    explanation = Explanation.objects.get()
    assert (explanation.duty, explanation.period) == ("branch-work/general-meeting", "2025-Q1")
    assert JournalEntry.objects.get(verb="explain").account == cast.secretary


def test_a_second_reason_replaces_the_first(cast, as_):
    client = as_(cast.secretary)
    client.post(MEETING, {"reason": "甲"})
    client.post(MEETING, {"reason": "乙"})
    assert [one.reason for one in Explanation.objects.all()] == ["乙"]


def test_an_empty_reason_is_refused(cast, as_):
    answer = as_(cast.secretary).post(MEETING, {"reason": "  "})
    assert answer.status_code == 200
    assert not Explanation.objects.exists()


def test_what_must_be_done_cannot_be_explained_away(cast, as_):
    client = as_(cast.secretary)
    assert "说明没有开展的原因" not in client.get(THEMED).content.decode()
    answer = client.post(THEMED, {"reason": "忙"})
    assert "不能以说明代替" in answer.content.decode()
    assert not Explanation.objects.exists()


def test_requires_the_right_person(cast, as_, client):
    assert client.get(MEETING).status_code == 302
    assert as_(cast.outsider).get(MEETING).status_code == 404
    assert as_(cast.member).get(MEETING).status_code == 200
    assert as_(cast.member).post(MEETING, {"reason": "外行"}).status_code == 403
    assert as_(cast.outsider).post(MEETING, {"reason": "外人"}).status_code == 404
    assert not Explanation.objects.exists()


def test_the_title_of_a_talk_is_not_shown(cast, as_):
    hold(cast, "talk", date(2025, 5, 6), title="与某人谈家庭困难", tags=["member-member"])
    page = as_(cast.clerk).get("/ledger/GW-01/2025/branch-work/talk-member-member/2025/").content.decode()
    assert "家庭困难" not in page
    assert "2025年5月6日" in page


@pytest.mark.parametrize("tail", ["branch-work/no-such/2025", "branch-work/general-meeting/2025-07", "x/y/2024"])
def test_cells_that_are_not_there(cast, as_, tail):
    assert as_(cast.secretary).get(f"/ledger/GW-01/2025/{tail}/").status_code == 404


@pytest.mark.parametrize("records", [1, 3])
def test_few_queries(cast, as_, django_assert_max_num_queries, records):
    for number in range(records):
        hold(cast, "general-meeting", date(2025, 2, 5 + number))
    client = as_(cast.secretary)
    client.get(MEETING)
    with django_assert_max_num_queries(13):
        client.get(MEETING)
