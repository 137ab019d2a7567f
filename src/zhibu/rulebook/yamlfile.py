"""Reads the YAML files of rules and cases so that a slip in them is an error with its line, never a silent loss."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from zhibu.errors import UserError

_BOOL = "tag:yaml.org,2002:bool"


class _Loader(yaml.CSafeLoader):
    """Safe YAML in which `on` and `no` are words (only true and false are truth values) and no key stands twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            if key_node.tag == "tag:yaml.org,2002:merge":
                continue
            if not isinstance(key_node, yaml.ScalarNode):
                raise yaml.MarkedYAMLError(None, None, "名称只能是文字", key_node.start_mark)
            key = self.construct_object(key_node)
            if key in seen:
                raise yaml.MarkedYAMLError(None, None, f"“{key}”写了两次", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)

    def construct_day(self, node: yaml.ScalarNode) -> Any:
        """A date; one not in the calendar (2025-02-30) stays text, to be refused with the field it stands in."""
        try:
            return self.construct_yaml_timestamp(node)
        except ValueError:
            return self.construct_scalar(node)


_Loader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if tag != _BOOL]
    for letter, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_constructor("tag:yaml.org,2002:timestamp", _Loader.construct_day)
_Loader.add_implicit_resolver(_BOOL, re.compile("^(?:true|false)$"), list("tf"))


def read_yaml(path: Path) -> Any:
    """The content of `path`. Raises UserError `rule-file-unreadable` or `rule-file-broken` (with the line)."""
    try:
        with path.open("rb") as file:
            return yaml.load(file, _Loader)  # noqa: S506 - a subclass of the safe loader
    except OSError as error:
        raise UserError("rule-file-unreadable", "无法读取文件{file}。", file=shown(path)) from error
    except yaml.YAMLError as error:
        raise _broken(error, shown(path)) from error


DEEPEST = 20
"""Levels of nesting that what people send may have."""


def read_yaml_text(text: str, name: str) -> Any:
    """What somebody typed or sent. Like `read_yaml`, but without references: a few lines may unfold to gigabytes."""
    try:
        depth = 0
        for event in yaml.parse(text, yaml.CSafeLoader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if isinstance(event, yaml.AliasEvent) or depth > DEEPEST:
                line = event.start_mark.line + 1 if event.start_mark else 1
                raise UserError(
                    "rule-text-tangled",
                    "{file}第{line}行：不能使用引用（* 号），也不能嵌套过深。",
                    file=name,
                    line=line,
                )
        return yaml.load(text, _Loader)  # noqa: S506 - a subclass of the safe loader
    except yaml.YAMLError as error:
        raise _broken(error, name) from error


def _broken(error: yaml.YAMLError, name: str) -> UserError:
    mark = getattr(error, "problem_mark", None)
    return UserError(
        "rule-file-broken",
        "{file}第{line}行不是有效的 YAML：{problem}。",
        file=name,
        line=mark.line + 1 if mark else 1,
        problem=getattr(error, "problem", None) or "编码或字符有误",
    )


def shown(path: Path) -> str:
    """The path as people speak of it: folder and file name."""
    return f"{path.parent.name}/{path.name}"


@lru_cache(maxsize=1)
def vocabulary() -> dict[str, dict[str, dict[str, str]]]:
    """Section → word → {label, label_en}: the words rule files may use."""
    words: dict[str, dict[str, dict[str, str]]] = read_yaml(Path(__file__).with_name("vocabulary.yaml"))
    return words


def label(section: str, word: str) -> str:
    """The Chinese name of a word, or the word itself where a local duty brought its own."""
    return vocabulary()[section].get(word, {"label": word})["label"]
