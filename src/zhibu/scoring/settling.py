"""From the sum to the result: the level, publication, objection and answer, final; opened again with a reason.

Nothing changes a final result but `reopen`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from zhibu.errors import UserError
from zhibu.org.journal import note
from zhibu.org.models import Account, Organization
from zhibu.rulebook.reasons import day_name
from zhibu.scoring import queries
from zhibu.scoring.access import may_answer_objection, may_object, may_reopen, may_run, may_settle
from zhibu.scoring.grading import locked
from zhibu.scoring.models import TOLD, Evaluation, Objection, Ranking, State
from zhibu.scoring.scheme import Scheme
from zhibu.scoring.services import current_of, save, unset_level
from zhibu.scoring.telling import tell_of_answer, tell_of_objection, tell_of_result
from zhibu.workdays import nth_workday

SHOWN = 6
"""Bodies named in a sentence."""


def set_level(
    actor: Account, evaluation: Evaluation, label: str, reason: str, version: int, on: date, *, at: datetime
) -> Evaluation:
    """The committee's level. UserError where it is not what the sum gives and no reason says why, or a veto applies."""
    why = " ".join(reason.split())[:300]
    with transaction.atomic():
        current = current_of(evaluation, State.VERIFIED, version)
        if not may_settle(actor, current, on):
            raise _own()
        scheme = queries.scheme_of(current)
        level = scheme.named_level(label)
        if level is None:
            raise UserError("evaluation-level", "没有“{level}”这个等次，请重新选择。", level=label[:20])
        grade = queries.grade_of(current, queries.points_of(current, on))
        if grade.total.struck and level != scheme.levels[-1]:
            raise UserError("evaluation-struck", "有否决项成立，只能定为“{level}”。", level=scheme.levels[-1].label)
        as_proposed = level == grade.proposed
        if not as_proposed and not why:
            raise UserError("evaluation-level-reason", "改动拟定的等次，或者总分还说不清时定等次，要写明理由。")
        before = grade.level
        current.level, current.level_reason, current.level_by = label, "" if as_proposed else why, actor
        save(current)
        proposed = grade.proposed.label if grade.proposed else None
        note(
            actor, current.organization, "set-level", current, f"{current}：{label}", before=before,
            proposed=proposed, reason=current.level_reason,
        )  # fmt: skip
    return current


def publish(
    actor: Account | None,
    committee: Organization,
    keys: Collection[int],
    on: date,
    *,
    at: datetime,
    until: date | None = None,
) -> list[Evaluation]:
    """Tell the bodies their results; from now on they may object. All or none.

    A scheme with limits is published for all that were assessed together. `until`: the last day for objections, where
    the committee wants a later one, or next year's working days are not announced yet. UserError where something is
    not verified, a level is open, or a level was given too often.
    """
    with transaction.atomic():
        rows = locked(keys, (State.VERIFIED,))
        if actor is not None and not may_run(actor, committee, on):
            raise _own()
        if not rows:
            raise UserError("evaluation-none-ready", "没有可以公布的结果。")
        grades = queries.grades_of(rows, on)
        _all_have_levels(rows, grades)
        _within_limits(rows, grades)
        for one in rows:
            if one.committee_id != committee.pk:
                raise UserError("evaluation-of-another", "{body}的评价不由本级组织。", body=one.organization.name)
            scheme, grade = queries.scheme_of(one), grades[one.pk]
            one.level, one.state = grade.level, State.PUBLISHED
            one.published_at, one.published_by = at, actor
            one.objection_until = _last_day(on, scheme, until)
            one.version += 1
            note(
                actor, one.organization, "publish-evaluation", one, f"{one}：{one.level}", level=one.level,
                points=[str(grade.total.low), str(grade.total.high)], full=str(grade.total.full),
                reason=one.level_reason, until=one.objection_until,
            )  # fmt: skip
        changed = ["level", "state", "published_at", "published_by", "objection_until", "version"]
        Evaluation.objects.bulk_update(rows, changed, 200)
        tell_of_result(actor, rows, at)
    return rows


def _last_day(on: date, scheme: Scheme, until: date | None) -> date:
    """Counted from the day after the publication."""
    first = on + timedelta(days=1)
    try:
        least = nth_workday(first, scheme.objection_days)
    except UserError:
        # So many working days are never fewer days than that.
        if until is None:
            raise UserError(
                "evaluation-until", "明年的放假安排还没有公布，算不出异议期。请写明异议截止日期。"
            ) from None
        least = first + timedelta(days=scheme.objection_days - 1)
    if until is not None and until < least:
        raise UserError(
            "evaluation-until-early", "异议期不少于{count}个工作日，截止日期不能早于{day}。",
            count=scheme.objection_days, day=day_name(least),
        )  # fmt: skip
    return until or least


def _all_have_levels(rows: Sequence[Evaluation], grades: Mapping[int, queries.Grade]) -> None:
    if open := [one for one in rows if not grades[one.pk].level]:
        raise UserError(
            "evaluation-levels-open", "还有{count}个没有定等次：{names}。总分说不清的，请写明理由定下等次。",
            count=len(open), names=_names(open),
        )  # fmt: skip


def _within_limits(rows: Sequence[Evaluation], grades: Mapping[int, queries.Grade]) -> None:
    """Of each round together: all of it is there, and no level was given more often than it may be."""
    rounds: dict[tuple[int, str, int], list[Evaluation]] = defaultdict(list)
    for one in rows:
        rounds[one.committee_id, one.scheme, one.year].append(one)
    for (committee, slug, year), some in rounds.items():
        scheme = queries.scheme_of(max(some, key=lambda one: (one.scheme_version, one.pk)))
        if all(level.quota is None for level in scheme.levels):
            continue
        whole = Evaluation.objects.filter(committee=committee, scheme=slug, year=year).select_related("organization")
        others = list(whole.exclude(pk__in=[one.pk for one in some]).order_by("organization__path", "id"))
        if waiting := [one for one in others if one.state not in TOLD]:
            raise UserError(
                "evaluation-round-open", "本办法有比例限制，要全部核定以后一起公布。还没有核定的有{count}个：{names}。",
                count=len(waiting), names=_names(waiting),
            )  # fmt: skip
        labelled = [(one, grades[one.pk].level) for one in some] + [(one, one.level) for one in others]
        if found := exceeding(scheme, [label for _one, label in labelled]):
            label, count, most = found[0]
            level = scheme.named_level(label)
            raise UserError(
                "evaluation-limit", "“{level}”不超过{quota}%，一共{all}个，最多{most}个，现有{count}个：{names}。",
                level=label, quota=level.quota if level else 0, all=len(labelled), most=most, count=count,
                names=_names([one for one, given in labelled if given == label]),
            )  # fmt: skip


def exceeding(scheme: Scheme, labels: Sequence[str]) -> list[tuple[str, int, int]]:
    """Levels given too often: label, how often, how often at most."""
    counts = Counter(labels)
    return [
        (level.label, counts[level.label], level.most(len(labels)))
        for level in scheme.levels
        if counts[level.label] > level.most(len(labels))
    ]


def _names(rows: Sequence[Evaluation]) -> str:
    names = "、".join(one.organization.name for one in rows[:SHOWN])
    return names + ("等" if len(rows) > SHOWN else "")


def object_to(actor: Account, evaluation: Evaluation, text: str, on: date, *, at: datetime) -> Objection:
    """Say something against a published result, within the days for it."""
    said = " ".join(text.split())
    if not said:
        raise UserError("objection-empty", "请写明对结果的异议和理由。")
    if len(said) > 500:
        raise UserError("objection-long", "异议不能超过500个字。")
    with transaction.atomic():
        current = current_of(evaluation, State.PUBLISHED, evaluation.version)
        if not may_object(actor, current, on):
            raise UserError("objection-late", "异议期已过，或者您不能代表被评价的一方提出异议。")
        row = Objection.objects.create(
            organization=current.organization, evaluation=current, text=said, made_at=at, made_by=actor
        )
        note(actor, current.organization, "object-evaluation", current, said[:300])
        tell_of_objection(row, at)
    return row


def answer_objection(
    actor: Account, objection: Objection, answer: str, upheld: bool, on: date, *, at: datetime
) -> Evaluation:
    """The committee's answer. Upheld, the result is the committee's again, to be set and published anew."""
    said = " ".join(answer.split())[:500]
    if not said:
        raise UserError("objection-no-answer", "请写明答复。")
    with transaction.atomic():
        current = current_of(objection.evaluation, State.PUBLISHED, objection.evaluation.version)
        row = Objection.objects.select_for_update().get(pk=objection.pk)
        if not may_answer_objection(actor, current, row, on):
            raise UserError("objection-own", "这项异议已经答复，或者不能由您答复。请由委员会的其他人答复。")
        row.answer, row.upheld, row.answered_at, row.answered_by = said, upheld, at, actor
        row.save()
        if upheld:
            current.state = State.VERIFIED
            unset_level(current)
            save(current)
        note(actor, current.organization, "answer-objection", current, said[:300], upheld=upheld)
        tell_of_answer(row, at)
    return current


def close_evaluations(actor: Account | None, keys: Collection[int], on: date, *, at: datetime) -> list[Evaluation]:
    """Make published results final. UserError while there is time to object, or an objection has no answer."""
    with transaction.atomic():
        rows = locked(keys, (State.PUBLISHED,))
        for one in rows:
            if actor is not None and not may_run(actor, one.committee, on):
                raise _own()
            if any(row.upheld is None for row in one.objections.all()):
                raise UserError("objection-open", "{body}的异议还没有答复。", body=one.organization.name)
            if one.objection_until and on <= one.objection_until:
                raise UserError(
                    "objection-time", "{body}的异议期到{day}，过后才能定下来。", body=one.organization.name,
                    day=day_name(one.objection_until),
                )  # fmt: skip
            one.state, one.closed_at = State.CLOSED, at
            one.version += 1
            note(actor, one.organization, "close-evaluation", one, f"{one}：{one.level}")
        Evaluation.objects.bulk_update(rows, ["state", "closed_at", "version"], 200)
    return rows


def may_be_closed(rows: Iterable[Evaluation], on: date) -> list[Evaluation]:
    """Published, the time for objections over, none open."""
    return [
        one
        for one in rows
        if one.state == State.PUBLISHED
        and not (one.objection_until and on <= one.objection_until)
        and all(row.upheld is not None for row in one.objections.all())
    ]


def reopen(actor: Account, evaluation: Evaluation, reason: str, version: int, on: date, *, at: datetime) -> Evaluation:
    """Open a published or final result again: the committee's secretary, with a reason. The old result stays in the
    journal."""
    why = " ".join(reason.split())[:300]
    if not why:
        raise UserError("reopen-reason", "请写明重新核定的理由。")
    with transaction.atomic():
        current = current_of(evaluation, TOLD, version)
        if not may_reopen(actor, current, on):
            raise UserError("reopen-not-secretary", "只有组织评价的委员会书记可以重新核定，且不能是自己所在的党组织。")
        if any(row.upheld is None for row in current.objections.all()):
            raise UserError("objection-open", "{body}的异议还没有答复。", body=current.organization.name)
        grade = queries.grade_of(current, queries.points_of(current, on))
        before = {"state": current.state, "level": current.level, "reason": current.level_reason}
        points = [str(grade.total.low), str(grade.total.high)]
        current.state, current.closed_at, current.objection_until = State.VERIFIED, None, None
        unset_level(current)
        save(current)
        note(actor, current.organization, "reopen-evaluation", current, why, before=before, points=points)
    return current


def switch_ranking(
    actor: Account, committee: Organization, scheme: Scheme, year: int, on: date, *, wanted: bool, at: datetime
) -> None:
    """Show bodies in the order of their points, or not. UserError for a scheme about persons: never."""
    if scheme.about == "report":
        raise UserError("ranking-of-persons", "述职评的是人，不排名次。")
    if not may_run(actor, committee, on):
        raise UserError("ranking-not-allowed", "只有组织评价的委员会可以决定是否排名次。")
    with transaction.atomic():
        same = Ranking.objects.filter(committee=committee, scheme=scheme.slug, year=year)
        if wanted == same.exists():
            return
        if wanted:
            Ranking.objects.create(committee=committee, scheme=scheme.slug, year=year, at=at, by=actor)
        else:
            same.delete()
        verb = "rank-on" if wanted else "rank-off"
        note(actor, committee, verb, None, f"{year}年度{scheme.title}"[:300], scheme=scheme.slug, year=year)


def _own() -> UserError:
    return UserError("evaluation-settle-own", "不能决定自己所在党组织的评价，也不能决定对自己的评价。请由其他人办理。")
