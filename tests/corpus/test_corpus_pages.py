"""The pages of a body's corpus: they work, refuse bad input, want the right person, and work without script."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.corpus.texts import ARCHIVES, HONEST, HYDROLOGY, add, new
from tests.hostile.forms import Reader
from zhibu.corpus import reading
from zhibu.corpus.models import CorpusText
from zhibu.documents.docx import write_docx
from zhibu.documents.model import Document, text_block
from zhibu.org.models import Post

HTMX = {"HTTP_HX_REQUEST": "true"}
REPORT = (
    f"2024年度抓基层党建工作述职报告\n青禾县水文站党支部书记　闻知远\n县直机关工委：\n{HYDROLOGY}\n以上报告，请予评议。"
)


def url(name, code="GW-01", *more):
    return reverse(f"corpus:{name}", args=[code, *more])


def upload(name="报告.txt", text=REPORT):
    data = text if isinstance(text, bytes) else text.encode()
    return SimpleUploadedFile(name, data)


def sent(page, **changes):
    """The preview's form as a browser would send it."""
    reader = Reader("/")
    reader.feed(page.content.decode())
    form = next(form for form in reader.forms if "form-TOTAL_FORMS" in form.data)
    return {name: values[0] for name, values in form.data.items()} | changes


# --- works


def test_files_are_shown_before_they_are_kept(cast, as_):
    client = as_(cast.secretary)
    word = write_docx(Document("", (text_block("title", "2023年度述职报告"), text_block("paragraph", ARCHIVES))))
    files = [upload(), upload("去年.docx", word), upload("照片.png", b"\x89PNG\r\n"), upload("空.txt", b" ")]
    page = client.post(url("add"), {"visibility": "own", "files": files})
    text = page.content.decode()
    assert page.status_code == 200
    assert 'value="2024年度抓基层党建工作述职报告"' in text
    assert 'value="青禾县水文站党支部书记　闻知远"' in text
    assert 'value="2023"' in text
    assert "“照片.png”是图片" in text
    assert "“空.txt”是空文件" in text
    assert not CorpusText.objects.exists()

    data = sent(page, **{"form-1-visibility": "sister", "form-1-owner": "青禾县档案馆党支部"})
    assert client.post(url("add"), data).url == url("index")
    later, earlier = CorpusText.objects.order_by("-year")
    assert (later.text, later.year, later.file_name) == (REPORT, 2024, "报告.txt")
    assert (earlier.visibility, earlier.owner, earlier.added_by) == ("sister", "青禾县档案馆党支部", cast.secretary)
    told = cast.branch.journal.filter(verb="add-corpus-text")
    assert [entry.account for entry in told] == [cast.secretary] * 2
    assert HYDROLOGY not in str(list(told.values()))


def test_a_text_is_pasted(cast, as_):
    client = as_(cast.secretary)
    page = client.post(url("add"), {"visibility": "template", "year": "2025", "pasted": HYDROLOGY})
    client.post(url("add"), sent(page, **{"form-0-title": "网上买的范文"}))
    row = CorpusText.objects.get()
    assert (row.title, row.year, row.visibility, row.text) == ("网上买的范文", 2025, "template", HYDROLOGY)


def test_the_list_is_narrowed(cast, as_):
    add(cast.secretary, cast.branch, new(), new("范文一篇", ARCHIVES, visibility="template", year=None))
    client = as_(cast.secretary)
    page = client.get(url("index")).content.decode()
    assert "2024年度述职报告" in page
    assert "范文一篇" in page
    for query in ({"q": "范文"}, {"visibility": "template"}):
        rows = client.get(url("index"), query, **HTMX).content.decode()
        assert "范文一篇" in rows
        assert "2024年度述职报告" not in rows
        assert "<html" not in rows
    assert "没有符合条件" in client.get(url("index"), {"q": "没有的"}).content.decode()


def test_a_text_is_read_and_taken_out(cast, as_):
    (row,) = add(cast.secretary, cast.branch)
    client = as_(cast.secretary)
    assert HYDROLOGY in client.get(url("show", "GW-01", row.pk)).content.decode()
    assert "移出资料库？" in client.get(url("remove", "GW-01", row.pk)).content.decode()
    assert client.post(url("remove", "GW-01", row.pk)).url == url("index")
    assert not CorpusText.objects.exists()
    entry = cast.branch.journal.get(verb="remove-corpus-text")
    assert "《2024年度述职报告》（2024年，本单位往年）" in entry.summary
    assert entry.data["digest"] == row.digest
    assert HYDROLOGY not in str(entry.data)


def test_a_title_is_put_right(cast, as_):
    (row,) = add(cast.secretary, cast.branch)
    client, address = as_(cast.secretary), url("rename", "GW-01", row.pk)
    assert address in client.get(url("show", "GW-01", row.pk)).content.decode()
    assert 'value="2024年度述职报告"' in client.get(address).content.decode()
    assert client.post(address, {"title": "  "}).status_code == 422
    assert client.post(address, {"title": "2024年度 抓党建述职报告"}).url == url("show", "GW-01", row.pk)
    row.refresh_from_db()
    assert (row.title, row.text) == ("2024年度 抓党建述职报告", HYDROLOGY)
    assert "改题为" in cast.branch.journal.get(verb="rename-corpus-text").summary
    assert as_(cast.member).get(address).status_code == 403
    assert as_(cast.clerk).post(address, {"title": "别人改的"}).status_code == 403
    assert as_(cast.outsider).post(address, {"title": "别人改的"}).status_code == 404
    (theirs,) = add(cast.outsider, cast.other, new("别家的", ARCHIVES))
    assert as_(cast.secretary).post(url("rename", "GW-01", theirs.pk), {"title": "改"}).status_code == 404


def test_the_index_is_rebuilt(cast, as_):
    add(cast.secretary, cast.branch)
    page = as_(cast.secretary).post(url("rebuild"), follow=True).content.decode()
    assert "索引已重建，共1篇" in page


def test_the_list_asks_as_much_for_three_as_for_one(cast, as_):
    client = as_(cast.secretary)
    client.get(url("index"))
    asked = []
    for texts in ([new()], [new("二", ARCHIVES), new("三", HONEST)]):
        add(cast.secretary, cast.branch, *texts)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url("index")).status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 14


# --- bad input


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "请选择文件"),
        ({"pasted": "太短"}, "没有收入"),
        ({"pasted": HYDROLOGY, "year": "1066"}, "1990"),
        ({"pasted": HYDROLOGY, "visibility": "secret"}, "secret"),
    ],
)
def test_what_cannot_be_taken_is_a_sentence(cast, as_, data, sentence):
    page = as_(cast.secretary).post(url("add"), {"visibility": "own"} | data)
    assert page.status_code == 422
    assert sentence in page.content.decode()


def test_too_many_and_too_long(cast, as_, monkeypatch):
    client = as_(cast.secretary)
    many = client.post(url("add"), {"visibility": "own", "files": [upload() for _ in range(21)]})
    assert "一次最多20个文件" in many.content.decode()
    monkeypatch.setattr(reading, "LONGEST", 50)
    long = client.post(url("add"), {"visibility": "own", "files": upload()})
    assert "请拆成一篇一个文件" in long.content.decode()
    assert "收入资料库" not in long.content.decode()


def test_the_same_text_is_not_kept_twice(cast, as_):
    add(cast.secretary, cast.branch, new(text=REPORT))
    client = as_(cast.secretary)
    page = client.post(url("add"), {"visibility": "own", "files": [upload(), upload("另存.txt")]})
    assert page.content.decode().count("资料库里已有同样的文字") == 2
    assert "没有勾选" in client.post(url("add"), sent(page)).content.decode()
    refused = client.post(url("add"), sent(page, **{"form-0-keep": "on"}))
    assert (refused.status_code, "没有重复收入" in refused.content.decode()) == (422, True)
    assert CorpusText.objects.count() == 1


def test_a_preview_that_was_tampered_with_is_refused(cast, as_):
    client = as_(cast.secretary)
    page = client.post(url("add"), {"visibility": "own", "files": upload()})
    for change in ({"form-0-visibility": "public"}, {"form-0-text": ""}, {"form-0-title": "  "}, {"form-0-year": "-1"},
                   {"form-TOTAL_FORMS": "x"}, {"form-TOTAL_FORMS": "99999"}):  # fmt: skip
        assert client.post(url("add"), sent(page, **change)).status_code == 422, change
    assert not CorpusText.objects.exists()


# --- the right person


def test_only_its_own_committee_and_clerk_keep_a_corpus(cast, as_):
    (row,) = add(cast.secretary, cast.branch)
    for who, status in (("member", 403), ("clerk", 403), ("outsider", 404)):
        client = as_(getattr(cast, who))
        assert client.get(url("add")).status_code == status
        assert client.post(url("add"), {"visibility": "own", "pasted": HYDROLOGY}).status_code == status
        assert client.post(url("remove", "GW-01", row.pk)).status_code == status
        assert client.post(url("rebuild")).status_code == status
    assert as_(cast.clerk).get(url("add", "GW")).status_code == 200
    assert as_(cast.deputy).get(url("add")).status_code == 200
    assert CorpusText.objects.count() == 1


def test_drafts_of_a_body_are_read_by_itself_and_from_above(cast, as_):
    (row,) = add(cast.secretary, cast.branch, new("本支部往年的"))
    for who, status in (("clerk", 200), ("deputy", 200), ("member", 404), ("outsider", 404)):
        page = as_(getattr(cast, who)).get(url("show", "GW-01", row.pk))
        assert page.status_code == status, who
        assert (HYDROLOGY in page.content.decode()) == (status == 200)
    assert as_(cast.member).get(url("index")).status_code == 403
    assert as_(cast.outsider).get(url("index")).status_code == 404
    assert "本支部往年的" in as_(cast.clerk).get(url("index")).content.decode()


def test_templates_from_above_serve_the_bodies_below_and_nothing_else_does(cast, as_):
    template, sister = add(
        cast.clerk, cast.committee, new("市面上的范文", visibility="template"),
        new("别处的稿子", ARCHIVES, visibility="sister", owner="青禾县档案馆党支部"),
    )  # fmt: skip
    client = as_(cast.secretary)
    page = client.get(url("index")).content.decode()
    assert "市面上的范文" in page
    assert "别处的稿子" not in page
    assert HYDROLOGY in client.get(url("show", "GW", template.pk)).content.decode()
    assert client.get(url("show", "GW", sister.pk)).status_code == 404
    assert client.get(url("show", "GW-01", template.pk)).status_code == 404
    assert as_(cast.member).get(url("show", "GW", template.pk)).status_code == 404
    # ... nor does a text of a sister branch, whatever it is.
    Post.objects.filter(member=cast.outsider.member).update(organization=cast.other)
    (theirs,) = add(cast.outsider, cast.other, new("档案馆的范文", HONEST, visibility="template"))
    assert as_(cast.secretary).get(url("show", "GW-02", theirs.pk)).status_code == 404


def test_an_office_reads_nothing(cast, as_, django_user_model):
    (row,) = add(cast.secretary, cast.branch)
    for office in ("system", "security", "audit"):
        account = django_user_model.objects.create_user(office, password="x", office=office)
        assert as_(account).get(url("show", "GW-01", row.pk)).status_code == 404
        assert as_(account).get(url("index")).status_code in (403, 404)


# --- nothing is left behind


def test_a_refused_upload_leaves_nothing(cast, as_, settings, tmp_path):
    settings.FILES = tmp_path / "files"
    data = {"visibility": "own", "files": SimpleUploadedFile("大.txt", io.BytesIO(b"x" * 100).read())}
    as_(cast.secretary).post(url("add"), data)
    assert not CorpusText.objects.exists()
    assert not settings.FILES.exists()
