"""Only what it says it is, only what is allowed, whole or not at all."""

import io
import zipfile

import pytest

from zhibu.activities import files
from zhibu.errors import UserError


def office(*parts, **contents):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for part in parts:
            package.writestr(part, contents.get(part, "<x/>"))
    return buffer.getvalue()


DOCX = office("[Content_Types].xml", "word/document.xml")


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.FILES = tmp_path / "files"
    return settings.FILES


def kept(data, name):
    return files.keep(io.BytesIO(data), name)


@pytest.mark.parametrize(
    ("data", "name", "media"),
    [
        (b"%PDF-1.7 x", "报告.pdf", "application/pdf"),
        (b"\xff\xd8\xff\xe0 x", "会场.JPEG", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n x", "图.png", "image/png"),
        ("笔记".encode("gb18030"), "笔记.txt", "text/plain"),
        (DOCX, "讲稿.docx", files.TYPES["docx"]),
        (office("[Content_Types].xml", "xl/workbook.xml"), "表.xlsx", files.TYPES["xlsx"]),
        (office("OFD.xml"), "公文.ofd", "application/ofd"),
    ],
)
def test_allowed_files_are_kept_under_their_hash(data, name, media, folder):
    found = kept(data, name)
    assert (found.name, found.size, found.media_type) == (name, len(data), media)
    assert files.path_of(found.sha256).read_bytes() == data
    kept(data, name)
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "空.pdf", "file-empty"),
        (b"MZ\x90", "程序.exe", "file-type-not-allowed"),
        (b"<html>", "页.html", "file-type-not-allowed"),
        (b"<svg/>", "图.svg", "file-type-not-allowed"),
        (b"%PDF-1.7", "没有类型", "file-type-not-allowed"),
        (b"<html>", "报告.pdf", "file-type-differs"),
        (b"%PDF-1.7", "图.png", "file-type-differs"),
        (b"a\x00b", "笔记.txt", "file-type-differs"),
        (DOCX, "表.xlsx", "file-type-differs"),
        (DOCX[:40], "讲稿.docx", "file-broken"),
        (office("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "宏.docx", "macros"),
    ],
    ids=lambda value: value if isinstance(value, str) else "bytes",
)
def test_others_are_refused_with_a_sentence(data, name, code, folder):
    with pytest.raises(UserError) as refused:
        kept(data, name)
    assert refused.value.code == code
    assert str(refused.value).endswith("。")
    assert not folder.exists()


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    bomb = office("[Content_Types].xml", "word/document.xml", **{"word/document.xml": b"0" * 30 * 1024**2})
    with pytest.raises(UserError) as refused:
        kept(bomb, "炸弹.docx")
    assert refused.value.code == "archive-bomb"


def test_the_size_is_limited(settings):
    settings.UPLOAD_LIMIT = 1024**2
    with pytest.raises(UserError) as refused:
        kept(b"%PDF-" + b"x" * 1024**2, "大.pdf")
    assert refused.value.code == "file-too-big"


def test_a_full_disk_leaves_nothing_behind(folder, monkeypatch):
    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(UserError) as refused:
        kept(b"%PDF-1.7", "报告.pdf")
    assert refused.value.code == "file-not-written"
    assert [path for path in folder.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("name", "clean"), [("..\\..\\a.pdf", "a.pdf"), ("/etc/x.pdf", "x.pdf"), ("a\n\x00b.pdf", "ab.pdf")]
)
def test_names_carry_no_paths_and_no_control_characters(name, clean):
    assert kept(b"%PDF-1.7", name).name == clean


def test_a_long_name_keeps_its_ending():
    name = kept(b"%PDF-1.7", "长" * 300 + ".pdf").name
    assert (len(name), name[-4:]) == (200, ".pdf")


def test_a_ticket_stands_for_the_file_and_cannot_be_made_up():
    found = kept(b"%PDF-1.7", "报告.pdf")
    assert list(files.from_tickets([files.ticket(found), "made:up", ""])) == [found]
