"""`zhibu check --format html`: one page that stands by itself, with nothing of the text taken as markup."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhibu.checks import check
from zhibu.checks.files import Checked
from zhibu.checks.frame import paragraphs
from zhibu.checks.output import html
from zhibu.cli.main import main

BAD = "2020年度抓基层党建工作述职报告\n县委县直机关工委：\n根据安排述职如下。\n"
BAD += "一、履职情况\n我XX月XX日召开<script>alert(1)</script>党员大会,认真布署布署。\n"


class Page(HTMLParser):
    """The tags of a page, its ids and its links."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.ids += [value for key, value in attrs if key == "id" and value]
        self.links += [value for key, value in attrs if key in ("href", "src") and value]


def page_of(text: str) -> str:
    return html.render([Checked("某/报告.txt", text, tuple(check(text)))])


def test_the_page_is_self_contained_and_escaped() -> None:
    page = Page(page_of(BAD))
    assert "script" not in page.tags
    assert "link" not in page.tags
    assert all(link.startswith("#") for link in page.links)


def test_every_finding_stands_beside_its_text() -> None:
    found = check(BAD)
    source = page_of(BAD)
    page = Page(source)
    assert len(found) > 3
    for number, finding in enumerate(found, start=1):
        assert f"d-f{number}" in page.ids
        assert finding.fix.text().replace("<", "&lt;").replace(">", "&gt;") in source
    assert len(page.ids) == len(set(page.ids))
    assert {link.removeprefix("#") for link in page.links if "-f" in link} <= set(page.ids)


def words_of(text: str) -> str:
    """The words of the page outside its notes."""
    source = page_of(text).partition("<main>")[2].partition("</main>")[0]
    inside, page = 0, []

    class Words(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            nonlocal inside
            inside += tag in ("aside", "sup")

        def handle_endtag(self, tag: str) -> None:
            nonlocal inside
            inside -= tag in ("aside", "sup")

        def handle_data(self, data: str) -> None:
            if not inside:
                page.append(data)

    Words().feed(source)
    return "".join(page).replace("\n", "")


PIECES = st.sampled_from(
    ["一、履职情况\n", "召开党员大会4次，", "XX月", "<b>&amp;", "布署", "\n", "存在存在", "(试行)", "。"]
)


@given(st.lists(PIECES, max_size=25).map("".join))
def test_the_words_are_those_of_the_text(text: str) -> None:
    assert words_of(text) == "".join(line.text for line in paragraphs(text))


def test_several_files_have_contents(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(BAD, "utf-8")
    out = tmp_path / "结果.html"
    assert main(["check", str(tmp_path), "--format", "html", "--out", str(out)]) == 1
    assert capsys.readouterr().out == ""
    page = Page(out.read_text("utf-8"))
    assert {"#d1", "#d2"} <= set(page.links)
    assert {"d1", "d2", "d1-f1", "d2-f1"} <= set(page.ids)


def test_a_place_that_cannot_be_written_to(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.txt"
    file.write_text(BAD, "utf-8")
    assert main(["check", str(file), "--out", str(tmp_path / "无" / "b.txt")]) == 2
    assert "无法写入" in capsys.readouterr().err
