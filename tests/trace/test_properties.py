"""What holds for any texts: places are valid, shares are shares, the same is the same, nothing comes of nothing."""

import random

from hypothesis import given
from hypothesis import strategies as st

from zhibu.bench.similarity_data import planted, report
from zhibu.bench.similarity_quality import tally
from zhibu.trace import Text, compare
from zhibu.trace.memory import Memory
from zhibu.trace.normal import folded, normalise
from zhibu.trace.words import formulas

WORDS = [
    "水渠",
    "阀门",
    "推动",
    "加强",
    "十二",
    "2024年",
    "，",
    "。\n",
    " ",
    "青石社区",
    "Ⅻ",
    "㎡",
    "\u200b",
    "党员",
    "A",
    "ａ",
]
HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x4E00 + 4000)
prose = st.lists(st.one_of(st.sampled_from(WORDS), HAN), max_size=120).map("".join)
anything = st.text(max_size=200)
texts = st.one_of(prose, anything)


@given(texts)
def test_signs_stand_for_places_in_order(text):
    normal = normalise(text)
    assert len(normal.codes) == len(normal.plain) == len(normal.starts) == len(normal.stops)
    assert all(0 <= start < stop <= len(text) for start, stop in zip(normal.starts, normal.stops, strict=True))
    assert sorted(normal.starts) == list(normal.starts)
    assert sorted(normal.stops) == list(normal.stops)


@given(prose, prose, prose, prose)
def test_places_and_shares_are_valid(shared, a, b, more):
    text, other = a + shared + b, more + shared
    for source in compare(text, {"别": other}):
        assert 0 <= source.share <= 1
        end = 0
        for each in source.passages:
            assert end <= each.start < each.end <= len(text)
            assert 0 <= each.source_start < each.source_end <= len(other)
            assert each.excerpt == text[each.start : each.end]
            there = other[each.source_start : each.source_end]
            assert (each.kind != "identical") or folded(each.excerpt) == folded(there)
            end = each.end


@given(texts)
def test_a_text_is_itself(text):
    found = compare(text, {"同": text})
    if len(normalise(text)) == 0:
        assert found == []
        return
    (source,) = found
    assert source.share == 1.0
    assert [each.kind for each in source.passages] == ["identical"]


@given(prose.filter(lambda text: len(normalise(text)) > 0), st.randoms(use_true_random=False))
def test_width_spaces_and_punctuation_make_no_difference_either_way(text, chance):
    spread = "".join(char + chance.choice(["", "", " ", "，", "\u200b"]) for char in text)
    there, back = compare(text, {"别": spread}), compare(spread, {"别": text})
    assert [each.share for each in there] == [each.share for each in back] == [1.0]


@given(st.text(HAN, max_size=150), st.text(st.characters(min_codepoint=0x8000, max_codepoint=0x9000), max_size=150))
def test_texts_without_a_common_sign_share_nothing(a, b):
    assert compare(a, {"别": b}) == []


@given(st.lists(st.sampled_from(formulas()), min_size=1, max_size=6), st.text(HAN, min_size=8, max_size=30))
def test_official_wording_alone_is_no_passage(phrases, own):
    other = "".join(chr(ord(char) + 0x1800) for char in own)
    assert compare("。".join(phrases) + own, {"别": other + "，".join(reversed(phrases))}) == []


def library(count=40):
    return Memory([Text(str(k), report(k, 2500), f"o{k}") for k in range(count)])


def test_planted_copies_are_found_and_little_else():
    found_in = library()
    for edits, least in (("none", 0.98), ("light", 0.97), ("heavy", 0.93)):
        found = planted_count = characters = wrong = 0
        for k in range(8):
            copied = planted(k, report(3 * k, 2500), 3 * k, 0.4, edits)
            passages, right, false = tally(copied, compare(copied.text, found_in))
            found, planted_count = found + passages, planted_count + len(copied.taken)
            characters, wrong = characters + right, wrong + false
        assert found / planted_count >= least
        assert wrong / (wrong + characters) <= 0.01


def test_only_numbers_changed_all_over_is_named():
    chance = random.Random(4)
    text = report(77, 1500)
    changed = "".join(str(chance.randint(1, 9)) if char.isdigit() else char for char in text)
    (source,) = compare(text, {"去年": changed})
    assert source.share == 1.0
    assert [each.kind for each in source.passages] == ["values"]
