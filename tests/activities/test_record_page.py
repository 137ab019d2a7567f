"""The form for a new record: works, rejects, requires the right person, works without script."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.activities.entering import filled, save
from zhibu.activities.models import Activity, StoredFile
from zhibu.org.models import JournalEntry, MemberStatus

ADDRESS = "/activities/GW-01/record/general-meeting/"
HTMX = {"HX-Request": "true"}


def test_it_records_a_meeting_with_everyone_present(cast, as_):
    client = as_(cast.secretary)
    page = client.get(f"{ADDRESS}?date=2025-03-05").content.decode()
    assert "闻知远" in page
    assert "2025年3月党员大会" in page

    answer = client.post(ADDRESS, filled(cast))

    activity = Activity.objects.get()
    assert answer["Location"] == f"/activities/GW-01/{activity.pk}/"
    assert (activity.entitled, activity.present, activity.attended) == (8, 8, 9)
    assert activity.lacks == []
    assert activity.resolutions.get().owner == cast.members[2]
    assert JournalEntry.objects.filter(verb="record", object_id=str(activity.pk)).exists()


def test_a_committee_meeting_may_charge_a_member_who_is_not_of_the_committee(cast, as_):
    address, ordinary = ADDRESS.replace("general", "committee"), cast.members[5]
    page = as_(cast.secretary).get(f"{address}?date=2025-03-05").content.decode()
    assert f'name="presence-{ordinary.pk}"' not in page
    assert re.search(r'roster-post">\s*副书记', page)
    charged = {"title": "3月支委会", "resolution-0-owner": str(ordinary.pk), "f-conclusion": "同意"}
    save(as_(cast.secretary), address, filled(cast, **charged))
    assert Activity.objects.get().resolutions.get().owner == ordinary
    stranger = {**charged, "title": "再开一次", "resolution-0-owner": str(cast.outsider.member_id)}
    answer = as_(cast.secretary).post(address, filled(cast, **stranger))
    assert answer.status_code == 422
    assert Activity.objects.count() == 1


def test_dues_are_recorded_as_a_sum_to_the_cent_and_asks_for_no_names(cast, as_):
    address = ADDRESS.replace("general-meeting", "dues-collected")
    page = as_(cast.secretary).get(f"{address}?date=2025-03-05").content.decode()
    assert "只写合计" in page
    assert "温汝舟" not in page[page.index("record-form") :]
    sent = {"title": "收缴3月党费", "held": "2025-03-05", "f-month": "m03", "f-owing": "9", "f-paid": "9",
            "f-amount": "1204.1", "act": "save"}  # fmt: skip
    for wrong in ("-1", "1.234", "一千", "1e999"):
        assert as_(cast.secretary).post(address, {**sent, "f-amount": wrong}).status_code == 422
    assert not Activity.objects.exists()
    answer = as_(cast.secretary).post(address, {**sent, f"presence-{cast.members[5].pk}": "present"})
    activity = Activity.objects.get()
    assert activity.fields["amount"] == "1204.10"
    assert not activity.attendance.exists()  # who paid is nobody else's business, even where it is sent
    assert activity.lacks == []
    shown = as_(cast.member).get(answer["Location"]).content.decode()
    assert "1204.10" in shown
    assert 'value="1204.10"' in as_(cast.secretary).get(f"{answer['Location']}correct/").content.decode()


def test_leave_and_absence_change_the_counts(cast, as_):
    changes = {f"presence-{cast.members[3].pk}": "leave", f"reason-{cast.members[3].pk}": "出差"}
    as_(cast.secretary).post(ADDRESS, filled(cast, **changes))
    activity = Activity.objects.get()
    assert (activity.entitled, activity.present, activity.attended) == (8, 7, 8)
    assert activity.attendance.get(presence="leave").reason == "出差"


def test_the_next_form_proposes_the_usual_place_and_people(cast, as_):
    client = as_(cast.secretary)
    client.post(ADDRESS, filled(cast))
    page = client.get(ADDRESS).content.decode()
    assert 'value="二楼会议室"' in page
    assert f'<option value="{cast.members[2].pk}" selected>' in page


def test_an_error_refuses_and_keeps_what_was_typed(cast, as_):
    answer = as_(cast.secretary).post(ADDRESS, filled(cast, held="2099-01-01"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "日期2099年1月1日还没有到" in page
    assert "温汝舟认为汛期值班" in page
    assert not Activity.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": ""}, "这个字段是必填项"),
        ({"held": "昨天"}, "输入一个有效的日期"),
        ({"chair": "999999"}, "选择一个有效的选项"),
        ({"vote-0-rule": "ordinary", "vote-0-matter": "计划"}, "请填写人数"),
        ({"vote-0-rule": "ordinary", "vote-0-yes": "3"}, "请写明表决事项"),
    ],
)
def test_wrong_fields_are_told_beside_the_field(cast, as_, changes, sentence):
    answer = as_(cast.secretary).post(ADDRESS, filled(cast, **changes))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Activity.objects.exists()


def test_a_warning_is_shown_once_and_saved_with_one_more_press(cast, as_):
    client = as_(cast.secretary)
    data = filled(cast, place="")
    first = client.post(ADDRESS, data)
    assert first.status_code == 200
    assert "缺项：地点" in first.content.decode()
    assert not Activity.objects.exists()

    assert save(client, ADDRESS, data).status_code == 302
    assert Activity.objects.get().lacks == ["地点"]


def test_saving_anyway_means_the_warnings_that_were_shown(cast, as_):
    client = as_(cast.secretary)
    shown = client.post(ADDRESS, filled(cast, place="")).content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', shown)[1]
    answer = client.post(ADDRESS, filled(cast, place="", agenda="", seen=seen))
    assert "地点、议题" in answer.content.decode()
    assert not Activity.objects.exists()


def test_a_meeting_without_quorum_is_kept_with_a_warning(cast, as_):
    away = {f"presence-{one.pk}": "leave" for one in cast.members[1:6]}
    reasons = {f"reason-{one.pk}": "抗旱" for one in cast.members[1:6]}
    data = filled(cast, **away, **reasons, recorder=str(cast.members[0].pk))
    client = as_(cast.secretary)
    assert "应到8人，实到3人，不足半数" in client.post(ADDRESS, data).content.decode()
    assert save(client, ADDRESS, data).status_code == 302


def test_someone_who_came_later_is_not_on_the_list_of_that_day(cast, as_):
    MemberStatus.objects.filter(member=cast.members[7]).update(since=date(2025, 4, 1))
    client = as_(cast.secretary)
    assert "路听雨" not in client.get(f"{ADDRESS}?date=2025-03-05").content.decode()
    assert "路听雨" in client.get(f"{ADDRESS}?date=2025-04-01").content.decode()
    refused = client.post(ADDRESS, filled(cast, chair=str(cast.members[7].pk)))
    assert refused.status_code == 422


def test_without_script_rows_are_added_by_posting(cast, as_):
    client = as_(cast.secretary)
    page = client.post(ADDRESS, filled(cast, act="add-resolution")).content.decode()
    assert 'name="resolution-1-text"' in page
    assert "温汝舟认为汛期值班" in page
    page = client.post(ADDRESS, filled(cast, act="add-vote")).content.decode()
    assert 'name="vote-0-entitled" value="8"' in page
    page = client.post(ADDRESS, filled(cast, act="drop-resolution-0")).content.decode()
    assert 'name="resolution-0-text"' not in page
    assert not Activity.objects.exists()


def test_with_htmx_only_the_fragment_comes_back(cast, as_):
    client = as_(cast.secretary)
    rows = client.post(ADDRESS, filled(cast, act="add-resolution"), headers=HTMX).content.decode()
    assert 'name="resolution-1-text"' in rows
    assert "<html" not in rows
    remarks = client.post(ADDRESS, filled(cast, act="check", place=""), headers=HTMX).content.decode()
    assert "缺项：地点" in remarks
    assert 'hx-swap-oob="true"' in remarks
    roster = client.post(ADDRESS, filled(cast, act="roster", held="2018-01-01"), headers=HTMX).content.decode()
    assert "这一天名册上没有人" in roster


def test_a_file_survives_a_warning_and_is_attached(cast, as_):
    client = as_(cast.secretary)
    upload = SimpleUploadedFile("讲稿.txt", "党课讲稿".encode())
    page = client.post(ADDRESS, {**filled(cast, place=""), "files": upload}).content.decode()
    ticket = re.search(r'name="kept" value="([^"]+)"', page)[1]
    assert not StoredFile.objects.exists()
    save(client, ADDRESS, filled(cast, place="", kept=ticket))
    assert Activity.objects.get().attachments.get().file.name == "讲稿.txt"


def test_a_refused_file_keeps_the_text(cast, as_):
    upload = SimpleUploadedFile("讲稿.pdf", b"<html><script>alert(1)</script>")
    answer = as_(cast.secretary).post(ADDRESS, {**filled(cast), "files": upload})
    assert answer.status_code == 422
    assert "内容与文件类型“pdf”不符" in answer.content.decode()
    assert "温汝舟认为汛期值班" in answer.content.decode()
    assert not Activity.objects.exists()


def test_a_forged_ticket_attaches_nothing(cast, as_):
    as_(cast.secretary).post(ADDRESS, filled(cast, kept="eyJzaGEyNTYiOiJ4In0:forged"))
    assert not Activity.objects.get().attachments.exists()


def test_only_those_who_may_record_open_it(cast, as_, client):
    for account, status in ((cast.member, 403), (cast.outsider, 404), (cast.clerk, 200), (cast.deputy, 200)):
        assert as_(account).get(ADDRESS).status_code == status, account
        client.logout()
    assert client.get(ADDRESS).status_code == 302
    as_(cast.outsider).post(ADDRESS, filled(cast))
    assert not Activity.objects.exists()


def test_kinds_of_other_bodies_are_not_found(cast, as_):
    client = as_(cast.secretary)
    assert client.get("/activities/GW-01/record/democratic-life-meeting/").status_code == 404
    assert client.get("/activities/GW-01/record/excursion/").status_code == 404


@pytest.mark.parametrize("kind", ["talk", "contact"])
def test_a_talk_is_between_two_and_gets_its_tags(cast, as_, kind):
    data = {
        "title": "谈心谈话",
        "held": "2025-03-05",
        "place": "办公室",
        "chair": str(cast.members[0].pk),
        "minutes": "谈了近期思想。",
        "f-partner": str(cast.members[6].pk),
        "f-reason": "mobile",
        "act": "save",
    }
    assert as_(cast.secretary).post(f"/activities/GW-01/record/{kind}/", data).status_code == 302
    activity = Activity.objects.get()
    assert activity.attendance.count() == 2
    assert activity.tags == (["committee-member", "secretary-talk"] if kind == "talk" else [])


def test_the_duty_somebody_came_from_is_named(cast, as_):
    page = as_(cast.secretary).get(f"{ADDRESS}?duty=branch-work/general-meeting").content.decode()
    assert "一般每季度召开1次" in page
    assert as_(cast.secretary).get(f"{ADDRESS}?duty=none/such").status_code == 200
