"""An invented report for the writers' tests."""

from __future__ import annotations

from zhibu.documents.model import Block, Document, Span, text_block

BODY = (
    "一年来，我始终把抓好支部建设作为首要职责，坚持每月研究支部工作，全年主持召开支部党员大会四次，支部委员会会议十二次，"
    "为党员讲党课两次，组织主题党日十二次，党员参加率保持在百分之九十五以上，做到了年初有计划、每月有安排、年底有总结；"
    "同时对照上一年度评议中指出的问题逐项整改，除一项因办公场所搬迁延期外均已完成。"
)


def report(paragraphs: int = 2, date: str = "2025-12-30") -> Document:
    """A report with every kind of block; `paragraphs` per section decide its length."""
    body: list[Block] = [
        text_block("title", "中共某某县审计局支部委员会书记2025年度抓基层党建工作述职报告"),
        text_block("byline", "县审计局党支部书记  赵甲"),
        text_block("salutation", "县委县直机关工委："),
        text_block("paragraph", "根据会议安排，现将本人2025年抓基层党建工作情况述职如下。"),
    ]
    for number, head in (("一", "履职情况"), ("二", "存在的问题及原因"), ("三", "下一步工作思路和措施")):
        body.append(text_block("heading", f"{number}、{head}", 1))
        for letter, sub in (("一", "突出思想建设，提高党性觉悟"), ("二", "突出组织建设——夯实党建基础")):
            body.append(text_block("heading", f"（{letter}）{sub}", 2))
            body.extend(text_block("paragraph", BODY) for _ in range(paragraphs))
        body.append(
            Block(
                "paragraph",
                (
                    Span("全年共召开"),
                    Span("支部党员大会4次、支委会12次", "claim", "meetings"),
                    Span("，讲党课"),
                    Span("党课次数", "gap", "lectures"),
                    Span("，“三会一课”……均有记录。"),
                ),
            )
        )
    body += [
        text_block("heading", "1.整改落实", 3),
        text_block("heading", "（1）完成情况", 4),
        text_block("paragraph", "以上报告，请予评议。"),
        text_block("signature", "中共某某县审计局支部委员会"),
        text_block("date", "2025年12月30日"),
        text_block("annex", "附件1"),
        text_block("title", "述职报告数据来源表"),
        Block(
            "table",
            rows=(
                ("序号", "文中表述", "台账记录", "日期"),
                ("1", "支部党员大会4次、支委会12次", "党员大会记录4份，支委会记录12份", "2025年1—12月"),
                *(
                    (str(n), "主题党日", f"第{n}次主题党日记录：“三会一课”学习讨论，应到20人，实到19人", f"2025年{n}月")
                    for n in range(2, 40)
                ),
            ),
            widths=(1.3, 4, 5.5, 3.2),
            anchors=("", "meetings"),
        ),
    ]
    return Document("2025年度抓基层党建工作述职报告", tuple(body), "中共某某县审计局支部委员会", date)


def book() -> Document:
    """A book with a cover, a contents page, a form and parts on pages of their own."""
    form = Block(
        "form",
        rows=(("会议名称", "一季度党员大会"), ("时间", "2025年3月5日", "地点", "二楼会议室"), ("缺席", "无")),
        widths=(1, 2, 1, 2),
    )
    return Document(
        "工作手册",
        (
            Block("title", (Span("某某支部工作手册"),), space_before=5),
            text_block("byline", "2025年度"),
            Block("contents", (Span("目录"),), level=2, new_page=True),
            Block("heading", (Span("一、党员大会"),), 1, new_page=True),
            text_block("heading", "（一）党员名册", 2),
            form,
            text_block("heading", "1.不在目录里的", 3),
            *(text_block("paragraph", BODY) for _ in range(6)),
            Block("heading", (Span("二、党课"),), 1, new_page=True),
            text_block("paragraph", "本年度没有记录。"),
        ),
        "某某支部",
        "2025-12-31",
        cover=True,
    )
