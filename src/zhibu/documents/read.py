"""Reading a document that somebody hands in: `read_document` gives its text as the checker counts it.

The kind is told from the content, not from the name. A reader for another format is one more line in `_READERS`;
formats that are known but not read yet say what to do instead.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Literal

from zhibu.documents.paragraphs import Line, Paragraph, ReadText, assemble
from zhibu.errors import UserError

__all__ = ["Paragraph", "ReadText", "read_document"]

SIZE_LIMIT = 20 * 1024 * 1024
TEXT_LIMIT = 2_000_000
Kind = Literal[
    "txt", "md", "docx", "pdf", "old-office", "encrypted", "rtf", "odt", "other-office", "picture", "archive"
]


def read_document(source: str | Path | bytes, name: str = "", *, convert: bool | None = None) -> ReadText:
    """The text of a file (a path, or its bytes and its name) with one paragraph a line.

    `convert`: read old formats (.doc, .wps, .rtf, .odt) through LibreOffice; left out, for paths and not for bytes,
    which may come from a stranger.

    Raises UserError, with its own code each, for a file that is missing, empty, too large, encrypted, broken, carries
    macros, is a zip bomb, is a scan, or is no document.
    """
    name = name or ("文件" if isinstance(source, bytes) else Path(source).name)
    data = source if isinstance(source, bytes) else _load(Path(source), name)
    if len(data) > SIZE_LIMIT:
        raise _too_large(name)
    if not data.strip(b"\0 \t\r\n"):
        raise UserError("file-empty", "“{name}”是空文件。", name=name)
    kind = _kind(data, name)
    convert = not isinstance(source, bytes) if convert is None else convert
    if kind not in _READERS or (kind in _CONVERTED and not convert):
        raise _unread(kind, name)
    read = assemble(name, kind, _READERS[kind](data, name))
    if len(read.text) > TEXT_LIMIT:
        raise UserError("text-too-long", "“{name}”的文字超过 {limit} 字，请分成几个文件。", name=name, limit=TEXT_LIMIT)
    if not read.paragraphs:
        raise UserError("no-text", "“{name}”里没有文字。", name=name)
    return read


def _load(path: Path, name: str) -> bytes:
    try:
        if path.stat().st_size > SIZE_LIMIT:
            raise _too_large(name)
        return path.read_bytes()
    except FileNotFoundError:
        raise UserError("file-missing", "找不到文件“{name}”。请检查路径。", name=str(path)) from None
    except IsADirectoryError:
        raise UserError("file-is-folder", "“{name}”是文件夹，请指定其中的文件。", name=str(path)) from None
    except (OSError, ValueError):
        raise UserError("file-unreadable", "无法打开文件“{name}”。请检查权限。", name=str(path)) from None


def _too_large(name: str) -> UserError:
    limit = SIZE_LIMIT // 1024 // 1024
    return UserError(
        "file-too-large", "“{name}”超过 {limit} MB，无法读取。请压缩其中的图片再试。", name=name, limit=limit
    )


def _kind(data: bytes, name: str) -> Kind:
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_archive(data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "encrypted" if "EncryptedPackage".encode("utf-16-le") in data else "old-office"
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"{\\rtf"):
        return "rtf"
    if data.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM6", b"II*\0", b"MM\0*")):
        return "picture"
    if data.startswith((b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")):
        return "archive"
    return "md" if name.lower().endswith((".md", ".markdown")) else "txt"


def _kind_of_archive(data: bytes) -> Kind:
    """What a zip file is, by the names in it; a broken one is left to the .docx reader, which says so."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError):
        return "docx"
    if "[Content_Types].xml" in names:
        return "other-office" if any(name.startswith(("xl/", "ppt/")) for name in names) else "docx"
    return "odt" if "mimetype" in names and "content.xml" in names else "archive"


def _unread(kind: Kind, name: str) -> UserError:
    if kind == "encrypted":
        return UserError("document-encrypted", "“{name}”有密码保护，无法读取。请取消密码后再试。", name=name)
    if kind == "picture":
        return UserError("is-picture", "“{name}”是图片，没有可读的文字。请提供 Word 文件。", name=name)
    if kind == "archive":
        return UserError("is-archive", "“{name}”是压缩包。请解压后提供其中的文档。", name=name)
    if kind == "other-office":
        return UserError(
            "wrong-office-file", "“{name}”不是 Word 文档，可能是表格或演示文稿。请提供 .docx 文件。", name=name
        )
    return UserError(
        "format-not-read", "“{name}”的格式暂不能读取。请用 Word 或 WPS 打开，另存为 .docx 再试。", name=name
    )


def _read_text(data: bytes, name: str) -> list[Line]:
    from zhibu.documents.textfile import text_lines

    return text_lines(data, name)


def _read_markdown(data: bytes, name: str) -> list[Line]:
    from zhibu.documents.textfile import markdown_lines

    return markdown_lines(data, name)


def _read_word(data: bytes, name: str) -> list[Line]:
    from zhibu.documents.wordtext import word_lines

    return word_lines(data, name)


def _read_pdf(data: bytes, name: str) -> list[Line]:
    from zhibu.documents.pdftext import pdf_lines

    return pdf_lines(data, name)


def _read_converted(kind: Kind) -> Callable[[bytes, str], list[Line]]:
    def read(data: bytes, name: str) -> list[Line]:
        from zhibu.documents.office import office_lines

        return office_lines(data, name, kind)

    return read


_CONVERTED: tuple[Kind, ...] = ("old-office", "rtf", "odt")
_READERS: dict[str, Callable[[bytes, str], list[Line]]] = {
    "txt": _read_text,
    "md": _read_markdown,
    "docx": _read_word,
    "pdf": _read_pdf,
    **{kind: _read_converted(kind) for kind in _CONVERTED},
}
"""Each reader is imported when first used: `zhibu check` of a text file loads neither lxml nor the PDF library."""
