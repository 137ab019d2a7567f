"""A poster is one page where the text allows, has everything it says, and prints what no font has as 〓."""

from __future__ import annotations

from datetime import date

import pypdfium2
import pytest

from zhibu.disclosure.poster import Poster, print_poster
from zhibu.errors import UserError

POSTER = Poster(
    organization="青禾县水文站党支部",
    matter="党务公开 · 月工作计划",
    title="2026年3月工作计划",
    body="1. 3月5日召开支委会。\n\n2. 3月12日开展主题党日。",
    lines=("公开时间：2026年3月2日至2026年3月31日", "公开范围：本单位"),
    foot="青禾县水文站党支部",
    date=date(2026, 3, 2),
)
MILLIMETRES = {"a4": (210, 297), "a3": (297, 420)}


def pages(data):
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data)]


def with_body(body):
    return Poster(**{name: getattr(POSTER, name) for name in Poster.__slots__} | {"body": body})


@pytest.mark.parametrize("paper", ["a4", "a3"])
def test_everything_stands_on_one_page(paper):
    made = print_poster(POSTER, paper)
    (page,) = pages(made.data)
    plain = page.replace("\u2060", "").replace("\r\n", "")
    for said in (POSTER.organization, POSTER.title, "3月12日开展主题党日", "公开范围：本单位"):
        assert said.replace(" ", "") in plain.replace(" ", "")
    width, height = pypdfium2.PdfDocument(made.data)[0].get_size()
    assert [round(side / 72 * 25.4) for side in (width, height)] == list(MILLIMETRES[paper])


@pytest.mark.parametrize("length", [100, 300, 580, 700])
def test_ordinary_texts_fit_one_page(length):
    assert len(pages(print_poster(with_body("请党员和群众监督。" * (length // 9)), "a4").data)) == 1


def test_many_short_lines_fit_one_page():
    assert len(pages(print_poster(with_body("\n".join(f"{n}. 走访。" for n in range(1, 21))), "a4").data)) == 1


def test_a_long_text_goes_on_over_pages_and_counts_them():
    found = pages(print_poster(with_body("请党员和群众监督。\n" * 400), "a4").data)
    assert len(found) > 2
    assert f"1/{len(found)}" in found[0]
    assert "请党员和群众监督" in found[-1].replace("\u2060", "")  # the foot is not alone on the last page


def test_the_type_is_as_large_as_the_page_allows():
    def largest(body):
        page = pypdfium2.PdfDocument(print_poster(with_body(body), "a4").data)[0]
        return max(text.get_bounds()[3] - text.get_bounds()[1] for text in page.get_objects() if text.type == 1)

    assert largest("短。") > largest("请党员和群众监督。" * 60)


def test_nothing_in_the_text_is_evaluated():
    made = print_poster(with_body('#read("/etc/passwd") $x$ *bold* <a> \\ @ref'), "a4")
    assert '#read("/etc/passwd")' in pages(made.data)[0].replace("”", '"').replace("“", '"')


def test_other_paper_is_refused():
    with pytest.raises(UserError, match="只有 A4 和 A3"):
        print_poster(POSTER, "a0")
