"""Local duties: laid down on a page with a source, shown in the ledger of the bodies below, ended on a page."""

from datetime import date

import pytest

from tests.duties.local import lay_down
from tests.ledger.records import cells, hold
from zhibu.duties.models import LocalDuty
from zhibu.duties.queries import DutyBook, duties_of
from zhibu.duties.services import lay_down_duty
from zhibu.errors import UserError
from zhibu.ledger.queries import ledger_of
from zhibu.org.models import JournalEntry, Organization

URL, NEW = "/duties/GW/local/", "/duties/GW/local/new/"
FORM = {
    "document": "关于规范党课的通知", "origin": "青禾县县直机关工委", "number": "青工发〔2025〕5号",
    "since": "2025-01-01",
    "text": "每季度至少上1次党课", "strength": "at-least", "label": "每季一课", "subject": ["branch"],
    "shape": "at_least",
    "kinds": ["lecture"], "count": "1", "per": "quarter",
}  # fmt: skip


def test_works(cast, as_):
    client = as_(cast.clerk)
    assert "下达任务" in client.get(NEW).content.decode()
    page = client.post(NEW, FORM, follow=True).content.decode()
    assert "每季一课" in page
    assert "青工发〔2025〕5号" in page
    row = LocalDuty.objects.get()
    assert row.data["at_least"] == {"count": 1, "per": "quarter", "of": ["lecture"]}
    assert JournalEntry.objects.get(verb="lay-down-duty").account == cast.clerk
    statuses = cells(ledger_of(cast.branch, 2025, date(2026, 1, 31)), f"local-{row.pk}/duty")
    assert statuses == {"2025-Q1": "missing", "2025-Q2": "missing", "2025-Q3": "missing", "2025-Q4": "missing"}


@pytest.mark.parametrize(
    ("shape", "kept"),
    [
        (
            {"shape": "each_member", "hours": "16", "group": "member"},
            {"each_member": {"hours": 16.0, "group": "member"}},
        ),
        (
            {"shape": "within", "event": "secretary-appointed", "limit": "3", "kinds": ["training"]},
            {"within": {"event": "secretary-appointed", "of": ["training"], "months": 3}},
        ),
    ],
)
def test_the_other_shapes(cast, as_, shape, kept):
    as_(cast.clerk).post(NEW, {**FORM, **shape})
    data = LocalDuty.objects.get().data
    assert {key: data[key] for key in kept} == kept


def test_only_records_of_one_sort_count_where_that_is_asked(cast, as_):
    asked = {"kinds": ["talk"], "tags": ["committee-member"], "per": "year", "label": "委员谈心"}
    page = as_(cast.clerk).post(NEW, {**FORM, **asked}, follow=True).content.decode()
    assert "委员谈心" in page
    row = LocalDuty.objects.get()
    assert row.data["at_least"]["tags"] == ["committee-member"]
    hold(cast, "talk", date(2025, 5, 6), tags=["member-member"])
    key = f"local-{row.pk}/duty"
    assert cells(ledger_of(cast.branch, 2025, date(2026, 1, 31)), key) == {"2025": "missing"}
    hold(cast, "talk", date(2025, 6, 6), tags=["committee-member", "secretary-talk"])
    assert cells(ledger_of(cast.branch, 2025, date(2026, 1, 31)), key) == {"2025": "met"}


@pytest.mark.parametrize("field", ["document", "origin", "number", "since", "text", "strength", "label", "subject"])
def test_every_source_and_word_is_required(cast, as_, field):
    form = {key: value for key, value in FORM.items() if key != field}
    page = as_(cast.clerk).post(NEW, form)
    assert field in page.context["form"].errors
    assert not LocalDuty.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kinds": []}, "kinds"),
        ({"count": "0"}, "count"),
        ({"until": "2024-12-31"}, "until"),
        ({"shape": "each_member"}, "hours"),
        ({"shape": "within", "event": "secretary-appointed"}, "limit"),
        ({"subject": ["county"]}, "subject"),
        ({"tags": ["member-member"]}, "tags"),  # a lecture is never between members
        ({"tags": ["no-such"]}, "tags"),
    ],
)
def test_rejects_what_makes_no_duty(cast, as_, wrong, field):
    page = as_(cast.clerk).post(NEW, {**FORM, **wrong})
    assert field in page.context["form"].errors
    assert "关于规范党课的通知" in page.content.decode()
    assert not LocalDuty.objects.exists()


def test_requires_the_right_person(cast, as_, client):
    assert client.get(NEW).status_code == 302
    lay_down(cast)
    for account in (cast.secretary, cast.member, cast.outsider):
        assert as_(account).get(URL).status_code == 404
        assert as_(account).post(NEW, FORM).status_code == 404
    assert as_(cast.member).get("/duties/GW-01/local/new/").status_code == 403
    assert as_(cast.clerk).post("/duties/GW-01/local/new/", FORM).status_code == 403  # above, not of that committee
    assert LocalDuty.objects.count() == 1


def test_concerns_the_bodies_below_only(cast):
    lay_down(cast)
    elsewhere = Organization.objects.add_root(
        {"code": "BX", "name": "别处支部", "kind": "branch", "founded": date(2020, 1, 1)}
    )
    assert any(duty.id.startswith("local-") for duty in duties_of(cast.branch, 2025))
    assert not any(duty.id.startswith("local-") for duty in duties_of(elsewhere, 2025))
    book = DutyBook([cast.branch, elsewhere], 2025)
    assert len(book.of(cast.branch)) == len(book.of(elsewhere)) + 1


def test_is_no_duty_in_years_it_was_not_in_force(cast):
    lay_down(cast, since=date(2025, 3, 1), until=date(2025, 9, 30))
    local = {year: [one for one in duties_of(cast.branch, year) if one.number] for year in (2024, 2025, 2026)}
    assert [len(local[year]) for year in (2024, 2025, 2026)] == [0, 1, 0]
    statuses = cells(ledger_of(cast.branch, 2025, date(2025, 12, 31)), local[2025][0].id)
    assert list(statuses) == [f"2025-{month:02}" for month in range(3, 10)]


def test_ends_on_a_page_of_its_own(cast, as_):
    row = lay_down(cast)
    client, url = as_(cast.clerk), f"/duties/GW/local/{row.pk}/end/"
    assert "终止" in client.get(url).content.decode()
    assert "不能早于" in client.post(url, {"until": "2024-01-01"}).content.decode()
    client.post(url, {"until": "2025-06-30"})
    row.refresh_from_db()
    assert row.until == date(2025, 6, 30)
    assert "只能提前" in client.post(url, {"until": "2025-12-31"}).content.decode()
    assert as_(cast.secretary).post(url, {"until": "2025-01-31"}).status_code == 404
    assert as_(cast.clerk).post(f"/duties/GW-01/local/{row.pk}/end/", {"until": "2025-01-31"}).status_code == 403
    row.refresh_from_db()
    assert row.until == date(2025, 6, 30)


def test_the_service_itself_asks_for_the_source(cast):
    with pytest.raises(UserError, match="必须有出处"):
        lay_down_duty(cast.clerk, cast.committee, {"document": "通知", "origin": "工委", "number": "", "data": {}})
    with pytest.raises(UserError):
        lay_down(cast, strength="perhaps")


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_little(cast, as_, django_assert_max_num_queries, number):
    for _ in range(number):
        lay_down(cast)
    client = as_(cast.clerk)
    client.get(URL)
    with django_assert_max_num_queries(10):
        client.get(URL)
