"""`zhibu scheme`: what a scheme looks at, and whether its cases hold. No database, no Django."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from zhibu.cli.table import table
from zhibu.errors import UserError
from zhibu.scoring.cases import cases_of, run_all, run_case
from zhibu.scoring.reading import LONGEST, load_schemes, read_scheme
from zhibu.scoring.scheme import ByBallot, ByDisclosure, ByLedger, ByPerson, ByRecords, ByRoster, Item, Scheme

SUMMARY = "列出、解释和检验评价办法。"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    show = actions.add_parser("show", help="用白话解释一个办法；不写编号时列出全部")
    show.add_argument("scheme", metavar="SCHEME", nargs="?", help="编号，如 standard-branch；或一个文件")
    test = actions.add_parser("test", help="检验办法和它的事例；有一例不符时退出码为 1")
    test.add_argument("file", metavar="FILE", nargs="?", type=Path, help="自己写的办法；不写时检验自带的")
    test.add_argument("--cases", metavar="FILE", type=Path, help="它的事例")


def run(options: argparse.Namespace) -> int:
    if options.action == "test":
        return _test(options.file, options.cases)
    if options.scheme is None:
        rows = [(slug, one.title, len(one.items), f"{one.points:f}") for slug, (one, _) in load_schemes().items()]
        print(table(("编号", "办法", "项数", "总分"), rows))
        return 0
    print("\n".join(_explained(_found(options.scheme))))
    return 0


def _found(name: str) -> Scheme:
    known = load_schemes()
    if name in known:
        return known[name][0]
    if name.endswith((".yaml", ".yml")):
        return _of_file(Path(name))
    raise UserError(
        "scheme-unknown", "没有编号为“{name}”的评价办法。可用：{known}。", name=name, known="、".join(known)
    )


def _of_file(file: Path) -> Scheme:
    try:
        with file.open(encoding="utf-8-sig") as opened:
            text = opened.read(LONGEST + 1)
    except (OSError, UnicodeDecodeError):
        raise UserError("rule-file-unreadable", "无法读取文件{file}。", file=file.name) from None
    slug = file.stem if file.stem != "scheme" else file.absolute().parent.name
    return read_scheme(slug, text)[0]


def _explained(scheme: Scheme) -> Iterator[str]:
    yield f"{scheme.title}（{scheme.slug}，第{scheme.version}版）"
    yield f"　{scheme.issuer}，来源：{scheme.source}"
    if scheme.confidence != "V":
        yield "　本地办法，未与文件核对。"
    yield f"　等次：{'，'.join(f'{level.label} {level.at_least}%以上' for level in scheme.levels)}"
    for part in scheme.parts:
        yield f"\n{part.label}　{part.points:f}分"
        yield from (_line(item, f"{item.points:f}分") for item in part.items)
    if scheme.vetoes:
        yield "\n否决项"
        yield from (_line(item, "") for item in scheme.vetoes)
    if scheme.deductions:
        yield "\n扣分项"
        yield from (_line(item, f"最多扣{item.points:f}分") for item in scheme.deductions)


def _line(item: Item, worth: str) -> str:
    return f"　{item.label}（{item.slug}）{worth}：{item.asks}{_how(item)}"


def _how(item: Item) -> str:
    judged = item.judged
    if isinstance(judged, ByLedger):
        return f"［台账 {'、'.join(judged.duties)}］"
    if isinstance(judged, ByPerson):
        return f"［{'上级评定' if item.sort == 'opinion' else '自评和核实'}：{judged.question}］"
    if isinstance(judged, ByRoster):
        return f"［名册 {judged.measure}］"
    if isinstance(judged, ByBallot):
        return f"［表决 {judged.question}，按得分率］"
    if isinstance(judged, ByDisclosure):
        return f"［按时公开的比例：{'、'.join(judged.matters) or '目录全部'}］"
    named = "记录" if isinstance(judged, ByRecords) else f"任务 {judged.of}"
    steps = "、".join(f"{step.at_least}起得{step.share}" for step in judged.steps) or "按比例"
    return f"［{named}：{steps}］"


def _test(file: Path | None, cases: Path | None) -> int:
    if file is None:
        count, failures = run_all()
    else:
        scheme = _of_file(file)
        found = list(cases_of(scheme, cases)) if cases else []
        count, failures = len(found), [failure for case in found for failure in run_case(case, scheme)]
        print(f"{file.name}：{len(scheme.items)}项，{scheme.points:f}分，写法没有问题。")
    for one in failures:
        print(f"不符：{one.where}，“{one.case}”\n　　{one.message}")
    wrong = len({(one.where, one.case) for one in failures})
    print(f"{count - wrong}例相符，{wrong}例不符。")
    return 1 if failures else 0
