"""The committee's pages: they work, refuse bad input, ask for the right person, and need no script."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.conftest import _account, _member, _organization
from tests.review.seasons import AT, PLAN, a_cycle, a_leader, entry_of, submitted
from zhibu.org.models import JournalEntry
from zhibu.review import reading, season
from zhibu.review.models import Cycle, CycleState, Stage

HOME = "/review/GW/"
FIELDS = {
    "version": "0", "title": "2025年度述职评议", "year": "2025", "number": "青工委〔2025〕9号",
    "focus": "党课质量\n\n  联系群众 ", "shortest": "1500", "longest": "3000", "scheme": "",
    "day-submit": "2026-01-15", "day-review": "2026-01-20",
}  # fmt: skip


def page(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def board_of(cycle):
    return f"{HOME}{cycle.pk}/"


def test_a_season_is_prepared_and_opened_without_script(cast, as_):
    client = as_(cast.clerk)
    assert "还没有述职评议" in page(client, HOME)
    plan = SimpleUploadedFile("方案.txt", "述职评议工作方案".encode())
    answer = client.post(f"{HOME}new/", FIELDS | {"file": plan})
    cycle = Cycle.objects.get()
    assert answer.headers["Location"] == f"{board_of(cycle)}reporters/"
    assert (cycle.focus, cycle.days) == ("党课质量\n联系群众", {"submit": "2026-01-15", "review": "2026-01-20"})
    shown = page(client, f"{board_of(cycle)}reporters/")
    assert shown.count(" checked") == 2  # both secretaries directly below, in writing
    keys = [f"{one.organization.pk}-{one.member.pk}" for one in season.possible_reporters(cast.committee, 2025)]
    assert (
        client.post(
            f"{board_of(cycle)}reporters/", {"version": cycle.version, "who": keys, "live": keys[:1]}
        ).status_code
        == 302
    )
    assert [entry.live for entry in cycle.entries.all()] == [True, False]
    cycle.refresh_from_db()
    assert "会收到通知" in page(client, f"{board_of(cycle)}course/open/")
    assert client.post(f"{board_of(cycle)}course/open/", {"version": cycle.version}).status_code == 302
    shown = page(client, board_of(cycle))
    assert "进行中" in shown
    assert "1月15日应提交，还没有提交。" in shown
    file = client.get(f"{board_of(cycle)}plan/")
    assert b"".join(file.streaming_content).decode() == "述职评议工作方案"
    assert JournalEntry.objects.filter(verb="open-cycle").count() == 1


def test_last_years_season_is_copied_a_year_later(cast, as_):
    old = a_cycle(cast)
    shown = page(as_(cast.clerk), f"{HOME}new/?like={old.pk}")
    assert 'value="2026年度述职评议考核"' in shown
    assert 'value="2027-01-15"' in shown
    assert page(as_(cast.clerk), f"{HOME}new/?like={10**30}", 404)


def test_the_newest_season_stands_first_and_is_the_one_to_copy(cast, as_):
    newer = replace(PLAN, year=2026, title="2026年度述职评议考核", days=())
    season.make_cycle(cast.clerk, cast.committee, newer, at=AT)
    old = a_cycle(cast)
    shown = as_(cast.clerk).get(HOME)
    assert [one.year for one in shown.context["cycles"]] == [2026, 2025]
    assert shown.context["copied"] == old  # the other is still being prepared
    Cycle.objects.update(state=CycleState.CLOSED)
    assert as_(cast.clerk).get(HOME).context["copied"].year == 2026


def test_the_29th_of_february_becomes_the_28th(cast):
    cycle = a_cycle(cast, opened=False)
    cycle.days = {"meeting": "2024-02-29"}
    assert season.plan_after(cycle).days == (("meeting", date(2025, 2, 28)),)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"title": ""}, "还不能保存"),
        ({"year": "1890"}, "年度应在"),
        ({"year": "9" * 30}, "年度应在"),
        ({"day-review": "2026-01-01"}, "不能早于"),
        ({"day-submit": "元旦"}, "还不能保存"),
        ({"shortest": "9000"}, "从少到多"),
        ({"scheme": "grand"}, "还不能保存"),
        ({"file": SimpleUploadedFile("方案.exe", b"MZ")}, "不能上传"),
    ],
)
def test_refuses_a_bad_plan_and_keeps_what_was_typed(cast, as_, more, sentence):
    answer = as_(cast.clerk).post(f"{HOME}new/", FIELDS | more)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "青工委〔2025〕9号" in answer.content.decode()
    assert not Cycle.objects.exists()


def test_who_saves_second_keeps_his_words(cast, as_):
    cycle = a_cycle(cast)
    stale = FIELDS | {"version": cycle.version, "title": "我改的名称"}
    season.pause_cycle(cast.clerk, cycle, "上级通知推迟", cycle.version)
    answer = as_(cast.clerk).post(f"{board_of(cycle)}edit/", stale)
    assert answer.status_code == 422
    assert "有人改过" in answer.content.decode()
    assert "我改的名称" in answer.content.decode()


def test_reporters_are_refused_with_the_ticks_kept(cast, as_):
    cycle = a_cycle(cast)
    submitted(cast, cycle)
    cycle.refresh_from_db()
    other = entry_of(cycle, cast.other)
    data = {"version": cycle.version, "who": [f"{cast.other.pk}-{other.reporter_id}", "7-x", "9" * 40]}
    answer = as_(cast.clerk).post(f"{board_of(cycle)}reporters/", data)
    assert answer.status_code == 422
    assert "闻知远已经报送过" in answer.content.decode()
    assert answer.content.decode().count(" checked") == 1
    assert cycle.entries.count() == 2


def test_bodies_further_down_are_listed_when_asked_for(cast, as_):
    cycle = a_cycle(cast, opened=False)
    below = _organization(cast.branch, "GW-01-B", "水文站下属支部", "branch")
    _member(below, "001", "祁望舒", "secretary")
    client, where = as_(cast.clerk), f"{board_of(cycle)}reporters/"
    assert "祁望舒" not in page(client, where)
    shown = client.get(f"{where}?all=1")
    assert "祁望舒" in shown.content.decode()
    keys = [one.key for one in shown.context["choices"]]
    assert client.post(f"{where}?all=1", {"version": cycle.version, "who": keys}).status_code == 302
    assert cycle.entries.count() == 3
    assert "祁望舒" in page(client, where)  # whoever is in the season is always listed


def test_the_order_is_set_by_numbers_and_by_buttons(cast, as_):
    cycle = a_cycle(cast)
    first, second = cycle.entries.all()
    client = as_(cast.clerk)
    address = f"{board_of(cycle)}order/"
    data = {"version": cycle.version, f"place-{first.pk}": "1", f"place-{second.pk}": "2"}
    assert client.post(address, data | {"act": f"down-{first.pk}"}).headers["Location"] == address
    assert [entry.pk for entry in cycle.entries.all()] == [second.pk, first.pk]
    cycle.refresh_from_db()
    assert client.post(address, data | {"version": cycle.version}).status_code == 302
    assert [entry.pk for entry in cycle.entries.all()] == [first.pk, second.pk]
    stale = client.post(address, data | {"act": f"up-{second.pk}"})
    assert stale.status_code == 422
    for bad in ({"act": "up-x"}, {"act": f"up-{'9' * 40}"}, {f"place-{first.pk}": "九"}):
        cycle.refresh_from_db()
        assert client.post(address, data | {"version": cycle.version} | bad).status_code == 302


def test_pausing_asks_for_a_reason_and_closing_for_the_letters(cast, as_):
    cycle = a_cycle(cast)
    client = as_(cast.clerk)
    assert client.post(f"{board_of(cycle)}course/pause/", {"version": cycle.version}).status_code == 422
    refused = client.post(f"{board_of(cycle)}course/close/", {"version": cycle.version})
    assert "还有2份没有反馈" in refused.content.decode()
    cycle.entries.update(stage=Stage.FED_BACK)
    assert client.post(f"{board_of(cycle)}course/close/", {"version": cycle.version}).status_code == 302
    cycle.refresh_from_db()
    assert page(client, f"{board_of(cycle)}course/pause/", 404)
    again = {"version": cycle.version, "reason": "误点了结束"}
    assert client.post(f"{board_of(cycle)}course/reopen/", again).status_code == 302
    assert "误点了结束" in page(client, board_of(cycle))
    cycle.refresh_from_db()
    assert cycle.state == CycleState.OPEN


def test_the_board_tells_states_readers_comments_and_narrows(cast, as_):
    cycle = a_cycle(cast)
    made, leader = submitted(cast, cycle), a_leader(cast)
    reading.mark_read(leader, made, date(2026, 1, 11), at=made.made_at)
    reading.comment(leader, made, "第二部分请写具体", None, date(2026, 1, 11), at=made.made_at)
    client = as_(leader)
    shown = client.get(board_of(cycle))
    row = next(one for one in shown.context["rows"] if one.entry.organization == cast.branch)
    assert (row.state, row.read_by, row.comments) == ("submitted", ("卓清源",), 1)
    assert "/reports/GW/between/2025/" in shown.content.decode()
    assert [one.state for one in client.get(f"{board_of(cycle)}?state=submitted").context["rows"]] == ["submitted"]
    assert len(client.get(f"{board_of(cycle)}?state=late").context["rows"]) == 2
    assert [str(one.entry.reporter) for one in client.get(f"{board_of(cycle)}?q=档案").context["rows"]] == ["阮青岚"]
    part = client.get(board_of(cycle), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "闻知远" in part
    assert "没有这样的" in page(client, f"{board_of(cycle)}?state=voted&q=<script>")


def test_the_clerk_is_told_that_another_reads_his_own_branchs(cast, as_):
    cycle = a_cycle(cast)
    assert "本组织的，由别人审阅" in page(as_(cast.clerk), board_of(cycle))


def _queries(client, address):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_one_row_and_three_ask_the_same(cast, as_):
    for number in (3, 4):
        body = _organization(cast.committee, f"GW-0{number}", f"青禾县第{number}党支部", "branch")
        _account(f"s{number}", _member(body, "001", f"温如{number}", "secretary"))
    cycle = a_cycle(cast)
    submitted(cast, cycle)
    client = as_(a_leader(cast))
    entries = list(cycle.entries.all())
    client.get(HOME)  # writes that the session was seen
    pages = {name: f"{board_of(cycle)}{name}" for name in ("", "order/", "reporters/")} | {"index": HOME}
    many = {name: _queries(client, address) for name, address in pages.items()}
    for entry in entries[1:]:
        entry.delete()
    one = {name: _queries(client, address) for name, address in pages.items()}
    assert one == many
    assert many[""] <= 16


def test_only_the_committee_leads_and_others_see_no_board(cast, as_):
    cycle = a_cycle(cast)
    for account in (cast.secretary, cast.deputy, cast.member, cast.outsider):
        client = as_(account)
        for name in ("edit/", "reporters/", "order/", "course/pause/"):
            assert client.get(f"{board_of(cycle)}{name}").status_code in (403, 404), (account, name)
        assert client.get(f"{HOME}new/").status_code in (403, 404)
        assert "阮青岚" not in client.get(board_of(cycle)).content.decode()
    assert as_(cast.secretary).get(board_of(cycle)).status_code == 302  # to his own place
    assert page(as_(cast.member), board_of(cycle), 404)
    system = _account("system", office="system")
    assert page(as_(system), board_of(cycle), 404)
    assert "述职评议考核" not in page(as_(system), HOME)


def test_a_season_in_preparation_is_the_committees_alone(cast, as_):
    cycle = a_cycle(cast, opened=False)
    assert page(as_(cast.secretary), board_of(cycle), 404)
    assert cycle.title not in page(as_(cast.secretary), "/review/GW-01/")
    assert cycle.title in page(as_(cast.clerk), HOME)


def test_hostile_names_stay_words(cast, as_):
    cycle = a_cycle(cast)
    Cycle.objects.update(title="<script>alert(1)</script>", reason="<b>x</b>")
    shown = page(as_(cast.clerk), board_of(cycle))
    assert "<script>alert" not in shown
    assert "<b>x</b>" not in shown
