"""Correcting a record: the earlier version stays, a reason is needed, two hands at once lose nothing."""

import pytest

from tests.activities.entering import filled
from zhibu.activities.models import Activity, Revision


@pytest.fixture
def activity(cast, as_):
    as_(cast.secretary).post("/activities/GW-01/record/general-meeting/", filled(cast))
    return Activity.objects.get()


@pytest.fixture
def address(activity):
    return f"/activities/GW-01/{activity.pk}/correct/"


def corrected(cast, activity, **changes):
    row = activity.resolutions.get()
    return filled(cast, **{"reason": "地点写错了", "version": "1", "resolution-0-id": str(row.pk), **changes})


def test_it_corrects_and_keeps_the_whole_earlier_version(cast, client, activity, address):
    page = client.get(address).content.decode()
    assert 'value="二楼会议室"' in page
    row = activity.resolutions.get().pk

    assert client.post(address, corrected(cast, activity, place="三楼会议室")).status_code == 302

    activity.refresh_from_db()
    assert (activity.place, activity.version) == ("三楼会议室", 2)
    before = Revision.objects.get(activity=activity)
    assert (before.number, before.reason, before.made_by) == (1, "地点写错了", cast.secretary)
    assert before.data["place"] == "二楼会议室"
    assert before.data["present"][0] == "闻知远"
    assert activity.resolutions.get().pk == row


def test_a_reason_is_needed(cast, client, activity, address):
    answer = client.post(address, corrected(cast, activity, place="三楼会议室", reason=""))
    assert "更正原因" in answer.content.decode()
    activity.refresh_from_db()
    assert (activity.place, activity.version) == ("二楼会议室", 1)


def test_the_second_of_two_sees_both_versions_and_loses_nothing(cast, client, activity, address):
    client.post(address, corrected(cast, activity, place="三楼会议室"))

    answer = client.post(address, corrected(cast, activity, place="四楼会议室", minutes="第二个人写的记录。" * 10))

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "三楼会议室" in page
    assert "四楼会议室" in page
    assert page.count("第二个人写的记录。") >= 20  # in the comparison and still in the form
    activity.refresh_from_db()
    assert (activity.place, activity.version) == ("三楼会议室", 2)

    assert client.post(address, corrected(cast, activity, place="四楼会议室", version="2")).status_code == 302
    activity.refresh_from_db()
    assert (activity.place, activity.version) == ("四楼会议室", 3)
    assert list(activity.revisions.values_list("number", flat=True)) == [1, 2]


def test_a_conflict_cannot_be_saved_by_pressing_again_with_the_old_version(cast, client, activity, address):
    client.post(address, corrected(cast, activity, place="三楼会议室"))
    for _press in range(2):
        assert client.post(address, corrected(cast, activity, place="四楼会议室")).status_code == 409
    activity.refresh_from_db()
    assert activity.place == "三楼会议室"


def test_history_shows_the_differences_field_by_field(cast, client, activity, address):
    away = {f"presence-{cast.members[5].pk}": "leave", f"reason-{cast.members[5].pk}": "病假"}
    client.post(address, corrected(cast, activity, place="三楼会议室", **away))
    page = client.get(f"/activities/GW-01/{activity.pk}/history/").content.decode()
    for text in ("地点写错了", "二楼会议室", "三楼会议室", "温汝舟（病假）", "第2版", "首次录入"):
        assert text in page
    assert "议题" not in page.partition("第1版")[0].partition("第2版")[2]


def test_it_requires_the_right_person(cast, as_, client, activity, address):
    client.logout()
    for account, status in ((cast.member, 403), (cast.outsider, 404), (cast.clerk, 200)):
        assert as_(account).get(address).status_code == status
        client.logout()
    other = f"/activities/GW-02/{activity.pk}/correct/"
    assert as_(cast.outsider).get(other).status_code == 404


def test_without_script_a_row_can_be_added_before_saving(cast, client, activity, address):
    page = client.post(address, corrected(cast, activity, act="add-resolution", reason="")).content.decode()
    assert "必填" not in page
    assert 'name="resolution-1-text"' in page
    assert 'name="version" value="1"' in page


def test_withdrawing_takes_a_reason_and_leaves_it_readable(cast, client, activity):
    address = f"/activities/GW-01/{activity.pk}/withdraw/"
    assert "撤回这条记录" in client.get(address).content.decode()
    assert client.post(address, {"reason": ""}).status_code == 200
    activity.refresh_from_db()
    assert activity.withdrawn_at is None

    assert client.post(address, {"reason": "重复记录"}).status_code == 302

    activity.refresh_from_db()
    assert activity.withdrawn_reason == "重复记录"
    assert "重复记录" in client.get(f"/activities/GW-01/{activity.pk}/").content.decode()
    assert (
        activity.title
        not in client.get("/activities/GW-01/").content.decode().partition("<main")[2].partition("rows")[2]
    )
    assert activity.title in client.get("/activities/GW-01/?withdrawn=1").content.decode()
    assert client.post(address, {"reason": "再撤一次"}).status_code == 200
    assert "已经撤回" in client.post(address, {"reason": "再撤一次"}).content.decode()


def test_only_those_who_may_record_withdraw(cast, as_, client, activity):
    address = f"/activities/GW-01/{activity.pk}/withdraw/"
    client.logout()
    assert as_(cast.member).post(address, {"reason": "不喜欢"}).status_code == 403
    client.logout()
    assert as_(cast.outsider).post(address, {"reason": "不喜欢"}).status_code == 404
    activity.refresh_from_db()
    assert activity.withdrawn_at is None
