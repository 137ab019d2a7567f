"""A comparison for the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from zhibu.trace.results import KIND_LABELS, VISIBILITY_LABELS, Passage, Source, Text
from zhibu.trace.season import Season

SHOWN = 60
"""Longest excerpt shown, in characters."""
MEANING = "对照只说明两处文字相同，不说明谁先写、是否应当；正式用语不计。由人判断。"


def render(name: str, text: str, sources: Sequence[Source]) -> str:
    if not sources:
        return f"{name}：没有找到相同的段落。"
    lines = []
    for source in sources:
        lines.append(f"{name} 与 {title(source)}：相同部分占 {percent(source.share)}，{len(source.passages)} 处。")
        lines += [f"  {_line(text, passage)}" for passage in source.passages]
    return "\n".join([*lines, MEANING])


def title(source: Source) -> str:
    about = [source.owner, f"{source.year}年" if source.year else "", VISIBILITY_LABELS.get(source.visibility, "")]
    known = "，".join(each for each in about if each)
    return f"{source.source}（{known}）" if known else source.source


def percent(share: float) -> str:
    """Whole per cent; 100 % only for the whole, and never 0 % for something."""
    if share >= 1:
        return "100%"
    return "不到1%" if share < 0.01 else f"{int(share * 100)}%"


def _line(text: str, passage: Passage) -> str:
    paragraph = text.count("\n", 0, passage.start) + 1
    flat = " ".join(passage.excerpt.split())
    shown = flat if len(flat) <= SHOWN else flat[: SHOWN - 1] + "…"
    places = f"{passage.start}–{passage.end} ↔ {passage.source_start}–{passage.source_end}"
    return f"第{paragraph}行 [{places}] {KIND_LABELS[passage.kind]}：{shown}"


def render_season(found: Season) -> str:
    """The groups, and for each text its largest source."""
    lines = []
    for group in found.groups:
        names = "、".join(found.label(found.texts[k].name) for k in group)
        lines.append(f"一组 {len(group)} 篇（相同部分达到 {percent(found.group_at)}）：{names}")
    rows = sorted(zip(found.texts, found.within, found.earlier, strict=True), key=_largest)
    for text, within, earlier in rows:
        for source in (*within[:1], *earlier[:1]):
            other = title(replace(source, source=found.label(source.source)))
            share = f"相同部分占 {percent(source.share)}，{len(source.passages)} 处"
            lines.append(f"{found.label(text.name)} 与 {other}：{share}")
    if not lines:
        return f"{len(found.texts)} 篇文字之间没有找到相同的段落。"
    return "\n".join([*lines, MEANING])


def _largest(row: tuple[Text, tuple[Source, ...], tuple[Source, ...]]) -> tuple[float, str]:
    text, within, earlier = row
    return -max((each.share for each in (*within[:1], *earlier[:1])), default=0.0), text.name
