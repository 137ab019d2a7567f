"""What stands in a handbook: every official field, a name for what is missing, and nothing the reader may not see."""

from datetime import date

import pypdfium2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from tests.ledger.records import attend, hold, noon
from zhibu.activities.models import Activity
from zhibu.documents.docx import write_docx
from zhibu.documents.model import Document
from zhibu.documents.pdf import contents_pages, write_pdf
from zhibu.handbook.composing import handbook
from zhibu.handbook.outline import outline_in_use
from zhibu.handbook.queries import branch_year
from zhibu.handbook.services import in_chinese
from zhibu.handbook.year import EVERYTHING, Reader
from zhibu.org.models import Member, MemberStatus, Post

from .made import MINUTES, ON, SECRET, SECRET_SUBJECT, YEAR, a_lecture, a_meeting, a_talk


def made(cast, reader=EVERYTHING, *, year=YEAR, on=ON, sections=(), branch=None) -> Document:
    with in_chinese():
        return handbook(branch_year(branch or cast.branch, year, on, reader), outline_in_use().only(sections))


def under(document: Document, heading: str) -> list[str]:
    """The text below a heading of level 1, up to the next, line by line."""
    lines, inside = [], False
    for block in document.blocks:
        if block.kind == "heading" and block.level == 1:
            inside = block.text.endswith(f"、{heading}")
        elif inside:
            lines += ["\t".join(row) for row in block.rows] if block.is_grid else [block.text]
    return lines


def test_a_meeting_is_printed_with_every_official_field(cast):
    a_meeting(cast)
    lines = under(made(cast), "党员大会")
    assert "序号\t日期\t名称\t主持人\t应到\t实到" in lines
    assert "1\t3月5日\t一季度党员大会\t闻知远\t8\t7" in lines
    assert "1.一季度党员大会" in lines
    assert "类别\t党员大会\t次数\t2025年第1次" in lines
    assert "时间\t2025年3月5日 15:00—16:30\t地点\t二楼会议室" in lines
    assert "主持人\t闻知远\t记录人\t岑若溪" in lines
    assert "应到\t8人\t实到\t7人（到会共8人）" in lines
    assert "缺席和原因\t温汝舟（请假，在外出差）" in lines
    assert "列席\t局办公室主任" in lines
    assert "议题：听取支委会一季度工作报告" in lines
    first, second = MINUTES.split("\n")
    assert lines[lines.index(f"讨论记录：{first}") + 1] == second
    assert "1\t调整二季度学习计划\t岑若溪\t2025年4月10日\t2025年4月2日完成" in lines
    assert "2\t修订值班表\t蒲云帆\t2025年5月1日\t" in lines
    assert "接收简言之为预备党员\t无记名投票\t8\t7\t7\t0\t0\t0\t通过" in lines
    assert "主持人\n签字\t\t记录人\n签字\t" in "\n".join(lines)


def test_resolutions_say_what_became_of_them(cast):
    a_meeting(cast)
    lines = under(made(cast), "问题整改和决议落实")
    assert "1\t3月5日\t党员大会\t调整二季度学习计划\t岑若溪\t2025.04.10\t2025.04.02完成" in lines
    assert "2\t3月5日\t党员大会\t修订值班表\t蒲云帆\t2025.05.01\t没有完成" in lines
    then = under(made(cast, on=date(2025, 4, 1)), "问题整改和决议落实")
    assert "1\t3月5日\t党员大会\t调整二季度学习计划\t岑若溪\t2025.04.10\t办理中" in then


def test_what_was_not_recorded_is_named(cast):
    hold(
        cast, "general-meeting", date(2025, 3, 5), title="三月大会", entitled=0, present=0, attended=0,
        lacks=["起止时间", "地点", "主持人", "记录人", "到会名单", "议题", "讨论记录", "决议或结论"],
    )  # fmt: skip
    lines = under(made(cast), "党员大会")
    assert "时间\t2025年3月5日（起止时间没有记录）\t地点\t没有记录" in lines
    assert "主持人\t没有记录\t记录人\t没有记录" in lines
    assert "到会\t没有记录" in lines
    assert {"议题：没有记录。", "讨论记录：没有记录。", "决议或结论：没有记录。"} <= set(lines)


def test_a_branch_without_records_has_a_handbook_that_says_so(cast):
    document = made(cast, branch=cast.other)
    assert under(document, "党员大会") == ["本年度没有“党员大会”的记录。"]
    assert under(document, "党费") == [
        "（一）收缴情况", "本年度没有“收缴情况”的记录。", "（二）研究党费的会议", "本年度没有“研究党费的会议”的记录。",
    ]  # fmt: skip
    assert under(document, "发展党员") == [
        "（一）接收和转正", "本年度没有“接收和转正”的记录。", "（二）讨论和表决", "本年度没有“讨论和表决”的记录。",
    ]  # fmt: skip
    assert "本年度没有“月工作计划”的记录。" in under(document, "工作计划")
    assert write_pdf(document).data.startswith(b"%PDF")


def test_dues_are_told_as_sums_of_the_branch_by_month(cast):
    def collected(held, month, amount, **more):
        fields = {"month": month, "owing": 9, "paid": 9, "amount": amount, **more}
        hold(cast, "dues-collected", held, title=f"收缴{month}党费", fields=fields, entitled=0, present=0, attended=0)

    collected(date(2025, 1, 15), "m01", "1204.10", handed_up="240.80")
    collected(date(2025, 2, 17), "m02", "1180.05", paid=8, arrears="20.00")
    a_meeting(cast, agenda="研究党费使用")
    for reader in (EVERYTHING, Reader(member=cast.members[5].pk)):
        document = made(cast, reader)
        lines = under(document, "党费")
        assert "1\t1月\t1月15日\t9\t9\t1204.10\t\t240.80" in lines
        assert "2\t2月\t2月17日\t9\t8\t1180.05\t20.00\t" in lines
        assert any(line.startswith("收缴2次，实收2,384.15元，上缴240.80元。只列支部合计，不列个人。") for line in lines)
        assert "1\t3月5日\t党员大会\t一季度党员大会\t研究党费使用" in lines
        assert not any(
            "收缴m0" in line for heading in ("党费", "述职、报告和其他") for line in under(document, heading)
        )


def test_one_record_that_fulfilled_two_duties_is_printed_once_and_listed_twice(cast):
    a_lecture(cast)
    document = made(cast)
    assert "1\t6月20日\t从一个案例说起\t闻知远\t8\t2\t记录见“主题党日”" in under(document, "党课")
    days = under(document, "主题党日")
    assert "类别\t主题党日（同时是党课）\t次数\t2025年第1次" in days
    assert "党课题目\t从一个案例说起\t授课人\t闻知远" in days
    assert document.text.count("1.主题党日：学党章") == 1


def test_talks_stand_with_day_and_subject_and_nothing_else(cast):
    a_talk(cast, 0, 5)
    document = made(cast)
    lines = under(document, "谈心谈话")
    assert f"1\t2025年4月9日\t{SECRET_SUBJECT}\t委员与党员之间" in lines
    assert SECRET not in document.text
    assert not any(name in line for line in lines for name in ("闻知远", "温汝舟"))


def test_study_hours_stand_in_the_order_of_the_roster(cast):
    a_lecture(cast)
    hold(cast, "training", date(2025, 9, 9), title="轮训", hours=8, attended=1)
    attend(Activity.objects.get(kind="training"), cast.members[8])
    lines = under(made(cast), "党员学时")
    assert lines[:2] == ["序号\t姓名\t学时\t次数", "1\t闻知远\t2\t1"]
    assert lines[-1] == "9\t简言之\t8\t1"
    assert [line.split("\t")[1] for line in lines[1:]] == [member.name for member in cast.members]


def test_the_roster_stands_as_it_was_at_the_end_of_the_year(cast):
    one, leaver = cast.members[8], cast.members[7]
    Member.objects.filter(pk=one.pk).update(gender="f", born=date(1999, 2, 3), education="本科")
    one.statuses.update(until=date(2025, 11, 1))
    MemberStatus.objects.create(organization=cast.branch, member=one, status="full", since=date(2025, 11, 1))
    leaver.statuses.update(until=date(2025, 7, 1))
    MemberStatus.objects.create(
        organization=cast.branch, member=leaver, status="transferred", since=date(2025, 7, 1), reason="调到县档案馆"
    )
    lines = under(made(cast), "党员")
    assert "8\t简言之\t女\t1999.02\t本科\t2012.07.01\t2013.07.01\t正式党员" in lines
    assert not any("路听雨" in line and "正式党员" in line for line in lines)
    assert "全年转正1名、转出1名。" in lines
    assert "1\t2025年7月1日\t路听雨\t转出\t调到县档案馆" in lines
    before = under(made(cast, on=date(2025, 6, 1)), "党员")
    assert any("路听雨" in line and "正式党员" in line for line in before)
    assert "全年转正1名。" in under(made(cast), "发展党员")


def test_posts_of_the_year_stand_with_their_terms(cast):
    Post.objects.filter(member=cast.members[0]).update(until=date(2025, 6, 1))
    Post.objects.create(
        organization=cast.branch,
        member=cast.members[1],
        title="secretary",
        since=date(2025, 6, 1),
        basis="县委组织部批复",
    )
    lines = under(made(cast), "支部委员会和党小组")
    assert any(line.startswith("1\t书记\t闻知远\t2024.03.01\t2025.06.01\t2027.03.01") for line in lines)
    assert any(line.startswith("2\t书记\t苏明棠\t2025.06.01\t\t") and line.endswith("县委组织部批复") for line in lines)


def test_the_ledger_stands_with_the_reasons_of_what_is_missing(cast):
    a_meeting(cast)
    lines = under(made(cast), "台账汇总")
    row = next(line.split("\t") for line in lines if "\t党员大会\t每季度1次" in line)
    heads = next(line.split("\t") for line in lines if line.startswith("序号\t任务\t要求"))
    assert row[heads.index("应有")] == "4"
    assert row[heads.index("没有完成")] == "3"
    assert any("2025年第二季度\t党员大会\t未完成\t" in line and "没有党员大会记录" in line for line in lines)


def test_a_withdrawn_record_and_one_of_another_year_are_not_in_it(cast):
    a_meeting(cast, title="撤回的大会", withdrawn_at=noon(date(2025, 4, 1)), withdrawn_reason="重复")
    hold(cast, "general-meeting", date(2024, 12, 1), title="上年的大会")
    hold(cast, "general-meeting", date(2026, 1, 3), title="下年的大会")
    hold(cast, "general-meeting", date(2025, 12, 30), title="后来才补录的大会", recorded=date(2026, 1, 20))
    text = made(cast).text
    for title in ("撤回的大会", "上年的大会", "下年的大会", "后来才补录的大会"):
        assert title not in text
    assert "后来才补录的大会" in made(cast, on=date(2026, 2, 1)).text


def test_the_papers_are_chinese_when_the_pages_are_english(cast):
    a_meeting(cast)
    plain = made(cast)
    with translation.override("en"):
        assert made(cast) == plain


def test_nobodys_hours_and_parts_without_a_record_take_no_page_each(cast):
    document = made(cast, branch=cast.other)
    assert under(document, "党员学时") == ["本年度没有“党员学时”的记录。"]
    heads = {block.text.split("、")[1]: block.new_page for block in document.blocks if block.level == 1}
    assert heads["党员大会"]  # after a part with a table
    assert not any(heads[name] for name in ("支委会会议", "党课", "发展党员", "党员学时", "党费"))


# --- for other readers


def test_a_member_gets_neither_others_talks_nor_hours_nor_personal_data(cast):
    a_meeting(cast)
    a_lecture(cast)
    a_talk(cast, 0, 6)
    a_talk(cast, 0, 5, held=date(2025, 5, 9), title="谈学习计划")
    Member.objects.filter(pk=cast.members[3].pk).update(born=date(1985, 5, 5), education="研究生", job="测站长")
    MemberStatus.objects.filter(member=cast.members[7]).update(until=date(2025, 7, 1))
    MemberStatus.objects.create(
        organization=cast.branch, member=cast.members[7], status="suspended", since=date(2025, 7, 1), reason="长期失联"
    )
    document = made(cast, Reader(member=cast.members[5].pk))
    for leak in (SECRET, SECRET_SUBJECT, "1985", "研究生", "测站长", "长期失联", "停止党籍", "2012.07.01"):
        assert leak not in document.text, leak
    assert under(document, "党员学时") == ["只列本人的学时。", "序号\t姓名\t学时\t次数", "1\t温汝舟\t2\t1"]
    assert "1\t2025年5月9日\t谈学习计划\t委员与党员之间" in under(document, "谈心谈话")
    assert under(document, "书记履行第一责任人职责记录") == []
    assert "查阅版" in document.text
    assert "1.一季度党员大会" in document.text
    assert "全年其他变动1名。" in document.text


def test_a_reader_who_is_nobody_has_no_row_of_hours(cast):
    a_lecture(cast)
    a_talk(cast, 0, 6)
    document = made(cast, Reader())
    assert SECRET_SUBJECT not in document.text
    assert under(document, "党员学时") == ["只列本人的学时。"]


def test_who_records_but_does_not_keep_the_roster_has_no_personal_data(cast):
    Member.objects.filter(pk=cast.members[3].pk).update(born=date(1985, 5, 5), job="测站长")
    MemberStatus.objects.filter(member=cast.members[7]).update(until=date(2025, 7, 1))
    MemberStatus.objects.create(
        organization=cast.branch, member=cast.members[7], status="suspended", since=date(2025, 7, 1), reason="长期失联"
    )
    a_lecture(cast)
    document = made(cast, Reader(member=cast.members[3].pk, records=True))
    for leak in ("1985", "测站长", "长期失联", "停止党籍"):
        assert leak not in document.text, leak
    assert len(under(document, "党员学时")) == 9  # a head and eight members


# --- size


@pytest.mark.parametrize("reader", [EVERYTHING, Reader()])
def test_the_number_of_queries_does_not_grow(cast, reader):
    counts = []
    for month in (1, 2, 3):
        for made_up in (a_meeting, a_lecture):
            made_up(cast, date(2025, month, 5))
        a_talk(cast, 0, 5, held=date(2025, month, 9))
        with CaptureQueriesContext(connection) as queries:
            branch_year(cast.branch, YEAR, ON, reader)
        counts.append(len(queries))
    assert len(set(counts)) == 1
    assert counts[0] < 35


def test_long_names_long_minutes_and_many_members_lose_nothing(cast):
    name = "买买提·吐尔逊江·阿卜杜热合曼·艾山江"
    Member.objects.filter(pk=cast.members[4].pk).update(name=name)
    minutes = "".join(f"意见藕{number}。" for number in range(2500))
    Member.objects.bulk_create(
        Member(organization=cast.branch, number=f"{number:04}", name=f"党员{number}") for number in range(100, 591)
    )
    MemberStatus.objects.bulk_create(
        MemberStatus(organization=cast.branch, member=member, status="full", since=date(2020, 1, 1))
        for member in Member.objects.filter(number__gte="0100", number__lt="0600")
    )
    meeting = a_meeting(cast, minutes=minutes, chair=cast.members[4])
    everyone = Member.objects.filter(organization=cast.branch).exclude(pk__in=[one.pk for one in cast.members])
    attend(meeting, *everyone, presence="absent")
    a_lecture(cast)
    document = made(cast)
    assert len(under(document, "党员学时")) == 501
    assert len(minutes) > 15_000
    data = write_pdf(document).data
    assert len(contents_pages(document)) > 20
    text = read_text(data)
    assert text.count("藕") == 2500
    assert name in text.replace("\n", "")
    assert b"word/document.xml" in write_docx(document)


def read_text(data: bytes) -> str:
    pages = pypdfium2.PdfDocument(data)
    return "".join(page.get_textpage().get_text_range().replace("\r\n", "").replace("\u2060", "") for page in pages)
