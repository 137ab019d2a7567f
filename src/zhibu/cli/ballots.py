"""Check the public record of a ballot, or the scripts a site hands to voters, without the system that made them."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from zhibu.ballots.canonical import parsed
from zhibu.ballots.manifest import Manifest
from zhibu.ballots.record import Artefact, accused, check, read_record
from zhibu.ballots.visiting import changed_scripts
from zhibu.errors import UserError

SUMMARY = "核对票决的公开记录，或投票页的程序；不需要数据库。"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    verify = actions.add_parser("verify", help="核对公开记录：校验值、次序、签名，并重新计票")
    verify.add_argument("file", type=Path, metavar="FILE", help="下载的公开记录（.json）")
    verify.add_argument("--proof", type=Path, metavar="FILE", help="投票人设备下载的证明或回执：说出票在哪里丢的")
    verify.add_argument("--format", choices=("text", "json"), default="text", help="输出格式，默认 text")
    booth = actions.add_parser("verify-booth", help="核对一个网址交给投票人的程序是不是封存的那一份")
    booth.add_argument("url", metavar="URL", help="投票页的网址")
    booth.add_argument("--record", required=True, type=Path, metavar="FILE", help="同一次票决的公开记录")


def run(options: argparse.Namespace) -> int:
    record = read_record(_read(options.file if options.action == "verify" else options.record))
    if options.action == "verify-booth":
        return _booth(options.url, record)
    found = check(record)
    if options.format == "json":
        print(json.dumps(_as_json(found, record), ensure_ascii=False, indent=2))
    else:
        _print(found, record)
    if options.proof is not None:
        proof = parsed(_read(options.proof))
        answer = accused(record, proof if isinstance(proof, dict) else {})
        print(answer)
        return 1 if answer.code in ("proof-accused", "proof-not-boxed") else 0
    return 1 if found.faults else 0


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UserError("cannot-read", "无法读取“{file}”：{why}。", file=path, why=error.strerror) from error


def _print(found: Any, record: list[Artefact]) -> None:
    if found.manifest is not None:
        _print_manifest(found.manifest)
    for artefact in record:
        print(f"  {artefact.kind:<9}{artefact.hash}")
    if found.void:
        print(f"已作废：{found.void}")
    for sentence in (*found.notes, *found.faults):
        print(sentence)
    if found.results is not None:
        _print_results(found.results)
    print("核对不符。" if found.faults else "校验值、次序、签名和计票一致。")


def _print_manifest(manifest: Manifest) -> None:
    print(f"{manifest.body}：{manifest.title}")
    for one in manifest.scrutineers:
        print(f"  监票人 {one.name} {one.fingerprint}")


def _print_results(results: Any) -> None:
    print(
        f"应投票{results.entitled}人，实到{results.present}人，收回{results.collected}张，整张无效{results.invalid}张。"
    )
    for one in results.questions:
        votes = "，".join(f"{choice.label}{one.total.votes[choice.slug]}" for choice in one.question.choices)
        print(f"  {one.question.text}：{votes}，弃权{one.total.abstained}，无效{one.total.invalid}")


def _as_json(found: Any, record: list[Artefact]) -> dict[str, Any]:
    from zhibu.ballots.record import result_body

    return {
        "faults": [{"code": one.code, "message": str(one)} for one in found.faults],
        "notes": [{"code": one.code, "message": str(one)} for one in found.notes],
        "void": found.void,
        "artefacts": [{"kind": one.kind, "hash": one.hash} for one in record],
        "result": result_body(found.results) if found.results is not None else None,
    }


def _booth(url: str, record: list[Artefact]) -> int:
    manifest = check(record).manifest
    if manifest is None:
        raise UserError("bad-record", "这不是本系统的票决记录。")
    wrong = changed_scripts(url, manifest)
    for name in wrong:
        print(f"{name} 与封存的不同，或页面上多出、少了程序。")
    print("投票页的程序与封存的一致。" if not wrong else "请不要在这个网址投票，并告诉监票人。")
    return 1 if wrong else 0
