import pytest

from zhibu.documents.numbering import chinese
from zhibu.documents.read import read_document

from .word import level, numbered, paragraph, word_file


def text_of(body: str, **parts: str) -> str:
    return read_document(word_file(body, **parts), "报告.docx").text


OFFICIAL = (
    '<w:abstractNum w:abstractNumId="0">'
    + level(0, "chineseCounting", "%1、")
    + level(1, "chineseCountingThousand", "（%2）")
    + level(2, "decimal", "%3.")
    + "</w:abstractNum>"
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="0"/>'
    '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
)


def test_automatic_numbers_become_text_and_restart_below_a_new_head():
    body = "".join(
        [
            numbered("履职情况"),
            numbered("思想建设", 1),
            numbered("学习", 2),
            numbered("组织建设", 1),
            numbered("存在问题"),
            numbered("不足", 1),
            numbered("另起", 0, 2),
        ]
    )
    assert text_of(body, numbering=OFFICIAL).split("\n") == [
        "一、履职情况",
        "（一）思想建设",
        "1.学习",
        "（二）组织建设",
        "二、存在问题",
        "（一）不足",
        "一、另起",
    ]


def test_the_number_is_told_apart_in_the_paragraph():
    read = read_document(word_file(numbered("履职情况"), numbering=OFFICIAL), "报告.docx")
    assert read.paragraphs[0].list_number == "一、"


def test_numbers_of_a_heading_style_and_its_level():
    styles = (
        '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:pPr>'
        '<w:numPr><w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="2"><w:name w:val="heading 2"/><w:basedOn w:val="1"/>'
        '<w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>'
    )
    numbering = OFFICIAL.replace(
        '<w:numFmt w:val="chineseCountingThousand"/>', '<w:numFmt w:val="decimal"/><w:pStyle w:val="2"/>'
    )
    body = paragraph("头", '<w:pStyle w:val="1"/>') + paragraph("次", '<w:pStyle w:val="2"/>')
    read = read_document(word_file(body, numbering=numbering, styles=styles), "报告.docx")
    assert read.text == "一、头\n（1）次"
    assert [(p.style, p.level) for p in read.paragraphs] == [("heading 1", 1), ("heading 2", 2)]


@pytest.mark.parametrize(
    ("form", "pattern", "shown"),
    [
        ("chineseCounting", "%1、", "一、 二、 三、"),
        ("ideographTraditional", "%1、", "甲、 乙、 丙、"),
        ("decimalEnclosedCircleChinese", "%1", "① ② ③"),
        ("upperRoman", "%1.", "I. II. III."),
        ("lowerLetter", "%1)", "a) b) c)"),
        ("chineseLegalSimplified", "%1、", "壹、 贰、 叁、"),
        ("decimalZero", "第%1条", "第01条 第02条 第03条"),
        ("bullet", "\uf0b7", "• • •"),
        ("none", "", "  "),
    ],
)
def test_number_formats(form, pattern, shown):
    numbering = (
        f'<w:abstractNum w:abstractNumId="0">{level(0, form, pattern)}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )
    lines = text_of(numbered("甲") * 3, numbering=numbering).split("\n")
    assert " ".join(line.removesuffix("甲") for line in lines) == shown


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九"), (100, "一百"), (105, "一百零五"),
     (110, "一百一十"), (1001, "一千零一"), (2020, "二千零二十")],
)  # fmt: skip
def test_chinese_numbers(number, words):
    assert chinese(number) == words


def test_insertions_stay_and_deletions_go():
    body = (
        "<w:p><w:r><w:t>开展</w:t></w:r><w:ins><w:r><w:t>主题</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>旧</w:delText></w:r></w:del><w:moveFrom><w:r><w:t>移走</w:t></w:r></w:moveFrom>"
        "<w:moveTo><w:r><w:t>党日</w:t></w:r></w:moveTo></w:p>"
    )
    assert text_of(body) == "开展主题党日"


def test_a_deleted_paragraph_end_joins_two_paragraphs():
    assert text_of(paragraph("上半", "<w:rPr><w:del/></w:rPr>") + paragraph("下半")) == "上半下半"


def test_content_controls_text_boxes_fields_and_hidden_text():
    box = "<w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r></w:p></w:txbxContent>"
    body = (
        "<w:sdt><w:sdtPr><w:alias/></w:sdtPr><w:sdtContent>" + paragraph("控件") + "</w:sdtContent></w:sdt>"
        "<w:p><w:r><w:t>正文</w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing>"
        f"<wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict>"
        "</mc:Fallback></mc:AlternateContent></w:r>"
        "<w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:t>7</w:t></w:r>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>看不见</w:t></w:r></w:p>"
    )
    assert text_of(body) == "控件\n正文7\n框内"


def test_table_cells_are_separated_by_tabs_and_merged_cells_told_once():
    def cell(*texts: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(map(paragraph, texts))}</w:tc>"

    rows = [
        cell("一季度", properties="<w:vMerge w:val='restart'/>") + cell("2次"),
        cell("", properties="<w:vMerge/>") + cell("3次", "详见附件"),
        "<w:trPr><w:del/></w:trPr>" + cell("删去"),
    ]
    body = "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"
    assert text_of(body) == "一季度\t2次\n\t3次\n详见附件"


def test_paragraph_offsets_point_into_the_text():
    read = read_document(word_file(paragraph("甲乙") + paragraph("") + paragraph("丙")), "报告.docx")
    assert [read.text_of(p) for p in read.paragraphs] == ["甲乙", "丙"]
    assert (read.paragraphs[1].start, read.paragraphs[1].end) == (4, 5)
