"""The list, the record's own page, the choice of kinds, and a file: what is shown to whom, in how many queries."""

from datetime import UTC, date, datetime

import pytest

from tests.activities.entering import MINUTES
from zhibu.activities import files, services
from zhibu.activities.entry import PRESENT, Attendee, Entry

NOW = datetime(2025, 3, 8, 2, tzinfo=UTC)
INDEX = "/activities/GW-01/"


def recorded(
    cast, *, title="一季度党员大会", held=date(2025, 3, 5), kind="general-meeting", organization=None, **values
):
    entry = Entry(kind=kind, title=title, held=held, minutes=MINUTES, **values)
    return services.record_activity(cast.secretary, organization or cast.branch, entry, at=NOW)


def talk(cast, one, other, title):
    return recorded(cast, kind="talk", title=title, chair=one.pk, fields={"partner": other.pk})


def test_it_lists_by_month_newest_first(cast, as_):
    recorded(cast, title="二月的会", held=date(2025, 2, 5))
    recorded(cast, title="三月的会")
    page = as_(cast.member).get(INDEX).content.decode()
    assert page.index("2025年3月") < page.index("三月的会") < page.index("2025年2月") < page.index("二月的会")


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("kind=general-meeting", {"大会"}),
        ("kind=lecture", {"党课", "党日兼党课"}),
        ("month=2025-02", {"党日兼党课"}),
        ("month=2025", {"大会", "党课", "党日兼党课"}),
        ("month=spring", {"大会", "党课", "党日兼党课"}),
        ("search=河口站", {"党课"}),
        ("search=河口站 没有的词", set()),
        ("page=99", {"大会", "党课", "党日兼党课"}),
    ],
)
def test_it_narrows_by_kind_month_and_words(cast, as_, query, titles):
    recorded(cast, title="大会")
    recorded(cast, kind="lecture", title="党课", place="河口站")
    recorded(cast, kind="themed-day", title="党日兼党课", also=("lecture",), held=date(2025, 2, 10))
    page = as_(cast.secretary).get(f"{INDEX}?{query}").content.decode()
    shown = page.partition('id="rows"')[2]
    assert {title for title in ("大会", "党课", "党日兼党课") if f'activity-title">{title}<' in shown} == titles


def test_an_empty_list_says_what_to_do_next(cast, as_):
    assert "记一次活动" in as_(cast.secretary).get(INDEX).content.decode().partition('id="rows"')[2]
    assert "换一个月份" in as_(cast.secretary).get(f"{INDEX}?month=2001-01").content.decode()


def test_twenty_a_page(cast, as_):
    for number in range(1, 23):
        recorded(cast, title=f"第{number}次", held=date(2025, 2, number))
    first = as_(cast.secretary).get(INDEX).content.decode()
    assert "第22次" in first
    assert "第2次<" not in first
    assert "第2次" in as_(cast.secretary).get(f"{INDEX}?page=2").content.decode()


def test_the_list_takes_the_same_few_queries_for_one_and_for_three(cast, as_, django_assert_max_num_queries):
    client = as_(cast.secretary)
    client.get(INDEX)
    counts = []
    for titles in (["一"], ["二", "三"]):
        for title in titles:
            recorded(cast, title=title)
        with django_assert_max_num_queries(12) as taken:
            client.get(INDEX)
        counts.append(len(taken))
    assert counts[0] == counts[1]


def test_the_record_page_takes_the_same_few_queries(cast, as_, django_assert_max_num_queries):
    small = recorded(cast, attendance=(Attendee(cast.members[0].pk, PRESENT),))
    everyone = tuple(Attendee(one.pk, PRESENT) for one in cast.members)
    big = recorded(cast, title="全员", attendance=everyone)
    client = as_(cast.member)
    client.get(INDEX)
    counts = []
    for activity in (small, big):
        with django_assert_max_num_queries(13) as taken:  # the frame with its bell is five of them
            assert client.get(f"{INDEX}{activity.pk}/").status_code == 200
        counts.append(len(taken))
    assert counts[0] == counts[1]


def test_minutes_are_read_by_the_branch_and_above_and_by_nobody_else(cast, as_, client):
    from zhibu.org.models import Account

    activity = recorded(cast, title="只给本支部看")
    recorded(cast, title="别的支部的事", organization=cast.other)
    offices = [Account.objects.create_user(name, office=name) for name in ("system", "security", "audit")]
    for account, status in (
        (cast.member, 200),
        (cast.clerk, 200),
        (cast.outsider, 404),
        *((one, 404) for one in offices),
    ):
        client.logout()
        assert as_(account).get(f"{INDEX}{activity.pk}/").status_code == status, account
        page = as_(account).get(INDEX).content.decode()
        assert ("只给本支部看" in page) is (status == 200), account
        assert "别的支部的事" not in page


def test_a_record_is_not_found_under_another_body(cast, as_):
    activity = recorded(cast)
    assert as_(cast.clerk).get(f"/activities/GW-02/{activity.pk}/").status_code == 404


def test_talks_are_read_by_the_two_and_those_who_record(cast, as_, client):
    mine = talk(cast, cast.members[0], cast.members[5], "同温汝舟谈话")
    other = talk(cast, cast.members[0], cast.members[6], "同纪南乔谈话")
    page = as_(cast.member).get(INDEX).content.decode()
    assert "同温汝舟谈话" in page
    assert "同纪南乔谈话" not in page
    assert as_(cast.member).get(f"{INDEX}{mine.pk}/").status_code == 200
    for end in ("", "history/"):
        assert as_(cast.member).get(f"{INDEX}{other.pk}/{end}").status_code == 404
    client.logout()
    assert as_(cast.deputy).get(f"{INDEX}{other.pk}/").status_code == 200


def test_the_record_page_shows_what_was_recorded(cast, as_):
    values = {
        "fields": {"topic": "防汛与担当", "lecturer": cast.members[0].pk},
        "studied": ("中国共产党章程",),
        "guests": "县委党校 宁知微",
        "attendance": (Attendee(cast.members[3].pk, "leave", "值班"),),
    }
    activity = recorded(cast, kind="lecture", title="党课", hours=2, **values)
    page = as_(cast.member).get(f"{INDEX}{activity.pk}/").content.decode()
    for text in ("防汛与担当", "闻知远", "中国共产党章程", "县委党校 宁知微", "蒲云帆（值班）", "2025年第1次", "缺项"):
        assert text in page


def test_text_is_never_markup(cast, as_):
    activity = recorded(cast, title="<script>alert(1)</script>", place="<b>楼</b>")
    for address in (INDEX, f"{INDEX}{activity.pk}/"):
        page = as_(cast.secretary).get(address).content.decode()
        assert "<script>alert" not in page
        assert "<b>楼" not in page


def test_the_choice_of_kinds_leads_to_the_form_and_to_the_cells(cast, as_, client):
    page = as_(cast.secretary).get("/activities/GW-01/kinds/?date=2025-03-05").content.decode()
    assert "/activities/GW-01/record/general-meeting/?date=2025-03-05" in page
    assert "/activities/GW-01-1/record/cell-meeting/" in page
    there = as_(cast.secretary).get("/activities/GW-01/kinds/?kind=lecture&date=2025-03-05&duty=branch-work/lecture")
    assert there["Location"].startswith("/activities/GW-01/record/lecture/?")
    assert "date=2025-03-05" in there["Location"]
    client.logout()
    assert as_(cast.member).get("/activities/GW-01/kinds/").status_code == 403


def test_a_file_is_a_download_for_those_who_may_read_the_record(cast, as_, client, tmp_path):
    import io

    kept = files.keep(io.BytesIO(b"<html><script>alert(1)</script>"), "说明.txt")
    entry = Entry(
        kind="talk",
        title="谈话",
        held=date(2025, 3, 5),
        chair=cast.members[0].pk,
        fields={"partner": cast.members[6].pk},
    )
    activity = services.record_activity(cast.secretary, cast.branch, entry, [kept], at=NOW)
    address = f"{INDEX}file/{activity.attachments.get().pk}/"

    answer = as_(cast.secretary).get(address)

    assert b"".join(answer.streaming_content) == b"<html><script>alert(1)</script>"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert answer["Content-Type"] == "text/plain"
    for account in (cast.member, cast.outsider):  # the talk was with somebody else
        client.logout()
        assert as_(account).get(address).status_code == 404


def test_gaps_are_named_in_the_readers_language(cast, as_):
    activity = recorded(cast, kind="lecture", title="党课")
    client = as_(cast.secretary)
    assert "党课题目" in client.get(f"{INDEX}{activity.pk}/").content.decode()
    client.cookies["django_language"] = "en"
    page = client.get(f"{INDEX}{activity.pk}/").content.decode()
    assert "Topic" in page
    assert "党课题目" not in page


def test_a_year_that_never_was_is_passed_over(cast, as_):
    assert as_(cast.secretary).get("/activities/GW-01/?month=0000").status_code == 200
