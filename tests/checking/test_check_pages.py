"""Checking one text and comparing two: they work for everybody who is logged in, refuse what cannot be read, and keep
nothing: no row, no file, no line in the journal."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings as live_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.corpus.texts import ARCHIVES, HONEST, HYDROLOGY, add, new
from tests.reports.seasons import SECRET, two_reports, written
from tests.reports.year import a_report
from zhibu.corpus.models import CorpusText
from zhibu.documents.docx import write_docx
from zhibu.documents.model import Document, text_block

CHECK, COMPARE = reverse("checking:check"), reverse("checking:compare")
TEXT = f"2025年度述职报告\n青禾县水文站党支部书记　闻知远\n认真布署工作，存在存在不足。\n{HYDROLOGY}"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def file(name="报告.txt", data=None):
    return SimpleUploadedFile(name, TEXT.encode() if data is None else data)


def word(*paragraphs):
    return write_docx(Document("", tuple(text_block("paragraph", text) for text in paragraphs)))


def rows():
    """Every row of every table but the sessions."""
    return {
        model._meta.label: list(model.objects.order_by("pk").values_list())
        for model in apps.get_models()
        if model._meta.label not in ("sessions.Session",)
    }


def files():
    homes = (Path(live_settings.HOME), Path(live_settings.CORPUS))
    return {path: path.stat().st_mtime_ns for home in homes for path in home.rglob("*") if path.is_file()}


# --- one text


def test_a_pasted_text_is_checked(cast, as_):
    page = as_(cast.member).post(CHECK, {"text": TEXT})
    text = page.content.decode()
    assert page.status_code == 200
    assert "应为“部署”" in text
    assert '<mark class="mk mk-error" data-notes=' in text
    assert "没有保存" in text
    assert "不是对人的评价" in text
    assert "no-store" in page.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("name", "data"),
    [("报告.docx", word(*TEXT.split("\n"))), ("报告.txt", TEXT.encode("gb18030")), ("报告.md", TEXT.encode())],
)
def test_a_file_is_checked(cast, as_, name, data):
    text = as_(cast.member).post(CHECK, {"file": file(name, data)}).content.decode()
    assert name in text
    assert "应为“部署”" in text


def test_the_year_that_is_given_counts(cast, as_):
    client = as_(cast.member)
    text = "述职报告\n一、履职情况\n支部学习了党的二十大精神。"
    assert "FA11" in client.post(CHECK, {"text": text, "year": "2019"}).content.decode()
    assert "FA11" not in client.post(CHECK, {"text": text, "year": "2024"}).content.decode()


def test_a_clean_text_says_so(cast, as_):
    text = as_(cast.member).post(CHECK, {"text": "通知"}).content.decode()
    assert "处需要看一看" in text


def test_files_to_take_away(cast, as_):
    client = as_(cast.member)
    answer = client.post(CHECK, {"file": file("去年.docx", word(*TEXT.split("\n"))), "as": "docx"})
    assert (answer["Content-Type"], answer.content[:2]) == (WORD, b"PK")
    assert "attachment" in answer["Content-Disposition"]
    from zipfile import ZipFile

    comments = ZipFile(io.BytesIO(answer.content)).read("word/comments.xml").decode()
    assert "应为“部署”" in comments
    page = client.post(CHECK, {"text": TEXT, "name": "我的.txt", "as": "html"})
    assert "attachment" in page["Content-Disposition"]
    assert "<script" not in page.content.decode()
    assert "文字没有保存" in page.content.decode()
    again = client.post(CHECK, {"text": TEXT, "name": "我的.txt", "as": "docx"})
    assert again.content[:2] == b"PK"


def test_what_is_pasted_is_escaped(cast, as_):
    nasty = "述职报告\n<script>alert(1)</script>布署{{ settings.SECRET_KEY }}</textarea><b>"
    for sent in ({"text": nasty}, {"text": nasty, "as": "html"}):
        text = as_(cast.member).post(CHECK, sent).content.decode()
        assert "<script>alert" not in text
        assert "</textarea><b>" not in text


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "请选择一个文件，或粘贴文字"),
        ({"text": " \n "}, "请选择一个文件，或粘贴文字"),
        ({"text": "字" * 200_001}, "200000"),
        ({"text": TEXT, "year": "1066"}, "1990"),
        ({"text": TEXT, "year": "去年"}, "整数"),
        ({"file": ("图.png", b"\x89PNG\r\n")}, "是图片"),
        ({"file": ("空.txt", b"")}, "空文件"),
        ({"file": ("坏.docx", b"PK\x03\x04broken")}, "损坏"),
        ({"file": ("包.zip", b"Rar!")}, "压缩包"),
    ],
)
def test_what_cannot_be_checked_is_a_sentence(cast, as_, data, sentence):
    sent = {name: file(*value) if name == "file" else value for name, value in data.items()}
    page = as_(cast.member).post(CHECK, sent)
    assert page.status_code == 422
    assert sentence in page.content.decode()


def test_nothing_is_kept(cast, as_):
    report = written(cast.secretary, a_report(cast), HYDROLOGY)
    client = as_(cast.secretary)
    client.get(reverse("reports:sources", args=["GW-01", report.pk]))
    before = rows(), files()
    for sent in (
        {"text": TEXT}, {"file": file()}, {"file": file("大.docx", word(TEXT, "长" * 400_000))},
        {"text": TEXT, "corpus": "on"}, {"text": TEXT, "as": "docx"}, {"text": TEXT, "as": "html"},
    ):  # fmt: skip
        assert client.post(CHECK, sent).status_code in (200, 422)
    both = {"first_text": TEXT, "second_file": file("那篇.txt")}
    assert client.post(COMPARE, both).status_code == 200
    assert (rows(), files()) == before
    assert not CorpusText.objects.exists()


# --- with the corpus


def test_the_own_corpus_is_compared_with(cast, as_):
    add(cast.secretary, cast.branch, new("去年的报告"))
    add(cast.clerk, cast.committee, new("市面上的范文", ARCHIVES, visibility="template"))
    text = as_(cast.secretary).post(CHECK, {"text": f"{TEXT}\n{ARCHIVES}", "corpus": "on"}).content.decode()
    assert "去年的报告" in text
    assert "市面上的范文" in text
    assert "OR03" in text
    without = as_(cast.secretary).post(CHECK, {"text": f"{TEXT}\n{ARCHIVES}"}).content.decode()
    assert "去年的报告" not in without


def test_what_may_not_be_read_is_not_even_told_of(cast, as_):
    two_reports(cast)
    pasted = {"text": f"{TEXT}\n{ARCHIVES}\n{SECRET}", "corpus": "on"}
    text = as_(cast.secretary).post(CHECK, pasted).content.decode()
    assert "闻知远" in text
    assert "无权查看" not in text
    assert "阮青岚" not in text
    assert "OR02" not in text
    assert "阮青岚" in as_(cast.clerk).post(CHECK, pasted).content.decode()


@pytest.mark.parametrize("who", ["member", "office"])
def test_who_keeps_no_corpus_is_not_offered_one(cast, as_, who, django_user_model):
    add(cast.secretary, cast.branch, new("去年的报告"))
    account = cast.member
    if who == "office":
        account = django_user_model.objects.create_user("audit", password="x", office="audit")
    client = as_(account)
    assert 'name="corpus"' not in client.get(CHECK).content.decode()
    text = client.post(CHECK, {"text": TEXT, "corpus": "on"}).content.decode()
    assert "去年的报告" not in text
    assert "与资料库对照" not in text


def test_a_corpus_that_cannot_be_read_leaves_the_check(cast, as_, settings, tmp_path):
    (tmp_path / "file").write_text("")
    settings.CORPUS = tmp_path / "file" / "corpus"
    text = as_(cast.secretary).post(CHECK, {"text": TEXT, "corpus": "on"}).content.decode()
    assert "无法写入资料库文件夹" in text
    assert "应为“部署”" in text


# --- two texts


def test_two_texts_are_laid_beside_each_other(cast, as_):
    sent = {"first_text": f"{HONEST}\n{HYDROLOGY.replace('四十一', '五十六')}", "second_file": file("去年.txt")}
    text = as_(cast.member).post(COMPARE, sent).content.decode()
    assert "只改了数字、日期或名称" in text
    assert '<strong class="pg-differs">五十六</strong>' in text
    assert "去年.txt" in text


def test_two_texts_with_nothing_in_common(cast, as_):
    text = as_(cast.member).post(COMPARE, {"first_text": HONEST, "second_text": ARCHIVES}).content.decode()
    assert "这两篇没有相同的段落" in text
    assert "相同部分占不到1%" not in text


PICTURE = {"first_file": ("图.png", b"\x89PNG\r\n"), "second_text": HONEST}


@pytest.mark.parametrize("sent", [{}, {"first_text": HONEST}, {"second_text": HONEST}, PICTURE])
def test_one_text_is_not_two(cast, as_, sent):
    data = {name: file(*value) if name.endswith("file") else value for name, value in sent.items()}
    page = as_(cast.member).post(COMPARE, data)
    assert page.status_code == 422
    assert "invalid-feedback" in page.content.decode()


# --- who


def test_log_in_first(client, db):
    for address in (CHECK, COMPARE, reverse("checking:rules"), reverse("checking:meaning")):
        assert client.get(address).status_code == 302
        assert "/login/" in client.get(address).url
    assert client.post(CHECK, {"text": TEXT}).status_code == 302


def test_every_account_may_check(cast, as_, django_user_model):
    for office in ("system", "security", "audit"):
        account = django_user_model.objects.create_user(office, password="x", office=office)
        assert as_(account).get(CHECK).status_code == 200
        assert "应为“部署”" in as_(account).post(CHECK, {"text": TEXT}).content.decode()
