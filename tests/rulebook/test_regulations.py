"""Files of regulations: read with their place named in every error, found by id, key or label."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhibu.errors import UserError
from zhibu.rulebook.facts import Profile
from zhibu.rulebook.regulations import all_duties, find_duty, load_regulations, parse_regulation
from zhibu.rulebook.yamlfile import vocabulary

TEXT = """
title: 试验条例
title_en: Test regulations
issuer: 试验机关
number: 1号
source: 试验
in_force: {from: 2018-10-28, until: 2030-12-31}
duties:
  meeting:
    {label: 党员大会, subject: [branch], cites: 第一条、第二条, text: 每年1次, strength: shall, confidence: V,
     at_least: {count: 1, per: year, of: [general-meeting]}}
  talk:
    {label: 谈心谈话, subject: [branch], cites: 第二条, text: 每年1次, strength: shall, confidence: M,
     at_least: {count: 1, per: year, of: [talk]}}
"""


def regulation(folder: Path, text: str) -> Path:
    (folder / "test").mkdir(exist_ok=True)
    file = folder / "test" / "regulation.yaml"
    file.write_text(text, "utf-8")
    return file


def test_a_regulation_is_read(tmp_path: Path) -> None:
    read = parse_regulation(regulation(tmp_path, TEXT))
    assert (read.slug, read.title, read.issuer, read.number) == ("test", "试验条例", "试验机关", "1号")
    assert [duty.id for duty in read.duties] == ["test/meeting", "test/talk"]
    assert {(duty.regulation, duty.origin, duty.number, duty.until) for duty in read.duties} == {
        ("试验条例", "试验机关", "1号", read.until)
    }
    assert read.articles == {"第一条": "V", "第二条": "M"}
    assert load_regulations(tmp_path) == (read,)


@pytest.mark.parametrize(
    ("old", "new", "code", "words"),
    [
        ("title: 试验条例\n", "", "rule-field-missing", ["title"]),
        ("source:", "sources:", "rule-field-missing", ["source"]),
        ("number:", "numbers:", "rule-field-unknown", ["numbers", "number"]),
        ("from: 2018-10-28", "from: 2018-13-28", "rule-field-wrong", ["in_force.from"]),
        ("from: 2018-10-28", "since: 2018-10-28", "rule-field-missing", ["in_force.from"]),
        ("of: [talk]", "of: [tlak]", "rule-word-unknown", ["talk", "at_least.of", "tlak"]),
        ("confidence: M", "confidance: M", "rule-field-missing", ["talk", "confidence"]),
        ("\n  talk:", "\n  meeting:", "rule-file-broken", ["meeting", "两次"]),
        ("title: 试验条例", "title: [", "rule-file-broken", ["行"]),
        ("title: 试验条例", "? [a]\n: b", "rule-file-broken", ["行"]),
        ("duties:", "duties: no\nothers:", "rule-not-fields", ["duties"]),
    ],
)
def test_a_slip_names_file_duty_and_field(tmp_path: Path, old: str, new: str, code: str, words: list[str]) -> None:
    assert old in TEXT
    with pytest.raises(UserError) as caught:
        parse_regulation(regulation(tmp_path, TEXT.replace(old, new)))
    assert caught.value.code == code
    assert all(word in str(caught.value) for word in ["test/regulation.yaml", *words])


def test_a_file_that_is_no_text_or_not_there_is_an_error(tmp_path: Path) -> None:
    file = regulation(tmp_path, TEXT)
    file.write_bytes(b"\xff\xfe\x00title")
    with pytest.raises(UserError, match=r"test/regulation\.yaml"):
        parse_regulation(file)
    file.unlink()
    with pytest.raises(UserError, match="无法读取"):
        parse_regulation(file)


def test_a_duty_is_found_by_id_key_or_label() -> None:
    duty = find_duty("branch-work/committee-meeting")
    assert find_duty("committee-meeting") == duty
    assert find_duty("支委会会议") == duty


@pytest.mark.parametrize(
    ("id", "near"),
    [
        ("branch-work/general-meting", "branch-work/general-meeting"),
        ("general-meting", "branch-work/general-meeting"),
        ("主题党日", "member-education/themed-day"),
    ],
)
def test_an_unknown_duty_is_an_error_with_near_matches(id: str, near: str) -> None:
    with pytest.raises(UserError) as caught:
        find_duty(id)
    assert caught.value.code == "duty-unknown"
    assert near in str(caught.value)


def test_a_duty_nothing_is_like_points_to_the_list() -> None:
    with pytest.raises(UserError, match="zhibu rules list"):
        find_duty("###")


def test_the_words_of_rule_files_are_those_the_facts_know() -> None:
    words = vocabulary()
    figures = {name for name in Profile.__dataclass_fields__ if name not in ("since", "term_ends")}
    assert set(words["measures"]) == figures | {"term_overrun"}
    for name, section in words.items():
        keys = {"label", "label_en"} | ({"of"} if name == "tags" else set())
        assert all(set(one) == keys for one in section.values())


def test_ids_are_unique_and_belong_to_their_regulation() -> None:
    ids = [duty.id for duty in all_duties()]
    assert len(ids) == len(set(ids))
    for one in load_regulations():
        assert all(duty.id.startswith(f"{one.slug}/") for duty in one.duties)
