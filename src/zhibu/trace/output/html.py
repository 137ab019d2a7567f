"""A comparison as one page: no script, nothing loaded from elsewhere, every word of the texts escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from html import escape

from zhibu.trace.output.text import MEANING, percent, title
from zhibu.trace.results import KIND_LABELS, Passage, Source
from zhibu.trace.season import Season

CELL = 12
"""Pixels of a cell of the picture."""
TABLED = 100
"""Pairs in the table, the largest shares first; all of them are further down, text by text."""
LONGEST_MARKED = 6000
"""Characters of both sides of a passage in which the differences are marked."""
_STYLE = """
:root{color-scheme:light}
body{font:16px/1.6 "Noto Sans CJK SC","Microsoft YaHei",sans-serif;max-width:75rem;margin:0 auto;padding:1rem;
color:#1f2933}
h1{font-size:1.5rem;margin:.2em 0}h2{font-size:1.2rem;margin:1.6em 0 .4em}
.meaning{background:#fff8e6;border-left:4px solid #c98a00;padding:.5rem .8rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #d9e0e6;
vertical-align:top;overflow-wrap:anywhere}td.n,th.n{text-align:right;white-space:nowrap}
.scroll{overflow-x:auto}svg{display:block}
details{border:1px solid #d9e0e6;border-radius:4px;margin:.4rem 0}summary{padding:.4rem .7rem;cursor:pointer;
overflow-wrap:anywhere}details>div{padding:0 .7rem .6rem}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:.8rem;border-top:1px solid #e6ebef;padding:.5rem 0}
.pair p{margin:.2rem 0;white-space:pre-wrap;overflow-wrap:anywhere}.pair small{color:#52606d}
mark{background:#ffe9a8;color:inherit}
.kind{grid-column:1/-1;font-size:.85rem;margin:0}.kind b{background:#e4eef8;border-radius:3px;padding:.1rem .4rem}
@media(max-width:40rem){.pair{grid-template-columns:1fr}}
@media print{details{break-inside:avoid}body{max-width:none}}
"""


def two(name: str, text: str, sources: Sequence[Source], texts: Mapping[str, str]) -> str:
    """A report and its sources. `texts` holds the sources' texts by name; without one only the report's side shows."""
    body = [f"<h1>{escape(name)}</h1>", _meaning()]
    body += [_details(text, each, texts.get(each.source), is_open=True) for each in sources]
    return _page(name, body if sources else [*body, "<p>没有找到相同的段落。</p>"])


def whole(found: Season) -> str:
    """A season: the matrix as a picture, the groups, and every pair with its passages."""
    name = f"{len(found.texts)} 篇文字的对照"
    order = _ordered(found)
    body = [f"<h1>{name}</h1>", _meaning(), *_summary(found), *_groups(found), *_matrix(found, order), *_table(found)]
    return _page(name, [*body, *_each(found, order)])


def _page(name: str, body: Iterable[str]) -> str:
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(name)}</title>'
    return f'<!doctype html>\n<html lang="zh-Hans"><head>{head}<style>{_STYLE}</style></head>\n<body>\n' + (
        "\n".join(body) + "\n</body></html>\n"
    )


def _meaning() -> str:
    return f'<p class="meaning">{MEANING}</p>'


def _summary(found: Season) -> Iterator[str]:
    shared = sum(bool(each) for each in found.within)
    yield f"<p>{shared} 篇与同批的另一篇有相同段落，{len(found.texts) - shared} 篇没有。</p>"


def _groups(found: Season) -> Iterator[str]:
    yield "<h2>成组的文字</h2>"
    if not found.groups:
        yield f"<p>没有两篇的相同部分达到 {percent(found.group_at)}。</p>"
        return
    yield f"<p>任一方相同部分达到 {percent(found.group_at)} 的归为一组，只为便于查看。</p><ol>"
    for group in found.groups:
        names = "、".join(_link(found, k) for k in group)
        yield f"<li>{len(group)} 篇：{names}</li>"
    yield "</ol>"


def _link(found: Season, k: int) -> str:
    return f'<a href="#t{k}">{escape(found.label(found.texts[k].name))}</a>'


def _ordered(found: Season) -> list[int]:
    """Groups together, then the rest."""
    grouped = [k for group in found.groups for k in group]
    rest = set(range(len(found.texts))) - set(grouped)
    return grouped + sorted(rest)


def _matrix(found: Season, order: Sequence[int]) -> Iterator[str]:
    place = {found.texts[k].name: n for n, k in enumerate(order)}
    side = CELL * len(order)
    yield "<h2>全部对照</h2><p>一行一篇：颜色越深，这一篇中也见于那一列的部分越多。成组的排在一起。</p>"
    yield f'<div class="scroll"><svg width="{side}" height="{side}" role="img" aria-label="对照矩阵">'
    yield f'<rect width="{side}" height="{side}" fill="#f1f4f7"/>'
    for n, k in enumerate(order):
        yield f'<rect x="{n * CELL}" y="{n * CELL}" width="{CELL}" height="{CELL}" fill="#c5cdd5"/>'
        for each in found.within[k]:
            label = f"{found.label(found.texts[k].name)} ↔ {found.label(each.source)}：{percent(each.share)}"
            yield (
                f'<rect x="{place[each.source] * CELL}" y="{n * CELL}" width="{CELL}" height="{CELL}" fill="#8a2c0d" '
                f'fill-opacity="{0.15 + 0.85 * each.share:.2f}"><title>{escape(label)}</title></rect>'
            )
    yield "</svg></div>"


def _table(found: Season) -> Iterator[str]:
    pairs = [(each, k) for k in range(len(found.texts)) for each in (*found.within[k], *found.earlier[k])]
    pairs.sort(key=lambda pair: (-pair[0].share, found.texts[pair[1]].name, pair[0].source))
    if not pairs:
        return
    shown = f"（共 {len(pairs)} 对，列出前 {TABLED} 对）" if len(pairs) > TABLED else ""
    yield f"<h2>相同部分最多的{shown}</h2><table><thead><tr><th>这一篇</th><th>也见于</th>"
    yield '<th class="n">相同部分</th><th class="n">处</th></tr></thead><tbody>'
    for each, k in pairs[:TABLED]:
        other = escape(title(replace(each, source=found.label(each.source))))
        numbers = f'<td class="n">{percent(each.share)}</td><td class="n">{len(each.passages)}</td>'
        yield f"<tr><td>{_link(found, k)}</td><td>{other}</td>{numbers}</tr>"
    yield "</tbody></table>"


def _each(found: Season, order: Sequence[int]) -> Iterator[str]:
    texts = {text.name: text.text for text in found.texts}
    yield "<h2>逐篇</h2>"
    for k in order:
        text, sources = found.texts[k], (*found.within[k], *found.earlier[k])
        if sources:
            yield f'<h3 id="t{k}">{escape(found.label(text.name))}</h3>'
            for each in sources:
                named = replace(each, source=found.label(each.source))
                yield _details(text.text, named, texts.get(each.source))
    without = [found.texts[k] for k in order if not found.within[k] and not found.earlier[k]]
    if without:
        names = "、".join(escape(found.label(text.name)) for text in without)
        yield f"<h3>没有相同段落的</h3><p>{names}</p>"


def _details(text: str, source: Source, words: str | None, *, is_open: bool = False) -> str:
    head = f"与 {escape(title(source))}：相同部分占 {percent(source.share)}，{len(source.passages)} 处"
    rows = "".join(_pair(text, words, each) for each in source.passages)
    return f"<details{' open' if is_open else ''}><summary>{head}</summary><div>{rows}</div></details>"


def _pair(text: str, words: str | None, passage: Passage) -> str:
    kind = f'<p class="kind"><b>{KIND_LABELS[passage.kind]}</b></p>'
    ours = passage.excerpt
    if words is None:
        return f'<div class="pair">{kind}{_side(text, passage.start, passage.end, escape(ours))}</div>'
    theirs = words[passage.source_start : passage.source_end]
    left, right = _marked(ours, theirs)
    sides = _side(text, passage.start, passage.end, left) + _side(
        words, passage.source_start, passage.source_end, right
    )
    return f'<div class="pair">{kind}{sides}</div>'


def _side(text: str, start: int, end: int, shown: str) -> str:
    line = text.count("\n", 0, start) + 1
    return f"<div><small>第{line}行，{start}–{end}</small><p>{shown}</p></div>"


def _marked(ours: str, theirs: str) -> tuple[str, str]:
    """Both escaped, with what differs marked; unmarked where the two are too long to be looked through."""
    if ours == theirs or len(ours) + len(theirs) > LONGEST_MARKED:
        return escape(ours), escape(theirs)
    left, right = "", ""
    for tag, i, i_end, j, j_end in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        before, after = escape(ours[i:i_end]), escape(theirs[j:j_end])
        left += before if tag == "equal" or not before else f"<mark>{before}</mark>"
        right += after if tag == "equal" or not after else f"<mark>{after}</mark>"
    return left, right
