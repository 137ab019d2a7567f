from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from zhibu.checks import load_facts, parse_facts
from zhibu.checks.figures import typed_figures
from zhibu.errors import UserError

SNAPSHOT = Path(__file__).with_name("snapshot.json")
FACTS = load_facts(SNAPSHOT)


def test_a_snapshot_is_read() -> None:
    assert (FACTS.year, FACTS.organization["code"], FACTS.members["cells"]) == (2025, "ZB001", 2)
    assert FACTS.total("general-meeting") == 4
    assert FACTS.total("talk") == 0
    assert [activity.id for activity in FACTS.of_kind("lecture")] == [4, 7]
    assert 8 not in [activity.id for activity in FACTS.of_kind("general-meeting")], "held in the year after"


def test_a_composed_report_carries_its_snapshot() -> None:
    data = json.loads(SNAPSHOT.read_text("utf-8"))
    assert parse_facts({"blocks": [], "snapshot": data}) == FACTS


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"format": 2}, "facts-format"),
        ({"year": "去年"}, "facts-value"),
        ({"on": "2025-13-40"}, "facts-value"),
        ({"activities": [{"id": 1, "kind": "talk"}]}, "facts-key"),
        ({"activities": None}, "facts-value"),
        ({"organization": 3}, "facts-value"),
        ({"cells": [{"duty": "a/b"}]}, "facts-key"),
    ],
)
def test_a_wrong_snapshot_is_refused_with_a_sentence(change: dict[str, Any], code: str) -> None:
    data = json.loads(SNAPSHOT.read_text("utf-8")) | change
    with pytest.raises(UserError) as error:
        parse_facts(data)
    assert error.value.code == code
    assert str(error.value).endswith("。")


@pytest.mark.parametrize(
    ("content", "code"), [(b"[]", "facts-format"), (b"{", "facts-not-json"), (b"\xff", "facts-not-json")]
)
def test_a_file_that_is_no_snapshot_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "snapshot.json"
    path.write_bytes(content)
    with pytest.raises(UserError) as error:
        load_facts(path)
    assert error.value.code == code


def test_a_missing_file_is_said() -> None:
    with pytest.raises(UserError) as error:
        load_facts("/nowhere/snapshot.json")
    assert error.value.code == "facts-missing"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("召开党员大会4次、支委会3次。", [("4次", "supported", 4), ("3次", "contradicted", 2)]),
        ("召开4次党员大会和2次支委会。", [("4次", "supported", 4), ("2次", "supported", 2)]),
        ("一季度召开党员大会1次，下半年召开党员大会3次。", [("1次", "supported", 1), ("3次", "contradicted", 2)]),
        ("我讲党课1次，其中廉政党课3次。", [("1次", "without-record", 2), ("3次", "contradicted", 2)]),
        ("召开党员大会四次。", [("四次", "supported", 4)]),
        ("现有正式党员21名、预备党员3名。", [("21名", "supported", 21), ("3名", "contradicted", 2)]),
        ("组织20名党员参加志愿服务，走访36户。", [("20名", "without-record", None), ("36户", "without-record", None)]),
        ("3月5日党员大会，应到21人、实到21人。", [("21人", "supported", 21), ("21人", "contradicted", 20)]),
        ("党员人均学时35.5学时。", [("35.5学时", "supported", 35.5)]),
        ("人均36学时。", [("36学时", "supported", 36)]),
        ("2025年3月5日，第4次会议，《十六条》。", []),
    ],
)
def test_typed_figures(text: str, expected: list[tuple[str, str, float | None]]) -> None:
    found = typed_figures(text, FACTS)
    assert [(figure.text, figure.status, figure.recorded) for figure in found] == expected
    assert all(text[figure.start : figure.end] == figure.text for figure in found)


def test_a_typed_figure_names_the_records_behind_it() -> None:
    assert typed_figures("召开支委会2次", FACTS)[0].records == (5, 6)
    assert typed_figures("3月5日党员大会实到20人", FACTS)[0].records == (1,)
