"""A committee's overview: filters, drill down, the same without script, nothing of other committees."""

from datetime import date

import pytest

from tests.ledger.records import hold
from zhibu.org.models import Organization

URL = "/ledger/GW/below/"


def codes(page):
    return [row["body"].code for row in page.context["bodies"]]


def test_works(cast, as_):
    hold(cast, "general-meeting", date(2025, 2, 10))
    page = as_(cast.clerk).get(URL, {"year": 2025})
    assert codes(page) == ["GW-01", "GW-02"]
    mine, other = page.context["bodies"]
    assert mine["sum"].done > other["sum"].done
    assert mine["url"] == "/ledger/GW-01/2025/"
    assert "青禾县水文站党支部" in page.content.decode()


def test_filters_by_kind_duty_and_status(cast, as_):
    hold(cast, "general-meeting", date(2025, 2, 10), lacks=["记录人"])
    client = as_(cast.clerk)
    assert codes(client.get(URL, {"year": 2025, "kind": "cell"})) == ["GW-01-1"]
    asked = {"year": 2025, "duty": "branch-work/general-meeting", "status": "defective"}
    assert codes(client.get(URL, asked)) == ["GW-01"]
    assert codes(client.get(URL, {**asked, "sector": "village"})) == []


def test_htmx_gets_the_part_that_changes(cast, as_):
    client = as_(cast.clerk)
    part = client.get(URL, {"year": 2025}, headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div id="overview">')
    assert "<html" not in part
    assert 'id="overview"' in client.get(URL, {"year": 2025}).content.decode()


def test_a_body_with_others_below_it_is_looked_into(cast, as_):
    general = Organization.objects.add_child(
        Organization.objects.get(pk=cast.committee.pk),
        {"code": "GW-03", "name": "演练党总支", "kind": "general-branch", "founded": date(2020, 1, 1)},
    )
    Organization.objects.add_child(
        general, {"code": "GW-03-1", "name": "演练党支部", "kind": "branch", "founded": date(2020, 1, 1)}
    )
    page = as_(cast.clerk).get(URL, {"year": 2025})
    (row,) = [row for row in page.context["bodies"] if row["body"].code == "GW-03"]
    assert row["url"] == "/ledger/GW-03/below/?year=2025"
    assert codes(as_(cast.clerk).get(row["url"])) == ["GW-03-1"]


@pytest.mark.parametrize(
    "bad", [{"year": "x"}, {"page": "-1"}, {"page": "99"}, {"page": "²"}, {"status": "bad"}, {"kind": "<b>"}]
)
def test_nonsense_in_the_address_breaks_nothing(cast, as_, bad):
    page = as_(cast.clerk).get(URL, {"year": 2025, **bad})
    assert page.status_code == 200
    if "page" in bad:
        assert codes(page) == ["GW-01", "GW-02"]


def test_requires_the_right_person(cast, as_, client):
    assert client.get(URL).status_code == 302
    for account in (cast.secretary, cast.member, cast.outsider):
        assert as_(account).get(URL).status_code == 404


def test_a_body_with_nothing_below_says_what_to_do(cast, as_):
    assert "还没有下级组织" in as_(cast.clerk).get("/ledger/GW-02/below/").content.decode()


@pytest.mark.parametrize("more", [1, 3])
def test_queries_do_not_grow(cast, as_, django_assert_max_num_queries, more):
    for number in range(more):
        Organization.objects.add_child(
            Organization.objects.get(pk=cast.committee.pk),
            {"code": f"GW-1{number}", "name": "演练党支部", "kind": "branch", "founded": date(2020, 1, 1)},
        )
    client = as_(cast.clerk)
    client.get(URL)
    with django_assert_max_num_queries(15):
        client.get(URL)
