"""The year: acts down, months across; the table is complete without the chart."""

from datetime import date

import pytest

from tests.ledger.records import hold
from zhibu.ledger.queries import years_with_records

URL = "/ledger/GW-01/2025/"


def rows(page):
    return {
        one["row"].duty.key: one for table in page.context["tables"] for part in table["parts"] for one in part["rows"]
    }


def test_works(cast, as_):
    hold(cast, "general-meeting", date(2025, 2, 10))
    page = as_(cast.secretary).get(URL)
    found = rows(page)
    assert [(width, item.status) for width, item, _url in found["general-meeting"]["cells"]][:2] == [
        (3, "met"),
        (3, "missing"),
    ]
    assert [width for width, _item, _url in found["committee-meeting"]["cells"]] == [1] * 12
    assert [width for width, _item, _url in found["member-appraisal"]["cells"]] == [12]
    assert "/ledger/GW-01/2025/branch-work/general-meeting/2025-Q1/" in page.content.decode()


def test_status_is_said_in_words_beside_the_colour(cast, as_):
    page = as_(cast.secretary).get(URL).content.decode()
    assert "2025年第一季度 未完成" in page


def test_a_local_duty_that_begins_in_may_leaves_the_months_before_empty(cast, as_):
    from tests.duties.local import lay_down

    lay_down(cast, since=date(2025, 5, 1))
    row = rows(as_(cast.secretary).get(URL))["duty"]
    assert row["cells"][0] == (4, None, "")
    assert [width for width, _item, _url in row["cells"]][1:] == [1] * 8


def test_the_years_begin_with_recording_or_with_the_first_record(cast):
    on = date(2026, 1, 15)
    assert years_with_records(cast.branch, on) == [2026, 2025, 2024]
    cast.branch.recording_since = cast.committee.recording_since = None
    assert years_with_records(cast.branch, on) == [2026]
    hold(cast, "general-meeting", date(2025, 2, 10))
    assert years_with_records(cast.branch, on) == years_with_records(cast.committee, on) == [2026, 2025]


def test_requires_the_right_person(cast, as_, client):
    assert client.get(URL).status_code == 302
    assert as_(cast.outsider).get(URL).status_code == 404
    assert as_(cast.member).get(URL).status_code == 200


@pytest.mark.parametrize("year", [1, 1900, 9999, 123456])
def test_impossible_years_are_not_found(cast, as_, year):
    assert as_(cast.secretary).get(f"/ledger/GW-01/{year}/").status_code == 404


def test_a_year_before_the_founding_says_so(cast, as_):
    page = as_(cast.secretary).get("/ledger/GW-01/1950/")
    assert page.status_code == 200
    assert "没有适用于本组织的要求" in page.content.decode()


@pytest.mark.parametrize("records", [1, 3])
def test_few_queries(cast, as_, django_assert_max_num_queries, records):
    for number in range(records):
        hold(cast, "themed-day", date(2025, 3, 5 + number))
    client = as_(cast.secretary)
    client.get(URL)
    with django_assert_max_num_queries(13):
        client.get(URL)
