"""The rules' registry and the run: text in, findings out.

A rule is a function with the `rule` decorator in a module of `checks/rules`; importing the module registers it. Its
docstring (Chinese, for users) explains it on `zhibu check --explain` and in docs/rules.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from functools import cache

from zhibu.checks.borrowed import Borrowed
from zhibu.checks.facts import Facts
from zhibu.checks.findings import Confidence, Finding, Hit, Severity, shown
from zhibu.checks.frame import without_annex
from zhibu.checks.last_findings import LastFinding
from zhibu.checks.outline import Outline, parse
from zhibu.checks.waivers import Waiver, apply
from zhibu.checks.words import Added, added
from zhibu.documents.paragraphs import Trace
from zhibu.errors import Sentence, UserError

CODE = re.compile(r"(ST|FA|WO|OR|RE)\d\d")


@dataclass(frozen=True, slots=True)
class Limits:
    """Lengths in characters: of the report itself, and of a sentence; and a share.

    Practice, no national rule: oral reports 1,500–2,000, written ones 2,000–3,000, with a fifth allowed to either side.
    Some organisers want achievements to take no more than half.
    """

    shortest: int = 1200
    longest: int = 3500
    sentence: int = 120
    problems: int = 25
    """Percent that problems and causes are to take up."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule may know besides the text. `year` is the report's year, None when nobody says it."""

    year: int | None = None
    facts: Facts | None = None
    limits: Limits = field(default_factory=Limits)
    traces: tuple[Trace, ...] = ()
    """Tracked changes and comments of the file."""
    borrowed: tuple[Borrowed, ...] | None = None
    """Passages that stand in other texts too; None when nothing was compared."""
    owner: str = ""
    """Whose report this is, as the corpus names its owners; empty: told by the names under its title."""
    last_findings: tuple[LastFinding, ...] | None = None
    """Problems named at last year's review; None when nobody gave them."""
    idle_waivers: tuple[Waiver, ...] = ()


Check = Callable[[Outline, Context], Iterable[Hit]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A registered rule. `needs_facts`, `needs_corpus`, `needs_last_findings`: runs only with a snapshot, with what a
    comparison found, with last year's findings. `default`: runs without being selected. `last`: runs after the waivers
    were applied."""

    code: str
    slug: str
    severity: Severity
    confidence: Confidence
    label: str
    label_en: str
    message: Sentence
    why: Sentence
    fix: Sentence
    check: Check
    needs_facts: bool
    needs_corpus: bool
    needs_last_findings: bool
    default: bool
    last: bool

    def runs_with(self, context: Context) -> bool:
        """Whether everything is there that it needs."""
        return not (
            (self.needs_facts and context.facts is None)
            or (self.needs_corpus and context.borrowed is None)
            or (self.needs_last_findings and context.last_findings is None)
        )

    @property
    def explanation(self) -> str:
        return (self.check.__doc__ or "").strip()


_REGISTRY: dict[str, Rule] = {}


def rule(
    code: str,
    slug: str,
    *,
    severity: Severity,
    label: str,
    label_en: str,
    message: Sentence,
    why: Sentence,
    fix: Sentence,
    confidence: Confidence = "certain",
    needs_facts: bool = False,
    needs_corpus: bool = False,
    needs_last_findings: bool = False,
    default: bool = True,
    last: bool = False,
) -> Callable[[Check], Check]:
    """Register a check under its code. A code or slug that is taken, or no code at all, fails at start."""

    def register(check: Check) -> Check:
        if not CODE.fullmatch(code):
            raise ValueError(f"{code}: not ST, FA, WO, OR or RE and two digits")
        if code in _REGISTRY or any(other.slug == slug for other in _REGISTRY.values()):
            raise ValueError(f"{code} {slug}: registered twice")
        _REGISTRY[code] = Rule(
            code, slug, severity, confidence, label, label_en, message, why, fix, check, needs_facts, needs_corpus,
            needs_last_findings, default, last,
        )  # fmt: skip
        return check

    return register


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, by code. Loads the modules of `checks/rules` once."""
    from zhibu.checks import rules

    for module in pkgutil.iter_modules(rules.__path__):
        importlib.import_module(f"{rules.__name__}.{module.name}")
    return tuple(_REGISTRY[code] for code in sorted(_REGISTRY))


def chosen(select: Sequence[str] = (), ignore: Sequence[str] = ()) -> tuple[Rule, ...]:
    """The rules to run. Words are codes (ST01), families (ST) or slugs. Without `select`: those on by default."""
    known = all_rules()
    wanted = _named(select, known) if select else {rule.code for rule in known if rule.default}
    return tuple(rule for rule in known if rule.code in wanted - _named(ignore, known))


def _named(words: Sequence[str], known: Sequence[Rule]) -> set[str]:
    found: set[str] = set()
    for word in words:
        codes = {r.code for r in known if word.upper() in (r.code, r.code[:2]) or word.lower() == r.slug}
        if not codes:
            raise UserError("unknown-rule", "没有“{word}”这条规则。用 zhibu check --list 查看全部规则。", word=word)
        found |= codes
    return found


def check(
    text: str,
    *,
    year: int | None = None,
    facts: Facts | None = None,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    name: str = "",
    waivers: Sequence[Waiver] = (),
    limits: Limits | None = None,
    wording: Added | None = None,
    traces: Sequence[Trace] = (),
    borrowed: Sequence[Borrowed] | None = None,
    owner: str = "",
    last_findings: Sequence[LastFinding] | None = None,
) -> list[Finding]:
    """The findings of a report's text, in the order of the text.

    `year` is the report's year (default: the snapshot's, else the title's). `name` fills `Finding.file`. Findings
    that a waiver covers are left out; a waiver that covers none is itself a finding (ST99). An annex (附件1)
    is not read. `limits` and `wording` are a unit's own lengths and words.
    `traces` are what the reader found beside the text (`ReadText.traces`). `borrowed` is what a comparison found
    (`zhibu.borrowing`), None when nothing was compared; `owner` says whose report it is. `last_findings` are the
    problems named at last year's review (default: those of the snapshot, if it has any).
    """
    outline = parse(without_annex(text))
    if last_findings is None and facts and facts.problems:
        last_findings = [LastFinding(problem) for problem in facts.problems]
    context = Context(
        year or (facts.year if facts else None) or outline.year, facts, limits or Limits(), tuple(traces),
        None if borrowed is None else tuple(borrowed), owner, None if last_findings is None else tuple(last_findings),
    )  # fmt: skip
    with added(wording) if wording is not None else nullcontext():
        return _findings(outline, context, chosen(select, ignore), name, waivers)


def _findings(
    outline: Outline, context: Context, rules: Sequence[Rule], name: str, waivers: Sequence[Waiver]
) -> list[Finding]:
    rules = [rule for rule in rules if rule.runs_with(context)]
    found = [f for r in rules if not r.last for f in run_rule(r, outline, context, name)]
    kept, idle = apply(waivers, found)
    # A waiver of a rule that did not run may well waive something.
    late = replace(context, idle_waivers=tuple(w for w in idle if any(r.code == w.code for r in rules)))
    kept += [f for r in rules if r.last for f in run_rule(r, outline, late, name)]
    return sorted(kept, key=lambda f: (f.start, f.end, f.code, f.message.text()))


def run_rule(rule: Rule, outline: Outline, context: Context, name: str = "") -> Iterator[Finding]:
    """One rule's findings; nothing when something it needs is not there."""
    if not rule.runs_with(context):
        return
    for hit in rule.check(outline, context):
        yield _finding(rule, hit, outline, name)


def _finding(rule: Rule, hit: Hit, outline: Outline, name: str) -> Finding:
    excerpt = outline.text[hit.start : hit.end]
    data = {"excerpt": shown(excerpt)} | hit.data
    paragraph = outline.paragraph_at(hit.start)
    message, why, fix = (
        Sentence(each.code, each.message, **(each.data | data))
        for each in (hit.message or rule.message, rule.why, hit.fix or rule.fix)
    )
    return Finding(
        name, rule.code, rule.slug, hit.severity or rule.severity, section_name(outline, hit.start),
        paragraph.number if paragraph else 0, hit.start, hit.end, excerpt, message, why, fix,
        hit.edits,
    )  # fmt: skip


_ROLE_NAMES = {
    "residue": "正文之外", "preface": "标题之前", "title": "标题", "byline": "署名",
    "salutation": "称呼", "lead-in": "开头", "closing": "结尾", "signature": "落款", "date": "落款", "body": "正文",
}  # fmt: skip


def section_name(outline: Outline, offset: int) -> str:
    """Where an offset stands: 一（二） within the body, 标题, 落款 … around it, and empty in an empty text."""
    paragraph = outline.paragraph_at(offset)
    if paragraph is None:
        return ""
    index = outline.section_at(offset) if paragraph.role == "body" else -1
    if index >= 0:
        return outline.sections[index].label
    return _ROLE_NAMES[paragraph.role]
