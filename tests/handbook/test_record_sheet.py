"""The sheet of one record: all its fields, names of those present, room to sign; only for those who may read it."""

import io
import zipfile
from datetime import date

import pypdfium2
import pytest

from tests.activities.entering import filled, save
from tests.ledger.records import attend, hold
from zhibu.activities.kinds import load_kinds
from zhibu.activities.models import Activity
from zhibu.documents.docx import write_docx
from zhibu.documents.pdf import write_pdf
from zhibu.handbook.minutes import record_document
from zhibu.handbook.records import record_alone
from zhibu.meetings.models import Meeting
from zhibu.org.models import JournalEntry, Member

from .made import ON, SECRET, a_meeting, a_talk


def text_of(answer) -> str:
    with zipfile.ZipFile(io.BytesIO(answer.content)) as package:
        return package.read("word/document.xml").decode()


def test_what_was_entered_in_the_form_stands_on_the_sheet(cast, as_):
    client = as_(cast.secretary)
    save(client, "/activities/GW-01/record/general-meeting/", filled(cast))
    activity = Activity.objects.get()
    page = client.get(f"/activities/GW-01/{activity.pk}/").content.decode()
    assert f"/handbook/GW-01/record/{activity.pk}/docx/" in page
    answer = client.get(f"/handbook/GW-01/record/{activity.pk}/docx/")
    text = text_of(answer)
    for word in (
        "党员大会记录", "青禾县水文站党支部", "一季度党员大会", "二楼会议室", "闻知远", "岑若溪",
        "听取支委会一季度工作报告", "调整二季度学习计划", "2025年4月10日", "水质监测", "到会名单", "主持人", "签字",
    ):  # fmt: skip
        assert word in text, word
    assert JournalEntry.objects.get(verb="print-record").object_id == str(activity.pk)
    assert client.get(f"/handbook/GW-01/record/{activity.pk}/pdf/").content.startswith(b"%PDF")


def test_who_confirmed_this_version_of_the_record_stands_where_one_signs(cast):
    meeting = a_meeting(cast)
    told = {"by": "闻知远", "at": "2025-03-06T12:00:00+08:00", "version": meeting.version}
    Meeting.objects.create(
        organization=cast.branch, kind=meeting.kind, title=meeting.title, day=meeting.held, activity=meeting,
        changed_at=meeting.changed_at, changed_by=cast.secretary,
        confirmed={"chair": told, "recorder": {**told, "by": "岑若溪", "version": meeting.version - 1}},
    )  # fmt: skip
    rows = record_document(record_alone(meeting, ON), "水文站").blocks[-1].rows
    assert rows == (("主持人\n签字", "闻知远，2025年3月6日确认", "记录人\n签字", ""),)


def test_a_wrong_format_is_refused(cast, as_):
    meeting = a_meeting(cast)
    answer = as_(cast.secretary).get(f"/handbook/GW-01/record/{meeting.pk}/odt/")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_signs_no_font_has_are_named_first(cast, as_):
    meeting = a_meeting(cast, title="大会\U000310c7")
    page = as_(cast.secretary).get(f"/handbook/GW-01/record/{meeting.pk}/pdf/").content.decode()
    assert "\U000310c7" in page
    anyway = as_(cast.secretary).get(f"/handbook/GW-01/record/{meeting.pk}/pdf/?anyway=1")
    assert anyway.content.startswith(b"%PDF")


def test_a_talk_is_printed_for_those_who_talked_and_no_other_member(cast, as_):
    talk = a_talk(cast, 0, 6)
    address = f"/handbook/GW-01/record/{talk.pk}/docx/"
    assert SECRET in text_of(as_(cast.secretary).get(address))
    answer = as_(cast.member).get(address)
    assert answer.status_code == 404
    assert SECRET not in answer.content.decode()
    mine = a_talk(cast, 0, 5, held=date(2025, 5, 5))
    text = text_of(as_(cast.member).get(f"/handbook/GW-01/record/{mine.pk}/docx/"))
    assert "谈话对象" in text
    assert "温汝舟" in text


def test_no_record_of_another_branch_or_withdrawn(cast, as_):
    meeting = a_meeting(cast)
    assert as_(cast.outsider).get(f"/handbook/GW-01/record/{meeting.pk}/docx/").status_code == 404
    assert as_(cast.outsider).get(f"/handbook/GW-02/record/{meeting.pk}/docx/").status_code == 404
    meeting.withdrawn_at = meeting.changed_at
    meeting.save()
    assert as_(cast.secretary).get(f"/handbook/GW-01/record/{meeting.pk}/docx/").status_code == 404


@pytest.mark.parametrize("kind", sorted(load_kinds()))
def test_every_kind_has_a_sheet_even_when_nothing_was_filled_in(cast, kind):
    lacks = [column.label for column in load_kinds()[kind].columns.values() if column.required]
    lacks += [field.label for field in load_kinds()[kind].fields if field.required]
    activity = hold(cast, kind, date(2025, 3, 5), entitled=0, present=0, attended=0, lacks=lacks)
    document = record_document(record_alone(activity, ON), "青禾县水文站党支部")
    shown = document.text.replace("原因没有记录", "")
    missing = set(lacks) - {"缺席和请假原因", "表决"}
    assert shown.count("没有记录") >= len(missing) - 1  # start and end stand in one cell with the day
    write_docx(document)


def test_five_hundred_present_and_a_long_name_fill_pages_without_loss(cast):
    name = "买买提·吐尔逊江·阿卜杜热合曼·艾山江"
    Member.objects.bulk_create(
        Member(organization=cast.branch, number=f"{number:04}", name=f"藕{number}") for number in range(100, 600)
    )
    meeting = a_meeting(cast)
    attend(meeting, *Member.objects.filter(name__startswith="藕"))
    Member.objects.filter(pk=cast.members[0].pk).update(name=name)
    document = record_document(record_alone(Activity.objects.get(pk=meeting.pk), ON), "青禾县水文站党支部")
    assert document.text.count("藕") == 500
    assert name in document.text
    pages = pypdfium2.PdfDocument(write_pdf(document).data)
    assert sum(page.get_textpage().get_text_range().count("藕") for page in pages) == 500
