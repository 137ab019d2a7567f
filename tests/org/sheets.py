"""Workbooks for the import tests, made at run time; identity-like numbers exist here only while a test runs."""

import io
import zipfile

import xlsxwriter

HEAD = ("编号", "姓名", "性别", "出生日期", "入党日期", "转正日期", "人员类别")
ROW = ("101", "沈拾光", "女", "1990-01-05", "2015-07-01", "2016-07-01", "正式党员")


def workbook(*rows, head=HEAD, before=()):
    """An .xlsx with text cells as given; numbers, dates and formulas as such."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet()
    for line, row in enumerate([*before, head, *rows]):
        for place, cell in enumerate(row):
            (sheet.write_string if isinstance(cell, str) else sheet.write)(line, place, cell)
    book.close()
    return buffer.getvalue()


def people(count, first=101):
    return [(str(first + n), f"虚拟{n:03}", *ROW[2:]) for n in range(count)]


def identity(born="19900105", place="110101", sequence="002"):
    """A well-formed number of nobody."""
    body = place + born + sequence
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


def zipped(parts):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def with_part(data, name, content):
    """The workbook with one more part in its zip."""
    source = zipfile.ZipFile(io.BytesIO(data))
    return zipped({**{part: source.read(part) for part in source.namelist()}, name: content})
