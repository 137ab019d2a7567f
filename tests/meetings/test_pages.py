"""From the invitation to the confirmed record."""

import re
from datetime import date, time

import pytest

from tests.activities.entering import MINUTES, filled, save
from tests.ledger.records import hold
from tests.meetings.conftest import DAY, NOW
from zhibu.activities.models import Activity
from zhibu.meetings import services
from zhibu.meetings.models import Invitation, Meeting, MeetingState
from zhibu.notices.models import Notice
from zhibu.org.models import Account

LIST = "/meetings/GW-01/"
NEW = LIST + "new/?kind=general-meeting"


def prepared(cast, kind="general-meeting", invited=None, **values):
    given = {
        "title": "三月党员大会", "day": date(2025, 3, 20), "agenda": "一、学习\n二、讨论", "chair": cast.members[0],
        "recorder": cast.members[2], **values,
    }  # fmt: skip
    people = cast.members if invited is None else invited
    return services.prepare_meeting(cast.secretary, cast.branch, kind, given, people, at=NOW)


def form(cast, **changes):
    return {"title": "三月党员大会", "day": "2025-03-26", "starts": "15:00", "agenda": "学习文件",
            "invited": [str(one.pk) for one in cast.members], **changes}  # fmt: skip


def test_takes_over_when_and_where_from_the_last_one_and_nothing_of_its_content(cast, as_):
    hold(cast, "general-meeting", date(2025, 2, 12), place="二楼会议室", starts=time(15), minutes="上次的讨论",
         agenda="听取报告\n\n讨论发展对象", chair=cast.members[1])  # fmt: skip
    page = as_(cast.secretary).get(NEW).content.decode()
    for kept in ("二楼会议室", "15:00", "听取报告"):
        assert kept in page
    assert "上次的讨论" not in page
    assert page.count('name="invited"') == page.count(" checked") == 9


def test_invites_and_tells_those_invited(cast, as_):
    answer = as_(cast.secretary).post(NEW, form(cast))
    meeting = Meeting.objects.get()
    assert answer["Location"] == f"{LIST}{meeting.pk}/"
    assert Notice.objects.filter(account=cast.member).count() == 1
    page = as_(cast.member).get(f"{LIST}{meeting.pk}/").content.decode()
    assert "学习文件" in page
    assert "通知9人" not in page  # who else is on leave is the committee's business
    assert "通知：三月党员大会" in as_(cast.secretary).get(f"{LIST}{meeting.pk}/").content.decode()
    assert "三月党员大会" in as_(cast.member).get(LIST).content.decode()


@pytest.mark.parametrize(
    "wrong", [{"day": "2025-03-01"}, {"title": ""}, {"ends": "14:00"}, {"invited": ["99999999999999999999"]}]
)
def test_refuses_bad_input_and_keeps_the_rest(cast, as_, wrong):
    answer = as_(cast.secretary).post(NEW, form(cast, place="老地方", **wrong))
    assert answer.status_code == 422
    assert "老地方" in answer.content.decode()
    assert not Meeting.objects.exists()


def test_requires_the_right_person(cast, as_):
    meeting = prepared(cast, invited=[cast.members[0]])
    pages = [LIST, f"{LIST}{meeting.pk}/", f"{LIST}{meeting.pk}/minutes/", f"{LIST}{meeting.pk}/change/"]
    for page in pages:
        assert as_(cast.outsider).get(page).status_code == 404
    assert as_(cast.member).get(f"{LIST}{meeting.pk}/").status_code == 404  # not invited
    assert "三月党员大会" not in as_(cast.member).get(LIST).content.decode()
    for page in (f"{LIST}{meeting.pk}/minutes/", f"{LIST}{meeting.pk}/change/", NEW):
        assert as_(cast.member).get(page).status_code == 403
    administrator = Account.objects.create_user("keeper", "Kept-Safe-2025", office="system")
    assert as_(administrator).get(f"{LIST}{meeting.pk}/").status_code == 404
    assert as_(cast.secretary).get(LIST + "new/?kind=talk").status_code == 404


def test_asks_for_leave_with_a_reason_and_it_is_marked_in_the_minutes(cast, as_):
    meeting = prepared(cast)
    page = f"{LIST}{meeting.pk}/"
    assert as_(cast.member).post(page, {"act": "leave", "reason": " "}).status_code == 422
    assert as_(cast.member).post(page, {"act": "leave", "reason": "出差"}).status_code == 302
    assert Invitation.objects.get(member=cast.members[5]).reason == "出差"
    minutes = as_(cast.secretary).get(page + "minutes/").content.decode()
    assert "温汝舟（出差）" in minutes
    assert as_(cast.member).post(page, {"act": "cancel", "reason": "不想开"}).status_code == 403
    assert as_(cast.member).post(page, {"act": "come"}).status_code == 302
    assert not Invitation.objects.filter(leave=True).exists()


def drafted(cast, text, version=1, **more):
    return filled(cast, minutes=text, act="draft", version=str(version), **more)


def test_puts_minutes_aside_and_finds_them_again(cast, as_):
    meeting = prepared(cast)
    page = f"{LIST}{meeting.pk}/minutes/"
    answer = as_(cast.secretary).post(page, drafted(cast, "写到一半"), headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "已暂存" in answer.content.decode()
    again = as_(cast.secretary).get(page).content.decode()
    assert "写到一半" in again
    assert "调整二季度学习计划" in again  # its resolution too
    assert not Activity.objects.exists()
    assert as_(cast.secretary).post(page, drafted(cast, "没有脚本时", 2)).status_code == 302


def test_two_who_write_do_not_overwrite_each_other(cast, as_):
    meeting = prepared(cast)
    page = f"{LIST}{meeting.pk}/minutes/"
    as_(cast.secretary).post(page, drafted(cast, "书记记的"), headers={"HX-Request": "true"})
    answer = as_(cast.deputy).post(page, drafted(cast, "副书记记的"), headers={"HX-Request": "true"})
    assert answer.status_code == 409
    told = answer.content.decode()
    assert "书记记的" in told
    assert 'name="version" value="2"' in told
    plain = as_(cast.deputy).post(page, drafted(cast, "副书记记的"))
    assert plain.status_code == 409
    assert "副书记记的" in plain.content.decode()
    assert as_(cast.deputy).post(page, drafted(cast, "合在一起", 2), headers={"HX-Request": "true"}).status_code == 200
    meeting.refresh_from_db()
    assert meeting.draft["minutes"] == ["合在一起"]
    assert meeting.earlier[0]["draft"]["minutes"] == ["书记记的"]
    assert "书记记的" in as_(cast.deputy).get(page).content.decode()


def test_two_windows_of_one_account_do_not_overwrite_each_other(cast, as_):
    meeting = prepared(cast)
    page, htmx = f"{LIST}{meeting.pk}/minutes/", {"HX-Request": "true"}
    one, two = (
        re.search(r'name="window" value="(\w+)"', as_(cast.secretary).get(page).content.decode())[1] for _ in range(2)
    )
    assert one != two
    client = as_(cast.secretary)
    assert client.post(page, drafted(cast, "先开的窗口", window=one), headers=htmx).status_code == 200
    # the same window goes on, even where the answer to its last text was lost
    assert client.post(page, drafted(cast, "先开的窗口，又写", window=one), headers=htmx).status_code == 200
    answer = client.post(page, drafted(cast, "后开的窗口", window=two), headers=htmx)
    assert answer.status_code == 409
    told = answer.content.decode()
    assert "您在另一个窗口也在记录" in told
    assert "先开的窗口，又写" in told
    refused = save(client, page, filled(cast, minutes="后开的窗口记完了。" * 9, version="1", window=two))
    assert refused.status_code == 409
    assert not Activity.objects.exists()
    merged = drafted(cast, "两边合起来", 3, window=two, over="1")
    assert client.post(page, merged, headers=htmx).status_code == 200
    meeting.refresh_from_db()
    assert meeting.draft["minutes"] == ["两边合起来"]
    assert [row["draft"]["minutes"] for row in meeting.earlier] == [["先开的窗口，又写"]]
    assert client.post(page, drafted(cast, "先开的窗口不知道", 3, window=one), headers=htmx).status_code == 409


def test_what_another_wrote_stays_beside_the_record_for_those_who_record(cast, as_):
    meeting = prepared(cast, day=date(2025, 3, 5))
    page = f"{LIST}{meeting.pk}/"
    as_(cast.deputy).post(page + "minutes/", drafted(cast, "副书记补记的"), headers={"HX-Request": "true"})
    assert save(as_(cast.secretary), page + "minutes/", filled(cast, version="2")).status_code == 302
    assert "副书记补记的" in as_(cast.secretary).get(page).content.decode()
    assert "副书记补记的" not in as_(cast.member).get(page).content.decode()


def test_is_recorded_once_and_confirmed_by_its_chair_and_recorder(cast, as_):
    meeting = prepared(cast, day=date(2025, 3, 5))
    page = f"{LIST}{meeting.pk}/"
    answer = save(as_(cast.secretary), page + "minutes/", filled(cast))
    assert answer.status_code == 302
    meeting.refresh_from_db()
    activity = Activity.objects.get()
    assert (meeting.activity, meeting.state, meeting.draft) == (activity, MeetingState.RECORDED, {})
    assert activity.minutes == MINUTES
    assert as_(cast.secretary).get(page + "minutes/").status_code == 302
    assert as_(cast.deputy).post(page, {"act": "confirm-chair"}).status_code == 422
    assert as_(cast.secretary).post(page, {"act": "confirm-chair"}).status_code == 302
    shown = as_(cast.member).get(page).content.decode()
    assert "闻知远 2025-03-20" in shown
    Activity.objects.update(version=2)
    assert "确认以后记录又更正过" in as_(cast.secretary).get(page).content.decode()


def test_recording_does_not_take_away_what_another_put_aside_since(cast, as_):
    meeting = prepared(cast, day=date(2025, 3, 5))
    page = f"{LIST}{meeting.pk}/minutes/"
    as_(cast.deputy).post(page, drafted(cast, "副书记补记的"), headers={"HX-Request": "true"})
    answer = save(as_(cast.secretary), page, filled(cast, version="1"))
    assert answer.status_code == 409
    told = answer.content.decode()
    assert "副书记补记的" in told
    assert MINUTES in told
    assert not Activity.objects.exists()
    assert save(as_(cast.secretary), page, filled(cast, version="2")).status_code == 302
    assert Activity.objects.get().minutes == MINUTES


def test_a_draft_far_too_long_is_refused_and_stays_on_the_page(cast, as_):
    meeting = prepared(cast)
    answer = as_(cast.secretary).post(
        f"{LIST}{meeting.pk}/minutes/", drafted(cast, "字" * 400_000), headers={"HX-Request": "true"}
    )
    assert answer.status_code == 422
    assert "太长" in answer.content.decode()


def test_a_cancelled_meeting_is_over(cast, as_):
    meeting = prepared(cast)
    page = f"{LIST}{meeting.pk}/"
    assert as_(cast.secretary).post(page, {"act": "cancel", "reason": ""}).status_code == 422
    assert as_(cast.secretary).post(page, {"act": "cancel", "reason": "改到下月"}).status_code == 302
    assert as_(cast.secretary).get(page + "change/").status_code == 302
    assert as_(cast.member).post(page, {"act": "leave", "reason": "出差"}).status_code == 422


def test_asks_as_much_for_three_rows_as_for_one(cast, as_, django_assert_max_num_queries):
    prepared(cast)
    client = as_(cast.secretary)
    client.get(LIST)
    with django_assert_max_num_queries(14) as one:
        client.get(LIST)
    asked = len(one)
    prepared(cast)
    prepared(cast, day=DAY)
    with django_assert_max_num_queries(asked):
        client.get(LIST)
