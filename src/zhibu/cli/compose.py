"""Compose a body's debriefing report of a year from its records, as DOCX, PDF or JSON."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from zhibu.cli.main import use_django
from zhibu.errors import UserError

SUMMARY = "由台账生成述职报告初稿（DOCX、PDF 或 JSON）。"
ENDINGS = (".docx", ".pdf", ".json")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--org", required=True, metavar="CODE", help="组织代码")
    parser.add_argument("--year", required=True, type=_year, metavar="Y", help="年度")
    parser.add_argument("--out", required=True, type=Path, metavar="FILE", help="输出文件：.docx、.pdf 或 .json")
    parser.add_argument("--on", type=_day, metavar="DATE", help="截至哪一天，默认今天或该年最后一天")
    parser.add_argument("--writer", default="", metavar="NAME", help="述职人姓名，默认书记")
    parser.add_argument("--annex", action="store_true", help="附数据依据")


def run(options: argparse.Namespace) -> int:
    if options.out.suffix.lower() not in ENDINGS:
        raise UserError("bad-ending", "输出文件应以 .docx、.pdf 或 .json 结尾，现为“{name}”。", name=options.out.name)
    use_django()
    from django.conf import settings
    from django.utils import timezone

    from zhibu.ledger.snapshots import canonical, digest_of, snapshot_data
    from zhibu.org.models import Organization
    from zhibu.reports.drafting import draft
    from zhibu.reports.queries import superior_name

    organization = Organization.objects.filter(code=options.org).first()
    if organization is None:
        raise UserError(
            "no-such-organization", "没有代码为“{code}”的组织。可用 zhibu org list 查看。", code=options.org
        )
    on = options.on or min(timezone.localdate(), date(options.year, 12, 31))
    snapshot = snapshot_data(organization, options.year, on)
    digest = digest_of(canonical(snapshot), settings.SNAPSHOT_HASH)
    body, writer, _outline = draft(snapshot, superior_name(organization), options.writer)
    snapshot["hash"] = {"algorithm": settings.SNAPSHOT_HASH, "value": digest}
    _write(options, body, snapshot, writer, digest)
    return 0


def _write(options: argparse.Namespace, body: Any, snapshot: Any, writer: Any, digest: str) -> None:
    from zhibu.reports.composing import gaps, to_document
    from zhibu.reports.drafting import as_json
    from zhibu.reports.queries import claim_labels

    ending = options.out.suffix.lower()
    if ending == ".json":
        data = json.dumps(as_json(body, snapshot, writer), ensure_ascii=False, indent=1).encode()
    else:
        document = to_document(
            body, snapshot, writer,
            annex=options.annex, digest=digest, day=snapshot["on"], labels=claim_labels(body, snapshot),
        )  # fmt: skip
        data = _printed(document, ending)
    try:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_bytes(data)
    except OSError as error:
        raise UserError("cannot-write", "无法写入“{file}”：{why}。", file=options.out, why=error.strerror) from error
    for gap in gaps(body) if ending == ".json" else ():
        print(f"待补：{gap}", file=sys.stderr)


def _printed(document: Any, ending: str) -> bytes:
    if ending == ".docx":
        from zhibu.documents.docx import write_docx

        return write_docx(document)
    from zhibu.documents.pdf import write_pdf

    pdf = write_pdf(document)
    if pdf.missing:
        print(f"字体中没有这些字，已用〓代替：{'、'.join(pdf.missing)}", file=sys.stderr)
    return pdf.data


def _year(word: str) -> int:
    if not (word.isascii() and word.isdigit() and 1990 <= int(word) <= 2100):
        raise argparse.ArgumentTypeError(f"年度应是四位数字，如 2025，不能是“{word}”")
    return int(word)


def _day(word: str) -> date:
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise argparse.ArgumentTypeError(f"日期应写成 2025-12-31 的样子，不能是“{word}”") from None
