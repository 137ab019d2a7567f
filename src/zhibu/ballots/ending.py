"""After the vote: envelopes opened in turn, papers counted by two, the result, and the end of what could link."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import OperationalError, connection, transaction

from zhibu.ballots import queries
from zhibu.ballots.counting import NO_PAPER, PaperCount, count, paper_count_of
from zhibu.ballots.models import Answer, Ballot, HandCount, Questionnaire, Right, Role, State, Vote, Voter
from zhibu.ballots.record import check_layer, layer_body, result_body
from zhibu.ballots.services import draft_ballot, locked, name_officials, publish, scrutineer_of, tell_members
from zhibu.ballots.voting import YOUR_TURN
from zhibu.errors import UserError
from zhibu.org.journal import note
from zhibu.org.models import Account

# --- envelopes --------------------------------------------------------------------------------------------------------


def post_layer(
    actor: Account, ballot: Ballot, lists: Sequence[Sequence[str]], signature: str, *, at: datetime
) -> Ballot:
    """A scrutineer's lists, made in his browser. UserError unless it is his turn and they may follow those before."""
    with transaction.atomic():
        current = locked(ballot, State.CLOSED)
        official = scrutineer_of(current, actor)
        manifest = queries.manifest(current)
        layer, after, before = queries.lists_before(current)
        if official.layer != layer:
            name = manifest.scrutineers[layer - 1].name
            raise UserError("not-your-turn", "现在轮到{name}拆封，还没有轮到您。", name=name)
        if fault := check_layer(manifest, layer, lists, signature, after, before):
            raise UserError(fault.code, fault.message, **fault.data)
        step = publish(current, "layer", layer_body(layer, lists, signature), at)
        if layer == len(manifest.scrutineers):
            current.state = State.MIXED
            current.save(update_fields=["state"])
        left = sum(map(len, lists))
        summary = f"{current.title}：{official.member.name}拆封第{layer}层"
        note(actor, current.organization, "post-layer", current, summary, layer=layer, ballots=left, list=step.hash)
        following = [one.member for one in current.officials.filter(layer=layer + 1).select_related("member")]
        tell_members(current, following, YOUR_TURN, "ballots:mix", at)
    return current


# --- papers -----------------------------------------------------------------------------------------------------------


def count_by_hand(actor: Account, ballot: Ballot, pool: int, data: dict[str, Any]) -> HandCount:
    """What a teller counted of one pool's papers; his own count may be mended until the result is published."""
    with transaction.atomic():
        current = locked(ballot, State.CLOSED, State.MIXED)
        teller = queries.official(current, actor, Role.TELLER)
        if teller is None:
            raise UserError("not-teller", "您不是这次票决的计票人。")
        manifest, found = queries.manifest(current), queries.pools(current)
        if not 0 <= pool < len(found) or not found[pool].paper:
            raise UserError("paper-no-pool", "这一类没有发出纸质票。")
        counted = paper_count_of(data, manifest, found[pool].paper)
        row, _new = HandCount.objects.update_or_create(
            ballot=current, pool=pool, member=teller.member, defaults={"count": counted.to_json()}
        )
        summary = f"{current.title}：{teller.member.name}清点纸质票{counted.collected}张"
        note(actor, current.organization, "count-papers", current, summary, pool=pool, count=counted.to_json())
    return row


def agreed(counts: Sequence[tuple[Any, PaperCount]]) -> PaperCount | None:
    """The count two different people came to; None while there are no two, or any two differ."""
    found = [one for _who, one in counts]
    return found[0] if len(found) >= 2 and all(one == found[0] for one in found) else None


def _papers(ballot: Ballot) -> list[PaperCount]:
    manifest, found = queries.manifest(ballot), queries.pools(ballot)
    counts = queries.hand_counts(ballot, manifest, found)
    agreed_on = [agreed(rows) if one.paper else NO_PAPER for one, rows in zip(found, counts, strict=True)]
    if None in agreed_on:
        raise UserError("papers-not-agreed", "纸质票还没有由两名计票人清点一致，不能公布结果。")
    return [one for one in agreed_on if one is not None]


# --- the result -------------------------------------------------------------------------------------------------------


def publish_result(actor: Account, ballot: Ballot, *, at: datetime) -> Ballot:
    """Count the opened papers and publish. UserError while papers are not agreed on."""
    with transaction.atomic():
        current = locked(ballot, State.MIXED)
        manifest, found = queries.manifest(current), queries.pools(current)
        assert current.present is not None
        _layer, _after, lists = queries.lists_before(current)
        by_hand = _papers(current)
        if any(one.paper for one in found):
            tellers = [one.member.name for one in current.officials.filter(role=Role.TELLER).select_related("member")]
            publish(current, "paper", {"pools": [one.to_json() for one in by_hand], "tellers": tellers}, at)
        results = count(manifest, found, lists, by_hand, current.present)
        step = publish(current, "result", result_body(results), at)
        current.state, current.counted_at = State.COUNTED, at
        current.save(update_fields=["state", "counted_at"])
        note(actor, current.organization, "publish-result", current, current.title, result=step.hash)
    return current


def void_ballot(actor: Account, ballot: Ballot, reason: str, *, at: datetime) -> Ballot:
    """The ballot does not count, with the reason published. Nothing of it is opened any more."""
    reason = " ".join(reason.split())[:200]
    if len(reason) < 2:
        raise UserError("reason-needed", "请写明理由，至少两个字。")
    with transaction.atomic():
        current = locked(ballot, State.SEALED, State.OPEN, State.CLOSED, State.MIXED, State.COUNTED)
        if current.destroyed_at is not None:
            raise UserError("ballot-final", "异议期已过、材料已销毁，结果不能再作废。")
        current.state = State.VOID
        current.save(update_fields=["state"])
        step = publish(current, "void", {"reason": reason}, at)
        note(actor, current.organization, "void-ballot", current, f"{current.title}：{reason}", void=step.hash)
    return current


def vote_again(actor: Account, ballot: Ballot, *, at: datetime) -> Ballot:
    """A new draft with the words, roll and officials of one that is void; keys are made anew."""
    if ballot.state != State.VOID:
        raise UserError("again-not-void", "先作废这一次，才能重新投票。")
    old = queries.plan(ballot)
    with transaction.atomic():
        locked(ballot, State.VOID)
        if Ballot.objects.filter(replaces=ballot).exists():
            raise UserError("again-done", "已经照这一次重新发起过了。")
        fresh = type(old)(
            old.title, old.questions, old.categories, old.rule, old.yes, old.seats, objection_days=old.objection_days
        )
        made = draft_ballot(actor, ballot.organization, fresh, queries.roll(ballot), at=at)
        made.replaces = ballot
        made.save(update_fields=["replaces"])
        officials = list(ballot.officials.select_related("member"))
        if scrutineers := [one.member for one in officials if one.role == Role.SCRUTINEER]:
            tellers = [one.member for one in officials if one.role == Role.TELLER]
            name_officials(actor, made, scrutineers, tellers, at=at)
    return made


# --- the end ----------------------------------------------------------------------------------------------------------


def destroyed_from(ballot: Ballot) -> datetime | None:
    """When votes may be destroyed: after the objection period; at once when void. None: not yet to be said."""
    if ballot.counted_at is not None and ballot.state == State.COUNTED:
        return ballot.counted_at + timedelta(days=ballot.objection_days)
    return ballot.opens_at or ballot.made_at if ballot.state == State.VOID else None


def destroy_votes(actor: Account, ballot: Ballot, *, at: datetime) -> Ballot:
    """Who cast which envelope, the slips' hashes, the receipts' key and the hand counts are gone for good; manifest,
    box, lists, signatures and result stay. On SQLite freed pages are overwritten and the file is written anew; on
    PostgreSQL the rows are deleted and the table is vacuumed (older backups are the administrator's to destroy)."""
    with transaction.atomic():
        current = locked(ballot, State.COUNTED, State.VOID)
        due = destroyed_from(current)
        if current.destroyed_at is not None:
            raise UserError("already-destroyed", "已经销毁过了。")
        if due is None or at < due:
            raise UserError("destroy-early", "异议期还没有结束，不能销毁。")
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA secure_delete = ON")
        votes = current.votes.count()
        current.votes.all().delete()
        current.hand_counts.all().delete()
        current.voters.update(slip=None)
        current.receipt_key, current.destroyed_at = "", at
        current.save(update_fields=["receipt_key", "destroyed_at"])
        note(actor, current.organization, "destroy-votes", current, f"{current.title}：销毁投票底档", votes=votes)
        transaction.on_commit(sweep)
    return current


def sweep() -> None:
    """Leave nothing of what was deleted in the file: VACUUM, and on SQLite an empty write-ahead log. UserError when the
    database was too busy for it; the rows are gone all the same."""
    try:
        _vacuum()
    except OperationalError:
        raise UserError(
            "sweep-busy", "底档已经删除，但数据库正忙，文件没有重写。请系统管理员在空闲时执行一次 VACUUM。"
        ) from None


def _vacuum() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        elif connection.vendor == "postgresql":
            tables = ", ".join(
                connection.ops.quote_name(model._meta.db_table)
                for model in (Vote, Voter, Ballot, HandCount, Questionnaire, Right, Answer)
            )
            cursor.execute(f"VACUUM (FULL) {tables}")
