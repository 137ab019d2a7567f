"""The result sheet with the protocol of the count, in the format of official documents, to be signed by hand.

Only what the published record holds: counted anew, never from a stored total.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.db import transaction
from django.utils import timezone

from zhibu.ballots import queries
from zhibu.ballots.counting import QuestionResult, Results, Tally
from zhibu.ballots.manifest import Choice, Manifest
from zhibu.ballots.models import Ballot, Role
from zhibu.ballots.shown import is_weighted, percent, shown
from zhibu.documents.model import Block, Document, text_block
from zhibu.documents.printing import Printed, check_form, printed_whole
from zhibu.errors import UserError
from zhibu.org.journal import note
from zhibu.org.models import Account

OUTCOMES = {
    "elected": "当选",
    "tied": "票数相等，须重新投票",
    "not-elected": "未当选",
    "passed": "通过",
    "not-passed": "未通过",
}
FORM = (7.0, 11.0, 7.0, 11.0)


def export_protocol(actor: Account, ballot: Ballot, form: str) -> Printed:
    """As .docx or .pdf. UserError before there is a result, for another format, or (PDF) without a font
    or with signs that no font has."""
    check_form(form)
    made = printed_whole(protocol_document(ballot), form)
    with transaction.atomic():
        note(actor, ballot.organization, "print-protocol", ballot, f"导出计票记录（{form}）：{ballot.title}")
    return made


def protocol_document(ballot: Ballot) -> Document:
    """UserError before there is a result."""
    results = queries.results(ballot)
    if results is None or ballot.counted_at is None:
        raise UserError("no-result", "还没有公布结果，不能导出计票记录。")
    manifest = queries.manifest(ballot)
    day = timezone.localtime(ballot.counted_at).date()
    blocks = [
        text_block("title", f"{ballot.title}计票记录"),
        text_block("byline", ballot.organization.name),
        text_block("heading", "一、投票情况", 1),
        Block("form", rows=tuple(_turnout(ballot, results)), widths=FORM),
        text_block("heading", "二、计票结果", 1),
        *_tables(manifest, results),
        *_conclusion(manifest, results),
        text_block("heading", "三、监票和公开材料", 1),
        text_block("paragraph", _watched(ballot, manifest)),
        Block("table", rows=(("公开材料", "校验值（SHA-256）"), *_hashes(ballot)), widths=(8.0, 28.0)),
        Block("form", rows=tuple(_signers(ballot)), widths=FORM),
        text_block("date", f"{day.year}年{day.month}月{day.day}日"),
    ]
    return Document(f"{ballot.title}计票记录", tuple(blocks), ballot.organization.name, day.isoformat())


def _turnout(ballot: Ballot, results: Results) -> Iterator[tuple[str, ...]]:
    yield ("应投票人数", f"{results.entitled}人", "实到人数", f"{results.present}人")
    yield ("收回选票", f"{results.collected}张", "缺席", f"{results.absent}人")
    valid = results.collected - results.invalid
    yield ("可辨认的票", f"{valid}张", "整张无效", f"{results.invalid}张")
    paper = sum(pool.paper for pool in queries.pools(ballot))
    yield ("其中发出纸质票", f"{paper}张", "方式", "无记名投票")
    if ballot.opens_at and ballot.closes_at:
        times = [f"{timezone.localtime(one):%Y-%m-%d %H:%M}" for one in (ballot.opens_at, ballot.closes_at)]
        yield ("开始时间", times[0], "截止时间", times[1])


# --- tables -----------------------------------------------------------------------------------------------------------


def _tables(manifest: Manifest, results: Results) -> Iterator[Block]:
    """One table for all lines that offer the same choices; pools and weights in tables of their own."""
    groups: dict[tuple[Choice, ...], list[QuestionResult]] = {}
    for one in results.questions:
        groups.setdefault(one.question.choices, []).append(one)
    for choices, lines in groups.items():
        yield from _table("合计票数", choices, [(one.question.short, one.total) for one in lines])
        yield from _shares("占有效票", choices, [(one.question.short, _plain(one)) for one in lines])
        if len(results.pools) > 1:
            for place, pool in enumerate(results.pools):
                rows = [(one.question.short, one.pools[place]) for one in lines]
                yield from _table(f"其中{pool.label}票数", choices, rows)
        if is_weighted(manifest, results):
            yield from _shares("按类别权重折算", choices, [(one.question.short, _weighted(one)) for one in lines])


def _plain(one: QuestionResult) -> list[str]:
    return [percent(one.total.share(choice.slug)) for choice in one.question.choices]


def _weighted(one: QuestionResult) -> list[str]:
    return [percent(one.weighted[choice.slug] if one.weighted else None) for choice in one.question.choices]


def _table(head: str, choices: Sequence[Choice], rows: Iterable[tuple[str, Tally]]) -> Iterator[Block]:
    top = ("事项", *(choice.label for choice in choices), "弃权", "无效")
    body = tuple(
        (text, *(str(tally.votes[choice.slug]) for choice in choices), str(tally.abstained), str(tally.invalid))
        for text, tally in rows
    )
    yield text_block("heading", head, 2)
    yield Block("table", rows=(top, *body), widths=_widths(len(top)))


def _shares(head: str, choices: Sequence[Choice], rows: Iterable[tuple[str, list[str]]]) -> Iterator[Block]:
    top = ("事项", *(choice.label for choice in choices))
    yield text_block("heading", head, 2)
    yield Block("table", rows=(top, *((text, *shares) for text, shares in rows)), widths=_widths(len(top)))


def _widths(columns: int) -> tuple[float, ...]:
    return (14.0, *((22.0 / (columns - 1),) * (columns - 1)))


# --- words ------------------------------------------------------------------------------------------------------------


def _conclusion(manifest: Manifest, results: Results) -> Iterator[Block]:
    rule = manifest.law
    if rule.passes is None:
        return
    quorum = "达到" if results.quorum else "没有达到"
    read = "" if rule.read else "（条文未经核对原文）"
    yield text_block(
        "paragraph",
        f"按{rule.cites}{read}：应到会{results.entitled}人，实到会{results.present}人，{quorum}规定人数；"
        f"赞成票达到{results.needed}张为通过。",
    )
    for one in shown(results):
        votes = one.result.total.votes[manifest.yes]
        yield text_block("paragraph", f"{one.result.question.text}：赞成{votes}票，{OUTCOMES[one.outcome]}。")
    if results.election and results.election.open:
        yield text_block("paragraph", f"尚有{results.election.open}个名额没有选出。")


def _watched(ballot: Ballot, manifest: Manifest) -> str:
    names = "、".join(f"{one.name}（公钥指纹{one.fingerprint}）" for one in manifest.scrutineers)
    tellers = [one.member.name for one in ballot.officials.filter(role=Role.TELLER).select_related("member")]
    counted = f"纸质票由{'、'.join(tellers)}分别清点，数字一致。" if any(p.paper for p in queries.pools(ballot)) else ""
    return f"监票人{names}依次拆封、打乱并签名。{counted}以下材料依次相连，任何人可以据此重新计票。"


KINDS = {
    "manifest": "票决说明书",
    "box": "票箱",
    "layer": "拆封名单",
    "paper": "纸质票清点",
    "result": "结果",
    "void": "作废",
}


def _hashes(ballot: Ballot) -> Iterator[tuple[str, str]]:
    for kind, text in ballot.artefacts.order_by("position").values_list("kind", "hash"):
        yield KINDS[kind], " ".join(text[n : n + 32] for n in (0, 32))


def _signers(ballot: Ballot) -> Iterator[tuple[str, ...]]:
    for one in ballot.officials.select_related("member").order_by("role", "layer", "pk"):
        title = "总监票人" if one.layer == 1 else Role(one.role).label
        yield (str(title), one.member.name, "签名", "")
