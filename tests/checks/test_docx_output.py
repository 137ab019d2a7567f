"""`zhibu check --format docx`: the findings as Word comments at the exact places, all else as it was."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.documents.word import W, archive, paragraph, word_file
from zhibu.cli.main import main
from zhibu.documents.read import read_document
from zhibu.documents.wordcomments import Note, annotate

REPORT = (
    "2025年度抓基层党建工作述职报告\n县委县直机关工委：\n一、履职情况\n（一）抓学习。我XX月XX日讲党课，部暑学习。\n"
)


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {info.filename: package.read(info) for info in package.infolist()}


def commented(data: bytes) -> Iterator[tuple[str, str]]:
    """Each comment's own text and the text between its two ends, in the order of their numbers."""
    files = parts(data)
    root = etree.fromstring(files["word/document.xml"])
    between: dict[str, str] = {}
    open_: set[str] = set()
    for node in root.iter(f"{{{W}}}commentRangeStart", f"{{{W}}}commentRangeEnd", f"{{{W}}}t", f"{{{W}}}p"):
        number = node.get(f"{{{W}}}id", "")
        if node.tag.endswith("Start"):
            open_.add(number)
            between[number] = ""
        elif node.tag.endswith("End"):
            open_.remove(number)
        elif node.tag.endswith("}t"):
            for each in open_:
                between[each] += node.text or ""
    assert not open_
    comments = etree.fromstring(files["word/comments.xml"])
    for comment in comments:
        yield "\n".join("".join(p.itertext()) for p in comment), between[comment.get(f"{{{W}}}id")]


def runs(data: bytes) -> list[tuple[bytes, str]]:
    """Character by character: the properties of its run, and the character."""
    root = etree.fromstring(parts(data)["word/document.xml"])
    found = []
    for run in root.iter(f"{{{W}}}r"):
        properties = run.find(f"{{{W}}}rPr")
        drawn = b"" if properties is None else etree.tostring(properties, method="c14n")
        found += [(drawn, sign) for node in run.iter(f"{{{W}}}t") for sign in node.text or ""]
    return found


def test_a_word_file_keeps_all_but_gets_comments(tmp_path: Path) -> None:
    body = "".join(paragraph(line, '<w:jc w:val="both"/>') for line in REPORT.splitlines()[:-1])
    body += (
        "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>（一）抓学习。我XX月</w:t></w:r><w:r><w:t>XX日讲党课，部</w:t></w:r>"
        '<w:hyperlink w:anchor="a"><w:r><w:rPr><w:color w:val="FF0000"/></w:rPr><w:t>暑学习。</w:t></w:r>'
        "</w:hyperlink></w:p>"
    )
    file, out = tmp_path / "a.docx", tmp_path / "b.docx"
    file.write_bytes(word_file(body))
    assert main(["check", str(file), "--format", "docx", "--out", str(out), "--select", "ST01,WO04"]) == 1
    found = {words: text for text, words in commented(out.read_bytes())}
    assert found["XX月XX日"].startswith("ST01 错误：“XX月XX日”是没有填写的空白。")
    assert found["部暑"].startswith("WO04 警告：“部暑”应为“部署”。")
    before, after = parts(file.read_bytes()), parts(out.read_bytes())
    changed = {name for name in after if before.get(name) != after[name]}
    assert changed == {
        "word/document.xml", "word/comments.xml", "word/_rels/document.xml.rels", "[Content_Types].xml",
    }  # fmt: skip
    assert runs(file.read_bytes()) == runs(out.read_bytes())
    assert read_document(out).text == read_document(file).text


def test_a_text_becomes_a_word_file_with_comments(tmp_path: Path) -> None:
    file, out = tmp_path / "a.txt", tmp_path / "b.docx"
    file.write_text("\n　　" + REPORT.replace("\n", "\n\n　　"), "utf-8")
    assert main(["check", str(file), "--format", "docx", "--out", str(out), "--select", "ST01,ST16,WO04"]) == 1
    assert [words for _text, words in commented(out.read_bytes())] == ["县委县直机关工委：", "XX月XX日", "部暑"]
    assert read_document(out).text.split() == REPORT.split()
    assert [comment.author for comment in docx.Document(str(out)).comments] == ["支部校核"] * 3


def test_comments_that_are_there_stay(tmp_path: Path) -> None:
    file, once, twice = (tmp_path / name for name in ("a.txt", "b.docx", "c.docx"))
    file.write_text(REPORT, "utf-8")
    main(["check", str(file), "--format", "docx", "--out", str(once), "--select", "ST01"])
    main(["check", str(once), "--format", "docx", "--out", str(twice), "--select", "WO04"])
    assert [words for _text, words in commented(twice.read_bytes())] == ["XX月XX日", "部暑"]


TEXT = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
PLACES = st.tuples(st.integers(0, len(TEXT) - 1), st.integers(1, 9))


@settings(max_examples=60)
@given(st.lists(PLACES, max_size=6), st.lists(st.integers(1, 7), min_size=1, max_size=5), st.booleans())
def test_any_places_in_any_runs(places: list[tuple[int, int]], lengths: list[int], together: bool) -> None:
    pieces, at, turn = [], 0, 0
    while at < len(TEXT):
        pieces.append(TEXT[at : at + lengths[turn % len(lengths)]])
        at, turn = at + len(pieces[-1]), turn + 1
    texts = [f"<w:t>{piece}</w:t>" for piece in pieces]
    inner = "<w:r><w:rPr><w:i/></w:rPr>" + "".join(texts) + "</w:r>"
    apart = "".join(f'<w:r><w:rPr><w:sz w:val="{20 + n}"/></w:rPr>{text}</w:r>' for n, text in enumerate(texts))
    data = word_file(f"<w:p>{inner if together else apart}</w:p>")
    notes = [Note(start, min(start + length, len(TEXT)), (f"{n}",)) for n, (start, length) in enumerate(places)]
    made = annotate(data, "a.docx", TEXT, notes, "甲", "甲")
    assert runs(made) == runs(data)
    found = [(int(text), words) for text, words in commented(made)]
    assert found == [(n, TEXT[note.start : note.end]) for n, note in enumerate(notes)]


def test_numbers_tables_text_boxes_and_guides_have_a_place() -> None:
    box = (
        '<w:p><w:r><w:t>框外</w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires="wps"><wps:txbx><w:txbxContent>'
        "<w:p><w:r><w:t>框内部暑</w:t></w:r></w:p></w:txbxContent></wps:txbx></mc:Choice></mc:AlternateContent></w:r></w:p>"
    )
    table = f"<w:tbl><w:tr><w:tc>{paragraph('甲')}</w:tc><w:tc>{paragraph('乙丙')}</w:tc></w:tr></w:tbl>"
    guide = (
        "<w:p><w:r><w:ruby><w:rt><w:r><w:t>zhi</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>支部</w:t></w:r></w:rubyBase>"
        "</w:ruby></w:r></w:p>"
    )
    data = word_file(box + table + guide)
    text = read_document(data, "a.docx").text
    assert text == "框外\n框内部暑\n甲\t乙丙\n支部"
    places = [text.index(word) for word in ("内部", "乙", "\t", "部", "支")]
    made = annotate(data, "a.docx", text, [Note(at, at + 1, ("甲",)) for at in places], "甲", "甲")
    assert read_document(made, "a.docx").text == text
    assert len(list(commented(made))) == 5
    root = etree.fromstring(parts(made)["word/document.xml"])
    for inside in ("txbxContent", "rubyBase"):
        (node,) = root.iter(f"{{{W}}}{inside}")
        assert not list(node.iter(f"{{{W}}}commentRangeStart"))


def test_a_document_without_words_is_given_back() -> None:
    data = word_file("<w:p/>")
    assert annotate(data, "a.docx", "", [Note(0, 0, ("甲",))], "甲", "甲") == data


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["a.docx"], "--out"),
        (["a.docx", "--out", "a.docx"], "不能是要校核的文件本身"),
        (["a.docx", "b.txt", "--out", "c.docx"], "一次只能校核一份"),
    ],
)
def test_what_is_refused(
    options: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    data = word_file(paragraph("我XX月讲党课。"))
    Path("a.docx").write_bytes(data)
    assert main(["check", "--format", "docx", *options]) == 2
    assert said in capsys.readouterr().err
    assert Path("a.docx").read_bytes() == data


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_an_office_program_shows_the_comments(tmp_path: Path) -> None:
    file, out = tmp_path / "a.txt", tmp_path / "b.docx"
    file.write_text(REPORT, "utf-8")
    main(["check", str(file), "--format", "docx", "--out", str(out), "--select", "ST01,WO04"])
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "fodt", "--outdir", str(tmp_path), str(out)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    text = (tmp_path / "b.fodt").read_text("utf-8")
    assert text.count("<office:annotation ") == 2
    assert "支部校核" in text


def test_a_damaged_package_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.docx"
    file.write_bytes(archive({"[Content_Types].xml": "<Types"}))
    assert main(["check", str(file), "--format", "docx", "--out", str(tmp_path / "b.docx")]) == 2
    assert not (tmp_path / "b.docx").exists()
