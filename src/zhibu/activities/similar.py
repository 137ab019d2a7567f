"""How much two minutes have in common: shared runs of eight characters after everything but words was taken away."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from zlib import crc32

RUN = 8
LEAST = 60
"""Characters below which minutes are too short to say anything about copying."""

_NOISE = re.compile(r"[\W_\d]+")
_NUMERALS = re.compile(r"[〇零一二三四五六七八九十百千]+(?=[年月日号次人名])")


def normalised(text: str) -> str:
    """Words only: width and case made equal, no punctuation, spaces, figures or dates."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return _NOISE.sub("", _NUMERALS.sub("", plain))


@lru_cache(maxsize=2048)
def runs(text: str) -> frozenset[str]:
    """All runs of eight characters of the normalised text; empty for a text that is too short."""
    plain = normalised(text)
    if len(plain) < LEAST:
        return frozenset()
    return frozenset(plain[start : start + RUN] for start in range(len(plain) - RUN + 1))


SAMPLE = 16
ENOUGH = 20


@lru_cache(maxsize=2048)
def sample(text: str) -> frozenset[str]:
    """About every sixteenth run, the same ones of the same text everywhere: enough to tell texts that differ wholly."""
    return frozenset(run for run in runs(text) if crc32(run.encode()) % SAMPLE == 0)


def far_apart(new: str, old: str, share: float) -> bool:
    """Surely less alike than `share`, told from the samples alone. Short texts are never told apart this way."""
    mine = sample(new)
    return len(mine) >= ENOUGH and len(mine & sample(old)) < len(mine) * share / 2


def likeness(new: str, old: str) -> float:
    """Share of the runs of `new` that also stand in `old`, 0–1: what part of the new minutes was there before."""
    mine, theirs = runs(new), runs(old)
    if not mine or not theirs:
        return 0.0
    return len(mine & theirs) / len(mine)
