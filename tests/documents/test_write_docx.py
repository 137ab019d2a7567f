import io
import re
import zipfile

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from zhibu.documents.docx import write_docx
from zhibu.documents.model import Block, Document, Span, text_block
from zhibu.documents.read import read_document

from .samples import book, report

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TEXT = st.text(
    st.characters(blacklist_categories=("C", "Zl", "Zp")) | st.sampled_from("一、（）“”—…，。【】<>&\t "), max_size=40
)
SPANS = st.lists(
    st.builds(Span, TEXT, st.sampled_from(["plain", "claim", "gap", "strong"]), st.text("ab一 :/", max_size=50)),
    max_size=4,
)
KINDS = st.sampled_from(["title", "byline", "salutation", "heading", "paragraph", "signature", "date", "annex"])
TABLES = st.builds(
    lambda rows: Block("table", rows=tuple(map(tuple, rows))),
    st.lists(st.lists(TEXT | st.just("甲\n乙"), max_size=3), max_size=3),
)
BLOCKS = (
    st.builds(lambda kind, spans, level: Block(kind, tuple(spans), level), KINDS, SPANS, st.integers(0, 5)) | TABLES
)


@given(st.lists(BLOCKS, max_size=6))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_printable_text_is_read_back_as_it_was_written(blocks):
    document = Document("题", (text_block("title", "题"), *blocks))
    assert read_document(write_docx(document), "a.docx").text == document.text


def part(document: Document, name: str):
    with zipfile.ZipFile(io.BytesIO(write_docx(document))) as package:
        return etree.fromstring(package.read(name))


def test_the_same_document_gives_the_same_bytes():
    assert write_docx(report()) == write_docx(report())


def test_a_line_feed_begins_a_paragraph_and_control_characters_are_left_out():
    document = Document("题", (text_block("paragraph", "甲\n乙\x00\x0b丙\ufffe\r\n丁"),))
    assert read_document(write_docx(document), "a.docx").text == "甲\n乙\n丙\n丁"


def test_another_reader_finds_the_headings_and_clean_properties():
    opened = docx.Document(io.BytesIO(write_docx(report())))
    styles = {paragraph.text: paragraph.style.name for paragraph in opened.paragraphs}
    assert styles["一、履职情况"] == "Heading 1"
    assert styles["（一）突出思想建设，提高党性觉悟"] == "Heading 2"
    properties = opened.core_properties
    assert (properties.title, properties.author) == ("2025年度抓基层党建工作述职报告", "中共某某县审计局支部委员会")
    assert (properties.comments, properties.created.date().isoformat()) == ("", "2025-12-30")


def test_page_and_grid():
    section = part(report(), "word/document.xml").find(f".//{W}sectPr")
    values = {child.tag.removeprefix(W): dict(child.attrib) for child in section}
    margin = {key.removeprefix(W): value for key, value in values["pgMar"].items()}
    assert (margin["top"], margin["left"], margin["right"], margin["footer"]) == ("2098", "1588", "1474", "1447")
    assert values["docGrid"] == {f"{W}type": "lines", f"{W}linePitch": "579"}


def test_every_run_and_style_names_an_official_font_four_times():
    official = {"仿宋_GB2312", "楷体_GB2312", "黑体", "方正小标宋简体", "宋体"}
    used = set()
    for name in ("word/document.xml", "word/styles.xml", "word/footer1.xml"):
        for fonts in part(report(), name).iter(f"{W}rFonts"):
            names = {fonts.get(W + script) for script in ("ascii", "hAnsi", "eastAsia", "cs")}
            assert len(names) == 1
            used |= names
    assert used == official
    assert all(run.find(f"{W}rPr/{W}rFonts") is not None for run in part(report(), "word/document.xml").iter(f"{W}r")
               if run.find(f"{W}t") is not None)  # fmt: skip


def test_shared_quotation_marks_are_east_asian():
    document = part(
        Document("题", (text_block("paragraph", "“三会一课”"), text_block("paragraph", "党课"))), "word/document.xml"
    )
    assert [fonts.get(f"{W}hint") for fonts in document.iter(f"{W}rFonts")] == ["eastAsia", None]


def test_settings():
    settings_ = part(report(), "word/settings.xml")
    assert settings_.find(f"{W}evenAndOddHeaders") is not None
    assert settings_.find(f"{W}characterSpacingControl").get(f"{W}val") == "compressPunctuation"
    compat = settings_.find(f"{W}compat/{W}compatSetting")
    assert (compat.get(f"{W}name"), compat.get(f"{W}val")) == ("compatibilityMode", "15")


def test_a_claim_links_to_its_row_without_a_mark_on_the_page():
    root = part(report(), "word/document.xml")
    names = {node.get(f"{W}name") for node in root.iter(f"{W}bookmarkStart")}
    links = list(root.iter(f"{W}hyperlink"))
    assert len(links) == 3
    assert {link.get(f"{W}anchor") for link in links} == {"evidence_meetings"} <= names
    assert "claim_meetings" in names
    for link in links:
        assert not {"rStyle", "u", "color", "highlight"} & {child.tag.removeprefix(W) for child in link.iter()}


def test_a_claim_without_a_row_keeps_its_ref_as_a_bookmark():
    document = Document("题", (Block("paragraph", (Span("4次", "claim", "m:1"), Span("4次", "claim", "m:1"))),))
    root = part(document, "word/document.xml")
    assert [node.get(f"{W}name") for node in root.iter(f"{W}bookmarkStart")] == ["claim_m_1", "claim_m_1_2"]
    assert root.find(f".//{W}hyperlink") is None


def test_a_gap_is_highlighted():
    root = part(report(), "word/document.xml")
    marked = ["".join(run.itertext()) for run in root.iter(f"{W}r") if run.find(f"{W}rPr/{W}highlight") is not None]
    assert marked == ["【待补：党课次数】"] * 3


def test_table_head_repeats_and_rows_stay_whole():
    table = next(part(report(), "word/document.xml").iter(f"{W}tbl"))
    rows = list(table.iter(f"{W}tr"))
    assert [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows] == [True] + [False] * (len(rows) - 1)
    assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
    widths = [int(column.get(f"{W}w")) for column in table.find(f"{W}tblGrid")]
    assert [int(cell.get(f"{W}w")) for cell in rows[1].iter(f"{W}tcW")] == widths


@pytest.mark.parametrize(
    ("name", "right", "begin"),
    [
        ("中共某某县审计局支部委员会", 200, 15),  # 28 - 2 - 13 = 13, and 2 more
        ("张甲", 900, 19),  # the date is longer: it has 2 empty, the name begins 2 before
    ],
)
def test_signature_and_date_without_seal(name, right, begin):
    document = Document(
        "题", (text_block("paragraph", "正文"), text_block("signature", name), text_block("date", "2025年12月30日"))
    )
    above, below = part(document, "word/document.xml").iter(f"{W}ind")
    assert above.get(f"{W}rightChars") == str(right)
    assert int(below.get(f"{W}left")) == begin * 316


def test_properties_stand_in_the_order_of_the_schema():
    order = (
        "pStyle keepNext keepLines pageBreakBefore widowControl tabs autoSpaceDE autoSpaceDN "
        "snapToGrid spacing ind jc outlineLvl rPr"
    )
    for name in ("word/document.xml", "word/styles.xml", "word/footer2.xml"):
        for properties in [*part(report(), name).iter(f"{W}pPr"), *part(book(), name).iter(f"{W}pPr")]:
            places = [order.split().index(child.tag.removeprefix(W)) for child in properties]
            assert places == sorted(places)


def test_dates_are_no_part_of_a_document_without_a_date():
    core = etree.tostring(part(report(date=""), "docProps/core.xml"), encoding="unicode")
    assert not re.search(r"created|modified|\d{4}-\d\d", core.replace("2025年", ""))


def test_the_contents_page_is_a_field_of_word_whose_entries_lead_to_the_headings():
    root = part(book(), "word/document.xml")
    assert [node.text.split() for node in root.iter(f"{W}instrText")] == [["TOC", "\\o", '"1-2"', "\\h", "\\z", "\\u"]]
    entries = [(link.get(f"{W}anchor"), "".join(link.itertext())) for link in root.iter(f"{W}hyperlink")]
    assert [text for _, text in entries] == ["一、党员大会", "（一）党员名册", "二、党课"]
    headings = {mark.get(f"{W}name"): "".join(mark.getparent().itertext()) for mark in root.iter(f"{W}bookmarkStart")}
    assert [headings[anchor] for anchor, _ in entries] == ["一、党员大会", "（一）党员名册", "二、党课"]
    assert part(book(), "word/settings.xml").find(f"{W}updateFields").get(f"{W}val") == "true"
    assert part(report(), "word/settings.xml").find(f"{W}updateFields") is None


def test_the_contents_page_takes_the_numbers_it_is_given():
    with zipfile.ZipFile(io.BytesIO(write_docx(book(), (3, 4, 9)))) as package:
        root = etree.fromstring(package.read("word/document.xml"))
    texts = ["".join(link.itertext()) for link in root.iter(f"{W}hyperlink")]
    assert texts == ["一、党员大会3", "（一）党员名册4", "二、党课9"]


def test_a_cover_has_no_number_and_parts_begin_on_new_pages():
    root = part(book(), "word/document.xml")
    assert root.find(f".//{W}sectPr/{W}titlePg") is not None
    assert part(report(), "word/document.xml").find(f".//{W}sectPr/{W}titlePg") is None
    broken = [
        "".join(paragraph.itertext())
        for paragraph in root.iter(f"{W}p")
        if paragraph.find(f"{W}pPr/{W}pageBreakBefore") is not None
    ]
    assert broken == ["目录", "一、党员大会", "二、党课"]


def test_a_form_has_labels_and_no_head():
    form = next(part(book(), "word/document.xml").iter(f"{W}tbl"))
    rows = list(form.iter(f"{W}tr"))
    assert not list(form.iter(f"{W}tblHeader"))
    styles = [[style.get(f"{W}val") for style in row.iter(f"{W}pStyle")] for row in rows]
    pair = ["TableHead", "TableText"]
    assert styles == [pair, pair * 2, pair]
    spans = [[span.get(f"{W}val") for span in row.iter(f"{W}gridSpan")] for row in rows]
    assert spans == [["3"], [], ["3"]]


def test_a_row_taller_than_a_page_may_be_split():
    tall = Block("form", rows=(("缺席及原因", "闻知远（出差）、" * 400), ("地点", "二楼")), widths=(1, 5))
    rows = list(part(Document("题", (tall,)), "word/document.xml").iter(f"{W}tr"))
    assert [row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows] == [False, True]
