"""The wall display: slides of big type behind a secret link, without names, always of today."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tests.disclosure.publishing import CANDIDATES, DAY, PLAN, at, bring_up, draft, people
from tests.journeys.clock import calendar
from tests.web.pages import WALL, watched
from zhibu.disclosure import boards, services
from zhibu.disclosure.wall import LINES, SIGNS, Notice, slides
from zhibu.org.models import Organization


def notice(part="notices", body="内容。", title="标题", personal=False):
    return Notice(part, "通知公告", title, body, None, personal)


def test_plan_first_then_notices_honours_and_rules_and_nothing_else():
    given_ = [notice(part) for part in ("rules", "honours", "none", "notices", "plan")]
    assert [one.part for one in slides(given_)] == ["plan", "notices", "honours", "rules"]


def test_a_matter_that_names_people_is_pointed_to_only():
    (one,) = slides([notice(title="关于张三的公示", body="张三，男。", personal=True)])
    assert (one.title, one.paragraphs, one.personal) == ("通知公告", (), True)


def test_a_long_text_goes_on_over_slides_and_is_cut_after_sentences():
    body = "\n".join(["第一段。", "这一段很长，" + "要说明的情况有很多。" * 40, "最后一段。"])
    found = slides([notice(body=body)])
    assert [(one.page, one.pages) for one in found] == [(n, len(found)) for n in range(1, len(found) + 1)]
    assert len(found) > 1
    assert all(one.paragraphs[-1].endswith("。") for one in found)
    assert "".join("".join(one.paragraphs) for one in found) == body.replace("\n", "")


@given(st.text(alphabet="支部。\n ；ab", max_size=2000), st.integers(1, 100))
def test_no_sign_is_lost_and_no_slide_is_too_full(body, length):
    found = slides([notice(body=body, title="题" * length)])
    shown = "".join("".join(one.paragraphs) for one in found)
    assert shown == "".join(line.strip() for line in body.splitlines())[: len(shown)]
    for one in found:
        assert sum(-(-len(line) // SIGNS) for line in one.paragraphs) <= LINES


def test_a_title_that_takes_two_lines_leaves_fewer_for_the_text():
    body = "\n".join("一行。" for _ in range(LINES))
    assert len(slides([notice(body=body)])) == 1
    assert len(slides([notice(body=body, title="很" * 60)])) == 2


# --- the page


@pytest.fixture
def shown(cast, monkeypatch):
    """A wall with a plan, a publicity, and things that must not be on it."""
    calendar(monkeypatch)(date(2026, 6, 2))
    three = people(cast)
    on = date(2026, 6, 1)
    june = {**PLAN, "period": "2026-06", "title": "2026年6月工作计划", "since": on}
    bring_up(cast, three, june, on=on)
    bring_up(cast, three, CANDIDATES, on=on, title="关于拟列张三为发展对象的公示", body="张三，男。")
    bring_up(cast, three, on=on, since=on, title="党内的", audience="branch")
    bring_up(cast, three, on=on, since=date(2026, 6, 9), title="以后的")
    services.withdraw(cast.secretary, bring_up(cast, three, on=on, since=on, title="撤回的"), "误发", at=at(on))
    draft(three.proposer, cast.branch, title="草稿的", since=on)
    return boards.renew_wall(cast.secretary, cast.branch).wall_key


def every_slide(client, key, **headers):
    first = client.get(f"/wall/{key}/", **headers).content.decode()
    count = first.count("<span") or 1
    return [client.get(f"/wall/{key}/?slide={n}", **headers).content.decode() for n in range(1, count + 1)]


@pytest.mark.django_db
def test_it_shows_what_is_up_for_the_unit_and_no_names(shown):
    pages = "".join(every_slide(Client(), shown))
    assert "2026年6月工作计划" in pages
    assert "开展主题党日" in pages
    assert "正在公示，到2026年6月5日为止" in pages
    for hidden in ("张三", "党内的", "以后的", "撤回的", "草稿的"):
        assert hidden not in pages


@pytest.mark.django_db
def test_without_script_the_page_asks_for_the_next_slide(shown):
    first, second = every_slide(Client(), shown)
    assert re.search(rf'http-equiv="refresh" content="\d+;url=/wall/{shown}/\?slide=2"', first)
    assert f"url=/wall/{shown}/?slide=1" in second  # and round again


@pytest.mark.django_db
def test_only_its_link_opens_it(cast, shown, as_):
    assert Client().get(f"/wall/{shown}/").status_code == 200
    for key in ("None", "null", shown[:-1], shown.lower(), "x" * 500):
        assert Client().get(f"/wall/{key}/").status_code == 404
    boards.renew_wall(cast.secretary, cast.branch)
    gone = Client().get(f"/wall/{shown}/", headers={"HX-Request": "true"})
    assert gone.status_code == 404
    assert "链接已经更换" in gone.content.decode()


@pytest.mark.django_db
def test_a_body_that_has_ended_has_no_wall(cast, shown):
    Organization.objects.filter(pk=cast.branch.pk).update(ended=date(2026, 6, 2))
    assert Client().get(f"/wall/{shown}/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ["0", "99", "-1", "²", "9" * 30, "x", "\x00"])
def test_a_slide_that_is_not_there_is_the_first(shown, asked):
    page = Client().get(f"/wall/{shown}/", {"slide": asked})
    assert page.context["number"] == 1


@pytest.mark.django_db
def test_an_empty_board_has_a_wall_too(cast, monkeypatch):
    calendar(monkeypatch)(DAY)
    key = boards.renew_wall(cast.secretary, cast.branch).wall_key
    assert "现在没有要展示的内容" in Client().get(f"/wall/{key}/").content.decode()


@pytest.mark.django_db
def test_it_asks_little_and_begins_no_session(shown, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        answer = Client().get(f"/wall/{shown}/")
    assert not answer.cookies
    assert "no-store" in answer.headers["Cache-Control"]


SCREENS = [{"width": 1920, "height": 1080}, WALL, {"width": 1366, "height": 768}, {"width": 1080, "height": 1920}]


@pytest.mark.browser
@pytest.mark.parametrize("size", SCREENS, ids=lambda size: f"{size['width']}x{size['height']}")
@pytest.mark.django_db(transaction=True)
def test_every_slide_fits_its_screen(cast, browser, live_server, monkeypatch, size):
    calendar(monkeypatch)(DAY)
    three = people(cast)
    bring_up(
        cast,
        three,
        PLAN,
        body="\n".join(f"{n}. 走访困难党员，了解实际需要，月底前报支委会研究。" for n in range(1, 15)),
    )
    bring_up(cast, three, title="很长的标题" * 20, body="没有标点的长段" * 120)
    bring_up(cast, three, item="rules", title="制度", body="短。")
    key = boards.renew_wall(cast.secretary, cast.branch).wall_key
    with watched(browser, live_server, size=size) as page:
        page.goto(f"/wall/{key}/")
        count = page.locator(".wall-dots span").count()
        assert count > 4
        for number in range(1, count + 1):
            page.goto(f"/wall/{key}/?slide={number}")
            over = page.evaluate("""() => {
              const box = document.querySelector('.wall-slide');
              const root = document.documentElement;
              return [box.scrollHeight - box.clientHeight, root.scrollHeight - root.clientHeight,
                      root.scrollWidth - root.clientWidth];
            }""")
            assert max(over) <= 1, number  # a pixel of rounding


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_slide_changes_by_itself_and_stays_when_the_server_is_gone(cast, browser, live_server, monkeypatch):
    calendar(monkeypatch)(DAY)
    monkeypatch.setattr("zhibu.disclosure.public_views.DWELL", 1)
    three = people(cast)
    bring_up(cast, three, title="第一件")
    bring_up(cast, three, title="第二件")
    key = boards.renew_wall(cast.secretary, cast.branch).wall_key
    page = browser.new_page()  # not watched: the console tells of the failures made here
    page.goto(f"{live_server.url}/wall/{key}/")
    page.get_by_role("heading", name="第二件").wait_for()
    page.get_by_role("heading", name="第一件").wait_for()
    page.route("**/wall/**", lambda route: route.fulfill(status=502, body="bad gateway"))
    page.wait_for_timeout(2500)
    assert page.locator(".wall-head").is_visible()
    assert "bad gateway" not in page.content()
    page.unroute("**/wall/**")
    boards.renew_wall(cast.secretary, cast.branch)
    page.get_by_role("heading", name="这个大屏链接已经更换").wait_for()
    page.close()
