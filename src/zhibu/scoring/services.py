"""What is done with evaluations and schemes. Each is one transaction with a line in the journal."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max

from zhibu.errors import UserError
from zhibu.ledger.snapshots import take_snapshot
from zhibu.org.journal import note
from zhibu.org.models import Account, Organization
from zhibu.scoring import queries
from zhibu.scoring.access import UNSETTLED, may_find, may_give_opinion, may_verify
from zhibu.scoring.models import Evaluation, EvaluationItem, OwnScheme, State
from zhibu.scoring.points import Point, total
from zhibu.scoring.reading import read_scheme
from zhibu.scoring.scheme import Item

MOST_BODIES = 500


@dataclass(frozen=True, slots=True)
class Said:
    """What the body says of an item: `choice` where it is asked, and a remark."""

    choice: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What the verifier found: agrees, or differs with points and a reason. None: not looked at yet."""

    agrees: bool | None
    points: Decimal | None = None
    reason: str = ""


def write_scheme(
    actor: Account, organization: Organization, slug: str, text: str, year: int, *, at: datetime
) -> OwnScheme:
    """Keep a new version of the committee's own scheme. UserError naming the item and the field that is wrong."""
    scheme, _data = read_scheme(slug, text, queries.known_duties(organization, year))
    with transaction.atomic():
        Organization.objects.select_for_update().get(pk=organization.pk)
        own = OwnScheme.objects.filter(organization=organization, slug=slug)
        newest = own.order_by("-version").first()
        if newest and newest.text == text:
            raise UserError("scheme-unchanged", "内容没有变化，没有另存版本。")
        row = OwnScheme.objects.create(
            organization=organization,
            slug=slug,
            version=(own.aggregate(last=Max("version"))["last"] or 0) + 1,
            title=scheme.title[:200],
            text=text,
            made_at=at,
            made_by=actor,
        )
        note(actor, organization, "write-scheme", row, f"{scheme.title[:200]}，第{row.version}版", slug=slug)
    return row


def ask_evaluations(
    actor: Account | None,
    committee: Organization,
    offered: queries.Offered,
    year: int,
    bodies: Iterable[Organization],
    *,
    at: datetime,
) -> list[Evaluation]:
    """Begin an evaluation for each body, all or none. UserError for a body that has one or is not below."""
    wanted = list({body.pk: body for body in bodies}.values())
    if not wanted:
        raise UserError("evaluation-no-body", "请选择要评价的组织。")
    if len(wanted) > MOST_BODIES:
        raise UserError("evaluation-many-bodies", "一次最多选{most}个组织。", most=MOST_BODIES)
    scheme = offered.scheme
    if scheme.about == "report":
        raise UserError("evaluation-of-report", "“{title}”评的是述职，请在述职评议中使用。", title=scheme.title)
    with transaction.atomic():
        have = Evaluation.objects.filter(organization__in=wanted, scheme=scheme.slug, year=year, member=None)
        if first := have.select_related("organization").first():
            raise UserError(
                "evaluation-there", "“{body}”{year}年已经有这项评价。", body=first.organization.name, year=year
            )
        for body in wanted:
            check_body(committee, body, offered)
        return [begin(actor, committee, body, offered, year, at) for body in wanted]


def check_body(committee: Organization, body: Organization, offered: queries.Offered) -> None:
    if body.kind not in offered.scheme.bodies or not body.path.startswith(committee.path):
        raise UserError("evaluation-not-for", "“{body}”不在这个办法的评价范围内。", body=body.name)


def begin_evaluation(
    actor: Account, organization: Organization, offered: queries.Offered, year: int, *, at: datetime
) -> Evaluation:
    """Begin the body's own evaluation; the body above it verifies."""
    if not offered.scheme.self_assessed:
        raise UserError("evaluation-no-self", "“{title}”不由支部自评，由上级组织。", title=offered.scheme.title)
    return ask_evaluations(
        actor, Organization.objects.get_parent(organization) or organization, offered, year, [organization], at=at
    )[0]


def begin(
    actor: Account | None,
    committee: Organization,
    body: Organization,
    offered: queries.Offered,
    year: int,
    at: datetime,
    **more: Any,
) -> Evaluation:
    """One evaluation under the scheme as it is now. Called inside a transaction, after the body was checked."""
    scheme = offered.scheme
    evaluation = Evaluation.objects.create(
        organization=body, committee=committee, year=year, scheme=scheme.slug, scheme_version=scheme.version,
        title=scheme.title[:200], scheme_data=json.dumps(dict(offered.data), ensure_ascii=False),
        self_assessed=scheme.self_assessed, state=State.SELF if scheme.self_assessed else State.TRIAL, made_at=at,
        made_by=actor, **more,
    )  # fmt: skip
    note(actor, body, "begin-evaluation", evaluation, f"{year}年度{scheme.title}"[:300], version=scheme.version)
    return evaluation


def save_answers(
    actor: Account | None, evaluation: Evaluation, said: Mapping[str, Said], version: int, *, at: datetime
) -> Evaluation:
    """Keep what the body says of some items. Nobody's answers are overwritten unseen: `version` is what was read."""
    with transaction.atomic():
        current = current_of(evaluation, State.SELF, version)
        scheme = queries.scheme_of(current)
        items = {item.slug: item for item in scheme.items}
        changed = 0
        for slug, one in said.items():
            if scheme.asked_of(_item(items, slug)) != "body" and one.choice:
                raise UserError("evaluation-not-asked", "“{item}”不由支部自评。", item=items[slug].label)
            changed += _keep(actor, current, items[slug], one, at)
        if changed:
            save(current)
            note(actor, current.organization, "answer-evaluation", current, f"{current}，{changed}项"[:300])
    return current


def save_opinions(
    actor: Account | None, evaluation: Evaluation, said: Mapping[str, Said], version: int, on: date, *, at: datetime
) -> Evaluation:
    """Keep what the committee says of the items it is asked about. UserError for other items, or one of the body."""
    with transaction.atomic():
        current = current_of(evaluation, UNSETTLED, version)
        if actor is not None and not may_give_opinion(actor, current, on):
            raise _own()
        scheme = queries.scheme_of(current)
        items = {item.slug: item for item in scheme.items}
        changed = []
        for slug, one in said.items():
            if scheme.asked_of(_item(items, slug)) != "committee":
                raise UserError("evaluation-no-opinion", "“{item}”不由上级评定。", item=items[slug].label)
            if _keep(actor, current, items[slug], one, at, opinion=True):
                changed.append(slug)
        if changed:
            unset_level(current)
            save(current)
            chosen = {slug: said[slug].choice for slug in changed}
            note(actor, current.organization, "give-opinion", current, f"{current}，{len(changed)}项", chosen=chosen)
    return current


def _keep(
    actor: Account | None, evaluation: Evaluation, item: Item, said: Said, at: datetime, *, opinion: bool = False
) -> bool:
    if said.choice and item.choice(said.choice) is None:
        raise UserError("evaluation-choice", "“{item}”没有这个选项，请重新选择。", item=item.label)
    text = " ".join(said.note.split())[:500]
    row = EvaluationItem.objects.filter(evaluation=evaluation, item=item.slug).first()
    if (row.choice, row.note) == (said.choice, text) if row else not (said.choice or text):
        return False
    row = row or EvaluationItem(organization=evaluation.organization, evaluation=evaluation, item=item.slug)
    row.choice, row.note, row.answered_at, row.answered_by = said.choice, text, at, actor
    row.opinion = opinion
    row.save()
    return True


def submit(actor: Account | None, evaluation: Evaluation, version: int, on: date, *, at: datetime) -> Evaluation:
    """Freeze the points on the ledger of the day and hand them to the committee. UserError while something is asked."""
    with transaction.atomic():
        current = current_of(evaluation, State.SELF, version)
        scheme = queries.scheme_of(current)
        found = queries.points_of(current, on)
        if rest := queries.unanswered(scheme, found):
            raise UserError(
                "evaluation-unanswered", "还有{count}项没有填：{items}。", count=len(rest),
                items="、".join(item.label for item in rest[:8]) + ("……" if len(rest) > 8 else ""),
            )  # fmt: skip
        current.snapshot = take_snapshot(actor, current.organization, current.year, on)
        current.points = [point.to_json() for point in found]
        current.state, current.on, current.returned = State.SUBMITTED, on, ""
        current.submitted_at, current.submitted_by = at, actor
        save(current)
        digest = current.snapshot.digest
        note(actor, current.organization, "submit-evaluation", current, str(current), snapshot=digest)
    return current


def return_evaluation(
    actor: Account, evaluation: Evaluation, reason: str, version: int, on: date, *, at: datetime
) -> Evaluation:
    """Send it back to the body with a reason. What was found on site is taken out: it is looked at anew."""
    text = " ".join(reason.split())[:300]
    if not text:
        raise UserError("evaluation-return-reason", "请写明退回的原因。")
    with transaction.atomic():
        current = current_of(evaluation, State.SUBMITTED, version)
        _by_another(actor, current, on)
        differs = {
            one.item: [str(one.points), one.reason] for one in current.items.all() if one.agrees is False
        }  # fmt: skip
        current.items.update(agrees=None, points=None, reason="", verified_at=None, verified_by=None)
        current.state, current.returned, current.on, current.snapshot, current.points = State.SELF, text, None, None, []
        save(current)
        note(actor, current.organization, "return-evaluation", current, text, differs=differs)
    return current


def save_findings(
    actor: Account, evaluation: Evaluation, found: Mapping[str, Found], version: int, on: date, *, at: datetime
) -> Evaluation:
    """Keep what was found on site. UserError where points are missing, out of bounds, or differ without a reason."""
    with transaction.atomic():
        current = current_of(evaluation, (State.SUBMITTED, State.VERIFIED), version)
        if not may_find(actor, current, on):
            raise _own()
        items = {item.slug: item for item in queries.scheme_of(current).items}
        frozen = {one.slug: one for one in queries.unruled_points(current)}
        changed = 0
        for slug, one in found.items():
            changed += _find(actor, current, _item(items, slug), frozen[slug], one, at)
        if changed:
            unset_level(current)
            save(current)
            note(actor, current.organization, "verify-items", current, f"{current}，{changed}项"[:300])
    return current


def _find(actor: Account, evaluation: Evaluation, item: Item, point: Point, found: Found, at: datetime) -> bool:
    reason = " ".join(found.reason.split())[:300]
    points = None
    if found.agrees and not point.certain:
        raise UserError("evaluation-unknown", "“{item}”还说不清，请核定并写明理由。", item=item.label)
    if found.agrees is False:
        points = _checked(item, found.points)
        if not reason:
            raise UserError("evaluation-no-reason", "“{item}”与自评不同，请写明理由。", item=item.label)
    row = EvaluationItem.objects.filter(evaluation=evaluation, item=item.slug).first()
    if (row.agrees, row.points, row.reason) == (found.agrees, points, reason) if row else found.agrees is None:
        return False
    row = row or EvaluationItem(organization=evaluation.organization, evaluation=evaluation, item=item.slug)
    row.agrees, row.points, row.reason = found.agrees, points, reason
    row.verified_at, row.verified_by = (None, None) if found.agrees is None else (at, actor)
    row.save()
    return True


def _checked(item: Item, points: Decimal | None) -> Decimal:
    most = Decimal(1) if item.role == "veto" else item.points
    if points is None or not points.is_finite() or not 0 <= points <= most:
        raise UserError("evaluation-points", "“{item}”请填0到{most}之间的分数。", item=item.label, most=f"{most:f}")
    return points.quantize(Decimal("0.01"))


def finish_verification(actor: Account, evaluation: Evaluation, version: int, on: date, *, at: datetime) -> Evaluation:
    """Every item has been looked at: the result stands, and the committee may settle it."""
    with transaction.atomic():
        current = current_of(evaluation, State.SUBMITTED, version)
        _by_another(actor, current, on)
        looked_at = queries.rulings_of(current)
        rest = [item.label for item in queries.scheme_of(current).items if item.slug not in looked_at]
        if rest:
            raise UserError(
                "evaluation-unverified", "还有{count}项没有核实：{items}。", count=len(rest),
                items="、".join(rest[:8]) + ("……" if len(rest) > 8 else ""),
            )  # fmt: skip
        current.state, current.verified_at, current.verified_by = State.VERIFIED, at, actor
        save(current)
        whole = total(queries.points_of(current, on), queries.scheme_of(current))
        note(
            actor, current.organization, "finish-verification", current, str(current),
            points=str(whole.low), full=str(whole.full), level=whole.levels[0].label,
        )  # fmt: skip
    return current


def _by_another(actor: Account, evaluation: Evaluation, on: date) -> None:
    if not may_verify(actor, evaluation, on):
        raise _own()


def _own() -> UserError:
    return UserError("evaluation-own", "不能核实自己所在的党组织，也不能核实自己填的评价。请由其他人核实。")


def unset_level(evaluation: Evaluation) -> None:
    """What the level was set upon has changed: it is to be set anew."""
    evaluation.level, evaluation.level_reason, evaluation.level_by = "", "", None


def _item(items: Mapping[str, Item], slug: str) -> Item:
    if slug not in items:
        raise UserError("evaluation-item", "办法中没有编号为“{item}”的项目。", item=slug[:40])
    return items[slug]


def current_of(evaluation: Evaluation, states: str | Collection[str], version: int) -> Evaluation:
    """The evaluation as it is now, locked. UserError where it has moved on since it was read or is in another state."""
    Evaluation.objects.select_for_update().get(pk=evaluation.pk)
    current = queries.with_items(Evaluation.objects.filter(pk=evaluation.pk)).get()
    if current.state not in ([states] if isinstance(states, str) else states):
        raise UserError(
            "evaluation-state",
            "这项评价现在是“{state}”，不能这样办。请刷新页面。",
            state=str(current.get_state_display()),
        )
    if current.version != version:
        raise UserError(
            "evaluation-changed", "打开页面以后，有人改过这项评价。您填的内容还在下面，核对后请再保存一次。"
        )
    return current


def save(evaluation: Evaluation) -> None:
    evaluation.version += 1
    evaluation.save()
