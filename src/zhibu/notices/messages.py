"""What a message says: its notices in a row, as many as the platform takes, each with its link. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from zhibu.errors import Sentence

MOST = 30
"""Notices written out in one message."""


class Line(NamedTuple):
    sentence: Sentence
    url: str


class Text(NamedTuple):
    title: str
    body: str


TITLE = Sentence("message-title", "【支部工作台】{count}条提醒")
REST = Sentence("message-rest", "另有{count}条，请登录支部工作台查看。")
BRIEF = Sentence("message-brief", "请登录支部工作台查看。")
TEST_TITLE = Sentence("test-title", "【支部工作台】测试消息")
TEST = Sentence("test-body", "收到这条消息，说明提醒方式已经设好。")
TEST_CODE = Sentence("test-code", "验证数字是{code}，请填到支部工作台“提醒方式”页上。不是您本人设置的，请不用理会。")


def digest(lines: Sequence[Line], *, brief: bool, site: str, limit: int, translate: Callable[[str], str] = str) -> Text:
    """`limit`: bytes the body may have; `site`: the address in front of each link, no links without it."""
    title = Sentence(TITLE.code, TITLE.message, count=len(lines)).text(translate)
    if brief:
        return Text(title, _joined(BRIEF.text(translate), f"{site}/notices/" if site else ""))
    shown: list[str] = []
    room = limit - len(title.encode()) - 120
    for number, line in enumerate(lines[:MOST], start=1):
        text = _joined(f"{number}. {line.sentence.text(translate)}", f"{site}{line.url}" if site and line.url else "")
        room -= len(text.encode()) + 1
        if room < 0:
            break
        shown.append(text)
    left = len(lines) - len(shown)
    if left:
        shown.append(Sentence(REST.code, REST.message, count=left).text(translate))
    return Text(title, "\n".join(shown))


def trial(code: str, translate: Callable[[str], str] = str) -> Text:
    """A test; with `code` the one an e-mail address is confirmed by."""
    body = Sentence(TEST_CODE.code, TEST_CODE.message, code=code) if code else TEST
    return Text(TEST_TITLE.text(translate), body.text(translate))


def _joined(text: str, link: str) -> str:
    return f"{text}\n{link}" if link else text
