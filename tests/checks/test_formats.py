"""The same report in every format that is read: the same findings at the same words."""

from __future__ import annotations

import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.checks.seed import SEED
from zhibu.checks import check
from zhibu.documents.docx import write_docx
from zhibu.documents.model import Document, text_block
from zhibu.documents.pdf import write_pdf
from zhibu.documents.read import read_document

STYLES = Path(__file__).with_name("styles")
REPORTS = [STYLES / f"{name}.txt" for name in ("bought", "rough_draft", "very_long")]
REPORTS += [SEED] if SEED.is_file() else []
CONVERTED = ("doc", "rtf", "odt", "pdf")
needs_office = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")

Found = Counter[tuple[str, str, str]]


def findings(text: str) -> Found:
    """Code, section, and what stands there without blanks: formats differ in those."""
    return Counter((f.code, f.section, "".join(f.excerpt.split())) for f in check(text))


def lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def document(text: str) -> Document:
    return Document("报告", tuple(text_block("paragraph", line) for line in lines(text)))


WRITERS: dict[str, Callable[[str], bytes]] = {
    "a.txt": lambda text: text.encode(),
    "bom.txt": lambda text: text.encode("utf-8-sig"),
    "gb18030.txt": lambda text: text.encode("gb18030"),
    "utf-16.txt": lambda text: text.encode("utf-16"),
    "utf-16-le.txt": lambda text: text.encode("utf-16-le"),
    "utf-16-be.txt": lambda text: text.encode("utf-16-be"),
    "crlf.txt": lambda text: text.replace("\n", "\r\n").encode(),
    "a.md": lambda text: "\n\n".join(lines(text)).encode(),
    "a.docx": lambda text: write_docx(document(text)),
    "a.pdf": lambda text: write_pdf(document(text)).data,
}


@pytest.mark.parametrize("report", REPORTS, ids=lambda path: path.stem)
@pytest.mark.parametrize("name", WRITERS)
def test_formats_that_are_read_here(report: Path, name: str) -> None:
    text = read_document(report).text
    assert findings(read_document(WRITERS[name](text), name).text) == findings(text)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reports as LibreOffice writes them, one folder a format."""
    folder = tmp_path_factory.mktemp("office")
    sources = []
    for report in REPORTS:
        sources.append(folder / f"{report.stem}.docx")
        sources[-1].write_bytes(write_docx(document(read_document(report).text)))
    profile = f"-env:UserInstallation=file://{folder}/profile"
    for kind in CONVERTED:
        command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(folder / kind)]
        subprocess.run([*command, *map(str, sources)], check=True, capture_output=True, timeout=180)
    return folder


@needs_office
@pytest.mark.parametrize("kind", CONVERTED)
def test_formats_of_other_programs(office: Path, kind: str) -> None:
    for report in REPORTS:
        file = office / kind / f"{report.stem}.{kind}"
        if kind == "doc":
            file = file.rename(file.with_suffix(".wps"))
        assert findings(read_document(file).text) == findings(read_document(report).text), file.name
