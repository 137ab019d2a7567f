"""The outline is data: what it names exists, and a slip in it is told with file and field."""

import os
from pathlib import Path

import pytest

from zhibu.activities.kinds import load_kinds
from zhibu.errors import UserError
from zhibu.handbook.outline import SHIPPED, outline_in_use, parse_outline
from zhibu.rulebook.yamlfile import read_yaml

OWN = Path("own.yaml")


def shipped() -> dict:
    return read_yaml(SHIPPED)


def test_the_shipped_outline_shows_every_kind_of_activity_and_prints_none_twice():
    parts = [part for section in outline_in_use().sections for part in section.parts]
    shown = [kind for part in parts if part.show in ("list", "talks", "dues") for kind in part.wanted.kinds]
    assert sorted(shown) == sorted(load_kinds())
    printed = [kind for part in parts if part.show == "records" for kind in part.wanted.kinds]
    assert len(printed) == len(set(printed))
    private = {kind.slug for kind in load_kinds().values() if kind.private}
    assert not private & set(printed)


def test_a_units_own_outline_changes_order_headings_and_columns(tmp_path):
    file = tmp_path / "unit.yaml"
    file.write_text(
        "title: '{organization}支部手册'\nsections:\n"
        "  hours: {heading: 学时统计, parts: [{show: hours, columns: [name, hours], labels: {hours: 年度学时}}]}\n"
        "  people: {heading: 花名册, parts: [{show: members, columns: [no, name]}]}\n",
        "utf-8",
    )
    outline = outline_in_use(str(file))
    assert [section.heading for section in outline.sections] == ["学时统计", "花名册"]
    assert outline.sections[0].parts[0].labels == {"hours": "年度学时"}
    assert outline.contents == 2


def test_a_changed_file_is_read_again(tmp_path):
    file = tmp_path / "unit.yaml"
    text = "title: 手册\nsections: {a: {heading: 甲, parts: [{show: facts}]}}\n"
    file.write_text(text, "utf-8")
    assert outline_in_use(str(file)).sections[0].heading == "甲"
    file.write_text(text.replace("甲", "乙乙"), "utf-8")
    os.utime(file, ns=(1, 1))
    assert outline_in_use(str(file)).sections[0].heading == "乙乙"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda data: data.pop("title"), "title"),
        (lambda data: data.update(title="{organization.pk}手册"), "title"),
        (lambda data: data.update(title="{name}"), "title"),
        (lambda data: data.update(contents=9), "contents"),
        (lambda data: data.update(contents=True), "contents"),
        (lambda data: data.update(sections=[]), "sections"),
        (lambda data: data.update(colour="red"), "colour"),
        (lambda data: data["sections"]["members"].pop("heading"), "members.heading"),
        (lambda data: data["sections"]["members"].update(parts="members"), "members.parts"),
        (lambda data: data["sections"]["members"]["parts"][0].update(show="photos"), "members.1.show"),
        (lambda data: data["sections"]["members"]["parts"][0].update(columns=["salary"]), "members.1.columns"),
        (lambda data: data["sections"]["members"]["parts"][0].update(columns="name"), "members.1.columns"),
        (lambda data: data["sections"]["members"]["parts"][0].update(labels={"salary": "工资"}), "members.1.labels"),
        (lambda data: data["sections"]["talks"]["parts"][0].update(kinds=["gossip"]), "talks.1.kinds"),
        (lambda data: data["sections"]["talks"]["parts"][0].update(columns=["minutes"]), "talks.1.columns"),
    ],
)
def test_a_slip_is_told_with_file_and_field(change, field):
    data = shipped()
    change(data)
    with pytest.raises(UserError) as refused:
        parse_outline(data, OWN)
    assert refused.value.code == "handbook-outline"
    assert "own.yaml" in str(refused.value)
    assert f"“{field}" in str(refused.value)


NOTHING = [
    None, [], "手册", {"title": "手册", "sections": {"a": None}},
    {"title": "手册", "sections": {1: {"heading": "甲", "parts": [None]}}},
]  # fmt: skip


@pytest.mark.parametrize("data", NOTHING)
def test_what_is_no_outline_is_refused(data):
    with pytest.raises(UserError):
        parse_outline(data, OWN)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(UserError) as refused:
        outline_in_use(str(tmp_path / "none.yaml"))
    assert "none.yaml" in str(refused.value)


def test_only_the_chosen_sections_in_their_order():
    outline = outline_in_use()
    assert [section.slug for section in outline.only(["ledger", "members"]).sections] == ["members", "ledger"]
    assert outline.only([]) == outline
    with pytest.raises(UserError):
        outline.only(["members", "secrets"])
