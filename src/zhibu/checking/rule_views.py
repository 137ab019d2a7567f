"""The checker's rules explained, and what a finding and a share mean and do not mean."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhibu.checking.forms import RuleFilter
from zhibu.checking.weights import lists, weights
from zhibu.checks import Rule, all_rules
from zhibu.checks.findings import SEVERITIES

HOLE = re.compile(r"\{\w+\}")
"""Where a sentence takes in words of the text at hand."""
EXAMPLES = {"不好：": "bad", "好：": "good"}
"""How examples begin in a rule's own explanation."""


@dataclass(frozen=True, slots=True)
class Told:
    """A paragraph of an explanation; `kind` is bad or good for an example, else empty."""

    kind: str
    text: str


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """Every rule by family, narrowed by words, severity or family."""
    form = RuleFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    found = [rule for rule in all_rules() if _wanted(rule, asked)]
    families = [(family, list(some)) for family, some in groupby(found, key=lambda rule: rule.code[:2])]
    context = {"families": families, "asked": asked, "total": len(all_rules()), "severities": SEVERITIES}
    return render(request, "checking/rules.html", context)


def _wanted(rule: Rule, asked: dict[str, str]) -> bool:
    words = f"{rule.code} {rule.slug} {rule.label} {rule.label_en} {rule.explanation}".lower()
    return (
        all(word in words for word in asked.get("q", "").lower().split())
        and asked.get("severity", "") in ("", rule.severity)
        and asked.get("family", "") in ("", rule.code[:2])
    )


@require_safe
def rule(request: HttpRequest, code: str) -> HttpResponse:
    """One rule: what it looks for, with a bad and a good example, why, and what to do."""
    known = all_rules()
    place = next((number for number, one in enumerate(known) if one.code == code.upper()), None)
    if place is None:
        raise Http404
    why, fix = (HOLE.sub("……", _(each.message)) for each in (known[place].why, known[place].fix))
    context = {
        "rule": known[place], "why": why, "fix": fix, "told": list(told(known[place].explanation)),
        "previous": known[place - 1] if place else None, "next": known[place + 1] if place + 1 < len(known) else None,
    }  # fmt: skip
    return render(request, "checking/rule.html", context)


def told(explanation: str) -> Iterator[Told]:
    """The lines of an explanation, examples told apart."""
    for line in filter(None, map(str.strip, explanation.splitlines())):
        lead = next((lead for lead in EXAMPLES if line.startswith(lead)), "")
        yield Told(EXAMPLES.get(lead, ""), line.removeprefix(lead))


@require_safe
def meaning(request: HttpRequest) -> HttpResponse:
    """Fair use: what is looked at, with every weight, and what may not be concluded from it."""
    return render(request, "checking/meaning.html", {"weights": weights(), "lists": lists()})
