import io

import pypdfium2 as pdfium
import pytest

from zhibu.documents.model import Block, Document, text_block
from zhibu.documents.pdf import write_pdf
from zhibu.documents.read import read_document
from zhibu.errors import UserError

from .samples import BODY


def read_back(*blocks) -> list[str]:
    return read_document(write_pdf(Document("题", blocks)).data, "a.pdf").text.split("\n")


def test_paragraphs_over_pages_are_joined_and_page_numbers_dropped():
    texts = [f"{number}月，{BODY}" for number in range(1, 9)]
    assert read_back(*(text_block("paragraph", text) for text in texts)) == texts


def test_a_full_line_that_ends_a_sentence_is_continued_where_paragraphs_are_indented():
    text = "甲" * 25 + "。" + "乙" * 27 + "。" + "丙丁"
    assert read_back(*(text_block("paragraph", text) for _ in range(3))) == [text] * 3


def test_a_short_line_ends_its_paragraph():
    lines = ["县委县直机关工委：", "一、履职情况", "（一）思想建设"]
    blocks = [
        text_block("salutation", lines[0]),
        text_block("heading", lines[1], 1),
        text_block("heading", lines[2], 2),
    ]
    assert read_back(*blocks, text_block("paragraph", BODY)) == [*lines, BODY]


def test_columns_are_separated_by_tabs():
    table = Block("table", rows=(("月份", "次数"), ("1月", "2")))
    assert read_back(text_block("title", "统计表"), table) == ["统计表", "月份\t次数", "1月\t2"]


def code_of(data: bytes) -> str:
    with pytest.raises(UserError) as caught:
        read_document(data, "a.pdf")
    return caught.value.code


def pdf_with(picture: bool) -> bytes:
    pdf = pdfium.PdfDocument.new()
    page = pdf.new_page(200, 200)
    if picture:
        image = pdfium.PdfImage.new(pdf)
        image.set_bitmap(pdfium.PdfBitmap.new_native(10, 10, pdfium.raw.FPDFBitmap_BGR))
        image.set_matrix(pdfium.PdfMatrix().scale(200, 200))
        page.insert_obj(image)
        page.gen_content()
    buffer = io.BytesIO()
    pdf.save(buffer)
    return buffer.getvalue()


def test_a_scan_is_told_from_an_empty_file():
    assert code_of(pdf_with(picture=True)) == "pdf-scanned"
    assert code_of(pdf_with(picture=False)) == "no-text"


def test_a_password_is_asked_for_in_words():
    secret = "<" + "ab" * 32 + ">"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [] /Count 0 >>",
        f"<< /Filter /Standard /V 1 /R 2 /O {secret} /U {secret} /P -4 >>",
    ]
    body, places = "%PDF-1.4\n", []
    for number, item in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{item}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    trailer = f"<< /Size 4 /Root 1 0 R /Encrypt 3 0 R /ID [<aa> <aa>] >>\nstartxref\n{len(body)}\n%%EOF"
    body += f"xref\n0 4\n0000000000 65535 f \n{table}trailer\n{trailer}"
    assert code_of(body.encode()) == "document-encrypted"
