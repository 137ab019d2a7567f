import io
import re
from itertools import pairwise

import pypdfium2 as pdfium
import pypdfium2.raw as raw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhibu.documents import fonts
from zhibu.documents.layout import title_lines, width
from zhibu.documents.model import Block, Document, Span, text_block
from zhibu.documents.pdf import contents_pages, write_pdf
from zhibu.documents.read import read_document
from zhibu.errors import UserError

from .measure import page_count, printed_lines
from .samples import BODY, book, report

POINTS = 72 / 25.4
LEFT, MEASURE = 28 * POINTS, 156 * POINTS


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return write_pdf(report(4)).data


def test_22_lines_of_28_characters(pdf):
    lines = printed_lines(pdf, 1)[:-1]
    assert len(lines) == 22
    pitches = [above.baseline - below.baseline for above, below in pairwise(lines)]
    assert pitches == pytest.approx([225 * POINTS / 22] * 21, abs=0.02)
    full = [line for line in lines if line.text in BODY and len(line.text) > 25 and abs(line.starts[0] - LEFT) < 1]
    assert len(full) > 8
    for line in full:
        assert len(line.text) == 28
        assert line.starts == pytest.approx([LEFT + place * MEASURE / 28 for place in range(28)], abs=1.0)


def test_every_line_of_a_page_with_title_and_signature_stands_on_the_grid():
    document = Document("题", tuple(block for block in report(1).blocks if block.kind not in ("annex", "table")))
    first = printed_lines(write_pdf(document).data, 0)[:-1]
    steps = [(first[2].baseline - line.baseline) / (225 * POINTS / 22) for line in first[2:]]
    assert steps == pytest.approx([round(step) for step in steps], abs=0.01)
    title = [line.baseline for line in first[:2]]
    assert title[0] - title[1] == pytest.approx(225 * POINTS / 22, abs=0.02)
    assert round(steps[1]) == 2  # one empty line between the byline and the salutation
    assert len(first) == 21


def test_signature_begins_two_characters_before_the_date(pdf):
    text = next(
        lines for lines in (printed_lines(pdf, n) for n in range(page_count(pdf))) if "12月30日" in lines[-2].text
    )
    name, day = text[-3], text[-2]
    assert name.text == "中共某某县审计局支部委员会"
    assert name.starts[-1] == pytest.approx(LEFT + MEASURE * 25 / 28, abs=1.0)
    assert day.starts[0] - name.starts[0] == pytest.approx(MEASURE * 2 / 28, abs=1.5)


def test_page_numbers_change_sides(pdf):
    odd, even = printed_lines(pdf, 0)[-1], printed_lines(pdf, 1)[-1]
    assert (odd.text, even.text) == ("—1—", "—2—")
    assert odd.starts[-1] + 14 == pytest.approx(LEFT + MEASURE - 14, abs=2)
    assert even.starts[0] == pytest.approx(LEFT + 14, abs=1.0)


def test_archive_and_accessibility_claims(pdf):
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in pdf
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert re.search(rb"/Lang\s*\(zh(-CN)?\)", pdf, re.IGNORECASE)


def test_fonts_are_embedded_and_free(pdf):
    names = set()
    opened = pdfium.PdfDocument(pdf)
    for page in opened:
        for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
            font = raw.FPDFTextObj_GetFont(item.raw)
            assert raw.FPDFFont_GetIsEmbedded(font) == 1
            buffer = io.BytesIO(bytes(128)).getbuffer()
            length = raw.FPDFFont_GetBaseFontName(font, (raw.c_char * 128).from_buffer(buffer), 128)
            names.add(bytes(buffer[: length - 1]).decode().split("-")[0])
    assert {"FandolFang", "NotoSerifCJKsc", "NotoSansCJKsc"} <= {name.split("+")[-1] for name in names}


def test_headings_are_bookmarks(pdf):
    outline = [(item.level, item.get_title()) for item in pdfium.PdfDocument(pdf).get_toc()]
    assert outline[:2] == [(0, "一、履职情况"), (1, "（一）突出思想建设，提高党性觉悟")]
    assert outline[-1] == (0, "附件1")


def test_a_claim_links_into_the_annex(pdf):
    opened = pdfium.PdfDocument(pdf)
    targets = []
    for page in opened:
        link, place = raw.FPDF_LINK(), raw.c_int(0)
        while raw.FPDFLink_Enumerate(page.raw, place, link):
            targets.append(raw.FPDFDest_GetDestPageIndex(opened.raw, raw.FPDFLink_GetDest(opened.raw, link)))
    annex = next(n for n in range(len(opened)) if printed_lines(pdf, n)[0].text == "附件1")
    assert set(targets) == {annex}
    assert len(targets) >= 3


def test_what_is_printed_is_read_back(pdf):
    read = read_document(pdf, "a.pdf").text.split("\n")
    wanted = [block.text for block in report(4).blocks if block.kind not in ("byline", "table")]
    assert read[: len(wanted)] == [*wanted[:1], "县审计局党支部书记 赵甲", *wanted[1:]][: len(wanted)]


def test_the_same_document_gives_the_same_bytes(pdf):
    assert write_pdf(report(4)).data == pdf


def test_typst_code_in_the_text_stays_text():
    text = '#read("/etc/passwd") $x$ *b* _i_ @ref <label> `raw` // c #panic() \\ [x] = h'
    assert text.replace(" ", "") in printed(Document("题", (text_block("paragraph", text),)))


def printed(document: Document) -> str:
    data = write_pdf(document).data
    return "".join(line.text for n in range(page_count(data)) for line in printed_lines(data, n))


def test_characters_that_no_font_has_are_replaced_and_told():
    made = write_pdf(Document("题", (text_block("paragraph", "王喆、李\U00030000、\ue000、🎉、赵甲"),)))
    assert made.missing == ("\U00030000", "\ue000", "🎉")
    assert "李〓、〓、〓、赵甲" in read_document(made.data, "a.pdf").text


def test_a_rare_character_comes_from_another_font():
    made = write_pdf(Document("题", (text_block("paragraph", "王喆、李堃、张玥、赵犇㎡"),)))
    assert made.missing == ()
    assert read_document(made.data, "a.pdf").text == "王喆、李堃、张玥、赵犇㎡"


@given(st.lists(st.text(max_size=30), max_size=4), st.sampled_from(["title", "heading", "paragraph", "date", "table"]))
@settings(max_examples=60, deadline=None)
def test_any_text_can_be_printed(texts, kind):
    block = Block("table", rows=(tuple(texts), ("甲",))) if kind == "table" else Block(kind, tuple(map(Span, texts)), 7)
    assert write_pdf(Document("".join(texts), (block,), "".join(texts), "2025-12-30")).data.startswith(b"%PDF")


def test_marks_that_may_not_begin_a_line():
    text = "".join("支部" * n + "——党员…" for n in range(1, 40))
    data = write_pdf(Document("题", (text_block("paragraph", text),))).data
    starts = {line.text[0] for n in range(page_count(data)) for line in printed_lines(data, n)[:-1]}
    assert not starts & set("—…，。")


def test_a_missing_font_names_the_package(monkeypatch, tmp_path):
    monkeypatch.setattr(fonts, "SYSTEM_FOLDERS", ())
    monkeypatch.setenv("ZHIBU_HOME", str(tmp_path))
    monkeypatch.delenv("ZHIBU_FONTS", raising=False)
    with pytest.raises(UserError) as refusal:
        write_pdf(report())
    assert refusal.value.code == "font-missing"
    assert "texlive-lang-chinese" in refusal.value.text()
    (tmp_path / "fonts").mkdir()
    (tmp_path / "fonts" / "FandolFang-Regular.otf").write_bytes(b"x")
    with pytest.raises(UserError) as refusal:
        write_pdf(report())
    assert "fonts-arphic-ukai" in refusal.value.text()


def test_a_font_of_the_administrator_takes_the_place_of_fangsong(monkeypatch):
    kai = next(file for file, _ in fonts.find_fonts().files if file.endswith("ukai.ttc"))
    monkeypatch.setenv("ZHIBU_FANGSONG", kai)
    assert fonts.find_fonts().fangsong == "AR PL UKai"
    monkeypatch.setenv("ZHIBU_FANGSONG", "/nowhere/a.ttf")
    with pytest.raises(UserError) as refusal:
        fonts.find_fonts()
    assert refusal.value.code == "font-unusable"


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("2025年度抓基层党建工作述职报告", ["2025年度抓基层党建工作述职报告"]),
        ("中共某某县审计局支部委员会书记2025年度抓基层党建工作述职报告",
         ["中共某某县审计局支部委员会书记", "2025年度抓基层党建工作述职报告"]),
        ("关于印发《某某县机关基层党组织书记述职评议考核办法》的通知",
         ["关于印发《某某县机关基层党组织书记", "述职评议考核办法》的通知"]),
    ],
)  # fmt: skip
def test_a_title_breaks_at_its_meaning(title, lines):
    assert title_lines(title) == lines


@given(st.text("党建工作述职报告2025年度的《》、ab", max_size=100))
def test_title_lines_lose_nothing_and_fit(title):
    lines = title_lines(title)
    assert "".join(lines) == title
    assert all(width(line) <= 20 for line in lines) or width(title) > 60


def test_the_contents_page_names_the_pages_of_its_headings():
    data = write_pdf(book()).data
    lines = [line.text for line in printed_lines(data, 1)]
    assert lines[0] == "目录"
    shown = [re.fullmatch(r"(.+?)\.{9,}(\d+)", line) for line in lines[1:-1]]
    entries = [(found[1], int(found[2])) for found in shown if found]
    assert [text for text, _ in entries] == ["一、党员大会", "（一）党员名册", "二、党课"]
    assert tuple(page for _, page in entries) == contents_pages(book())
    for text, page in entries:
        assert text in [line.text for line in printed_lines(data, page - 1)]


def test_a_cover_has_no_number_but_counts():
    data = write_pdf(book()).data
    assert [printed_lines(data, page)[-1].text for page in range(3)] == ["2025年度", "—2—", "—3—"]


def test_headings_left_out_of_the_contents_are_bookmarks_all_the_same():
    outline = [item.get_title() for item in pdfium.PdfDocument(write_pdf(book()).data).get_toc()]
    assert outline == ["一、党员大会", "（一）党员名册", "1.不在目录里的", "二、党课"]


def test_a_cell_longer_than_pages_loses_nothing():
    names = "".join(f"{number}号党员、" for number in range(1500))
    form = Document("题", (Block("form", rows=(("缺席", names), ("地点", "二楼")), widths=(1, 5)),))
    assert printed(form).count("号") == 1500
    table = Document("题", (Block("table", rows=(("缺席", "地点"), (names, "二楼")), widths=(5, 1)),))
    assert printed(table).count("号") == 1500
