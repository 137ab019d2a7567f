"""What was resolved and is not carried out: a page, and a part of the month's page."""

from datetime import date

import pytest
from django.utils import timezone

from tests.ledger.records import hold, noon
from zhibu.activities.models import Resolution
from zhibu.org.models import Account

PAGE = "/activities/GW-01/resolutions/"


@pytest.fixture(autouse=True)
def today(monkeypatch):
    day = date(2025, 3, 20)
    monkeypatch.setattr(timezone, "localdate", lambda *_: day)
    return day


def resolve(activity, text, **fields):
    values = {"organization": activity.organization, "text": text, "due": date(2025, 3, 31), **fields}
    return Resolution.objects.create(activity=activity, **values)


def texts(page):
    return [one.text for one in page.context["rows"]]


def test_lists_what_is_not_carried_out(cast, as_):
    meeting = hold(cast, "committee-meeting", date(2025, 3, 6))
    for text, fields in (
        ("没有时限", {"due": None}),
        ("下月再办", {"due": date(2025, 4, 30)}),
        ("本月要办", {}),
        ("已经办好", {"done": date(2025, 3, 10)}),
    ):
        resolve(meeting, text, **fields)
    page = as_(cast.secretary).get(PAGE)
    assert texts(page) == ["本月要办", "下月再办", "没有时限"]
    assert f"/activities/GW-01/{meeting.pk}/correct/" in page.content.decode()
    part = as_(cast.secretary).get(PAGE, headers={"HX-Request": "true"})
    assert texts(part) == ["本月要办"]
    assert "<html" not in part.content.decode()


def test_the_month_asks_for_it_and_links_to_it_without_script(cast, as_):
    assert f'href="{PAGE}"' in as_(cast.secretary).get("/ledger/GW-01/").content.decode()
    assert PAGE not in as_(cast.secretary).get("/ledger/GW-01/?m=2025-02").content.decode()


def test_leaves_out_withdrawn_records(cast, as_):
    resolve(hold(cast, "committee-meeting", date(2025, 3, 6), withdrawn_at=noon(date(2025, 3, 7))), "撤回的事")
    page = as_(cast.secretary).get(PAGE)
    assert texts(page) == []
    assert "没有未落实的决议" in page.content.decode()


def test_requires_the_right_person(cast, as_):
    resolve(hold(cast, "general-meeting", date(2025, 3, 6)), "会上定的事")
    assert texts(as_(cast.member).get(PAGE)) == ["会上定的事"]
    assert "/correct/" not in as_(cast.member).get(PAGE).content.decode()
    assert as_(cast.outsider).get(PAGE).status_code == 404
    administrator = Account.objects.create_user("keeper", "Kept-Safe-2025", office="system")
    assert texts(as_(administrator).get(PAGE)) == []
    assert "活动记录不对这个账号开放" in as_(administrator).get("/activities/GW-01/").content.decode()
