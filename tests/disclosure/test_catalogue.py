"""The shipped catalogue is whole and says how sure it is; a slip in it is told with item and field; its cases hold."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, timedelta

import pytest

from zhibu.activities.kinds import load_kinds
from zhibu.disclosure.catalogue import FILE, catalogue, find_item, kind_labels, parse_catalogue
from zhibu.disclosure.deadlines import Adopted, Shown, dues, publicity, too_short, usual_end
from zhibu.errors import UserError
from zhibu.periods import Period, periods
from zhibu.rulebook.yamlfile import read_yaml
from zhibu.workdays import known_years

CASES = read_yaml(FILE.with_name("cases.yaml"))
DEADLINES = [case for case in CASES if "expect" in case]
SPANS = [case for case in CASES if "span" in case]
ITEMS = catalogue().items

READ = {"candidates": ("第十三条", "V", "shall", date(2026, 5, 11))}
"""Articles that were read; everything else is marked as not verified or as local practice."""


@pytest.mark.parametrize("item", ITEMS.values(), ids=list(ITEMS))
def test_an_item_says_where_it_comes_from_and_how_sure_that_is(item):
    basis = item.basis
    if item.slug in READ:
        assert (basis.cites, basis.confidence, basis.strength, basis.since) == READ[item.slug]
        assert "未核对" not in str(basis.sentence)
    else:
        assert basis.confidence in ("M", "P")
        assert "未核对" in str(basis.sentence) or basis.title == "地方或习惯做法"
        assert not basis.strength
    assert item.working_days == (5 if item.slug == "candidates" else 0)


def test_every_kind_a_matter_comes_from_is_a_kind_of_record():
    assert {kind for item in ITEMS.values() for kind in item.kinds} <= set(load_kinds())
    assert [one["label"] for one in kind_labels(find_item("rules"))] == ["党员大会", "支委会会议"]


def test_what_names_people_is_not_left_to_the_wall():
    assert all(
        item.personal for item in ITEMS.values() if item.slug in ("candidates", "appraisal", "dues", "discipline")
    )
    assert all(item.wall != "rules" for item in ITEMS.values() if item.personal)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"rhythm": "weekly"}, "rhythm"),
        ({"audience": "world"}, "audience"),
        ({"due": "after"}, "due"),
        ({"due": "before", "rhythm": "event"}, "due"),
        ({"shown": "period", "rhythm": "once", "due": "within"}, "shown"),
        ({"shown": "working-days"}, "shown"),
        ({"working_days": 5}, "shown"),
        ({"shown": 0}, "shown"),
        ({"ask": ["nobody"]}, "ask"),
        ({"kinds": ["party"]}, "kinds"),
        ({"wall": "door"}, "wall"),
        ({"audiense": "unit"}, "audiense"),
        ({"basis": {"regulation": "local", "confidence": "X"}}, "confidence"),
        ({"basis": {"regulation": "constitution", "confidence": "V"}}, "regulation"),
    ],
)
def test_a_slip_is_told_with_item_and_field(change, told):
    data = deepcopy(read_yaml(FILE))
    data["items"]["monthly-plan"].update(change)
    with pytest.raises(UserError) as refused:
        parse_catalogue(data, "catalogue.yaml")
    assert "monthly-plan" in str(refused.value)
    assert told in str(refused.value)


def test_an_unknown_item_is_refused():
    with pytest.raises(UserError, match="没有“party”"):
        find_item("party")


def period_of(item, key):
    return next((one for year in (2025, 2026, 2027) for one in periods(item.rhythm, year) if one.key == str(key)), None)


@pytest.mark.parametrize("case", DEADLINES, ids=[case["name"] for case in DEADLINES])
def test_deadline_case(case):
    item = find_item(case["item"])
    adopted = Adopted(item, case["adopted"], case.get("adopted_until"))
    shown = [
        Shown(n, item.slug, one.get("state", "approved"), one["since"], one.get("until"), str(one.get("period", "")))
        for n, one in enumerate(case["published"], start=1)
    ]
    found = dues([adopted], shown, date(2025, 1, 1), case["on"])
    by_key = {due.period.key if due.period else "always": due for due in found}
    for key, wanted in case["expect"].items():
        status, days = wanted if isinstance(wanted, list) else (wanted, 0)
        if status == "none":
            assert str(key) not in by_key
        else:
            assert (by_key[str(key)].status, by_key[str(key)].days) == (status, days)
    if any(one.get("state") == "proposed" for one in case["published"]):
        assert by_key["2026-03"].on_the_way == "proposed"


def span_of(case):
    span = case["span"]
    if span["since"] == "after-known-years":
        since = date(max(known_years()) + 1, 3, 1)
        return since, since + timedelta(days=span["days"] - 1)
    return span["since"], span["until"]


@pytest.mark.parametrize("case", SPANS, ids=[case["name"] for case in SPANS])
def test_span_case(case):
    item, (since, until) = find_item(case["item"]), span_of(case)
    says = case["span"]["says"]
    if says == "unknown":
        with pytest.raises(UserError, match=r"没有.*年的放假"):
            too_short(item, since, until)
        return
    problem = too_short(item, since, until)
    assert (problem is not None) == (says == "too-short")
    if "ends" in case["span"]:
        assert usual_end(item, since, None) == case["span"]["ends"]
        if problem:
            ends = case["span"]["ends"]
            assert f"{ends.year}年{ends.month}月{ends.day}日" in str(problem)
            assert "第十三条" in str(problem)


def test_publicity_tells_the_day_it_has_come_to():
    item = find_item("candidates")
    days = {day: publicity(item, date(2026, 6, 17), date(2026, 6, day)) for day in (17, 18, 20, 22, 24, 25)}
    assert [(one.day, one.over) for one in days.values()] == [
        (1, False), (2, False), (2, False), (3, False), (5, False), (6, True)
    ]  # fmt: skip
    assert days[25].ends == date(2026, 6, 24)
    assert publicity(item, date(2026, 6, 17), date(2026, 6, 16)) is None
    assert publicity(find_item("notice"), date(2026, 6, 17), date(2026, 6, 18)) is None


def test_the_usual_end():
    month = Period(date(2026, 3, 1), date(2026, 3, 31), "2026-03")
    assert usual_end(find_item("monthly-plan"), date(2026, 2, 27), month) == date(2026, 3, 31)
    assert usual_end(find_item("monthly-results"), date(2026, 4, 3), month) == date(2026, 5, 2)
    assert usual_end(find_item("rules"), date(2026, 4, 3), None) is None
    assert usual_end(find_item("candidates"), date(2026, 5, 6), None) == date(2026, 5, 11)
