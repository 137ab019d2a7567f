"""From an outline and a snapshot to a report: figures are claims, what was not recorded is a gap. Pure.

A body is `{"blocks": [{"kind", "level", "text"}], "claims": {id: query}}`. In `text` a claim stands as `[[c1]]`, a
gap as `[[gap what is missing]]`. Only what the snapshot holds is said; a sentence whose claims find no record is
left out, or replaced by the gap its `else` names.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from zhibu.documents.model import Block, Document, Span
from zhibu.reports.claims import UNMET, Claim, Snapshot, evaluate

TOKEN = re.compile(r"\[\[([^\[\]]+)\]\]")
Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Writer:
    """Who reports, in which post, for which body, to whom; `date` signs the report (YYYY年M月D日)."""

    name: str
    post: str
    organization: str
    superior: str
    date: str = ""


@dataclass
class _Composer:
    snapshot: Snapshot
    writer: Writer
    year: int
    blocks: list[dict[str, Any]] = field(default_factory=list)
    claims: dict[str, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()

    def add(self, kind: str, text: str, level: int = 0) -> None:
        self.blocks.append({"kind": kind, "level": level, "text": text})

    def fill(self, template: str) -> str:
        return template.format(
            year=self.year, organization=self.writer.organization, post=self.writer.post,
            writer=self.writer.name, superior=self.writer.superior,
        )  # fmt: skip

    def sentence(self, item: Mapping[str, str]) -> str:
        """The item's text with its queries turned into claims, or its `else`, or nothing."""
        queries = [query for query in TOKEN.findall(item["say"]) if not query.startswith("gap ")]
        found = {query: evaluate(query, self.snapshot, self.writer.name) for query in queries}
        if any(claim is None or claim.number == 0 for claim in found.values()):
            return item.get("else", "")
        return TOKEN.sub(lambda token: self.claim(token.group(1)), item["say"])

    def claim(self, query: str) -> str:
        if query.startswith("gap "):
            return f"[[{query}]]"
        for known, same in self.claims.items():
            if same == query:
                return f"[[{known}]]"
        number = f"c{len(self.claims) + 1}"
        self.claims[number] = query
        return f"[[{number}]]"

    def section(self, section: Mapping[str, Any], level: int) -> None:
        self.add("heading", section["heading"], level)
        for paragraph in section.get("paragraphs", ()):
            self.add("paragraph", _tidy("".join(self.sentence(item) for item in paragraph)))
        if "last_problems" in section:
            self.last_problems(section["last_problems"])
        for inner in section.get("sections", ()):
            self.section(inner, level + 1)
        if "problems" in section:
            self.left_out = tuple(section["problems"].get("leave_out", ()))
            self.problems(section["problems"])
        if "measures" in section:
            self.measures(section["measures"], self.left_out)

    def last_problems(self, words: Mapping[str, Any]) -> None:
        """What was found last year and what became of each; a gap where the snapshot knows of none, or no measure."""
        problems = self.snapshot.get("problems", [])
        if not problems:
            self.add("paragraph", words["none"])
            return
        self.add("paragraph", _tidy("".join(self.sentence(item) for item in words["lead"])))
        for number, row in enumerate(problems, start=1):
            form = words["bare" if not row["measures"] else "solved" if row["state"] == "closed" else "open"]
            again = words["again"] if row["again"] else ""
            text = form.replace("{again}", again).replace("{item}", item_word(number)).replace("{id}", str(row["id"]))
            self.add("paragraph", self.quoted(text))

    def problems(self, words: Mapping[str, Any]) -> None:
        """One concrete problem for each duty with periods missing, one for all that was done but not as it should be;
        the causes are the writer's to give."""
        missing, defective = _lapses(self.snapshot, words.get("leave_out", ()))
        self.add("paragraph", words["lead" if missing or defective else "none"])
        for number, (duty, label) in enumerate(missing.items(), start=1):
            text = (
                words["missing"].replace("{item}", item_word(number)).replace("{duty}", duty).replace("{label}", label)
            )
            self.add("paragraph", self.quoted(text))
        if defective:
            parts = [
                words["part"].replace("{duty}", duty).replace("{label}", label) for duty, label in defective.items()
            ]
            text = words["defective"].replace("{item}", item_word(len(missing) + 1)).replace("{list}", "、".join(parts))
            self.add("paragraph", self.quoted(text))

    def measures(self, words: Mapping[str, Any], left_out: Collection[str]) -> None:
        """One measure for each problem, in the same order; what it is stays a gap."""
        missing, defective = _lapses(self.snapshot, left_out)
        self.add("paragraph", words["lead" if missing or defective else "none"])
        for number, label in enumerate(missing.values(), start=1):
            self.add("paragraph", words["missing"].replace("{item}", item_word(number)).replace("{label}", label))
        if defective:
            self.add("paragraph", words["defective"].replace("{item}", item_word(len(missing) + 1)))

    def quoted(self, text: str) -> str:
        return TOKEN.sub(lambda token: self.claim(token.group(1)), text)


def _lapses(snapshot: Snapshot, left_out: Collection[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Duties with a missing period, and those with only defective ones: id → label, in the ledger's order. A duty that
    two regulations ask for under one name counts once."""
    status: dict[str, tuple[str, str]] = {}
    for cell in snapshot["cells"]:
        if cell["status"] in UNMET and cell["duty"] not in left_out:
            duty, worst = status.get(cell["label"], (cell["duty"], cell["status"]))
            status[cell["label"]] = duty, "missing" if "missing" in (worst, cell["status"]) else worst
    missing = {duty: label for label, (duty, worst) in status.items() if worst == "missing"}
    defective = {duty: label for label, (duty, worst) in status.items() if worst != "missing"}
    return missing, defective


def compose(outline: Mapping[str, Any], snapshot: Snapshot, writer: Writer) -> Body:
    """The body of a report as the outline lays it out."""
    composer = _Composer(snapshot, writer, snapshot["year"])
    composer.add("title", composer.fill(outline["title"]))
    composer.add("byline", composer.fill(outline["byline"]))
    composer.add("salutation", composer.fill(outline["salutation"]))
    composer.add("paragraph", composer.fill(outline["lead"]))
    for section in outline["sections"]:
        composer.section(section, 1)
    composer.add("paragraph", outline["closing"])
    composer.add("signature", f"{writer.organization}{writer.post}　{writer.name}")
    composer.add("date", writer.date or "[[gap 报告日期]]")
    return {"blocks": composer.blocks, "claims": composer.claims}


def values(body: Body, snapshot: Snapshot, writer: str) -> dict[str, Claim | None]:
    """What each claim of the body says today's snapshot holds."""
    return {number: evaluate(query, snapshot, writer) for number, query in body["claims"].items()}


def gaps(body: Body) -> list[str]:
    """What is still to be written or recorded, in order."""
    return [
        token.removeprefix("gap ")
        for block in body["blocks"]
        for token in TOKEN.findall(block["text"])
        if token.startswith("gap ")
    ]


def spans(text: str, found: Mapping[str, Claim | None]) -> tuple[Span, ...]:
    """A block's text as spans: plain words, claims with their reference, gaps by name."""
    parts: list[Span] = []
    at = 0
    for token in TOKEN.finditer(text):
        if token.start() > at:
            parts.append(Span(text[at : token.start()]))
        parts.append(_span(token.group(1), found))
        at = token.end()
    if at < len(text):
        parts.append(Span(text[at:]))
    return tuple(parts)


def _span(token: str, found: Mapping[str, Claim | None]) -> Span:
    if token.startswith("gap "):
        return Span(token.removeprefix("gap "), "gap", token.removeprefix("gap "))
    claim = found.get(token)
    if claim is None:
        return Span("此处所据记录已不存在", "gap", token)
    return Span(claim.text, "claim", token)


def to_document(
    body: Body,
    snapshot: Snapshot,
    writer: Writer,
    *,
    annex: bool = False,
    digest: str = "",
    day: str = "",
    labels: Mapping[str, str] | None = None,
) -> Document:
    """The report as a document, with the evidence annex if asked for. `labels`: what each claim is, for the annex."""
    found = values(body, snapshot, writer.name)
    blocks = [Block(block["kind"], spans(block["text"], found), block.get("level", 0)) for block in body["blocks"]]
    title = next((block.text for block in blocks if block.kind == "title"), "")
    if annex:
        blocks += _annex(body, found, snapshot, digest, labels or {})
    return Document(title, tuple(blocks), author=writer.organization, date=day)


def _annex(
    body: Body, found: Mapping[str, Claim | None], snapshot: Snapshot, digest: str, labels: Mapping[str, str]
) -> list[Block]:
    """附件1: each claim in the order of the text with the numbers of its records, then every such record once."""
    claims = [(number, claim) for number in _used(body) if (claim := found.get(number))]
    grounds = [
        (str(row), f"{labels[number]}：{claim.text}" if number in labels else claim.text, _numbers(claim))
        for row, (number, claim) in enumerate(claims, start=1)
    ]
    used = {number for _, claim in claims for number in claim.evidence}
    records = [record for record in snapshot["activities"] if record["id"] in used]
    listed = [(str(record["id"]), record["held"], record["label"], record["title"]) for record in records]
    note = (
        f"所列数据取自{snapshot['on']}的台账快照，校验值{_grouped(digest)}。"
        if digest
        else f"所列数据取自{snapshot['on']}的台账。"
    )
    return [
        Block("annex", (Span("附件1"),)),
        Block("title", (Span("数据依据"),)),
        Block("paragraph", (Span(note),)),
        Block(
            "table", rows=(("序号", "文中数据", "依据（记录编号）"), *grounds), widths=(0.1, 0.4, 0.5),
            anchors=("", *(number for number, _ in claims)),
        ),
        Block("paragraph", (Span("以上记录："),)),
        Block("table", rows=(("编号", "日期", "类别", "名称"), *listed), widths=(0.1, 0.18, 0.2, 0.52)),
    ]  # fmt: skip


def _grouped(digest: str) -> str:
    """In eights, which lines can break between and people can compare."""
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))


def _used(body: Body) -> list[str]:
    order = (token for block in body["blocks"] for token in TOKEN.findall(block["text"]))
    return list(dict.fromkeys(token for token in order if token in body["claims"]))


def _numbers(claim: Claim) -> str:
    return "、".join(map(str, claim.evidence)) or claim.source


def item_word(number: int) -> str:
    """1 → 一是, 12 → 十二是, 20 → 二十是."""
    tens, ones = divmod(number, 10)
    digits = "零一二三四五六七八九"
    ten = ("" if tens == 1 else digits[tens]) + "十" if tens else ""
    return f"{ten}{digits[ones] if ones else ''}是"


def _tidy(text: str) -> str:
    """Joins left over when a clause between two commas fell away."""
    text = re.sub(r"^[，、；。]+", "", text)
    text = re.sub(r"[，、；]+(?=[。；])", "", text)
    return re.sub(r"([。；，])(?:[。，；])+", r"\1", text)
