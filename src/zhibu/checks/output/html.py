"""One page that stands by itself: the text with its findings beside it. No script, nothing loaded from elsewhere.

On a narrow screen and without style the findings of a paragraph follow it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise
from pathlib import Path

from zhibu.checks.engine import all_rules
from zhibu.checks.explain import MEANING
from zhibu.checks.files import Checked
from zhibu.checks.findings import SEVERITIES, Finding
from zhibu.checks.frame import Paragraph, paragraphs, without_annex
from zhibu.checks.outline import parse
from zhibu.checks.output.text import NAMES, counts

STYLE = Path(__file__).with_name("page.css")
FOOT = "由 zhibu check 生成，没有上传任何内容。规则说明：zhibu check --explain 代码。"


def render(checked: Sequence[Checked], foot: str = FOOT) -> str:
    several = len(checked) > 1
    title = f"校核结果：{Path(checked[0].file).name}" if len(checked) == 1 else f"校核结果：{len(checked)} 份文档"
    every = [finding for each in checked for finding in each.findings]
    numbered = enumerate(checked, start=1)
    documents = "\n".join(_document(each, f"d{number}" if several else "d", several) for number, each in numbered)
    return (
        '<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{STYLE.read_text('utf-8')}</style>\n</head>\n<body>\n"
        f"<header>\n<h1>{escape(title)}</h1>\n<p>{escape(counts(every))}{escape(MEANING[0])}{escape(MEANING[2])}{escape(MEANING[4])}</p>\n</header>\n"
        f"{_contents(checked) if several else ''}{_filter(every)}<main>\n{documents}\n</main>\n"
        f"<footer><p>{escape(foot)}</p></footer>\n"
        "</body>\n</html>"
    )


def _contents(checked: Sequence[Checked]) -> str:
    rows = "\n".join(
        f'<li><a href="#d{number}">{escape(each.file)}</a>：{escape(counts(each.findings))}</li>'
        for number, each in enumerate(checked, start=1)
    )
    return f'<nav aria-label="文档">\n<ul>\n{rows}\n</ul>\n</nav>\n'


def _filter(findings: Sequence[Finding]) -> str:
    """Boxes to hide a degree of findings; they work by style alone."""
    used = [severity for severity in SEVERITIES if any(finding.severity == severity for finding in findings)]
    boxes = "\n".join(
        f'<label><input type="checkbox" id="show-{severity}" checked> 显示{NAMES[severity]}</label>'
        for severity in used
        if len(used) > 1
    )
    return f'<div class="filter">\n{boxes}\n</div>\n' if boxes else ""


def _document(checked: Checked, prefix: str, headed: bool) -> str:
    lines = paragraphs(checked.text)
    roles = {line.start: line.role for line in parse(without_annex(checked.text)).paragraphs}
    starts = [line.start for line in lines]
    beside: dict[int, list[tuple[int, Finding]]] = defaultdict(list)
    across: dict[int, list[tuple[int, Finding]]] = defaultdict(list)
    for number, finding in enumerate(checked.findings, start=1):
        first = max(0, bisect_right(starts, finding.start) - 1)
        beside[first].append((number, finding))
        for index in range(first, max(first + 1, bisect_right(starts, finding.end - 1))):
            across[index].append((number, finding))
    rows = "\n".join(
        _row(line, roles.get(line.start, "body"), across[index], beside[index], prefix)
        for index, line in enumerate(lines)
    )
    if not lines:
        rows = f'<div class="row"><p></p>{_notes(beside[0], prefix)}</div>'
    head = f'<h2>{escape(checked.file)}</h2>\n<p class="count">{escape(counts(checked.findings))}</p>\n'
    return f'<section class="document" id="{prefix}">\n{head if headed else ""}{rows}\n</section>'


def _row(
    line: Paragraph,
    role: str,
    across: Sequence[tuple[int, Finding]],
    beside: Sequence[tuple[int, Finding]],
    prefix: str,
) -> str:
    text = "".join(_pieces(line, across, beside, prefix))
    return f'<div class="row"><p class="{role}">{text}</p>{_notes(beside, prefix)}</div>'


def _pieces(
    line: Paragraph, across: Sequence[tuple[int, Finding]], beside: Sequence[tuple[int, Finding]], prefix: str
) -> Iterator[str]:
    """The paragraph cut wherever a finding begins or ends; the number of a finding stands where it ends."""
    cuts = {line.start, line.end}
    for _number, finding in across:
        cuts |= {min(max(offset, line.start), line.end) for offset in (finding.start, finding.end)}
    ends: dict[int, list[int]] = defaultdict(list)
    for number, finding in beside:
        ends[min(max(finding.end, line.start), line.end)].append(number)
    own = {number for number, _finding in beside}
    placed: set[int] = set()
    ordered = sorted(cuts)
    coming = sorted(across, key=lambda pair: pair[1].start, reverse=True)
    here: list[tuple[int, Finding]] = []
    for start, end in pairwise(ordered):
        while coming and coming[-1][1].start < end:
            here.append(coming.pop())
        here = [(number, finding) for number, finding in here if finding.end > start]
        words = escape(line.text[start - line.start : end - line.start])
        if here:
            worst = min((finding.severity for _number, finding in here), key=SEVERITIES.index)
            new = [number for number, _finding in here if number in own and number not in placed]
            placed.update(new)
            anchors = "".join(f'<span id="{prefix}-t{number}"></span>' for number in new)
            words = f'{anchors}<mark class="{worst}">{words}</mark>'
        yield words + "".join(_reference(number, prefix) for number in ends[end])
    for number in sorted(number for offset in ends if offset == line.start for number in ends[offset]):
        yield _reference(number, prefix)


def _reference(number: int, prefix: str) -> str:
    return f'<sup><a href="#{prefix}-f{number}">{number}</a></sup>'


def _notes(beside: Sequence[tuple[int, Finding]], prefix: str) -> str:
    labels = {rule.code: rule.label for rule in all_rules()}
    notes = "".join(
        f'<div class="{finding.severity}" id="{prefix}-f{number}"><p class="code">'
        f'<a href="#{prefix}-t{number}">{number}</a>　{finding.code} {NAMES[finding.severity]}　'
        f'{escape(labels.get(finding.code, ""))}</p><p class="what">{escape(finding.message.text())}</p>'
        f"<p>{escape(finding.why.text())}</p><p>{escape(finding.fix.text())}</p></div>"
        for number, finding in beside
    )
    return f"<aside>{notes}</aside>" if notes else ""
