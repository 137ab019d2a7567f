"""Kinds are data: all load, each is known to the rules, and a slip in a file is told with file and field."""

from pathlib import Path

import pytest

from zhibu.activities.kinds import (
    COLUMNS,
    FORBIDDEN,
    field_sets,
    find_kind,
    kinds_for,
    load_kinds,
    parse_kind,
    parse_sets,
)
from zhibu.errors import UserError
from zhibu.rulebook.yamlfile import vocabulary

FILE = Path("kinds/talk.yaml")
TALK = {
    "label": "谈心谈话", "label_en": "Talk", "group": "life", "sets": ["RT"], "attends": "pair", "bodies": ["branch"],
}  # fmt: skip


def test_every_kind_of_the_rulebook_has_a_file_with_the_same_label():
    words = vocabulary()["kinds"]
    assert {slug: kind.label for slug, kind in load_kinds().items()} == {
        slug: one["label"] for slug, one in words.items()
    }


def test_a_tag_says_of_which_kinds_it_is():
    of = {tag: set(one["of"]) for tag, one in vocabulary()["tags"].items()}
    assert of == {tag: {slug for slug, kind in load_kinds().items() if tag in kind.tags} for tag in of}


def test_every_field_set_that_duties_ask_for_exists_but_dues_which_are_no_activity():
    assert set(vocabulary()["records"]) - set(field_sets()) == {"RD"}


def test_a_general_meeting_asks_for_what_a_meeting_record_holds():
    kind = find_kind("general-meeting")
    needed = {slug for slug in COLUMNS if kind.requires(slug)}
    assert needed == {"times", "place", "chair", "recorder", "attendance", "reasons", "agenda", "minutes", "outcome"}
    assert kind.has("votes")
    assert not kind.requires("votes")


def test_a_themed_day_need_not_resolve_anything():
    kind = find_kind("themed-day")
    assert not kind.has("outcome")
    assert kind.field("conclusion") is None


def test_no_kind_asks_for_photos_places_or_check_ins():
    texts = [text for kind in load_kinds().values() for one in kind.fields for text in (one.slug, one.label)]
    assert not [(text, word) for text in texts for word in FORBIDDEN if word == text or word in text]


def test_a_body_is_offered_its_own_kinds_only():
    offered = {kind.slug for group in kinds_for("cell") for kind in group.kinds}
    assert "cell-meeting" in offered
    assert "general-meeting" not in offered


def test_an_unknown_kind_is_a_sentence():
    with pytest.raises(UserError, match="没有“excursion”这一类活动"):
        find_kind("excursion")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"attends": "everybody"}, "attends"),
        ({"sets": ["R9"]}, "sets"),
        ({"colour": "red"}, "colour"),
        ({"hours": "two"}, "hours"),
        ({"bodies": ["club"]}, "bodies"),
        ({"vote": "lottery"}, "vote"),
        ({"group": "fun"}, "group"),
        ({"label_en": ""}, "label_en"),
        ({"optional": ["agenda"]}, "optional"),
        ({"labels": {"weather": {"label": "天气", "label_en": "Weather"}}}, "labels.weather"),
        ({"fields": {"mood": {"label": "心情", "label_en": "Mood", "type": "smile"}}}, "mood.type"),
        ({"fields": {"mood": {"label": "心情", "label_en": "Mood", "type": "choice"}}}, "mood.choices"),
        ({"fields": {"mood": {"label": "心情", "label_en": "Mood", "type": "text", "either": "none"}}}, "mood.either"),
        ({"fields": {"partner": {"label": "对象", "label_en": "Partner", "type": "member"}}}, "partner"),
        ({"fields": {"photo": {"label": "合影", "label_en": "Photo", "type": "text"}}}, "photo"),
        ({"fields": {"where": {"label": "签到位置", "label_en": "Where", "type": "text"}}}, "where"),
    ],
)
def test_a_slip_is_told_with_file_and_field(change, field):
    with pytest.raises(UserError) as refused:
        parse_kind("talk", {**TALK, **change}, field_sets(), FILE)
    assert refused.value.code == "kind-file-wrong"
    assert (refused.value.data["file"], refused.value.data["field"]) == ("kinds/talk.yaml", field)


def test_a_set_may_not_name_a_part_there_is_not():
    with pytest.raises(UserError) as refused:
        parse_sets({"R0": {"label": "会议", "label_en": "Meeting", "columns": {"weather": {}}}}, Path("a/sets.yaml"))
    assert refused.value.data["field"] == "weather"
