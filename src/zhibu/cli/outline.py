"""`zhibu outline FILE`: the structure of a report as the checker sees it."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from typing import Any

from zhibu.checks.structure import structure
from zhibu.documents.read import read_document

SUMMARY = "显示报告的结构：标题、层次、各部分、数字、日期和谁在做。"

KINDS = {
    "last-findings": "上年问题整改", "basic": "基本情况", "performance": "履职情况", "problems": "问题",
    "causes": "原因", "measures": "措施", "other": "其他",
}  # fmt: skip
ROLES = {
    "residue": "正文之外", "preface": "标题之前", "title": "标题", "byline": "署名", "salutation": "称呼",
    "lead-in": "开头", "closing": "结尾", "signature": "落款", "date": "日期",
}  # fmt: skip
ACTORS = {"writer": "本人", "us": "我们", "branch": "支部", "committee": "支委会", "party-group": "党组（党委）"}
SHOWN = 40


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="文档（.docx .doc .wps .pdf .txt .md 等）")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text：文字；json：供程序读取")


def run(options: argparse.Namespace) -> int | None:
    read = read_document(options.file)
    data = {"file": options.file, **structure(read.text)}
    output = (
        json.dumps(data, ensure_ascii=False, indent=1) if options.format == "json" else _shown(data, read.text)
    ) + "\n"
    sys.stdout.buffer.write(output.encode("utf-8", "replace"))
    sys.stdout.flush()
    return None


def _shown(data: dict[str, Any], text: str) -> str:
    year = f"{data['year']}年" if data["year"] else "没有写明"
    lines = [f"标题：{data['title'] or '没有'}", f"年度：{year}"]
    lines += [f"正文：{data['length']}字，{data['sentences']}句，{len(data['items'])}个分项（一是、二是……）"]
    lines += ["", "段落之外的部分："] + [
        f"　{ROLES[line['role']]}（第{line['number']}段）　{_clipped(text[line['start'] : line['end']])}"
        for line in data["paragraphs"]
        if line["role"] in ROLES
    ]
    lines += ["", "层次：" if data["sections"] else "层次：没有认出标题。"]
    lines += [
        f"{'　' * each['level']}{each['label']}　{_clipped(each['title']) or '（没有标题）'}"
        f"　〔{KINDS[each['kind']]}，{each['sentences']}句〕"
        for each in data["sections"]
    ]
    return "\n".join([*lines, *_lists(data)])


def _lists(data: dict[str, Any]) -> list[str]:
    titles = Counter(each["title"] for each in data["titles"])
    lines = _headed(
        "书名号里的名称", [f"《{title}》{f'　{count}处' if count > 1 else ''}" for title, count in titles.items()]
    )
    figures = [f"{each['text']}　{each['counts'] or '—'}　{_place(each)}" for each in data["figures"]]
    lines += _headed("数字", figures)
    lines += _headed("日期", [f"{each['text']}　{_place(each)}" for each in data["dates"]])
    actors = Counter(each["who"] for each in data["actors"])
    lines += _headed("谁在做（按句计）", [f"{ACTORS[who]}　{count}句" for who, count in actors.most_common()])
    return lines


def _headed(head: str, rows: list[str]) -> list[str]:
    return ["", f"{head}（{len(rows)}）：" if rows else f"{head}：没有。", *(f"　{row}" for row in rows)]


def _place(row: dict[str, Any]) -> str:
    return f"〔{row['section']}〕" if row["section"] else ""


def _clipped(text: str) -> str:
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
