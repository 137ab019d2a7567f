"""`zhibu rules`: what the regulations ask, in plain words, and whether their cases hold. No database, no Django."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from itertools import groupby
from typing import Any

from zhibu.cli.table import clip, table
from zhibu.errors import Sentence, UserError
from zhibu.ledger.cases import NO_CELL, Case, Outcome, cases_of, run_all
from zhibu.rulebook.duty import CONFIDENCES, STRENGTHS, Duty, Regulation
from zhibu.rulebook.explain import STRENGTH_MEANINGS, UNVERIFIED, for_whom, what_counts, when_not
from zhibu.rulebook.parsing import duty_to_data
from zhibu.rulebook.reasons import STATUSES, word, words
from zhibu.rulebook.regulations import all_duties, find_duty, load_regulations

SUMMARY = "列出、解释和检验制度要求。"


_VERDICTS: Mapping[str, Sentence] = {
    **{str(status): text for status, text in STATUSES.items()},
    NO_CELL: Sentence("no-cell", "无此项"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="列出全部要求")
    show = actions.add_parser("show", help="用白话解释一项要求")
    show.add_argument("id", metavar="ID", help="编号，如 branch-work/general-meeting")
    test = actions.add_parser("test", help="检验各项规定的事例；有一例不符时退出码为 1")
    for action in (listing, show, test):
        action.add_argument(
            "--format", choices=("table", "json"), default="table", help="table：文字；json：供程序读取"
        )


def run(options: argparse.Namespace) -> int:
    if options.action == "list":
        return _list(options.format)
    if options.action == "show":
        return _show(options.id, options.format)
    return _test(options.format)


def _list(form: str) -> int:
    duties = all_duties()
    if form == "json":
        _print_json([_row(duty) for duty in duties])
        return 0
    heads = ("编号", "要求", "对象", "频次", "条款", "强度", "核对")
    head, rule, *lines = table(heads, [_cells(duty) for duty in duties]).splitlines()
    print(f"{head}\n{rule}")
    rows = zip(duties, lines, strict=True)
    for regulation, group in groupby(rows, key=lambda row: row[0].regulation):
        print("\n".join([f"《{regulation}》", *(line for _, line in group)]))
    unverified = sum(not duty.verified for duty in duties)
    print(f"\n共{len(duties)}项，其中{unverified}项条文未核对。详情：zhibu rules show 编号")
    return 0


def _row(duty: Duty) -> dict[str, Any]:
    return {
        "id": duty.id,
        "title": duty.label,
        "subject": ",".join(duty.subject),
        "recurrence": duty.recurrence,
        "article": duty.article,
        "regulation": duty.regulation,
        "strength": duty.strength,
        "confidence": duty.confidence,
    }


def _cells(duty: Duty) -> tuple[object, ...]:
    return (
        duty.id,
        clip(duty.label, 30),
        clip(words("organisations", duty.subject), 20),
        word("recurrences", duty.recurrence),
        duty.article or "—",
        STRENGTHS[duty.strength],
        "已核对" if duty.verified else "未核对",
    )


def _show(id: str, form: str) -> int:
    duty = find_duty(id)
    regulation = next(one for one in load_regulations() if duty in one.duties)
    cases = [case for case in cases_of(regulation) if case.concerns(duty.key)]
    if form == "json":
        _print_json({**_row(duty), **_json_details(duty, regulation, cases)})
    else:
        print(_explanation(duty, regulation, cases))
    return 0


def _json_details(duty: Duty, regulation: Regulation, cases: list[Case]) -> dict[str, Any]:
    return {
        "text": duty.text,
        "verified": duty.verified,
        "note": duty.note,
        "source": regulation.source,
        "counts": [str(sentence) for sentence in what_counts(duty)],
        "limits": [str(sentence) for sentence in when_not(duty)],
        "cases": [case.name for case in cases],
        "data": duty_to_data(duty),
    }


def _explanation(duty: Duty, regulation: Regulation, cases: list[Case]) -> str:
    lines = [f"{duty.label}（{duty.id}）", "", f"《{duty.regulation}》{duty.article}：“{duty.text}”"]
    lines += [f"　{regulation.issuer}，来源：{regulation.source}"]
    lines += [f"　强度：{STRENGTH_MEANINGS[duty.strength]}", f"　核对：{CONFIDENCES[duty.confidence]}"]
    if not duty.verified:
        lines += ["", f"⚠ {UNVERIFIED[duty.confidence]}"]
    lines += ["", f"对象：{for_whom(duty)}", "怎样算完成："]
    lines += [f"　{sentence}" for sentence in what_counts(duty)]
    lines += ["什么时候不作要求："]
    lines += [f"　{sentence}" for sentence in when_not(duty)]
    if duty.note:
        lines += ["说明：", f"　{duty.note}"]
    lines += [f"事例（{len(cases)}）：" if cases else "事例：还没有。"]
    lines += [f"　{case.on}　{case.name}{_verdict(case, duty)}" for case in cases]
    return "\n".join(lines)


def _verdict(case: Case, duty: Duty) -> str:
    """What a case says of the duty's cells: （2025-Q1 未完成）."""
    cells = {cell.rpartition("/"): status for cell, (status, _) in case.expect.items()}
    said = [f"{period} {_VERDICTS[status]}" for (key, _, period), status in cells.items() if key == duty.key]
    return f"（{'，'.join(said)}）" if said else ""


def _test(form: str) -> int:
    outcome = run_all()
    if not outcome.passed and not outcome.failed:
        raise UserError("no-cases", "没有找到任何事例，安装可能不完整。")
    if form == "json":
        _print_json(outcome.to_json())
    else:
        print(_report(outcome))
    return 1 if outcome.failed else 0


def _report(outcome: Outcome) -> str:
    lines = [f"不符：{one.where}，“{one.case}”\n　　{one.message}" for one in outcome.failures]
    return "\n".join([*lines, f"{outcome.passed}例相符，{outcome.failed}例不符。"])


def _print_json(data: Any) -> None:
    print(json.dumps(data, ensure_ascii=False, indent=1, default=str))
