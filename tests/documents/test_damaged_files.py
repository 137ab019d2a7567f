"""Damage anywhere in a file ends in a text or in a sentence, never in another error."""

import io
import zipfile
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from zhibu.documents.docx import write_docx
from zhibu.documents.pdf import write_pdf
from zhibu.documents.read import read_document
from zhibu.errors import UserError

from .samples import report
from .word import level, numbered, word_file


@cache
def originals() -> dict[str, bytes]:
    numbering = (
        f'<w:abstractNum w:abstractNumId="0">{level(0, "chineseCounting", "%1、")}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )
    return {
        "a.docx": write_docx(report(1)),
        "b.docx": word_file(numbered("甲") * 3, numbering=numbering),
        "a.pdf": write_pdf(report(1)).data,
        "a.txt": report(1).text.encode("gb18030"),
    }


def read_or_refuse(data: bytes, name: str) -> None:
    refused = None
    try:
        read = read_document(data, name)
    except UserError as refusal:
        refused = refusal
    if refused is not None:
        assert name in refused.text()
    else:
        assert all(read.text_of(paragraph).strip() for paragraph in read.paragraphs)


DAMAGE = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(max_size=6), st.integers(0, 8)), max_size=6)


def damaged(data: bytes, damage: list[tuple[float, bytes, int]]) -> bytes:
    for place, inserted, removed in damage:
        at = int(place * len(data))
        data = data[:at] + inserted + data[at + removed :]
    return data


@given(st.sampled_from(["a.docx", "a.pdf", "a.txt"]), DAMAGE, st.floats(0.2, 2))
@settings(max_examples=120)
def test_damaged_bytes(name, damage, share):
    data = damaged(originals()[name], damage)
    read_or_refuse(data[: int(len(data) * share)], name)


@given(st.sampled_from(["word/document.xml", "word/styles.xml", "word/numbering.xml", "_rels/.rels"]), DAMAGE)
@settings(max_examples=120)
def test_damaged_parts(part, damage):
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(originals()["b.docx"])) as whole, zipfile.ZipFile(buffer, "w") as package:
        for name in whole.namelist():
            package.writestr(name, damaged(whole.read(name), damage) if name == part else whole.read(name))
    read_or_refuse(buffer.getvalue(), "b.docx")


@given(
    st.sampled_from(["%1、", "0", "chineseCounting", "甲", "w:val", "1"]), st.text("0123456789-%w:、九", max_size=12)
)
@settings(max_examples=100)
def test_strange_values_in_parts(old, new):
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(originals()["b.docx"])) as whole, zipfile.ZipFile(buffer, "w") as package:
        for name in whole.namelist():
            package.writestr(name, whole.read(name).replace(f'"{old}"'.encode(), f'"{new}"'.encode()))
    read_or_refuse(buffer.getvalue(), "b.docx")
