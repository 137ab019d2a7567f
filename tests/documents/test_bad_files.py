"""Every bad input has its own sentence."""

import io
import zipfile

import pytest

from zhibu.documents import package, read
from zhibu.documents.read import read_document
from zhibu.errors import UserError

from .word import OFFICE, archive, paragraph, word_file


def refusal(data: bytes, name: str = "报告.docx") -> UserError:
    with pytest.raises(UserError) as caught:
        read_document(data, name)
    assert name in caught.value.text()
    return caught.value


GOOD = word_file(paragraph("正文"))
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


@pytest.mark.parametrize(
    ("code", "data"),
    [
        ("file-empty", b""),
        ("file-empty", b" \r\n"),
        ("document-encrypted", OLE + "EncryptedPackage".encode("utf-16-le")),
        ("format-not-read", OLE),
        ("format-not-read", rb"{\rtf1 text}"),
        ("format-not-read", archive({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"})),
        ("wrong-office-file", archive({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<a/>"})),
        ("is-archive", archive({"a.txt": "甲"})),
        ("is-picture", b"\x89PNG\r\n\x1a\n" + bytes(range(256))),
        ("not-a-document", bytes(range(256)) * 4),
        ("docx-broken", GOOD[: len(GOOD) // 2]),
        ("docx-broken", word_file("<w:p>")),
        ("macros", word_file(paragraph("正文"), **{"word/vbaProject.bin": "x"})),
        ("macros", word_file("", **{"[Content_Types].xml": "<T>application/vnd.ms-word.document.macroEnabled</T>"})),
        ("no-text", word_file("<w:p/>")),
        ("not-a-document", word_file("", **{"_rels/.rels": '<Relationships xmlns="a"/>'})),
        ("pdf-broken", b"%PDF-1.7\nnothing of a document"),
    ],
)
def test_bad_files(code, data):
    assert refusal(data).code == code


def test_missing_file_folder_and_size(tmp_path, monkeypatch):
    for path, code in ((tmp_path / "无.docx", "file-missing"), (tmp_path, "file-is-folder")):
        with pytest.raises(UserError) as caught:
            read_document(path)
        assert caught.value.code == code
    monkeypatch.setattr(read, "SIZE_LIMIT", 10)
    (tmp_path / "大.txt").write_text("述职报告" * 10)
    with pytest.raises(UserError) as caught:
        read_document(tmp_path / "大.txt")
    assert caught.value.code == "file-too-large"


def test_text_limit(monkeypatch):
    monkeypatch.setattr(read, "TEXT_LIMIT", 10)
    assert refusal("述职报告".encode() * 10, "a.txt").code == "text-too-long"


def test_zip_bomb_by_ratio_is_refused_before_it_is_unpacked(monkeypatch):
    bomb = word_file("", **{"word/media/a.xml": " " * (40 * 1024 * 1024)})
    assert len(bomb) < 200_000
    monkeypatch.setattr(package.Package, "read", lambda *_: pytest.fail("unpacked"))
    assert refusal(bomb).code == "archive-bomb"


def test_zip_bomb_by_number_of_members():
    assert refusal(word_file("", **{f"word/{n}": "" for n in range(package.MEMBERS_LIMIT)})).code == "archive-bomb"


def test_zip_bomb_that_declares_less_than_it_holds():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as bomb, zipfile.ZipFile(io.BytesIO(GOOD)) as good:
        for name in good.namelist():
            bomb.writestr(name, good.read(name) if name != "word/document.xml" else " " * (30 * 1024 * 1024))
    size = (30 * 1024 * 1024).to_bytes(4, "little")
    lying = buffer.getvalue().replace(size, (1000).to_bytes(4, "little"))
    assert lying != buffer.getvalue()
    assert refusal(lying).code in ("docx-broken", "archive-bomb")


def test_a_part_is_never_unpacked_beyond_the_limit(monkeypatch):
    monkeypatch.setattr(package, "PART_LIMIT", 50)
    assert refusal(GOOD).code == "archive-bomb"


ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))


@pytest.mark.parametrize(
    "doctype",
    [f'<!DOCTYPE d [<!ENTITY e0 "lol">{ENTITIES}]>', '<!DOCTYPE d [<!ENTITY e11 SYSTEM "file:///etc/passwd">]>'],
)
def test_entities_are_never_expanded(doctype):
    document = f'{doctype}<w:document xmlns:w="a"><w:body><w:p><w:r><w:t>&e11;</w:t></w:r></w:p></w:body></w:document>'
    assert refusal(word_file("", **{"word/document.xml": document})).code in ("unsafe-xml", "docx-broken")


def test_deep_nesting_is_refused():
    assert refusal(word_file("<w:sdt>" * 5000 + "</w:sdt>" * 5000)).code == "docx-broken"


def test_a_part_outside_the_package_is_not_followed():
    rels = (
        f'<Relationships xmlns="a"><Relationship Type="{OFFICE}/officeDocument" TargetMode="External" '
        'Target="file:///etc/passwd"/></Relationships>'
    )
    assert refusal(word_file("", **{"_rels/.rels": rels})).code == "not-a-document"
