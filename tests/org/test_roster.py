"""The roster's way in and out: preview, errors in the user's words, confirm all or nothing, undo, export."""

from datetime import date, datetime

import pytest
from django.db import OperationalError
from django.utils import timezone

from tests.org.sheets import HEAD, ROW, identity, people, with_part, workbook, zipped
from zhibu.errors import UserError
from zhibu.org import roster, roster_sheet, services
from zhibu.org.identity import identity_of
from zhibu.org.models import ImportBatch, JournalEntry, Member, MemberStatus, Organization, Post
from zhibu.org.queries import members_on, profiles
from zhibu.org.roster_rows import read_day
from zhibu.org.workbook import read_table

NOW = timezone.make_aware(datetime(2025, 6, 1, 9, 0))


def preview(cast, data, organization=None, name="名册.xlsx"):
    return roster.preview(cast.secretary, organization or cast.branch, data, name, at=NOW)


def sentences(batch, what="errors"):
    return [(row["line"], text) for row in roster.shown_rows(batch) for text in row[what]]


def refused(code, call, *args, **kwargs):
    with pytest.raises(UserError) as caught:
        call(*args, **kwargs)
    assert caught.value.code == code, str(caught.value)
    return str(caught.value)


def test_a_roster_goes_in_whole(cast):
    batch = preview(cast, workbook(*people(3)))
    assert not roster.has_errors(batch)
    assert Member.objects.filter(organization=cast.branch).count() == 9  # a preview enters nobody
    made = roster.confirm(cast.secretary, batch, at=NOW)
    assert [member.number for member in made] == ["101", "102", "103"]
    assert members_on(cast.branch, date(2025, 6, 1)).count() == 12
    assert members_on(cast.branch, date(2019, 1, 9)).count() == 0  # not before the branch was founded
    entry = JournalEntry.objects.get()
    assert (entry.verb, entry.data, entry.account) == ("import-roster", {"count": 3}, cast.secretary)


def test_confirmation_dates_make_two_spans(cast):
    row = ("101", "沈拾光", "女", "1990-01-05", "2023-07-01", "2024-07-01", "正式党员")
    [member] = roster.confirm(cast.secretary, preview(cast, workbook(row)), at=NOW)
    spans = list(member.statuses.values_list("status", "since", "until"))
    assert spans == [
        ("probationary", date(2023, 7, 1), date(2024, 7, 1)),
        ("full", date(2024, 7, 1), None),
    ]


def test_the_header_is_found_below_a_title_and_under_other_names(cast):
    head = ("序号", "姓 名", "性别", "出生年月", "入党时间", "转正时间", "党员类别（必填）")
    batch = preview(cast, workbook(("1", *ROW[1:]), head=head, before=[("某支部党员名册",), ("2025年",), ()]))
    assert not roster.has_errors(batch)
    [row] = [row for row in batch.rows if row["values"]]
    assert (row["line"], row["values"]["born"]) == (5, "1990-01-05")
    assert (4, "这些列没有用到：序号。") in sentences(batch, "warnings")


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2019.07", (date(2019, 7, 1), False)),
        ("2019-07-01", (date(2019, 7, 1), True)),
        ("2019/7/1", (date(2019, 7, 1), True)),
        ("2019年7月1日", (date(2019, 7, 1), True)),
        ("2019年7月", (date(2019, 7, 1), False)),
        ("20190701", (date(2019, 7, 1), True)),
        (20190701.0, (date(2019, 7, 1), True)),
        (201907, (date(2019, 7, 1), False)),
        (datetime(2019, 7, 1), (date(2019, 7, 1), True)),
        (date(2019, 7, 1), (date(2019, 7, 1), True)),
        ("1990.13", None),
        ("2019-02-30", None),
        ("2019", None),
        ("七月", None),
        (2019.07, (date(2019, 7, 1), False)),
    ],
)
def test_days_as_people_write_them(written, day):
    assert read_day(written) == day


def test_excel_dates_are_dates(cast):
    row = ("101", "沈拾光", "女", date(1990, 1, 5), date(2015, 7, 1), date(2016, 7, 1), "正式党员")
    [member] = roster.confirm(cast.secretary, preview(cast, workbook(row)), at=NOW)
    assert (member.born, member.joined, member.confirmed) == (date(1990, 1, 5), date(2015, 7, 1), date(2016, 7, 1))


def one_wrong(cast, **cells):
    """Errors of a roster of one good row changed in the given columns."""
    head = (*HEAD, *(name for name in cells if name not in HEAD))
    row = [cells.get(name, dict(zip(HEAD, ROW, strict=True)).get(name, "")) for name in head]
    batch = preview(cast, workbook(row, head=head))
    return sentences(batch), sentences(batch, "warnings")


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"出生日期": "1990.13"}, "出生日期“1990.13”不是日期，请写成 1990-01-05 这样。"),
        ({"入党日期": "2025-06-02"}, "入党日期“2025-06-02”还没有到，请核对。"),
        ({"姓名": ""}, "没有填写姓名。"),
        ({"人员类别": "群众"}, "人员类别“群众”不能识别，可以写：正式党员、正式、预备党员、预备。"),
        ({"人员类别": ""}, "没有填写“人员类别”，请写“正式党员”或“预备党员”。"),
        ({"人员类别": "预备党员"}, "人员类别是预备党员，却填了转正日期，请核对。"),
        ({"性别": "F"}, "性别“F”不能识别，可以写：男、女。"),
        ({"编号": "003"}, "编号“003”在本支部已有人使用。"),
        ({"出生日期": "2000-01-01"}, "入党日期2015-07-01时不满18岁，请核对出生日期和入党日期。"),
        ({"转正日期": "2015-07-01"}, "转正日期2015-07-01应在入党日期2015-07-01之后。"),
        ({"入党日期": "", "转正日期": ""}, "“入党日期”和“转入日期”至少填一项，否则不知从哪天起计入。"),
        ({"所在支部": "青禾县档案馆党支部"}, "所在支部写的是“青禾县档案馆党支部”，而这次导入的是青禾县水文站党支部。"),
        ({"党内职务": "书记", "任职日期": "2024-03-01"}, "书记已有闻知远，一个支部只能有一位书记。"),
        ({"党内职务": "团委书记"}, "党内职务“团委书记”不能识别"),
        ({"党内职务": "委员", "任职日期": "2016-01-01"}, "任职日期2016-01-01早于进入本支部的2019-01-10。"),
        ({"身份证号": float("1" * 18)}, "身份证号存成了数字，Excel 只留15位，后几位已经丢失。"),
        ({"身份证号": "12345"}, "身份证号应为18位（末位可为X），现在是5位，请核对。"),
        ({"学历": "很" * 21}, "“学历”超过20个字，请缩短。"),
    ],
)
def test_errors_in_the_users_words(cast, cells, sentence):
    errors, _ = one_wrong(cast, **cells)
    assert [(line, text[: len(sentence)]) for line, text in errors] == [(2, sentence)]


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"姓名": "温汝舟"}, "名册中已有同名的温汝舟（编号006），请确认是另一个人。"),
        ({"出生日期": "1990.01"}, "出生日期“1990.01”没有写到日，按当月1日计。"),
        ({"党小组": "第九党小组"}, "党小组“第九党小组”还没有建立，导入时将新建。"),
        ({"党内职务": "委员"}, "有党内职务而没有“任职日期”，职务不会导入，请导入后在“职务”页补上。"),
        ({"转正日期": ""}, "没有“转正日期”，从登记之日起按正式党员计。"),
        ({"身份证号": "*" * 14 + "1234"}, "身份证号已遮盖，这一项没有导入。"),
    ],
)
def test_questions_do_not_stand_in_the_way(cast, cells, sentence):
    errors, warnings = one_wrong(cast, **cells)
    assert errors == []
    assert (2, sentence) in warnings


def test_a_wrong_check_sign_is_found_and_no_number_is_kept(cast):
    number = identity()
    wrong = number[:-1] + ("0" if number[-1] != "0" else "1")
    errors, _ = one_wrong(cast, 身份证号=wrong)
    assert "校验码不对" in errors[0][1]
    batch = preview(cast, workbook((*ROW, number), head=(*HEAD, "身份证号")))
    assert number not in str(batch.rows)
    [member] = roster.confirm(cast.secretary, batch, at=NOW)
    assert (member.identity_tail, member.identity_digest) == (number[-4:], identity_of(number).digest)
    errors, _ = one_wrong(cast, 身份证号=number, 编号="777", 姓名="另一人")
    assert errors == [(2, "另一人（同一身份证号）已在名册中，请删去这一行。")]


def test_the_same_person_twice_in_a_file(cast):
    number = identity()
    head = (*HEAD, "身份证号")
    rows = [(*ROW, number), ("102", "沈拾光", *ROW[2:], number), ("101", "纪拾光", *ROW[2:], "")]
    batch = preview(cast, workbook(*rows, head=head))
    assert sentences(batch) == [(3, "身份证号与第2行相同。"), (4, "编号“101”与第2行相同。")]
    assert (3, "与第2行同名，请确认是两个人。") in sentences(batch, "warnings")


def test_one_wrong_row_keeps_everybody_out(cast):
    batch = preview(cast, workbook(*people(3), ("104", "", *ROW[2:])))
    text = refused("import-has-errors", roster.confirm, cast.secretary, batch, at=NOW)
    assert text == "第5行有错误，一个人也没有导入。请改好表格后重新上传。"
    assert Member.objects.filter(organization=cast.branch).count() == 9


def test_confirming_twice_enters_once(cast):
    batch = preview(cast, workbook(ROW))
    roster.confirm(cast.secretary, batch, at=NOW)
    refused("import-already-done", roster.confirm, cast.deputy, ImportBatch.objects.get(pk=batch.pk), at=NOW)
    assert Member.objects.filter(name="沈拾光").count() == 1


def test_two_previews_of_one_file_enter_once(cast):
    mine, theirs = preview(cast, workbook(ROW)), preview(cast, workbook(ROW))
    roster.confirm(cast.secretary, mine, at=NOW)
    refused("import-nothing-new", roster.confirm, cast.deputy, theirs, at=NOW)
    assert Member.objects.filter(name="沈拾光").count() == 1


def test_an_export_with_a_new_row_brings_in_the_new_one_only(cast):
    roster.confirm(cast.secretary, preview(cast, workbook(*people(3))), at=NOW)
    before = set(Member.objects.values_list("pk", flat=True))
    again = preview(cast, workbook(*people(4)))
    assert sentences(again) == []
    assert [line for line, text in sentences(again, "warnings") if text == "已在名册中，这一行不再导入。"] == [2, 3, 4]
    made = roster.confirm(cast.secretary, again, at=NOW)
    assert {member.pk for member in made} == set(Member.objects.values_list("pk", flat=True)) - before
    assert len(made) == 1


def test_another_person_with_a_number_in_use_is_still_an_error(cast):
    roster.confirm(cast.secretary, preview(cast, workbook(*people(1))), at=NOW)
    [row] = people(1)
    batch = preview(cast, workbook((row[0], "另一人", *row[2:])))
    assert "已有人使用" in sentences(batch)[0][1]


@pytest.mark.parametrize("full", [OperationalError("database or disk is full"), OSError(28, "No space left on device")])
def test_a_full_disk_in_the_middle_leaves_nothing(cast, monkeypatch, full):
    batch = preview(cast, workbook(*people(5)))
    before = {model: model.objects.count() for model in (Member, MemberStatus, Post, JournalEntry, Organization)}

    def fail(*_args, **_kwargs):
        assert Member.objects.filter(organization=cast.branch).count() == 14  # the members were written already
        raise full

    with monkeypatch.context() as patched:
        patched.setattr(type(MemberStatus.objects), "bulk_create", fail_for(MemberStatus, fail))
        refused("import-not-written", roster.confirm, cast.secretary, batch, at=NOW)
    assert {model: model.objects.count() for model in before} == before
    batch.refresh_from_db()
    assert batch.state == "preview"
    assert len(roster.confirm(cast.secretary, batch, at=NOW)) == 5  # and the second try succeeds


def fail_for(model, fail):
    from django.db.models import Manager

    original = Manager.bulk_create

    def bulk_create(self, *args, **kwargs):
        return fail() if self.model is model else original(self, *args, **kwargs)

    return bulk_create


def with_posts(cast):
    head = (*HEAD, "党小组", "党内职务", "任职日期", "任期届满")
    rows = [
        (*ROW, "第一党小组", "委员", "2024-03-01", "2027-03-01"),
        ("102", "沈听泉", *ROW[2:], "第二党小组", "党小组组长", "2024-03-01", ""),
        ("103", "沈望舒", *ROW[2:], "第二党小组", "", "", ""),
    ]
    return preview(cast, workbook(*rows, head=head))


def test_cells_and_posts_come_with_their_people(cast):
    roster.confirm(cast.secretary, with_posts(cast), at=NOW)
    cell = Organization.objects.get(name="第二党小组")
    assert (cell.code, cell.founded) == ("GW-01-2", date(2019, 1, 10))
    assert [member.name for member in members_on(cell, date(2025, 1, 1))] == ["沈听泉", "沈望舒"]
    assert Post.objects.get(title="cell-leader").organization == cell
    assert Post.objects.get(member__name="沈拾光").term_ends == date(2027, 3, 1)
    assert profiles([cast.branch])[cast.branch.pk][-1].committee == 6


def test_undo_removes_exactly_what_was_made(cast):
    everything = {
        model: set(model.objects.values_list("pk", flat=True)) for model in (Member, MemberStatus, Post, Organization)
    }
    batch = with_posts(cast)
    roster.confirm(cast.secretary, batch, at=NOW)
    assert roster.undo(cast.secretary, batch, at=NOW) == 3
    assert everything == {model: set(model.objects.values_list("pk", flat=True)) for model in everything}
    assert batch.state == "undone"
    refused("import-already-done", roster.undo, cast.secretary, batch, at=NOW)
    verbs = list(JournalEntry.objects.order_by("id").values_list("verb", flat=True))
    assert verbs == ["found-organization", "import-roster", "undo-import"]
    assert len(roster.confirm(cast.secretary, with_posts(cast), at=NOW)) == 3  # the file can come again


@pytest.mark.parametrize("change", ["status", "post", "edit", "chair", "account"])
def test_undo_is_refused_once_something_hangs_on_it(cast, change):
    from zhibu.activities.models import Activity
    from zhibu.org.models import Account

    batch = preview(cast, workbook(ROW))
    [member] = roster.confirm(cast.secretary, batch, at=NOW)
    day = {"today": date(2025, 6, 1)}
    if change == "status":
        services.change_status(cast.secretary, member, status="suspended", since=date(2025, 5, 1), **day)
    elif change == "post":
        services.assign_post(cast.secretary, cast.branch, member, title="clerk", since=date(2025, 5, 1), **day)
    elif change == "edit":
        services.edit_member(cast.secretary, member, job="观测员", **day)
    elif change == "account":
        Account.objects.create_user("new", member=member)
    else:
        Activity.objects.create(
            organization=cast.branch, kind="lecture", title="党课", held=date(2025, 5, 1), chair=member,
            recorded_at=NOW, changed_at=NOW, recorded_by=cast.secretary,
        )  # fmt: skip
    code = "import-was-edited" if change == "edit" else "import-depended-on"
    assert "沈拾光" in refused(code, roster.undo, cast.secretary, batch, at=NOW)
    assert Member.objects.filter(pk=member.pk).exists()


def test_a_confirmed_batch_keeps_names_only(cast):
    batch = preview(cast, workbook((*ROW, identity()), head=(*HEAD, "身份证号")))
    roster.confirm(cast.secretary, batch, at=NOW)
    batch.refresh_from_db()
    assert [row["values"] for row in batch.rows if row["values"]] == [{"name": "沈拾光"}]


def test_a_committee_imports_several_branches(cast):
    head = (*HEAD, "所在支部")
    rows = [(*ROW, "GW-01"), ("101", "沈听泉", *ROW[2:], "青禾县档案馆党支部")]
    made = roster.confirm(cast.clerk, preview(cast, workbook(*rows, head=head), cast.committee), at=NOW)
    assert [member.organization for member in made] == [cast.branch, cast.other]
    batch = preview(cast, workbook((*ROW, "不存在的支部"), (*ROW, ""), head=head), cast.committee)
    assert [text for _, text in sentences(batch)] == [
        "所在支部“不存在的支部”不能确定是哪一个，请写支部全称或代码。",
        "没有填写“所在支部”。导入到青禾县县直机关工委时每行都要写明支部。",
    ]


def test_what_goes_out_can_come_in_again(cast):
    batch = with_posts(cast)
    roster.confirm(cast.secretary, batch, at=NOW)
    Member.objects.filter(name="沈拾光").update(identity_tail="123X", name="=1+1沈")
    Member.objects.filter(name="简言之").update(confirmed=None)  # still probationary
    data = roster_sheet.export(cast.branch, date(2025, 6, 1))
    table = read_table(data, "x.xlsx", 100)
    row = next(row for row in table if "=1+1沈" in row)  # text, never a formula
    assert "*" * 14 + "123X" in row
    other = Organization.objects.add_child(
        cast.committee, {"code": "GW-03", "name": cast.branch.name, "kind": "branch", "founded": date(2012, 1, 1)}
    )
    again = preview(cast, data, other)
    assert not roster.has_errors(again), sentences(again)
    assert len(roster.confirm(cast.secretary, again, at=NOW)) == 12
    assert members_on(other, date(2025, 6, 1)).count() == 12
    assert profiles([other])[other.pk][-1].committee == profiles([cast.branch])[cast.branch.pk][-1].committee


def test_the_empty_form_reads_as_empty_but_for_its_example(cast):
    data = roster_sheet.form(cast.branch)
    assert "没有党员" in refused("roster-empty", preview, cast, data)
    table = read_table(data, "x.xlsx", 100)
    assert table[0][:3] == ["编号", "姓名", "性别"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file-empty"),
        (b"hello, not a workbook", "not-excel"),
        (zipped({"word/document.xml": "<a/>"}), "not-excel"),
        (workbook(ROW)[:400], "workbook-broken"),
        (zipped({"xl/workbook.xml": "<broken"}), "workbook-broken"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "workbook-broken"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 60 + "EncryptedPackage".encode("utf-16-le"), "workbook-locked"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 60 + "_VBA_PROJECT".encode("utf-16-le"), "workbook-macros"),
        (with_part(workbook(ROW), "xl/vbaProject.bin", b"x"), "workbook-macros"),
        (with_part(workbook(ROW), "xl/media/big.bin", b"\0" * (60 << 20)), "workbook-bomb"),
        (workbook(ROW, head=("名", "日")), "column-missing"),
        (workbook(ROW, head=(*HEAD, "党员姓名")), "column-twice"),
        (workbook(), "roster-empty"),
        (workbook(*people(2001)), "roster-too-long"),
    ],
)
def test_files_that_cannot_be_used_say_why(cast, data, code):
    refused(code, preview, cast, data)
    assert not ImportBatch.objects.exists()


def test_a_file_above_the_limit_is_refused_by_its_size(cast, settings):
    settings.UPLOAD_LIMIT = 1024**2
    assert "超过1 MB" in refused("file-too-big", preview, cast, b"PK\x03\x04" + b"\0" * 1024**2)


def test_a_cell_in_the_farthest_corner_does_not_bring_the_server_down(cast):
    """Some readers lay out all 17 thousand million cells between the first and the last one."""
    import io

    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_string(0, 0, "姓名")
    sheet.write_string(1_048_575, 16_383, "x")
    book.close()
    refused("workbook-bomb", preview, cast, buffer.getvalue())


def test_missing_columns_are_named_with_what_was_found(cast):
    text = refused("column-missing", preview, cast, workbook(ROW, head=("编号", "名", *HEAD[2:])))
    assert "“姓名”" in text
    assert "第1行" in text


def test_an_import_of_many_takes_few_queries(cast, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        batch = preview(cast, workbook(*people(60)))
    with django_assert_max_num_queries(30):
        roster.confirm(cast.secretary, batch, at=NOW)


def test_a_discarded_preview_is_gone(cast):
    batch = preview(cast, workbook(ROW))
    roster.discard(cast.secretary, batch)
    assert not ImportBatch.objects.exists()
