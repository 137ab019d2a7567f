"""Files as evidence: looked at before they are kept, kept once under their SHA-256, never served as a page.

The content decides what a file is, not its name. Bytes are written to a temporary file, flushed to disk and renamed, so
that a full disk leaves neither half a file nor a row.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core import signing
from django.http import FileResponse

from zhibu.activities.models import StoredFile
from zhibu.documents.package import Package
from zhibu.errors import UserError
from zhibu.org.models import Account, Organization

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "ofd": "application/ofd",
    "jpg": "image/jpeg",
    "png": "image/png",
    "txt": "text/plain",
}
ACCEPT = ",".join(f".{ending}" for ending in (*TYPES, "jpeg"))
SALT = "zhibu.activities.files"

_ZIP_PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml", "ofd": "OFD.xml"}


@dataclass(frozen=True, slots=True)
class Kept:
    """A file whose bytes are on disk and which has no row yet."""

    sha256: str
    name: str
    size: int
    media_type: str


def keep(file: IO[bytes], name: str) -> Kept:
    """Look at a file and write it under its hash. Raises UserError: empty, too big, wrong type, unsafe, disk full."""
    name = _clean(name)
    data = file.read(settings.UPLOAD_LIMIT + 1)
    if not data:
        raise UserError("file-empty", "“{name}”是空文件。", name=name)
    if len(data) > settings.UPLOAD_LIMIT:
        limit = settings.UPLOAD_LIMIT // 1024**2
        raise UserError("file-too-big", "“{name}”超过{limit} MB。请压缩图片或拆分后再上传。", name=name, limit=limit)
    ending = kind_of(data, name)
    sha256 = hashlib.sha256(data).hexdigest()
    _write(path_of(sha256), data, name)
    return Kept(sha256, name, len(data), TYPES[ending])


def kind_of(data: bytes, name: str) -> str:
    """Ending of TYPES that the content is, agreeing with the name. Raises UserError for anything else."""
    ending = Path(name).suffix.lower().lstrip(".").replace("jpeg", "jpg")
    if ending not in TYPES:
        raise UserError(
            "file-type-not-allowed", "不能上传“{name}”。可以上传：{allowed}。", name=name, allowed="、".join(TYPES)
        )
    if ending != _signature(data, name):
        raise UserError(
            "file-type-differs",
            "“{name}”的内容与文件类型“{ending}”不符。请用原来的程序另存后再上传。",
            name=name,
            ending=ending,
        )
    return ending


def _signature(data: bytes, name: str) -> str:
    if data.startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"PK\x03\x04"):
        return _inside_zip(data, name)
    return "txt" if _is_text(data) else ""


def _inside_zip(data: bytes, name: str) -> str:
    """Which office format a zip is; sizes, passwords and macros are looked at before anything is unpacked."""
    try:
        names = Package(data, name).names
    except UserError as refused:
        raise _for_any_office_file(refused, name) from None
    return next((ending for ending, part in _ZIP_PARTS.items() if part in names), "")


def _for_any_office_file(refused: UserError, name: str) -> UserError:
    if refused.code == "archive-bomb":
        return UserError("archive-bomb", "“{name}”解压后的内容大得不正常，可能是恶意文件，没有保存。", name=name)
    if refused.code == "macros":
        return UserError("macros", "“{name}”含有宏，为安全起见没有保存。请另存为不含宏的文件再上传。", name=name)
    if refused.code == "document-encrypted":
        return UserError("document-encrypted", "“{name}”有密码保护。请取消密码后再上传。", name=name)
    return UserError("file-broken", "“{name}”已损坏，无法打开。请重新保存后再上传。", name=name)


def _is_text(data: bytes) -> bool:
    if b"\x00" in data:
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _clean(name: str) -> str:
    """The last part of a name without control characters, at most 200 characters with its ending."""
    base = name.replace("\\", "/").rpartition("/")[2]
    base = "".join(sign for sign in base if sign.isprintable()).strip() or "附件"
    stem, dot, ending = base.rpartition(".")
    return base if len(base) <= 200 else stem[: 199 - len(ending)] + dot + ending


def path_of(sha256: str) -> Path:
    return Path(settings.FILES) / sha256[:2] / sha256


def _write(path: Path, data: bytes, name: str) -> None:
    if path.exists() and path.stat().st_size == len(data):
        return
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            temporary = file.name
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
        _sync(path.parent)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise UserError(
            "file-not-written", "“{name}”没有保存：磁盘已满或不可写。请联系系统管理员。", name=name
        ) from error


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def ticket(kept: Kept) -> str:
    """A signed word that stands for a kept file while its form is still being filled in."""
    return signing.dumps(asdict(kept), salt=SALT)


def from_tickets(tickets: list[str]) -> Iterator[Kept]:
    """The files behind tickets; one that was not signed here or is older than a day is passed over."""
    for word in tickets:
        try:
            data: dict[str, Any] = signing.loads(word, salt=SALT, max_age=86400)
        except signing.BadSignature:
            continue
        yield Kept(**data)


def store(organization: Organization, actor: Account | None, kept: Kept, at: datetime) -> StoredFile:
    """The row for a kept file; the same content under the same name has one row in a body."""
    row, _created = StoredFile.objects.get_or_create(
        organization=organization,
        sha256=kept.sha256,
        name=kept.name,
        defaults={"size": kept.size, "media_type": kept.media_type, "made_at": at, "made_by": actor},
    )
    return row


def download(file: StoredFile) -> FileResponse:
    """The file as a download: never shown as a page, never sniffed, without rights if shown all the same."""
    try:
        content = path_of(file.sha256).open("rb")
    except OSError:
        raise UserError("file-gone", "文件“{name}”不在存储中。请联系系统管理员核对备份。", name=file.name) from None
    response = FileResponse(content, as_attachment=True, filename=file.name, content_type=file.media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
