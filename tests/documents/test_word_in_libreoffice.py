"""The .docx as an office program sets it: one run of LibreOffice with a profile and a font table of its own."""

import shutil
import subprocess
from pathlib import Path

import pytest

from zhibu.documents.docx import write_docx
from zhibu.documents.fonts import find_fonts
from zhibu.documents.model import Document, text_block

from .measure import page_count, printed_lines
from .samples import BODY

STANDS_FOR = {
    "仿宋_GB2312": "FandolFang R",
    "楷体_GB2312": "AR PL UKai CN",
    "黑体": "Noto Sans CJK SC",
    "方正小标宋简体": "Noto Serif CJK SC",
    "宋体": "Noto Serif CJK SC",
}


def font_table(folder: Path) -> Path:
    """A fontconfig file that gives the official names to the free fonts."""
    matches = "".join(
        f'<match target="pattern"><test name="family"><string>{name}</string></test>'
        f'<edit name="family" mode="assign" binding="strong"><string>{other}</string></edit></match>'
        for name, other in STANDS_FOR.items()
    )
    folders = "".join(f"<dir>{place}</dir>" for place in find_fonts().folders)
    file = folder / "fonts.conf"
    cache = f"<cachedir>{folder}/cache</cachedir>"
    file.write_text(f'<?xml version="1.0"?><fontconfig>{folders}{cache}{matches}</fontconfig>', encoding="utf-8")
    return file


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_22_lines_of_28_characters(tmp_path):
    text = BODY.translate(dict.fromkeys(map(ord, "，、；。"), "和"))  # LibreOffice hangs and loses marks at line ends
    blocks = [text_block("title", "述职报告"), *(text_block("paragraph", text) for _ in range(14))]
    (tmp_path / "a.docx").write_bytes(write_docx(Document("述职报告", tuple(blocks))))
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "pdf",
         "--outdir", tmp_path, tmp_path / "a.docx"],
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "FONTCONFIG_FILE": str(font_table(tmp_path))},
        capture_output=True, timeout=120, check=True,
    )  # fmt: skip
    pdf = (tmp_path / "a.pdf").read_bytes()
    assert page_count(pdf) >= 3
    body, number = printed_lines(pdf, 1)[:-1], printed_lines(pdf, 1)[-1]
    assert number.text == "—2—"
    assert len(body) == 22
    full = [line for line in body if len(line.text) > 26]
    assert len(full) > 12
    assert {len(line.text) for line in full} == {28}
