"""Days, times and names as a handbook writes them."""

from datetime import date, time

import pytest

from zhibu.handbook.words import day_text, figure, name_lines, roster_day, roster_month, short_day, times_text


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("闻知远", "闻知远"),
        ("欧阳明棠", "欧阳明棠"),
        ("阿依·古丽", "阿依·古丽"),
        ("买买提·吐尔逊江", "买买提·\n吐尔逊江"),
        ("买买提·吐尔逊江·阿卜杜热合曼·艾山江", "买买提·\n吐尔逊江·\n阿卜杜热合曼·\n艾山江"),
        ("没有间隔号的二十个字的很长的名字放在这里", "没有间隔号的二十个字的很长的名字放在这里"),
        ("··", "··"),
    ],
)
def test_a_long_name_is_broken_at_its_points_only(name, lines):
    assert name_lines(name) == lines
    assert name_lines(name).replace("\n", "") == name


def test_days_and_figures():
    day = date(2025, 3, 5)
    assert (day_text(day), short_day(day), roster_day(day), roster_month(day)) == (
        "2025年3月5日", "3月5日", "2025.03.05", "2025.03",
    )  # fmt: skip
    assert (day_text(None), short_day(None), roster_day(None), figure(0), figure(8.5), figure(8)) == (
        "", "", "", "", "8.5", "8",
    )  # fmt: skip
    assert (times_text(time(15), time(16, 30)), times_text(time(9), None), times_text(None, None)) == (
        "15:00—16:30", "09:00", "",
    )  # fmt: skip
