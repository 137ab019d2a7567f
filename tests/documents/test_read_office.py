"""Old formats go through LibreOffice where it is installed; where it is not, or fails, a sentence says so."""

from __future__ import annotations

import shutil
import stat
import subprocess
import time
from pathlib import Path

import pytest

from zhibu.documents import office
from zhibu.documents.docx import write_docx
from zhibu.documents.model import Document, text_block
from zhibu.documents.read import read_document
from zhibu.errors import UserError

from .word import archive

INSTALLED = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
RTF = rb"{\rtf1\ansi\ansicpg936 \u19968 ?\u12289 ?\u23653 ?\u32844 ?\par \u30002 ?}"

ODT = {
    "mimetype": "application/vnd.oasis.opendocument.text",
    "META-INF/manifest.xml": '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
    'manifest:version="1.2"><manifest:file-entry manifest:full-path="/" '
    'manifest:media-type="application/vnd.oasis.opendocument.text"/><manifest:file-entry '
    'manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>',
    "content.xml": '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body><office:text>'
    "<text:p>一、履职情况</text:p><text:p>丙。</text:p></office:text></office:body></office:document-content>",
}


def refused(file: Path) -> UserError:
    with pytest.raises(UserError) as caught:
        read_document(file)
    assert file.name in str(caught.value)
    return caught.value


def program(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program of that name that does something else."""
    file = folder / "soffice"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(office.shutil, "which", lambda name: str(file))


@INSTALLED
def test_rtf_doc_and_odt_are_read(tmp_path: Path) -> None:
    rtf = tmp_path / "a.rtf"
    rtf.write_bytes(RTF)
    read = read_document(rtf)
    assert (read.text, read.format) == ("一、履职\n甲", "rtf")
    word = tmp_path / "b.docx"
    word.write_bytes(
        write_docx(Document("甲", (text_block("heading", "一、履职情况", 1), text_block("paragraph", "乙。"))))
    )
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "doc", "--outdir", str(tmp_path), str(word)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    (tmp_path / "b.doc").rename(tmp_path / "b.wps")
    assert read_document(tmp_path / "b.wps").text == "一、履职情况\n乙。"
    (tmp_path / "c.odt").write_bytes(archive(ODT))
    assert read_document(tmp_path / "c.odt").text == "一、履职情况\n丙。"


@INSTALLED
def test_what_libreoffice_cannot_read(tmp_path: Path) -> None:
    file = tmp_path / "a.doc"
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    file.write_bytes(head + bytes(range(1, 255)) * 20)
    assert refused(file).code == "wrong-office-file"
    file.write_bytes(head + "WordDocument".encode("utf-16-le") + bytes(range(1, 255)) * 20)
    assert refused(file).code == "office-failed"


def test_bytes_are_not_converted_unless_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UserError) as caught:
        read_document(RTF, "a.rtf")
    assert caught.value.code == "format-not-read"
    monkeypatch.setattr(office.shutil, "which", lambda name: None)
    with pytest.raises(UserError) as caught:
        read_document(RTF, "a.rtf", convert=True)
    assert caught.value.code == "office-missing"


def test_without_libreoffice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.rtf").write_bytes(RTF)
    monkeypatch.setattr(office.shutil, "which", lambda name: None)
    assert refused(tmp_path / "a.rtf").code == "office-missing"


def test_a_program_that_fails_or_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.rtf").write_bytes(RTF)
    for script in ("exit 3", "exit 0"):
        program(tmp_path, script, monkeypatch)
        assert refused(tmp_path / "a.rtf").code == "office-failed"


def test_a_program_that_hangs_is_ended_with_all_it_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.rtf").write_bytes(RTF)
    program(tmp_path, f"sleep 300 & echo $! > {tmp_path}/child; wait", monkeypatch)
    monkeypatch.setattr(office, "SECONDS", 1)
    assert refused(tmp_path / "a.rtf").code == "office-slow"
    child = int((tmp_path / "child").read_text())
    for _try in range(50):
        state = Path(f"/proc/{child}/stat")
        if not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z":
            break
        time.sleep(0.1)
    else:
        pytest.fail("the child still runs")


def test_the_document_gets_a_folder_of_its_own_that_goes_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.rtf").write_bytes(RTF)
    program(tmp_path, f'echo "$1" > {tmp_path}/said; exit 1', monkeypatch)
    refused(tmp_path / "a.rtf")
    profile = (tmp_path / "said").read_text().strip().removeprefix("-env:UserInstallation=file://")
    assert profile.endswith("/profile")
    assert not Path(profile).parent.exists()
