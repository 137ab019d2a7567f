"""The month page: what to do, what is left over, what is done; nothing asked twice."""

from datetime import date

import pytest
from django.utils import timezone

from tests.ledger.records import hold


@pytest.fixture
def today(monkeypatch):
    """The page is asked on 20 March 2025."""
    day = date(2025, 3, 20)
    monkeypatch.setattr(timezone, "localdate", lambda *_: day)
    return day


def text_of(response):
    return response.content.decode()


def labels(response, part):
    return [line.duty.key for line in response.context[part]]


def test_works(cast, as_, today):
    hold(cast, "themed-day", date(2025, 3, 5), hours=2)
    hold(cast, "committee-meeting", date(2025, 3, 6), lacks=["记录人"])
    page = as_(cast.secretary).get("/ledger/GW-01/")
    assert page.status_code == 200
    assert "general-meeting" in labels(page, "due")
    assert "committee-meeting" in labels(page, "mend")
    assert "themed-day" in labels(page, "done")
    assert "organizational-life-meeting" in labels(page, "later")
    assert "committee-meeting" in labels(page, "leftovers")  # February's
    assert "2025年3月" in text_of(page)


def test_what_was_done_in_an_earlier_month_is_not_praised_again(cast, as_, today):
    hold(cast, "lecture", date(2025, 2, 5))
    page = as_(cast.secretary).get("/ledger/GW-01/")
    assert "lecture" not in labels(page, "done")
    assert "lecture" in labels(page, "quiet")
    assert "lecture" in labels(as_(cast.secretary).get("/ledger/GW-01/?m=2025-02"), "done")


def test_what_two_regulations_ask_is_shown_once(cast, as_, today):
    page = as_(cast.secretary).get("/ledger/GW-01/")
    assert labels(page, "due").count("themed-day") == 1
    (line,) = [line for line in page.context["due"] if line.duty.key == "themed-day"]
    assert {one.duty.id for one in line.item.all} == {"branch-work/themed-day", "member-education/themed-day"}
    assert line.duty.id == "member-education/themed-day"  # the article that was verified speaks


def test_the_cells_of_the_branch_are_on_its_page(cast, as_, today):
    page = as_(cast.secretary).get("/ledger/GW-01/")
    (line,) = [line for line in page.context["due"] if line.duty.key == "cell-meeting"]
    assert line.where == "第一党小组"
    assert "/GW-01-1/" in line.url


def test_record_it_now_leads_to_the_form_of_the_kind(cast, as_, today):
    page = text_of(as_(cast.secretary).get("/ledger/GW-01/"))
    assert "/activities/GW-01/record/general-meeting/" in page


def test_a_member_sees_it_and_is_not_asked_to_record(cast, as_, today):
    page = as_(cast.member).get("/ledger/GW-01/")
    assert page.status_code == 200
    assert "/record/" not in text_of(page)


def test_requires_the_right_person(cast, as_, client, today):
    hold(cast, "themed-day", date(2025, 3, 5), title="外人不应看到")
    assert client.get("/ledger/GW-01/").status_code == 302
    assert as_(cast.outsider).get("/ledger/GW-01/").status_code == 404
    assert as_(cast.clerk).get("/ledger/GW-01/").status_code == 200


@pytest.mark.parametrize("asked", ["2025-13", "nonsense", "2025-3", "<script>", ""])
def test_bad_months_give_this_month(cast, as_, today, asked):
    page = as_(cast.secretary).get("/ledger/GW-01/", {"m": asked})
    assert page.context["month"].first == date(2025, 3, 1)


def test_another_month_and_year_can_be_asked(cast, as_, today):
    page = as_(cast.secretary).get("/ledger/GW-01/?m=2024-12")
    assert page.context["month"].first == date(2024, 12, 1)
    assert "general-meeting" in labels(page, "due")  # Q4 of 2024, missed in its last month


def test_a_body_of_which_nothing_is_asked_is_told_so(cast, as_, today):
    type(cast.branch).objects.filter(path__startswith=cast.branch.path).update(founded=date(2026, 1, 1))
    page = as_(cast.secretary).get("/ledger/GW-01/")
    assert labels(page, "due") == labels(page, "done") == []
    assert "没有适用于本组织的要求" in text_of(page)


@pytest.mark.parametrize("records", [1, 3])
def test_few_queries_whatever_was_recorded(cast, as_, today, django_assert_max_num_queries, records):
    for number in range(records):
        hold(cast, "themed-day", date(2025, 3, 5 + number))
    client = as_(cast.secretary)
    client.get("/ledger/GW-01/")
    with django_assert_max_num_queries(13):
        client.get("/ledger/GW-01/")


def test_a_record_that_lacks_something_is_completed_not_recorded_again(cast, as_, today):
    meeting = hold(cast, "committee-meeting", date(2025, 3, 6), lacks=["记录人"])
    page = as_(cast.secretary).get("/ledger/GW-01/")
    (line,) = [line for line in page.context["mend"] if line.duty.key == "committee-meeting"]
    assert [link.url for link in line.mend] == [f"/activities/GW-01/{meeting.pk}/"]
    february = "/activities/GW-01/record/committee-meeting/?duty=branch-work%2Fcommittee-meeting&amp;date=2025-02-28"
    assert text_of(page).count(february) == 1  # it has no record at all
