"""What a rule says: a hit while it looks, a finding once the engine has placed it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from zhibu.errors import Sentence

Severity = Literal["error", "warning", "info"]
Confidence = Literal["certain", "likely", "hint"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
_INNER_QUOTES = str.maketrans("“”", "‘’")
SHOWN = 40
"""Longest excerpt quoted inside a sentence, in characters."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A change that mends a finding: `text` instead of what stands at start..end."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A place in the text, as a rule reports it. `data` fills the rule's sentences; `message`, `fix` and `severity`
    replace the rule's own where one place needs other words. `edits` mend it, only where that is certain."""

    start: int
    end: int
    data: dict[str, Any] = field(default_factory=dict)
    message: Sentence | None = None
    fix: Sentence | None = None
    severity: Severity | None = None
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend. `start` and `end` are character offsets into the checked text and `excerpt` is what stands
    there; `paragraph` counts non-blank lines from 1 (0 in an empty text); `section` reads 一（二）, or 标题, 落款 …"""

    file: str
    code: str
    rule: str
    severity: Severity
    section: str
    paragraph: int
    start: int
    end: int
    excerpt: str
    message: Sentence
    why: Sentence
    fix: Sentence
    edits: tuple[Edit, ...] = ()
    """What `zhibu check --fix` does about it; not part of the JSON."""

    def to_json(self, translate: Callable[[str], str] = str) -> dict[str, Any]:
        """The finding in the documented JSON shape, its three sentences in the language of `translate`."""
        return {
            "file": self.file, "code": self.code, "rule": self.rule, "severity": self.severity,
            "section": self.section, "paragraph": self.paragraph, "start": self.start, "end": self.end,
            "excerpt": self.excerpt, "message": self.message.text(translate), "why": self.why.text(translate),
            "fix": self.fix.text(translate),
        }  # fmt: skip


def shown(excerpt: str) -> str:
    """An excerpt fit to be quoted in a sentence: short, on one line, its own quotation marks single."""
    flat = " ".join(excerpt.split()).translate(_INNER_QUOTES)
    return flat if len(flat) <= SHOWN else flat[: SHOWN - 1] + "…"
