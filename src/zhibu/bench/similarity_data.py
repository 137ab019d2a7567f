"""Made-up reports for the comparison: own sentences, official formulas as real reports share them, planted copies."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhibu.trace.words import formulas, synonyms


def _split(words: str) -> tuple[str, ...]:
    return tuple(words.split())


_VERBS = _split("清点 查看 整理 补修 登记 核对 搬走 搭起 测量 交还 翻晒 抄写 守护 打捞 栽下 称量 送去 领回 拆除 腾出")
_THINGS = _split("水渠 阀门 仓库 账册 便桥 护栏 苗圃 冷库 戏台 窑洞 鱼塘 砖瓦 磨房 染坊 驿站 井台 路灯 雨棚 石阶 药柜")
_PLACES = _split("青石 白云 下湾 西街 茶山 渡口 柳营 松岭 南坪 河口 竹园 桃溪 高桥 新塘 古井 云台 双树 长堤 金沙 石门")
_TAILS = _split("当场 随后 第二天 傍晚 会前 月底 雨停后 天亮前 散会后 入冬前")
_BODIES = _split("社区 村 街道 镇 小组 学校 支部")
_LINKS = _split("并且 于是 因此 同时 接着 不过 另外 其中 由此 从而")
_SIGNS = [chr(code) for code in range(0x4E00, 0x4E00 + 3000)]


@dataclass(frozen=True, slots=True)
class Planted:
    """A report with `taken` places (start, end) that were copied from text `source` of the corpus."""

    text: str
    source: int
    taken: tuple[tuple[int, int], ...]


@cache
def shared_phrases(count: int = 400, seed: int = 5) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """Phrases and the share of reports that have each: some nearly all, most few."""
    made = list(_clauses(np.random.default_rng(seed), 24 * count, 6, 16))[:count]
    shares = [0.5] * len(formulas()) + [0.6 / (1 + k) ** 0.6 for k in range(count)]
    return (*formulas(), *made), np.array(shares)


def report(number: int, length: int = 5000, seed: int = 11) -> str:
    """Honest report `number`: sentences of its own among phrases that other reports have too."""
    chance = np.random.default_rng((seed, number))
    phrases, shares = shared_phrases()
    chosen = chance.permutation(np.flatnonzero(chance.random(len(phrases)) < shares)).tolist()
    clauses = _clauses(chance, length, 4, 12)
    parts: list[str] = []
    size = 0
    for many, link, with_phrase, line_ends in chance.random((length // 8 + 8, 4)).tolist():
        sentence = _LINKS[int(link * len(_LINKS))].join(islice(clauses, 1 + int(many * 3)))
        if chosen and with_phrase < 0.35:
            sentence = phrases[chosen.pop()] + "，" + sentence
        parts.append(sentence + ("。\n" if line_ends < 0.2 else "。"))
        size += len(parts[-1])
        if size >= length:
            break
    return "".join(parts)


def _clauses(chance: np.random.Generator, length: int, least: int, most: int) -> Iterator[str]:
    """Clauses of `least` to `most` words, together at least `length` signs or so."""
    words = _urn()[chance.integers(0, len(_urn()), length * 2 // 3)].tolist()
    begin = 0
    for size in chance.integers(least, most, len(words) // least, endpoint=True).tolist():
        if begin < len(words):
            yield "".join(words[begin : begin + size])
        begin += size


@cache
def _urn(size: int = 1 << 18) -> NDArray[Any]:
    """What a report is made of, each as often as its chance is: numbers, dates, named places, words by Zipf's law as in
    a language."""
    kinds: tuple[tuple[float, Sequence[str]], ...] = (
        (0.1, [str(k) for k in range(1, 401)]),
        (0.02, [f"{month}月{day}日" for month in range(1, 13) for day in range(1, 29)]),
        (0.02, [place + body for place in _PLACES for body in _BODIES]),
        (0.16, (*_VERBS, *_THINGS, *_PLACES, *_TAILS)),
        (0.1, "的了在把和与向对从以"),
        *((0.6 / 6.69 / (rank + 8), (word,)) for rank, word in enumerate(_words())),
    )
    bounds = np.cumsum([share / len(words) for share, words in kinds for _ in words])
    words = np.array([word for _, words in kinds for word in words], object)
    return words[np.searchsorted(bounds, (np.arange(size) + 0.5) / size * bounds[-1])]


@cache
def _words(seed: int = 3, count: int = 6000) -> tuple[str, ...]:
    chance = random.Random(seed)  # noqa: S311
    made = [chance.choice(_SIGNS) + chance.choice(_SIGNS) for _ in range(count)]
    # Words that have synonyms are neither the commonest nor the rarest.
    for place, word in enumerate(synonyms()):
        made[20 + 8 * place] = word
    return tuple(made)


def planted(
    number: int, source: str, source_number: int, share: float, edits: str, *, in_order: bool = False, seed: int = 23
) -> Planted:
    """A new report in which `share` of the words are passages of `source`, edited ("none", "light", "heavy", "values")
    and in any order, or in that of the source, with more left out between them."""
    chance = random.Random(seed * 1_000_003 + number)  # noqa: S311
    own = report(10_000_000 + number, int(len(source) * (1 - share)))
    pieces = list(_pieces(chance, source, int(len(source) * share), 40 if in_order else 0))
    if not in_order:
        chance.shuffle(pieces)
    return _put_in(chance, own, [edited(chance, piece, edits) for piece in pieces], source_number)


def moved(number: int, source: str, source_number: int, seed: int = 29) -> tuple[Planted, int]:
    """A new report with five passages of `source`, four in its order and a shorter one that was moved past two or more
    of them; and which of the five it is."""
    chance = random.Random(seed * 1_000_003 + number)  # noqa: S311
    own = report(10_000_000 + number, len(source) // 2)
    step = len(source) // 5
    pieces = [source[k * step + 40 : k * step + 240] for k in range(5)]
    here = chance.randrange(5)
    there = chance.choice([place for place in range(5) if abs(place - here) > 1])
    piece = pieces.pop(here)
    pieces.insert(there, piece[:80])
    return _put_in(chance, own, pieces, source_number), there


def _put_in(chance: random.Random, own: str, pieces: list[str], source: int) -> Planted:
    """The pieces, each on a line of its own, at random places between the sentences of `own`."""
    sentences = [each + "。" for each in own.split("。") if each.strip()]
    places = sorted(chance.randint(0, len(sentences)) for _ in pieces)
    out: list[str] = []
    taken: list[tuple[int, int]] = []
    size = done = 0
    for place, piece in zip(places, pieces, strict=True):
        out += sentences[done:place]
        size += sum(map(len, sentences[done:place]))
        done = place
        taken.append((size, size + len(piece)))
        out += [piece, "\n"]
        size += len(piece) + 1
    return Planted("".join([*out, *sentences[done:]]), source, tuple(taken))


def _pieces(chance: random.Random, source: str, total: int, gap: int) -> Iterator[str]:
    """Passages of 80 to 400 characters, one after the other, `gap` or more apart, until `total` is reached."""
    at = 0
    while total > 0 and at < len(source) - 40:
        size = min(chance.randint(80, 400), max(total, 60))
        yield source[at : at + size]
        total -= size
        at += size + gap + chance.randint(0, 60)


def edited(chance: random.Random, piece: str, edits: str) -> str:
    """light: every 20th or so word another; heavy: every sixth, half of them by a synonym where there is one; values:
    every number and every named place another."""
    if edits == "none":
        return piece
    if edits == "values":
        piece = re.sub(r"\d+", lambda _: str(chance.randint(1, 400)), piece)
        return re.sub(f"(?:{'|'.join(_PLACES)})(?={'|'.join(_BODIES)})", lambda _: chance.choice(_PLACES), piece)
    every = 20 if edits == "light" else 6
    forms: dict[str, list[str]] = {}
    for word, first in synonyms().items():
        forms.setdefault(first, [first]).append(word)
    out: list[str] = []
    at = count = 0
    while at < len(piece):
        word = piece[at : at + 2]
        at += 2
        count += 1
        if count % every == 0 and word.isalpha():
            group = forms.get(synonyms().get(word, word))
            word = chance.choice(group) if group else chance.choice(_words())
            if not group and chance.random() < 0.3:
                word = "" if chance.random() < 0.5 else word + chance.choice(_SIGNS)
        out.append(word)
    return "".join(out)
