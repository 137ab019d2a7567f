"""The rules and what they mean, open to every account."""

from __future__ import annotations

import pytest
from django.urls import reverse

from zhibu.checking.rule_views import told
from zhibu.checks import all_rules
from zhibu.trace.weights import EVIDENCE, LONG


def page(client, name, *args, **query):
    answer = client.get(reverse(f"checking:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_rule_is_listed_and_explained(cast, as_):
    client = as_(cast.member)
    listed = page(client, "rules")
    for rule in all_rules():
        assert reverse("checking:rule", args=[rule.code]) in listed
        text = page(client, "rule", rule.code)
        assert rule.label in text
        assert "{" not in text.split('class="card card-body rule-told"')[1].split("</article>")[0]


def test_examples_are_told_apart():
    found = list(told("查找错别字。\n\n不好：布署\n    好：部署"))
    assert [(each.kind, each.text) for each in found] == [("", "查找错别字。"), ("bad", "布署"), ("good", "部署")]


@pytest.mark.parametrize(
    ("query", "there", "gone"),
    [({"q": "错别字"}, "WO04", "ST01"), ({"severity": "error"}, "ST01", "WO04"), ({"family": "OR"}, "OR01", "ST01")],
)
def test_the_list_is_narrowed(cast, as_, query, there, gone):
    text = page(as_(cast.member), "rules", **query)
    assert reverse("checking:rule", args=[there]) in text
    assert reverse("checking:rule", args=[gone]) not in text


@pytest.mark.parametrize("query", [{"q": "没有这样的规则"}, {"severity": "x" * 500}, {"family": "²"}])
def test_nothing_found_is_said(cast, as_, query):
    answer = as_(cast.member).get(reverse("checking:rules"), query)
    assert answer.status_code == 200
    if "q" in query:
        assert "没有符合条件的规则" in answer.content.decode()


@pytest.mark.parametrize("code", ["XX99", "st", "0"])
def test_a_rule_that_is_not_there(cast, as_, code):
    assert as_(cast.member).get(reverse("checking:rule", args=[code])).status_code == 404


def test_small_letters_do(cast, as_):
    assert "WO04" in page(as_(cast.member), "rule", "wo04")


def test_fair_use_names_every_weight(cast, as_):
    text = page(as_(cast.member), "meaning")
    assert "不说明谁先写" in text
    assert "没有哪个占比是合格线" in text
    assert f">{EVIDENCE:.0f}<" in text
    assert f">{LONG}<" in text
    assert "习近平新时代中国特色社会主义思想" in text


def test_findings_lead_to_their_rule(cast, as_):
    text = as_(cast.member).post(reverse("checking:check"), {"text": "述职报告\n认真布署工作。"}).content.decode()
    assert reverse("checking:rule", args=["WO04"]) in text
    assert reverse("checking:meaning") in text


def test_english_readers_get_english_names(cast, as_):
    client = as_(cast.member)
    client.cookies["django_language"] = "en"
    rule = next(rule for rule in all_rules() if rule.code == "WO04")
    assert rule.label_en in page(client, "rules")
