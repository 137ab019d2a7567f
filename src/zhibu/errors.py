"""The one error users meet: a code for programs, a sentence for people, the data for both.

Messages are Chinese templates (`"缺少“{column}”一列。"`). They are translated first and filled in afterwards, at the
edge: a form error on a page, `{"code", "message", "data"}` in the API, one line and exit code 2 on the command line.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Sentence:
    """A message template and its data; `text(translate)` gives the sentence in the language of `translate`.

    Data that are themselves sentences (a period's name, a citation) are translated with it.
    """

    __slots__ = ("code", "data", "message")

    def __init__(self, code: str, message: str, /, **data: Any) -> None:
        self.code = code
        self.message = message
        self.data = data

    def text(self, translate: Callable[[str], str] = str) -> str:
        data = {
            key: value.text(translate) if isinstance(value, Sentence) else value for key, value in self.data.items()
        }
        return translate(self.message).format(**data)

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.code!r}, {self.text()!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sentence) and (self.code, self.text()) == (other.code, other.text())

    def __hash__(self) -> int:
        return hash((self.code, self.text()))


class UserError(Exception):
    """Something the user can mend. `code` is kebab-case and stable; `message` says what is wrong and what to do."""

    def __init__(self, code: str, message: str, /, **data: Any) -> None:
        super().__init__(code)
        self.sentence = Sentence(code, message, **data)
        self.code = code
        self.data = data

    def text(self, translate: Callable[[str], str] = str) -> str:
        return self.sentence.text(translate)

    def __str__(self) -> str:
        return self.text()
