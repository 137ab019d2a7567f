"""Lists of problems from pasted lines, Word and Excel: read, shown, put right, entered all or none."""

import io

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.rectify.conftest import NOW
from tests.rectify.problems import problem_of
from zhibu.documents.docx import write_docx
from zhibu.documents.model import Block, Document, text_block
from zhibu.errors import UserError
from zhibu.rectify.models import Problem
from zhibu.rectify.reading import read_file, read_pasted

PAGE, ABOVE = "/rectify/GW-01/import/", "/rectify/GW/import/"
ABOUT = {"source": "inspection", "year": "2024", "found_on": "2025-03-01", "issuer": "县委第三巡察组"}
TABLE = [
    ["序号", "责任单位", "存在问题", "问题类别", "原因分析", "整改措施"],
    ["1", "青禾县水文站党支部", "公开栏更新慢", "党务公开", "没有定专人", "定专人"],
    ["2", "GW-02", "会议记录过于简单", "", "", ""],
]


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("zhibu.rectify.views.now", lambda: NOW)
    monkeypatch.setattr("zhibu.rectify.import_views.now", lambda: NOW)


def sheet(rows):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return buffer.getvalue()


def paper(rows):
    blocks = (text_block("title", "问题清单"), Block("table", rows=tuple(tuple(row) for row in rows)))
    return write_docx(Document("问题清单", blocks))


def posted(answer, **changes):
    """What the page of rows would send back."""
    rows = answer.context["rows"]
    sent = {**ABOUT, "form-TOTAL_FORMS": len(rows.forms), "form-INITIAL_FORMS": len(rows.forms)}
    for row in rows:
        for name in row.fields:
            value = row[name].value()
            if value not in (None, False):
                sent[row[name].html_name] = "on" if value is True else value
    return {**sent, **changes}


def test_lines_are_read_without_their_numbers():
    found = read_pasted("1. 公开栏更新慢\n\n（二）会议记录过于简单\n三、理论学习走过场\r\n2024年没有上党课")
    assert [row.text for row in found.rows] == [
        "公开栏更新慢", "会议记录过于简单", "理论学习走过场", "2024年没有上党课",
    ]  # fmt: skip


@pytest.mark.parametrize("form", ["pasted", "docx", "xlsx"])
def test_a_table_is_read_by_its_head(form):
    if form == "pasted":
        found = read_pasted("\n".join("\t".join(row) for row in TABLE))
    else:
        found = read_file(sheet(TABLE) if form == "xlsx" else paper(TABLE), f"清单.{form}")
    assert [(row.body, row.text, row.kind, row.cause) for row in found.rows] == [
        ("青禾县水文站党支部", "公开栏更新慢", "党务公开", "没有定专人"), ("GW-02", "会议记录过于简单", "", ""),
    ]  # fmt: skip
    assert found.passed_over == ("整改措施",)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "x.txt"),
        (b"PK\x03\x04", "x.xlsx"),
        (b"MZ\x90\x00\x03\x00\xff", "x.exe"),
        (b"%PDF-", "x.pdf"),
        (b"\n", "x.md"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(data, name):
    with pytest.raises(UserError):
        read_file(data, name)


def test_too_many_are_refused():
    with pytest.raises(UserError, match="一次最多登记100个问题，这里有101个"):
        read_pasted("\n".join(f"第{number}个问题在这里" for number in range(101)))


def test_a_committee_takes_in_a_sheet_without_script(cast, as_):
    problem_of(cast, "公开栏更新慢", 2023)
    client = as_(cast.clerk)
    file = SimpleUploadedFile("清单.xlsx", sheet(TABLE))
    answer = client.post(ABOVE, {**ABOUT, "file": file})
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "2023年也有一字不差的问题" in shown
    assert "这几栏没有读入：整改措施" in shown
    assert Problem.objects.count() == 1
    assert client.post(ABOVE, posted(answer)).status_code == 302
    made = Problem.objects.filter(origin__year=2024).order_by("organization__code")
    assert [(one.organization.code, one.text, one.kind, one.cause) for one in made] == [
        ("GW-01", "公开栏更新慢", "disclosure", "没有定专人"), ("GW-02", "会议记录过于简单", "records", ""),
    ]  # fmt: skip
    assert {(one.origin.source, one.origin.issuer) for one in made} == {("inspection", "县委第三巡察组")}


def test_rows_may_be_put_right_or_left_out(cast, as_):
    client = as_(cast.secretary)
    words = "1.公开栏更新慢\n2.标题：不是问题\n3.会议记录过于简单"
    answer = client.post(PAGE, {**ABOUT, "words": words})
    sent = posted(answer, **{"form-0-text": "公开栏三个月没有更新"})
    del sent["form-1-take"]
    sent["form-1-text"] = ""
    assert client.post(PAGE, sent).status_code == 302
    assert [one.text for one in Problem.objects.all()] == ["公开栏三个月没有更新", "会议记录过于简单"]


def test_bad_rows_are_refused_all_and_nothing_typed_is_lost(cast, as_):
    client = as_(cast.clerk)
    answer = client.post(ABOVE, {**ABOUT, "words": "\n".join("\t".join(row) for row in TABLE)})
    refused = client.post(ABOVE, posted(answer, **{"form-1-text": ""})).content.decode()
    assert "第2条还要改" in refused
    for wrong in ({"form-1-body": "没有的支部"}, {"form-1-text": "短"}, {"form-1-text": "长" * 501},
                  {"form-1-kind": "x"}, {"form-1-body": "GW-01", "form-1-text": "公开栏更新慢"},
                  {"found_on": "2025-03-21"}, {"year": "1999"}):  # fmt: skip
        refused = client.post(ABOVE, posted(answer, **wrong))
        assert refused.status_code == 422, wrong
        assert "没有定专人" in refused.content.decode() or "year" in wrong
        assert not Problem.objects.exists()
    nothing = posted(answer)
    del nothing["form-0-take"], nothing["form-1-take"]
    assert client.post(ABOVE, nothing).status_code == 422
    for empty in ({}, ABOUT, {**ABOUT, "words": " \n "}, {**ABOUT, "form-TOTAL_FORMS": "x"},
                  {**ABOUT, "file": SimpleUploadedFile("x.docx", b"PK\x03\x04junk")}):  # fmt: skip
        assert client.post(ABOVE, empty).status_code == 422


def test_a_body_that_is_not_below_is_named_before_anything_is_entered(cast, as_):
    words = "组织\t问题\n没有的支部\t公开栏更新慢\nGW-01\t会议记录过于简单"
    shown = as_(cast.clerk).post(ABOVE, {**ABOUT, "words": words})
    assert shown.context["unknown"] == [1]
    assert "没有这个下级组织" in shown.content.decode()


def test_requires_the_right_person(cast, as_):
    assert as_(cast.outsider).get(PAGE).status_code == 404
    assert as_(cast.member).get(PAGE).status_code == 403
    assert as_(cast.member).post(PAGE, {**ABOUT, "words": "公开栏更新慢"}).status_code == 403
    assert as_(cast.secretary).get(ABOVE).status_code in (403, 404)
    assert not Problem.objects.exists()
