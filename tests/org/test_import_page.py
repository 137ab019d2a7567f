"""The import's pages: upload, preview, confirm, undo, discard, form and export."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.org.sheets import HEAD, ROW, identity, people, workbook
from zhibu.org.models import ImportBatch, JournalEntry, Member
from zhibu.org.workbook import read_table


def upload(client, data, code="GW-01", name="名册.xlsx"):
    return client.post(f"/org/{code}/import/", {"file": SimpleUploadedFile(name, data)})


def test_upload_preview_confirm_undo(cast, as_):
    client = as_(cast.secretary)
    address = upload(client, workbook(*people(3)))["Location"]
    page = client.get(address).content.decode()
    assert "确认导入3人" in page
    assert "虚拟001" in page
    assert "已导入3名党员" in client.post(address, {"act": "confirm"}, follow=True).content.decode()
    assert Member.objects.filter(organization=cast.branch).count() == 12
    again = client.post(address, {"act": "confirm"})
    assert "已处理过" in again.content.decode()
    assert Member.objects.filter(organization=cast.branch).count() == 12
    assert "确定撤销" in client.get(f"{address}?act=undo").content.decode()
    assert "移除了3名党员" in client.post(address, {"act": "undo"}, follow=True).content.decode()
    assert Member.objects.filter(organization=cast.branch).count() == 9


def test_errors_are_shown_by_row_and_cannot_be_confirmed(cast, as_):
    client = as_(cast.secretary)
    rows = (ROW, ("102", "沈听泉", "女", "1990.13", *ROW[4:]))
    address = upload(client, workbook(*rows))["Location"]
    page = client.get(address).content.decode()
    assert "第3行 出生日期“1990.13”不是日期，请写成 1990-01-05 这样。" in page
    assert 'value="confirm"' not in page
    assert client.post(address, {"act": "confirm"}).status_code == 422
    assert Member.objects.filter(organization=cast.branch).count() == 9


@pytest.mark.parametrize(
    ("data", "sentence"),
    [(b"text", "不是 Excel 文件"), (b"", "请先选择"), (workbook(ROW, head=("甲", *HEAD[1:])), None)],
)
def test_a_file_that_cannot_be_used_is_said_on_the_page(cast, as_, data, sentence):
    answer = upload(as_(cast.secretary), data)
    if sentence:
        assert answer.status_code == 422
        assert sentence in answer.content.decode() or "空文件" in answer.content.decode()
    else:
        assert answer.status_code == 302  # an unknown column is no obstacle


def test_a_preview_belongs_to_its_body(cast, as_):
    address = upload(as_(cast.secretary), workbook(ROW))["Location"]
    pk = ImportBatch.objects.get().pk
    assert as_(cast.outsider).get(address).status_code == 404
    assert as_(cast.outsider).get(f"/org/GW-02/import/{pk}/").status_code == 404
    assert as_(cast.member).get(address).status_code == 403
    assert as_(cast.member).post(address, {"act": "confirm"}).status_code == 403
    assert Member.objects.filter(organization=cast.branch).count() == 9


def test_a_preview_is_discarded(cast, as_):
    client = as_(cast.secretary)
    address = upload(client, workbook((*ROW, identity()), head=(*HEAD, "身份证号")))["Location"]
    assert client.post(address, {"act": "discard"}).status_code == 302
    assert not ImportBatch.objects.exists()
    assert client.post(address, {"act": "confirm"}).status_code == 404


def test_the_empty_form_is_offered(cast, as_):
    answer = as_(cast.secretary).get("/org/GW-01/import/form/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert read_table(answer.content, "x.xlsx", 10)[0][1] == "姓名"


def test_an_export_is_noted_and_masks_identity_numbers(cast, as_):
    number = identity()
    client = as_(cast.secretary)
    address = upload(client, workbook((*ROW, number), head=(*HEAD, "身份证号")))["Location"]
    client.post(address, {"act": "confirm"})
    answer = client.get("/org/GW-01/export/")
    cells = [cell for row in read_table(answer.content, "x.xlsx", 100) for cell in row]
    assert "*" * 14 + number[-4:] in cells
    assert number not in cells
    assert JournalEntry.objects.filter(verb="export-roster", account=cast.secretary).count() == 1
    assert answer["Cache-Control"] == "no-store"


def test_many_people_are_shown_by_pages(cast, as_, django_assert_max_num_queries):
    client = as_(cast.secretary)
    address = upload(client, workbook(*people(250)))["Location"]
    with django_assert_max_num_queries(12):
        page = client.get(address).content.decode()
    assert "虚拟000" in page
    assert "虚拟249" not in page
    assert "虚拟249" in client.get(f"{address}?page=2").content.decode()
