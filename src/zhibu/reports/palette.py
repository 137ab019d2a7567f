"""Figures a writer can put into the text: every query that finds something in the snapshot, with a label. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from zhibu.errors import Sentence
from zhibu.reports.claims import Claim, Snapshot, evaluate

ROSTER: Mapping[str, Sentence] = {
    "member members": Sentence("palette", "党员人数"),
    "member full_members": Sentence("palette", "正式党员人数"),
    "member probationary": Sentence("palette", "预备党员人数"),
    "member committee": Sentence("palette", "委员会人数"),
    "member cells": Sentence("palette", "党小组个数"),
    "admission admitted": Sentence("palette", "本年接收预备党员人数"),
    "admission confirmed": Sentence("palette", "本年预备党员转正人数"),
    "admission moved_in": Sentence("palette", "本年转入党员人数"),
    "admission moved_out": Sentence("palette", "本年转出党员人数"),
}
YEAR: Mapping[str, Sentence] = {
    "reached": Sentence("palette", "达到32学时的党员人数"),
    "average": Sentence("palette", "党员人均学时"),
    "resolutions": Sentence("palette", "形成的决议项数"),
    "done": Sentence("palette", "已落实的决议项数"),
}
PROBLEMS: Mapping[str, Sentence] = {
    "found": Sentence("palette", "上年度的问题个数"),
    "solved": Sentence("palette", "已整改的问题个数"),
    "unsolved": Sentence("palette", "没有整改完的问题个数"),
    "found review": Sentence("palette", "述职评议指出的问题个数"),
    "found inspection": Sentence("palette", "巡察反馈的问题个数"),
    "found life-meeting": Sentence("palette", "组织生活会查摆的问题个数"),
    "found self": Sentence("palette", "自查发现的问题个数"),
}
OF_A_PROBLEM: Mapping[str, Sentence] = {
    "problem": Sentence("palette", "上年度的问题"),
    "before": Sentence("palette", "这个问题以前指出的年度"),
    "answer": Sentence("palette", "整改措施和结果"),
}
OF_A_KIND: Mapping[str, Sentence] = {
    "count {kind}": Sentence("palette", "次数"),
    "count {kind} by=writer": Sentence("palette", "本人主持的次数"),
    "count {kind} taught=writer": Sentence("palette", "本人讲授的次数"),
    "attendance {kind}": Sentence("palette", "到会率"),
    "attended {kind}": Sentence("palette", "参加人次"),
    "hours {kind}": Sentence("palette", "学时合计"),
    "dates {kind}": Sentence("palette", "日期"),
    "topics {kind}": Sentence("palette", "题目"),
}
OF_A_DUTY: Mapping[str, Sentence] = {
    "owed {duty}": Sentence("palette", "应落实期数"),
    "unmet {duty}": Sentence("palette", "未落实期数"),
    "when {duty}": Sentence("palette", "未落实的时间"),
}
ELSE: Mapping[str, Sentence] = {
    "titles {kind}": Sentence("palette", "名称"),
    "first {kind}": Sentence("palette", "首次日期"),
}


FROM_ROSTER = Sentence("palette", "党员名册")
OF_LAST_YEAR = Sentence("palette", "上年度的问题和整改")
OF_YEAR = Sentence("palette", "全年")


@dataclass(frozen=True, slots=True)
class Offer:
    """One figure: the heading it stands under, what it is, and what it says now."""

    group: Sentence | str
    label: Sentence
    claim: Claim


def offers(snapshot: Snapshot, writer: str, kinds: Mapping[str, str]) -> list[Offer]:
    """All figures with a record behind them. `kinds`: slug of each kind of activity → its label."""
    return list(_offers(snapshot, writer, kinds))


def _offers(snapshot: Snapshot, writer: str, kinds: Mapping[str, str]) -> Iterator[Offer]:
    for query, label in ROSTER.items():
        yield from _offer(FROM_ROSTER, query, label, snapshot, writer)
    for query, label in YEAR.items():
        yield from _offer(OF_YEAR, query, label, snapshot, writer)
    for query, label in PROBLEMS.items():
        yield from _offer(OF_LAST_YEAR, query, label, snapshot, writer)
    held = {kind for record in snapshot["activities"] for kind in record["kinds"]}
    for kind, name in kinds.items():
        for query, label in OF_A_KIND.items() if kind in held else ():
            yield from _offer(name, query.format(kind=kind), label, snapshot, writer)
    for duty, name in {cell["duty"]: cell["label"] for cell in snapshot["cells"]}.items():
        if evaluate(f"unmet {duty}", snapshot):
            for query, label in OF_A_DUTY.items():
                yield from _offer(name, query.format(duty=duty), label, snapshot, writer)


def _offer(group: Sentence | str, query: str, label: Sentence, snapshot: Snapshot, writer: str) -> Iterator[Offer]:
    claim = evaluate(query, snapshot, writer)
    if claim and claim.number != 0:
        yield Offer(group, label, claim)


def label_of(query: str, kinds: Mapping[str, str], duties: Mapping[str, str]) -> Sentence:
    """What a claim of this query is: 党员大会·次数, 党员人数. `duties`: id → label."""
    if whole := {**ROSTER, **YEAR, **PROBLEMS}.get(query):
        return whole
    verb, *rest = query.split() or [""]
    if verb in OF_A_PROBLEM:
        return OF_A_PROBLEM[verb]
    subject = rest[0] if rest else ""
    name = duties.get(subject) or kinds.get(subject) or subject
    if verb == "sum":
        return Sentence("palette-sum", "{name}（登记的数字合计）", name=name)
    pattern = " ".join([verb, "{duty}" if subject in duties else "{kind}", *rest[1:]])
    what = {**OF_A_KIND, **OF_A_DUTY, **ELSE}.get(pattern)
    return Sentence("palette-named", "{name}（{what}）", name=name, what=what or verb)
