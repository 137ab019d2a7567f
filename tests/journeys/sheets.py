"""A small .xlsx of past activities, as a branch keeps one."""

from __future__ import annotations

import io

import xlsxwriter

HEAD = ["类别", "日期", "名称", "开始", "结束", "地点", "主持人", "记录人", "请假", "议题", "记录", "学时"]
JANUARY = ["支委会", "2025-01-10", "1月支委会", "9:00", "10:00", "会议室", "闻知远", "岑若溪", "",
           "研究全年工作安排", "会议研究了全年工作安排，由桑以宁汇总各小组意见，确定分季度的重点。", ""]  # fmt: skip
FEBRUARY = ["支委会", "2025-02-11", "2月支委会", "9:00", "10:00", "会议室", "闻知远", "岑若溪", "蒲云帆（出差）",
            "研究培训安排", "会议听取培训报名情况，决定把第一次集中学习放在汛前。", ""]  # fmt: skip
LECTURE = ["党课", "2025-02-20", "节水党课", "15:00", "16:00", "会议室", "闻知远", "岑若溪", "",
           "", "讲了节水的三件小事，路听雨问到水价，当场作了说明。", 1]  # fmt: skip


def sheet(*rows: list[object]) -> dict[str, object]:
    """What a file field of the browser takes: 2025年活动.xlsx with the head and these rows."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for number, row in enumerate([HEAD, *rows]):
            page.write_row(number, 0, row)
    media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return {"name": "2025年活动.xlsx", "mimeType": media, "buffer": buffer.getvalue()}
