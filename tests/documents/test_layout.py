"""Widths of columns that keep short entries on one line, whatever stands beside them."""

from hypothesis import given
from hypothesis import strategies as st

from zhibu.documents.layout import CELL_MEASURE, fitted_widths, width

ROSTER = (
    ("序号", "姓名", "性别", "入党日期", "党小组", "工作岗位"),
    ("1", "闻知远", "男", "2012年7月1日", "第一党小组", "县水文站站长，负责全面工作，分管财务和人事"),
    ("12", "欧阳明棠", "女", "2021年11月30日", "第二党小组", "工程师"),
)


def test_names_and_dates_have_room_beside_a_long_text():
    widths = fitted_widths(ROSTER)
    for place in range(5):
        assert all(width(row[place]) < widths[place] for row in ROSTER)
    assert sum(widths) < CELL_MEASURE + 0.1


def test_a_long_name_takes_what_there_is_and_no_more():
    widths = fitted_widths(
        (*ROSTER, ("3", "买买提·吐尔逊江·阿卜杜热合曼·艾山", "男", "2020年1月1日", "第一党小组", ""))
    )
    assert sum(widths) < CELL_MEASURE + 0.1
    assert widths[1] > 6
    assert widths[3] > width("2021年11月30日")


def test_names_are_not_broken_where_everything_is_crowded():
    rows = (
        ("序号", "姓名", "性别", "出生", "学历", "入党日期", "转正日期", "状态", "党小组"),
        ("500", "欧阳明棠", "女", "1990.01", "大学本科", "2015.07.01", "2016.07.01", "正式党员", "第一党小组"),
        ("501", "阿卜杜热合曼·", "男", "1990.01", "大学本科", "2015.07.01", "2016.07.01", "正式党员", "第一党小组"),
    )
    widths = fitted_widths(rows, names={1})
    assert widths[1] > width("欧阳明棠") + 0.5
    assert all(widths[place] > width("2015.07.01") + 0.5 for place in (5, 6))
    assert widths[3] > width("1990.01") + 0.5
    assert abs(sum(widths) - CELL_MEASURE) < 0.1


def test_a_cell_over_several_columns_widens_none_of_them():
    assert fitted_widths((("一", "二", "三"), ("合计", "很长" * 30), ("1", "2", "3"))) == fitted_widths(
        (("一", "二", "三"), ("1", "2", "3"), ("合计", ""))
    )


@given(st.lists(st.lists(st.text("一二、12a\n", max_size=90), min_size=1, max_size=9), min_size=1, max_size=5))
def test_any_table_fits_the_page(rows):
    widths = fitted_widths(rows)
    assert len(widths) == max(map(len, rows))
    assert all(each > 0 for each in widths)
    assert abs(sum(widths) - CELL_MEASURE) < 0.1
