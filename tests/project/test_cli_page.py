"""docs/cli.md has a section for each command, and that section names every option the command takes."""

from __future__ import annotations

import argparse
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from zhibu.cli.main import COMMANDS

PAGE = (Path(__file__).parents[2] / "docs" / "cli.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## zhibu (\w+)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))


def parser_of(command: str) -> argparse.ArgumentParser:
    module = importlib.import_module("zhibu.cli.import_" if command == "import" else f"zhibu.cli.{command}")
    parser = argparse.ArgumentParser()
    module.add_arguments(parser)
    return parser


def options_of(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:
        yield from (word for word in action.option_strings if word.startswith("--") and word != "--help")
        if isinstance(action, argparse._SubParsersAction):
            for name, inner in action.choices.items():
                yield name
                yield from options_of(inner)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_page_names_every_option(command):
    assert [word for word in options_of(parser_of(command)) if word not in SECTIONS[command]] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_the_page_names_no_option_that_is_not_there(command):
    known = set(options_of(parser_of(command)))
    usage = "".join(re.findall(r"```sh\n(.*?)```", SECTIONS[command], re.DOTALL))
    assert set(re.findall(r"--[a-z][a-z-]+", usage)) - known == set()
