"""校核: the linter for debriefing reports. Text and, if there are any, facts in; findings out. Pure, no Django.

from zhibu.checks import check
for finding in check(text, year=2025):
    print(finding.code, finding.section, finding.message)
"""

from zhibu.checks.borrowed import Borrowed
from zhibu.checks.engine import Limits, Rule, all_rules, check
from zhibu.checks.facts import Facts, load_facts, parse_facts
from zhibu.checks.findings import Finding
from zhibu.checks.last_findings import LastFinding, load_last_findings
from zhibu.checks.waivers import Waiver, load_waivers

__all__ = [
    "Borrowed",
    "Facts",
    "Finding",
    "LastFinding",
    "Limits",
    "Rule",
    "Waiver",
    "all_rules",
    "check",
    "load_facts",
    "load_last_findings",
    "load_waivers",
    "parse_facts",
]
