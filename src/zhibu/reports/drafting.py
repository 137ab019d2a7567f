"""Drafts a report from a snapshot: who writes it, to whom, by which outline. Pure but for what it is handed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from zhibu.errors import UserError
from zhibu.reports.composing import Body, Writer, compose, gaps, values
from zhibu.reports.outlines import outline_for, outline_named

REPORTERS = {"secretary": "书记", "deputy-secretary": "副书记", "group-secretary": "书记"}
"""Posts whose holders report, and how they sign."""


def writer_of(snapshot: Mapping[str, Any], superior: str, name: str = "") -> tuple[Writer, str]:
    """The writer and the slug of his post: `name`, or else the first secretary or deputy on the snapshot's day."""
    posts = [post for post in snapshot["posts"] if post["title"] in REPORTERS and name in ("", post["name"])]
    if not posts:
        raise UserError(
            "no-reporter", "{organization}在{on}没有可以述职的书记或副书记。请先登记职务。",
            organization=snapshot["organization"]["name"], on=snapshot["on"],
        )  # fmt: skip
    post = posts[0]
    day = date.fromisoformat(snapshot["on"])
    signed = f"{day.year}年{day.month}月{day.day}日"
    title = post["title"]
    return Writer(post["name"], REPORTERS[title], snapshot["organization"]["name"], superior, signed), title


def draft(snapshot: Mapping[str, Any], superior: str, name: str = "") -> tuple[Body, Writer, str]:
    """(body, writer, outline's name) of a first draft."""
    if not snapshot["activities"]:
        raise UserError(
            "year-without-records", "{organization}{year}年没有活动记录，无法起草述职报告。请先补录活动。",
            organization=snapshot["organization"]["name"], year=snapshot["year"],
        )  # fmt: skip
    writer, post = writer_of(snapshot, superior, name)
    outline = outline_for(snapshot["organization"]["kind"], post)
    return compose(outline_named(outline), snapshot, writer), writer, outline


def as_json(body: Body, snapshot: Mapping[str, Any], writer: Writer) -> dict[str, Any]:
    """The report for programs: its blocks, each claim with text and records, the gaps, and the snapshot itself."""
    found = values(body, snapshot, writer.name)
    claims = {
        number: {"query": query, "text": claim.text, "number": claim.number, "evidence": list(claim.evidence)}
        if (claim := found[number])
        else {"query": query, "text": None, "number": None, "evidence": []}
        for number, query in body["claims"].items()
    }
    return {"blocks": body["blocks"], "claims": claims, "gaps": gaps(body), "snapshot": dict(snapshot)}
