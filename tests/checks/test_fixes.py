"""`zhibu check --fix`: only what is certain is changed, all else stays, and doing it again changes nothing."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.documents.word import archive, paragraph, word_file
from zhibu.checks import check
from zhibu.checks.fixes import fix_document, fix_text
from zhibu.cli.main import main
from zhibu.documents.read import read_document
from zhibu.errors import UserError

BAD = "一、存在存在的问题\n表现是:学习少,部暑慢(见附表)。（一）台帐不全。\n"
GOOD = "一、存在的问题\n表现是：学习少，部署慢（见附表）。（一）台账不全。\n"

FAULTS = {
    "存在存在": "存在", "开展开展": "开展", "部暑": "部署", "台帐": "台账",
    "一如继往": "一如既往", "(试行)": "（试行）",
    "学习少,下": "学习少，下", "表现是:听": "表现是：听", "做到了!我": "做到了！我",
}  # fmt: skip
HONEST = [
    "召开党员大会4次，", "一步一步推进。", "研究研究",
    "完成率3.5%，约1,200人", "网址 https://example.org/甲?乙,丙 ", "\n",
    "（3:2）", "f(x)", "机关机关党委", "各支部支部书记", "作为", "吸附力强", "9:30开会",
    "《章程》", "　", "A股", "。", "🙂",
]  # fmt: skip


def look(text: str) -> list:
    return check(text)


@given(st.lists(st.sampled_from([*FAULTS, *HONEST]), max_size=30))
def test_only_certain_changes_and_once(pieces: list[str]) -> None:
    text = "一、履职情况\n" + "。".join([*pieces, "完成了。"])
    fixed = fix_text(text, look)
    assert fix_text(fixed, look) == fixed
    wanted = "一、履职情况\n" + "。".join(FAULTS.get(piece, piece) for piece in [*pieces, "完成了。"])
    assert fixed == wanted
    assert [finding for finding in check(fixed) if finding.edits] == []


@given(st.text(alphabet="存在部暑台帐开展，,:;!?()（）《》。\n 一二年3.a", max_size=80))
def test_any_text_settles(text: str) -> None:
    fixed = fix_text(text, look)
    assert fix_text(fixed, look) == fixed
    kept = str.maketrans("", "", "存在开展部暑署台帐账,:;!?()，：；！？（）")
    assert fixed.translate(kept) == text.translate(kept)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_text_keeps_its_encoding_and_line_ends(encoding: str, ends: str) -> None:
    data = BAD.replace("\n", ends).encode(encoding)
    fixed, changes = fix_document(data, "a.txt", look)
    assert fixed == GOOD.replace("\n", ends).encode(encoding)
    assert [change.code for change in changes] == ["WO01", "ST07", "ST07", "WO04", "ST07", "WO04"]
    assert fix_document(fixed, "a.txt", look) == (fixed, [])


def test_lines_broken_by_hand_stay_broken() -> None:
    line = "今年支部召开党员大会四次支部委员会会议十二次讲党课两次组织主题党日十二次台"
    text = "一、履职情况\n" + f"{line}\n" * 8 + "帐不全。\n"
    fixed, changes = fix_document(text.encode(), "a.txt", look)
    assert [change.code for change in changes] == ["WO04"]
    assert fixed.decode() == text.replace("帐", "账")


RUNS = (
    '<w:p><w:pPr><w:jc w:val="both"/></w:pPr><w:r><w:rPr><w:b/></w:rPr><w:t>表现是</w:t></w:r>'
    '<w:r><w:t>:学习少,部</w:t></w:r><w:r><w:rPr><w:color w:val="FF0000"/></w:rPr><w:t>暑慢(见</w:t></w:r>'
    '<w:bookmarkStart w:id="1" w:name="a"/><w:r><w:t>附表)。（一）存在存</w:t></w:r>'
    "<w:r><w:t>在问题。</w:t></w:r></w:p>"
)


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {info.filename: package.read(info) for info in package.infolist()}


def shape(document: bytes) -> list[tuple[str, dict[str, str]]]:
    """Every element with its attributes: all of a document but its words."""
    from lxml import etree

    return [(node.tag, dict(node.attrib)) for node in etree.fromstring(document).iter()]


def test_word_across_runs_keeps_all_formatting() -> None:
    cell = f"<w:tbl><w:tr><w:tc>{paragraph('台帐')}</w:tc><w:tc>{paragraph('部暑工作')}</w:tc></w:tr></w:tbl>"
    data = word_file(paragraph("一、履职情况") + RUNS + cell)
    fixed, changes = fix_document(data, "a.docx", look)
    text = read_document(fixed, "a.docx").text
    assert text == "一、履职情况\n表现是：学习少，部署慢（见附表）。（一）存在问题。\n台账\t部署工作"
    assert len(changes) == 7
    before, after = parts(data), parts(fixed)
    assert list(before) == list(after)
    assert {name for name in before if before[name] != after[name]} == {"word/document.xml"}
    assert shape(before["word/document.xml"]) == shape(after["word/document.xml"])
    assert fix_document(fixed, "a.docx", look) == (fixed, [])


def test_word_without_faults_is_not_touched() -> None:
    data = word_file(paragraph("一、履职情况") + paragraph("召开党员大会4次。"))
    assert fix_document(data, "a.docx", look) == (data, [])


WORDS = st.lists(st.sampled_from([*FAULTS, "召开党员大会4次，", "支部", "（一）", "作为"]), min_size=1, max_size=12)


@settings(max_examples=40)
@given(WORDS, st.lists(st.integers(1, 6), min_size=1, max_size=6))
def test_word_and_text_are_mended_alike(pieces: list[str], lengths: list[int]) -> None:
    text = "。".join(pieces)
    runs, at, turn = "", 0, 0
    while at < len(text):
        length = lengths[turn % len(lengths)]
        runs += f'<w:r><w:rPr><w:sz w:val="{turn + 20}"/></w:rPr><w:t>{text[at : at + length]}</w:t></w:r>'
        at, turn = at + length, turn + 1
    data = word_file(f"<w:p>{runs}</w:p>")
    fixed, _changes = fix_document(data, "a.docx", look)
    assert read_document(fixed, "a.docx").text == fix_text(text, look)
    name = "word/document.xml"
    assert shape(parts(data)[name]) == shape(parts(fixed)[name])


def test_other_formats_and_damaged_files_are_refused() -> None:
    for data, name, code in ((BAD.encode(), "a.md", "not-fixable"), (archive({"a": "b"}), "a.docx", "is-archive")):
        with pytest.raises(UserError) as refused:
            fix_document(data, name, look)
        assert refused.value.code == code


def test_the_command_writes_a_new_file_and_says_what_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "报告.txt"
    file.write_text(BAD, "utf-8")
    assert main(["check", str(file), "--fix", "--select", "WO01,WO04,ST07"]) == 0
    out = capsys.readouterr().out
    assert "报告.txt:1:5 WO01 “一、存在存在的问题” → “一、存在的问题”" in out
    assert "写入" in out
    fixed = tmp_path / "报告.fixed.txt"
    assert (file.read_text("utf-8"), fixed.read_text("utf-8")) == (BAD, GOOD)
    assert main(["check", str(file), "--fix", "--select", "WO01,WO04,ST07"]) == 0
    fixed.write_text("有人改过", "utf-8")
    assert main(["check", str(file), "--fix"]) == 2
    assert "没有覆盖" in capsys.readouterr().err
    assert fixed.read_text("utf-8") == "有人改过"


def test_in_place_select_and_waivers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "报告.txt"
    file.write_text(BAD, "utf-8")
    (tmp_path / "报告.txt.waivers.yaml").write_text(
        "- {code: WO04, excerpt: 台帐, reason: 原文如此, name: 张三, date: 2025-12-20}\n", "utf-8"
    )
    assert main(["check", str(file), "--in-place"]) == 2
    assert main(["check", str(file), "--fix", "--in-place", "--select", "WO04", "--format", "json"]) == 0
    assert file.read_text("utf-8") == BAD.replace("部暑", "部署")
    assert list(tmp_path.glob("*fixed*")) == []
    assert capsys.readouterr().out.strip() == "[]"
