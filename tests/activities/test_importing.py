"""A year from Excel: read generously, told row by row, all or nothing, undone exactly; by page and without account."""

import io
from datetime import UTC, date, datetime

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from tests.activities.entering import MINUTES
from zhibu.activities import importing, services
from zhibu.activities.import_rows import COLUMNS, kind_named, read_clock, read_day
from zhibu.activities.models import Activity
from zhibu.activities.queries import entry_of
from zhibu.errors import UserError
from zhibu.org.models import ImportBatch, JournalEntry

NOW = datetime(2026, 1, 8, 2, tzinfo=UTC)
HEAD = [
    "类别",
    "日期",
    "名称",
    "开始",
    "结束",
    "地点",
    "主持人",
    "记录人",
    "应到",
    "实到",
    "请假",
    "缺席",
    "议题",
    "记录",
    "决议",
    "学时",
]
MEETING = [
    "党员大会",
    "2025-03-05",
    "一季度党员大会",
    "15:00",
    "16:30",
    "会议室",
    "闻知远",
    "岑若溪",
    9,
    8,
    "蒲云帆（出差）",
    "",
    "听报告",
    MINUTES,
    "调整计划",
    "",
]
LECTURE = ["党课", date(2025, 4, 8), "", "", "", "会议室", "闻知远", "", "", "", "", "", "", "讲了三点。", "", 2]


def book(*rows, head=HEAD):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as workbook:
        sheet = workbook.add_worksheet()
        for number, row in enumerate([head, *rows]):
            for column, value in enumerate(row):
                sheet.write(number, column, value)
    return buffer.getvalue()


def preview(cast, *rows, head=HEAD, account=None):
    return importing.preview(account, cast.branch, book(*rows, head=head), "2025年活动.xlsx", at=NOW)


def said(batch, what="errors"):
    return [text for row in importing.shown_rows(batch) for text in row[what]]


def changed(row, **values):
    return [values.get(header, cell) for header, cell in zip(HEAD, row, strict=True)]


def test_a_sheet_becomes_records_with_rosters_of_their_days(cast):
    batch = preview(cast, MEETING, LECTURE)
    assert said(batch) == []
    assert not Activity.objects.exists()

    made = importing.confirm(None, batch, at=NOW)

    meeting, lecture = Activity.objects.order_by("held")
    assert [meeting.pk, lecture.pk] == [one.pk for one in made]
    assert (meeting.entitled, meeting.present, meeting.attended) == (8, 7, 8)
    assert meeting.attendance.get(presence="leave").reason == "出差"
    assert meeting.resolutions.get().text == "调整计划"
    assert meeting.lacks == []
    assert (lecture.title, lecture.hours, lecture.held) == ("2025年4月党课", 2, date(2025, 4, 8))
    assert "党课题目" in lecture.lacks
    assert batch.state == "done"


def test_imported_records_equal_the_same_records_entered_by_hand(cast):
    importing.confirm(None, preview(cast, MEETING), at=NOW)
    imported = Activity.objects.get()
    by_hand = services.record_activity(None, cast.branch, entry_of(imported), at=NOW)
    for name in ("entitled", "present", "attended", "hours", "lacks", "tags", "chair_id", "recorder_id"):
        assert getattr(imported, name) == getattr(by_hand, name), name


def test_what_was_entered_late_stays_late(cast):
    importing.confirm(None, preview(cast, MEETING), at=NOW)
    activity = Activity.objects.get()
    assert activity.recorded_at == NOW
    assert activity.late_days == 309


def test_without_an_account_the_journal_has_no_person(cast):
    importing.confirm(None, preview(cast, MEETING), at=NOW)
    line = JournalEntry.objects.get(verb="import-activities")
    assert line.account is None
    assert "导入1条" in line.summary


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"类别": "春游"}, "“类别”一栏的“春游”不在可用的类别之中。"),
        ({"类别": "民主生活会"}, "青禾县水文站党支部不记录“民主生活会”。"),
        ({"日期": "三月"}, "“日期”一栏的“三月”不是日期，应如 2025-03-05。"),
        ({"日期": "2025-02-30"}, "“日期”一栏的“2025-02-30”不是日期，应如 2025-03-05。"),
        ({"日期": "2027-03-05"}, "日期2027年3月5日还没有到。请在活动开展之后记录。"),
        ({"日期": "2018-03-05"}, "日期2018年3月5日早于本组织成立的日期2019年1月10日。"),
        ({"主持人": "无此人"}, "“主持人”一栏：2025-03-05的名册上没有“无此人”。"),
        ({"请假": "阮青岚（出差）"}, "“请假”一栏：2025-03-05的名册上没有“阮青岚”。"),
        ({"实到": 5}, "“实到”写5人，按名单是8人。请在“请假”“缺席”中写明没有到会的人。"),
        ({"实到": "很多"}, "“实到”一栏的“很多”不是数。"),
        ({"开始": "下午"}, "“开始”一栏的“下午”不是时间，应如 15:00。"),
        ({"结束": "14:00"}, "结束时间14:00不晚于开始时间15:00。"),
    ],
)
def test_a_wrong_row_is_told_in_the_users_words_and_nothing_is_imported(cast, change, sentence):
    batch = preview(cast, changed(MEETING, **change), LECTURE)
    assert sentence in said(batch)
    with pytest.raises(UserError) as refused:
        importing.confirm(None, batch, at=NOW)
    assert "第2行" in str(refused.value)
    assert not Activity.objects.exists()


def test_a_wrong_number_entitled_is_asked_about_and_counted_from_the_roster(cast):
    batch = preview(cast, changed(MEETING, 应到=12))
    assert said(batch) == []
    assert "“应到”写12人，当天名册上是9人。将按名册计算。" in said(batch, "warnings")


def test_the_same_activity_is_not_imported_twice(cast):
    importing.confirm(None, preview(cast, MEETING), at=NOW)
    assert any("已有同名的“一季度党员大会”" in text for text in said(preview(cast, MEETING)))
    assert any("已有同名的" in text for text in said(preview(cast, LECTURE, LECTURE)))


def test_namesakes_are_told_apart_by_number(cast):
    cast.members[7].name = cast.members[6].name
    cast.members[7].save()
    assert any("有2位党员叫“纪南乔”" in text for text in said(preview(cast, changed(MEETING, 请假="纪南乔（病假）"))))
    batch = preview(cast, changed(MEETING, 请假="纪南乔#008（病假）"))
    importing.confirm(None, batch, at=NOW)
    assert Activity.objects.get().attendance.get(presence="leave").member == cast.members[7]


def test_headers_are_found_below_a_title_and_under_other_names(cast):
    rows = [
        ["序号", "活动类别", "活动日期", "会议名称", "参加人员", "主题"],
        [1, "主题党日", "2025年3月5日", "植树", "闻知远、苏明棠", "义务植树"],
    ]
    batch = preview(cast, *rows, head=["青禾县水文站党支部2025年活动台账"])
    importing.confirm(None, batch, at=NOW)
    activity = Activity.objects.get()
    assert (activity.kind, activity.title, activity.fields) == ("themed-day", "植树", {"theme": "义务植树"})
    assert (activity.present, activity.entitled) == (2, 8)


def test_minutes_repeated_within_the_sheet_are_pointed_out(cast):
    again = changed(MEETING, 日期="2025-06-05", 名称="二季度党员大会")
    assert any(
        "记录有100%与2025年3月5日“一季度党员大会”相同" in text
        for text in said(preview(cast, MEETING, again), "warnings")
    )


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file-empty"),
        (b"%PDF-1.7", "not-excel"),
        (b"PK\x03\x04 broken", "workbook-broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 broken", "workbook-broken"),
        (book(["甲"], head=["姓名"]), "import-no-headers"),
        (book(), "import-empty"),
        (book(*([["党课", "2025-03-05"]] * 501), head=["类别", "日期"]), "import-too-many"),
    ],
)
def test_what_is_no_such_sheet_is_refused(cast, data, code):
    with pytest.raises(UserError) as refused:
        importing.preview(None, cast.branch, data, "表.xlsx", at=NOW)
    assert refused.value.code == code
    assert not ImportBatch.objects.exists()


def test_undo_removes_exactly_what_the_import_made(cast):
    kept = services.record_activity(cast.secretary, cast.branch, _other_entry(cast), at=NOW)
    batch = preview(cast, MEETING, LECTURE)
    importing.confirm(cast.secretary, batch, at=NOW)

    assert importing.undo(cast.secretary, batch, at=NOW) == 2

    assert list(Activity.objects.all()) == [kept]
    assert batch.state == "undone"
    for act in (importing.undo, importing.confirm):
        with pytest.raises(UserError, match="已处理过"):
            act(cast.secretary, batch, at=NOW)


def _other_entry(cast):
    from zhibu.activities.entry import Entry

    return Entry(kind="committee-meeting", title="支委会", held=date(2025, 3, 1))


def test_an_import_with_a_corrected_record_is_not_undone_as_a_whole(cast):
    batch = preview(cast, MEETING)
    (activity,) = importing.confirm(cast.secretary, batch, at=NOW)
    services.correct_activity(cast.secretary, activity, entry_of(activity), 1, "补充", at=NOW)
    with pytest.raises(UserError) as refused:
        importing.undo(cast.secretary, batch, at=NOW)
    assert refused.value.code == "import-was-corrected"
    assert Activity.objects.count() == 1


def test_a_failure_in_the_middle_leaves_nothing(cast, monkeypatch):
    batch = preview(cast, MEETING, LECTURE)

    def full(*_args, **_options):
        raise OSError("database or disk is full")

    monkeypatch.setattr(importing.Resolution.objects, "bulk_create", full)
    with pytest.raises(OSError, match="full"):
        importing.confirm(cast.secretary, batch, at=NOW)
    assert not Activity.objects.exists()
    batch.refresh_from_db()
    assert batch.state == "preview"


def test_the_template_holds_every_column_and_no_rows(cast):
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(importing.template(cast.branch))).get_sheet_by_index(0)
    assert sheet.to_python() == [[column.header for column in COLUMNS]]


@pytest.mark.parametrize(
    "text", ["2025-03-05", "2025/3/5", "2025.3.5", "2025年3月5日", "20250305", "45721", "2025-03-05 15:00"]
)
def test_days_as_people_write_them(text):
    assert read_day(text) == date(2025, 3, 5)


@pytest.mark.parametrize("text", ["15:00", "15：00", "15点", "15时00分", "15:00:00"])
def test_times_as_people_write_them(text):
    assert f"{read_clock(text):%H:%M}" == "15:00"


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("支部党员大会", "general-meeting"),
        ("支委会", "committee-meeting"),
        ("主题党日", "themed-day"),
        ("民主评议", "member-appraisal"),
        ("春游", None),
    ],
)
def test_kinds_as_people_name_them(text, slug):
    kind = kind_named(text)
    assert (kind.slug if kind else None) == slug


# --- pages ------------------------------------------------------------------------------------------------------------

PAGE = "/activities/GW-01/import/"


def upload(data, name="2025.xlsx"):
    return {"file": SimpleUploadedFile(name, data)}


def test_the_pages_preview_confirm_and_undo(cast, as_):
    client = as_(cast.secretary)
    assert client.get(f"{PAGE}template/")["Content-Type"].endswith("sheet")
    there = client.post(PAGE, upload(book(MEETING)))["Location"]
    assert "一季度党员大会" in client.get(there).content.decode()
    client.post(there, {"act": "confirm"})
    assert Activity.objects.get().recorded_by == cast.secretary
    assert "撤销这次导入" in client.get(there).content.decode()
    client.post(there, {"act": "undo"})
    assert not Activity.objects.exists()
    assert client.post(there, {"act": "confirm"}).status_code == 422


def test_the_page_rejects_what_is_no_sheet(cast, as_):
    client = as_(cast.secretary)
    for data in (upload(b"%PDF-1.7", "a.pdf"), {}):
        answer = client.post(PAGE, data)
        assert answer.status_code == 422
        assert 'role="alert"' in answer.content.decode()


def test_the_page_requires_the_right_person(cast, as_, client):
    batch = preview(cast, MEETING, account=cast.secretary)
    for account, status in ((cast.member, 403), (cast.outsider, 404)):
        for address in (PAGE, f"{PAGE}template/", f"{PAGE}{batch.pk}/"):
            assert as_(account).get(address).status_code == status
        as_(account).post(f"{PAGE}{batch.pk}/", {"act": "confirm"})
        client.logout()
    assert as_(cast.outsider).get(f"/activities/GW-02/import/{batch.pk}/").status_code == 404
    assert not Activity.objects.exists()
