"""The zip container of a .docx, opened with suspicion: sizes are checked before anything is unpacked or parsed."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from typing import Any

from lxml import etree

from zhibu.errors import UserError

MEMBERS_LIMIT = 5_000
UNPACKED_LIMIT = 300 * 1024 * 1024
"""Bytes of all members together; pictures make up most of it in an honest file."""
PART_LIMIT = 60 * 1024 * 1024
RATIO_LIMIT = 150
"""Only for members above 10 MB unpacked: XML compresses 10–40 times."""


class Package:
    """A .docx as its parts. Raises UserError for anything broken, too big, encrypted or carrying macros."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError):
            raise self._broken() from None
        self._check_sizes(len(data))
        self.names = {info.filename for info in self._zip.infolist()}
        self._check_contents()

    def _check_sizes(self, size: int) -> None:
        members = self._zip.infolist()
        swollen = any(m.file_size > 10 * 1024**2 and m.file_size > RATIO_LIMIT * m.compress_size for m in members)
        overlapping = sum(m.compress_size for m in members) > size
        too_much = sum(m.file_size for m in members) > UNPACKED_LIMIT
        if len(members) > MEMBERS_LIMIT or swollen or overlapping or too_much:
            raise self._bomb()

    def _check_contents(self) -> None:
        if any(info.flag_bits & 1 for info in self._zip.infolist()):
            raise UserError("document-encrypted", "“{name}”有密码保护，无法读取。请取消密码后再试。", name=self.name)
        if any(posixpath.basename(member).lower() == "vbaproject.bin" for member in self.names):
            raise macros(self.name)
        if "[Content_Types].xml" in self.names and b"macroEnabled" in self.read("[Content_Types].xml"):
            raise macros(self.name)

    def read(self, part: str) -> bytes:
        """One part, unpacked; never more than PART_LIMIT bytes whatever the directory declares."""
        try:
            with self._zip.open(part) as stream:
                data = stream.read(PART_LIMIT + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError):
            raise self._broken() from None
        if len(data) > PART_LIMIT:
            raise self._bomb()
        return data

    def xml(self, part: str) -> Any:
        """The root element of a part. No entities, no network, no huge trees; a document type is refused."""
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            huge_tree=False,
            load_dtd=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            root = etree.fromstring(self.read(part), parser)
        except etree.XMLSyntaxError:
            raise self._broken() from None
        if root.getroottree().docinfo.doctype:
            raise UserError(
                "unsafe-xml", "“{name}”里有 Word 文档不应含有的实体定义，为安全起见不予读取。", name=self.name
            )
        return root

    def related(self, part: str, kind: str) -> str:
        """The part that `part` ("" for the package) relates to as `kind`, e.g. numbering; "" if there is none."""
        folder, base = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{base}.rels")
        if rels not in self.names:
            return ""
        for relation in self.xml(rels):
            if relation.get("Type", "").endswith(f"/{kind}") and relation.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/")
                return target if target in self.names else ""
        return ""

    def _bomb(self) -> UserError:
        return UserError(
            "archive-bomb",
            "“{name}”解压后的内容大得不正常，可能是恶意文件，不予读取。请用 Word 或 WPS 另存为新的 .docx 再试。",
            name=self.name,
        )

    def _broken(self) -> UserError:
        return UserError(
            "docx-broken", "“{name}”已损坏，无法打开。请用 Word 或 WPS 打开并另存为 .docx 再试。", name=self.name
        )


def macros(name: str) -> UserError:
    return UserError("macros", "“{name}”含有宏，为安全起见不予读取。请另存为不含宏的 .docx 再试。", name=name)
