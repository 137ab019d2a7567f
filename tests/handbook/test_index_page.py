"""The handbook's page and its files: they work, refuse what is wrong, and keep what is not the reader's out."""

import io
import zipfile
from datetime import date

import pypdfium2
import pytest

from zhibu.handbook import services, views
from zhibu.org.models import JournalEntry, Post

from .made import ON, SECRET, SECRET_SUBJECT, a_lecture, a_meeting, a_talk


@pytest.fixture
def year(cast, monkeypatch):
    """A year with a meeting, a lecture and a talk between the secretary and somebody who is not the member."""
    monkeypatch.setattr(views, "today", lambda: ON)
    a_meeting(cast)
    a_lecture(cast)
    a_talk(cast, 0, 6)
    return cast


def text_of(answer) -> str:
    with zipfile.ZipFile(io.BytesIO(answer.content)) as package:
        return package.read("word/document.xml").decode()


def test_choose_a_year_and_sections_and_download(year, as_):
    client = as_(year.secretary)
    page = client.get("/handbook/GW-01/").content.decode()
    assert "台账汇总" in page
    assert 'name="section"' in page
    answer = client.get("/handbook/GW-01/file/docx/", {"year": "2025", "section": ["members", "talks"]})
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    text = text_of(answer)
    assert "一、党员" in text
    assert "二、谈心谈话" in text
    assert "党员大会" not in text
    assert SECRET_SUBJECT in text
    assert SECRET not in text


def test_the_whole_handbook_as_pdf_has_bookmarks(year, as_):
    answer = as_(year.secretary).get("/handbook/GW-01/file/pdf/", {"year": "2025"})
    assert answer["Content-Type"] == "application/pdf"
    titles = [item.get_title() for item in pypdfium2.PdfDocument(answer.content).get_toc()]
    assert {"一、支部基本情况", "五、党员大会", "1.一季度党员大会"} <= set(titles)


def test_every_file_made_is_in_the_journal(year, as_):
    as_(year.secretary).get("/handbook/GW-01/file/docx/", {"year": "2025", "section": "hours"})
    entry = JournalEntry.objects.get(verb="export-handbook")
    assert (entry.account, entry.organization, entry.data["sections"]) == (year.secretary, year.branch, ["hours"])


@pytest.mark.parametrize(
    ("asked", "form"),
    [
        ({}, "docx"), ({"year": "1999"}, "docx"), ({"year": "x"}, "pdf"), ({"year": "2025"}, "odt"),
        ({"year": "2025", "section": "secrets"}, "docx"), ({"year": "9" * 30}, "pdf"),
    ],
)  # fmt: skip
def test_a_wrong_wish_is_refused_on_the_page(year, as_, asked, form):
    answer = as_(year.secretary).get(f"/handbook/GW-01/file/{form}/", asked)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not JournalEntry.objects.filter(verb="export-handbook").exists()


def test_a_slip_in_the_units_outline_is_told(year, as_, settings, tmp_path):
    settings.HANDBOOK_OUTLINE = str(tmp_path / "unit.yaml")
    (tmp_path / "unit.yaml").write_text("title: 手册\nsections: {a: {heading: 甲, parts: [{show: nothing}]}}", "utf-8")
    page = as_(year.secretary).get("/handbook/GW-01/")
    assert page.status_code == 400
    assert "a.1.show" in page.content.decode()


def test_signs_no_font_has_are_named_before_the_file_is_handed_out(year, as_):
    a_meeting(year, date(2025, 6, 5), title="第二次大会\U000310c7")
    client, asked = as_(year.secretary), {"year": "2025", "section": "general-meetings"}
    page = client.get("/handbook/GW-01/file/pdf/", asked)
    assert page.status_code == 200
    assert "\U000310c7" in page.content.decode()
    assert "section=general-meetings" in page.content.decode()
    assert client.get("/handbook/GW-01/file/pdf/", {**asked, "anyway": "1"}).content.startswith(b"%PDF")


@pytest.mark.parametrize("who", ["outsider", "office"])
def test_nobody_else_has_it(year, as_, who, django_user_model):
    account = year.outsider if who == "outsider" else django_user_model.objects.create(username="audit", office="audit")
    client = as_(account)
    for address in ("/handbook/GW-01/", "/handbook/GW-01/file/docx/?year=2025", "/handbook/GW-01/duty/?year=2025"):
        answer = client.get(address)
        assert answer.status_code == (404 if who == "outsider" else 403), address
        assert SECRET_SUBJECT not in answer.content.decode()
    assert not JournalEntry.objects.filter(verb="export-handbook").exists()


def test_a_member_has_a_copy_without_what_is_others(year, as_):
    client = as_(year.member)
    page = client.get("/handbook/GW-01/").content.decode()
    assert "查阅版" in page
    assert 'value="responsibility"' not in page
    text = text_of(client.get("/handbook/GW-01/file/docx/", {"year": "2025"}))
    assert "一季度党员大会" in text
    for leak in (SECRET, SECRET_SUBJECT, "2012.07.01"):
        assert leak not in text
    assert client.get("/handbook/GW-01/file/docx/", {"year": "2025", "section": "responsibility"}).status_code == 422
    assert client.get("/handbook/GW-01/duty/", {"year": "2025"}).status_code == 403


def test_the_committee_above_has_all_of_it(year, as_):
    text = text_of(as_(year.clerk).get("/handbook/GW-01/file/docx/", {"year": "2025"}))
    assert SECRET_SUBJECT in text
    assert "2012.07.01" in text


def test_a_leader_in_charge_has_a_copy_without_talks(year, as_):
    post = {"organization": year.committee, "title": "in-charge", "since": date(2024, 1, 1)}
    Post.objects.create(member=year.outsider.member, **post)
    text = text_of(as_(year.outsider).get("/handbook/GW-01/file/docx/", {"year": "2025"}))
    assert "一季度党员大会" in text
    assert SECRET_SUBJECT not in text


@pytest.mark.parametrize("code", ["GW", "GW-01-1"])
def test_other_bodies_keep_none(year, as_, code):
    assert as_(year.clerk).get(f"/handbook/{code}/").status_code == 404


def test_a_year_to_come_and_a_committee_have_none(year):
    with pytest.raises(services.UserError):
        services.export_handbook(None, year.committee, 2025, ON, "docx", services.Reader())
    with pytest.raises(services.UserError):
        services.export_handbook(None, year.branch, 2027, ON, "docx", services.Reader())
