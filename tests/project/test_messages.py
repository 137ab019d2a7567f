"""The English catalogue has every message of the sources, translated, with the same placeholders."""

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SPEC = importlib.util.spec_from_file_location("messages", ROOT / "scripts" / "messages.py")
messages = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(messages)

PLACEHOLDER = re.compile(r"\{\w*\}|%\(\w+\)s|%%")


@pytest.fixture(scope="module")
def catalogue():
    return messages.catalogue()


def forms(text):
    return list(text) if isinstance(text, list | tuple) else [text]


def test_it_holds_what_the_sources_say(catalogue):
    """Otherwise: run scripts/messages.py, translate what it names, and run it again."""
    there = {(str(message.id), message.context) for message in catalogue if message.id}
    wanted = {(str(message.id), message.context) for message in messages.gathered(catalogue) if message.id}
    assert wanted - there == set()
    assert there - wanted == set()


def test_nothing_is_untranslated_or_uncertain(catalogue):
    assert [message.id for message in catalogue if message.id and not messages.translated(message)] == []
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []


def test_placeholders_are_the_same(catalogue):
    wrong = [
        (message.id, text)
        for message in catalogue
        if message.id and messages.translated(message)
        for text in forms(message.string)
        if set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(forms(message.id)[0]))
    ]
    assert wrong == []


def test_a_call_with_a_composed_message_is_left_out_and_a_plain_one_is_found(tmp_path, monkeypatch):
    (tmp_path / "sample.py").write_text(
        '_("甲")\n_(table["乙"])\nUserError("code", "丙" "丁")\nngettext("一", "多", n)\n'
    )
    monkeypatch.setattr(messages, "SOURCE", tmp_path)
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    assert [ids for _path, ids, _context in messages.of_python()] == ["甲", "丙丁", ("一", "多")]
