"""The guide names every key, part, field type and threshold there is, and its example can be read."""

import re
from pathlib import Path

import yaml

from zhibu.activities.kinds import ATTENDS, COLUMNS, FIELD_TYPES, KIND_KEYS, field_sets, parse_kind, thresholds

GUIDE = Path(__file__).parents[2] / "docs/how-to-add-a-kind.md"


def test_the_guide_names_all_there_is():
    words = set(re.findall(r"[\w-]+", GUIDE.read_text()))
    assert not {*KIND_KEYS, *COLUMNS, *FIELD_TYPES, *ATTENDS, *thresholds()} - words


def test_the_example_is_a_kind():
    example = yaml.safe_load(re.search(r"```yaml\n(label: .*?)```", GUIDE.read_text(), re.S)[1])
    kind = parse_kind("lecture", example, field_sets(), Path("kinds/lecture.yaml"))
    assert (kind.label, kind.hours, kind.also) == ("党课", 2, ("themed-day",))
