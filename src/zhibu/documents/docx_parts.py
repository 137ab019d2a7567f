"""The parts of a .docx that are the same for every document: styles, settings, fonts, page numbers.

The values are those of GB/T 9704—2012 in Word's units (twips, half-points) as measured on the printed page: lines of
579 twips, 28 characters by condensing 16 pt type by 0.25 pt. Word takes the official fonts by name; none is embedded.
"""

from __future__ import annotations

from dataclasses import dataclass

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEADER = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

FANGSONG, KAITI, HEITI, XIAOBIAOSONG, SONGTI = "仿宋_GB2312", "楷体_GB2312", "黑体", "方正小标宋简体", "宋体"
LINE = 579
CELL = 316
"""Twips of one character: 442.2 pt / 28 = 15.79 pt."""


def section(cover: bool) -> str:
    """The page; with a cover, the first one has a footer of its own, and none is there."""
    title = "<w:titlePg/>" if cover else ""
    return (
        '<w:sectPr><w:footerReference w:type="even" r:id="rId4"/><w:footerReference w:type="default" r:id="rId5"/>'
        '<w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1588" w:header="850" w:footer="1447" '
        f'w:gutter="0"/>{title}<w:docGrid w:type="lines" w:linePitch="{LINE}"/></w:sectPr>'
    )


MEASURE = 11906 - 1588 - 1474
"""Width of the type area in twips."""


def fonts(name: str, hint: bool = False) -> str:
    east = ' w:hint="eastAsia"' if hint else ""
    return f'<w:rFonts{east} w:ascii="{name}" w:eastAsia="{name}" w:hAnsi="{name}" w:cs="{name}"/>'


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style; `size` in half-points, `line` in twips, `ppr` in the order of the schema around spacing."""

    id: str
    name: str
    font: str = FANGSONG
    size: int = 32
    line: int = LINE
    before: int = 0
    indented: bool = False
    align: str = "both"
    head: str = ""
    """Properties before spacing: keepNext, keepLines, pageBreakBefore."""
    outline: int | None = None
    tabs: str = ""
    left: int = 0
    """Twips that all lines are indented at the left."""
    grid: bool = True
    """Off where the type is another size: a font higher than a line of the grid would take two."""

    def xml(self) -> str:
        based = "" if self.id == "Normal" else '<w:basedOn w:val="Normal"/><w:next w:val="BodyText"/>'
        default = ' w:default="1"' if self.id == "Normal" else ' w:customStyle="1"' if not self.name.isascii() else ""
        indent = 'w:firstLineChars="200" w:firstLine="632"' if self.indented else 'w:firstLineChars="0" w:firstLine="0"'
        left = f'w:left="{self.left}" ' if self.left else ""
        outline = "" if self.outline is None else f'<w:outlineLvl w:val="{self.outline}"/>'
        spacing = '<w:spacing w:val="-5"/>' if self.size == 32 else '<w:spacing w:val="0"/>'
        plain = '<w:b w:val="0"/><w:bCs w:val="0"/><w:i w:val="0"/><w:color w:val="000000"/>'
        return (
            f'<w:style w:type="paragraph"{default} w:styleId="{self.id}"><w:name w:val="{self.name}"/>{based}'
            "<w:qFormat/>"
            f'<w:pPr>{self.head}<w:widowControl w:val="0"/>{self.tabs}'
            '<w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>'
            f'<w:snapToGrid w:val="{int(self.grid)}"/>'
            f'<w:spacing w:before="{self.before}" w:after="0" w:line="{self.line}" w:lineRule="exact"/>'
            f'<w:ind {left}{indent}/><w:jc w:val="{self.align}"/>{outline}</w:pPr>'
            f'<w:rPr>{fonts(self.font)}{plain}{spacing}<w:kern w:val="0"/>'
            f'<w:sz w:val="{self.size}"/><w:szCs w:val="{self.size}"/></w:rPr></w:style>'
        )


CELL_MARGINS = (
    '<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="60" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
    '<w:right w:w="60" w:type="dxa"/></w:tblCellMar>'
)
"""Stands in every table too: not every program looks for it in the default style."""
_LEADER = f'<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="{MEASURE}"/></w:tabs>'
_KEEP = "<w:keepNext/><w:keepLines/>"
STYLES = {
    style.id: style
    for style in (
        Style("Normal", "Normal"),
        Style("BodyText", "Body Text", indented=True),
        Style("Title", "Title", XIAOBIAOSONG, 44, align="center", head=_KEEP, grid=False),
        Style("Subtitle", "Subtitle", KAITI, align="center", head="<w:keepNext/>"),
        Style("Salutation", "Salutation"),
        Style("Heading1", "heading 1", HEITI, indented=True, head=_KEEP, outline=0),
        Style("Heading2", "heading 2", KAITI, indented=True, head=_KEEP, outline=1),
        Style("Heading3", "heading 3", indented=True, head=_KEEP, outline=2),
        Style("Heading4", "heading 4", indented=True, head=_KEEP, outline=3),
        Style("Signature", "Signature", align="right"),
        Style("Date", "Date", align="right"),
        Style("Annex", "附件", HEITI, head="<w:keepNext/><w:pageBreakBefore/>", outline=0),
        Style("TOC1", "toc 1", HEITI, align="left", tabs=_LEADER),
        Style("TOC2", "toc 2", align="left", tabs=_LEADER, left=CELL),
        Style("TOC3", "toc 3", align="left", tabs=_LEADER, left=2 * CELL),
        Style("ContentsHead", "目录标题", XIAOBIAOSONG, 44, align="center", head=_KEEP, grid=False),
        Style("TableText", "表格文字", size=24, line=360, align="left", grid=False),
        Style("TableHead", "表格标题", HEITI, 24, 360, align="center", grid=False),
        Style("Footer", "footer", SONGTI, 28, 280, align="right", grid=False),
    )
}


def styles() -> str:
    language = '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
    defaults = (
        f'<w:docDefaults><w:rPrDefault><w:rPr>{fonts(FANGSONG)}<w:sz w:val="32"/><w:szCs w:val="32"/>{language}'
        "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
    )
    table = (
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr>'
        f'<w:tblInd w:w="0" w:type="dxa"/>{CELL_MARGINS}</w:tblPr></w:style>'
    )
    body = "".join(style.xml() for style in STYLES.values())
    return f'{HEADER}<w:styles xmlns:w="{W}">{defaults}{body}{table}</w:styles>'


def settings(fields: bool) -> str:
    """With `fields` the program that opens the file is asked to bring the contents page up to date."""
    update = '<w:updateFields w:val="true"/>' if fields else ""
    return _SETTINGS.format(update=update)


_SETTINGS = (
    f'{HEADER}<w:settings xmlns:w="{W}"><w:zoom w:percent="100"/><w:evenAndOddHeaders/>'
    '<w:drawingGridVerticalSpacing w:val="579"/><w:characterSpacingControl w:val="compressPunctuation"/>'
    "{update}<w:compat><w:spaceForUL/><w:balanceSingleByteDoubleByteWidth/><w:doNotLeaveBackslashAlone/><w:ulTrailSpace/>"
    "<w:doNotExpandShiftReturn/><w:adjustLineHeightInTable/><w:useFELayout/>"
    '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
    '</w:compat><w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>'
)


def font_table() -> str:
    """Names that are missing on newer Windows with what stands for them there."""
    entries = (
        (FANGSONG, "仿宋", "modern"),
        (KAITI, "楷体", "modern"),
        (XIAOBIAOSONG, "华文中宋", "auto"),
        (HEITI, "SimHei", "modern"),
        (SONGTI, "SimSun", "auto"),
    )
    fonts_ = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/>'
        f'<w:family w:val="{family}"/></w:font>'
        for name, other, family in entries
    )
    return f'{HEADER}<w:fonts xmlns:w="{W}">{fonts_}</w:fonts>'


def footer(even: bool) -> str:
    """— 1 — with one character empty: at the right on odd pages, at the left on even ones (7.5)."""
    side = "left" if even else "right"
    run = f'<w:rPr>{fonts(SONGTI, hint=True)}<w:sz w:val="28"/><w:szCs w:val="28"/></w:rPr>'
    field = "".join(
        f"<w:r>{run}{content}</w:r>"
        for content in (
            '<w:t xml:space="preserve">— </w:t>',
            '<w:fldChar w:fldCharType="begin"/>',
            '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
            '<w:fldChar w:fldCharType="separate"/>',
            f"<w:t>{2 if even else 1}</w:t>",
            '<w:fldChar w:fldCharType="end"/>',
            '<w:t xml:space="preserve"> —</w:t>',
        )
    )
    return (
        f'{HEADER}<w:ftr xmlns:w="{W}"><w:p><w:pPr><w:pStyle w:val="Footer"/>'
        f'<w:ind w:{side}Chars="100" w:{side}="280" w:firstLineChars="0" w:firstLine="0"/>'
        f'<w:jc w:val="{side}"/></w:pPr>{field}</w:p></w:ftr>'
    )


_PARTS = "application/vnd.openxmlformats-officedocument.wordprocessingml"
CONTENT_TYPES = (
    f'{HEADER}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_PARTS}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_PARTS}.styles+xml"/>'
    f'<Override PartName="/word/settings.xml" ContentType="{_PARTS}.settings+xml"/>'
    f'<Override PartName="/word/fontTable.xml" ContentType="{_PARTS}.fontTable+xml"/>'
    f'<Override PartName="/word/footer1.xml" ContentType="{_PARTS}.footer+xml"/>'
    f'<Override PartName="/word/footer2.xml" ContentType="{_PARTS}.footer+xml"/>'
    '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
    "</Types>"
)


def _relations(*targets: tuple[str, str]) -> str:
    items = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'{HEADER}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{items}</Relationships>'


PACKAGE_RELATIONS = _relations(
    (f"{R}/officeDocument", "word/document.xml"),
    ("http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties", "docProps/core.xml"),
)
DOCUMENT_RELATIONS = _relations(
    (f"{R}/styles", "styles.xml"),
    (f"{R}/settings", "settings.xml"),
    (f"{R}/fontTable", "fontTable.xml"),
    (f"{R}/footer", "footer2.xml"),
    (f"{R}/footer", "footer1.xml"),
)
