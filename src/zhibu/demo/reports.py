"""Debriefing reports of a few made-up branches: one taken over from another branch, one from its own last year.

The drafts come from the records as everywhere; what their secretaries wrote into them stands in reports.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils import timezone

from zhibu.corpus.services import NewText, add_texts
from zhibu.demo.accounts import account_of
from zhibu.demo.county import Branch
from zhibu.errors import UserError
from zhibu.org.models import Account, Organization
from zhibu.reports.composing import TOKEN
from zhibu.reports.editing import rows_of
from zhibu.reports.models import Report
from zhibu.reports.services import save_report, start_report

SEASON = 10
"""From this month on the reports of the year are written; before it, those of the year before."""


@cache
def _words() -> dict[str, Any]:
    text = (Path(__file__).parent / "reports.yaml").read_text(encoding="utf-8")
    return dict(yaml.load(text, Loader=yaml.CSafeLoader))


def written_by_hand() -> set[str]:
    """Codes of the branches whose drafts are filled with words of their own, last year's problems among them."""
    return {each["branch"] for each in _words()["reports"]}


def make_reports(
    root: Organization, branches: list[Branch], accounts: Mapping[str, Account], first: int, on: date
) -> None:
    """The reports and what was added to compare them with; nothing where the year has no records."""
    year = on.year if on.month >= SEASON else on.year - 1
    by_code = {branch.organization.code: branch for branch in branches}
    if year < first:
        return
    at = timezone.make_aware(datetime.combine(on, time(16, 30)))
    told = {each["branch"]: each for each in _words()["reports"]}
    for code, words in told.items():
        if code in by_code:
            _report(by_code[code], _taken_over(words, told), year, on, at)
    if clerk := accounts.get("gongwei"):
        template = _words()["template"]
        add_texts(clerk, root, [NewText(template["title"], "", None, "template", template["text"])], at=at)


def _taken_over(words: dict[str, Any], told: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    if "like" not in words:
        return words
    taken = {name: _changed(value, words["changes"]) for name, value in told[words["like"]].items() if name != "branch"}
    return {**taken, **words, "together": [*taken["together"][1:], *words["together"]]}


def _changed(value: Any, changes: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_changed(each, changes) for each in value]
    for before, after in changes.items():
        value = value.replace(before, after) if isinstance(value, str) else value
    return value


def _report(branch: Branch, words: Mapping[str, Any], year: int, on: date, at: datetime) -> None:
    organization, writer = branch.organization, branch.secretary
    account = account_of(branch)
    try:
        report = start_report(account, organization, year, writer, min(on, date(year, 12, 31)), at=at)
    except UserError:  # a branch founded since, or one that recorded nothing
        return
    _fill(report, words)
    save_report(account, report, rows_of(report.body), report.version, at=at)
    if earlier := words.get("earlier"):
        about = {"year": year - 1, "organization": organization.name, "writer": writer.name}
        title, text = (earlier[name].format(**about) for name in ("title", "text"))
        add_texts(account, organization, [NewText(title, organization.name, year - 1, "own", text, "去年.docx")], at=at)


def _fill(report: Report, words: Mapping[str, Any]) -> None:
    """Put the secretary's words where the draft has its gaps; gaps of what was never recorded stay."""
    causes, measures = iter(words["causes"]), iter(words["measures"])
    blocks: list[dict[str, Any]] = []
    for block in report.body["blocks"]:
        gaps = [token for token in TOKEN.findall(block["text"]) if token.startswith("gap ")]
        gap = gaps[-1] if gaps else ""
        if "上年度指出" in gap:
            blocks.append(block | {"text": words["findings"]})
        elif "党建和业务融合" in gap:
            blocks += [block | {"text": text} for text in words["together"]]
        elif "原因" in gap and (cause := next(causes, "")):
            blocks.append(block | {"text": block["text"].replace(f"[[{gap}]]", cause)})
        elif "措施" in gap and (measure := next(measures, "")):
            blocks.append(block | {"text": block["text"].replace(f"[[{gap}]]", measure)})
        else:
            blocks.append(block)
    report.body = {**report.body, "blocks": blocks}
