"""What the buttons of an evaluation's page do: return, finish, set the level, publish, object, answer, close, open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from zhibu.errors import UserError
from zhibu.org.models import Account
from zhibu.scoring import access, services, settling
from zhibu.scoring.models import Evaluation, Objection


@dataclass(frozen=True, slots=True)
class Asked:
    """What was sent: by whom, of which evaluation, as it was read, on which day."""

    actor: Account
    evaluation: Evaluation
    given: QueryDict
    on: date
    at: datetime

    def text(self, name: str) -> str:
        return self.given.get(name, "")

    @property
    def version(self) -> int:
        """-1, which no evaluation has, for anything that is no number."""
        return number_of(self.text("version"))

    @property
    def objection(self) -> Objection:
        wanted = number_of(self.text("objection"))
        row = next((row for row in self.evaluation.objections.all() if row.pk == wanted), None)
        if row is None:
            raise UserError("objection-unknown", "没有这项异议，请刷新页面。")
        row.evaluation = self.evaluation
        return row


def number_of(text: str) -> int:
    """-1 for anything that is no number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


@dataclass(frozen=True, slots=True)
class Act:
    allowed: Callable[[Account, Evaluation, date], bool]
    do: Callable[[Asked], Any]
    told: Any


def _return(asked: Asked) -> None:
    services.return_evaluation(
        asked.actor, asked.evaluation, asked.text("reason"), asked.version, asked.on, at=asked.at
    )


def _finish(asked: Asked) -> None:
    services.finish_verification(asked.actor, asked.evaluation, asked.version, asked.on, at=asked.at)


def _set_level(asked: Asked) -> None:
    settling.set_level(
        asked.actor, asked.evaluation, asked.text("level"), asked.text("reason"), asked.version, asked.on, at=asked.at
    )


def _publish(asked: Asked) -> None:
    services.current_of(asked.evaluation, asked.evaluation.state, asked.version)
    settling.publish(
        asked.actor, asked.evaluation.committee, [asked.evaluation.pk], asked.on, at=asked.at,
        until=day_of(asked.text("until")),
    )  # fmt: skip


def day_of(text: str) -> date | None:
    """A day as browsers send it; None: nothing was written. UserError for anything else."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise UserError("evaluation-day", "日期请写成 2026-01-15 这样。") from None


def _object(asked: Asked) -> None:
    settling.object_to(asked.actor, asked.evaluation, asked.text("text"), asked.on, at=asked.at)


def _answer(asked: Asked) -> None:
    upheld = asked.text("upheld")
    if upheld not in ("yes", "no"):
        raise UserError("objection-which", "请选择采纳还是不采纳。")
    settling.answer_objection(
        asked.actor, asked.objection, asked.text("answer"), upheld == "yes", asked.on, at=asked.at
    )


def _close(asked: Asked) -> None:
    settling.close_evaluations(asked.actor, [asked.evaluation.pk], asked.on, at=asked.at)


def _reopen(asked: Asked) -> None:
    settling.reopen(asked.actor, asked.evaluation, asked.text("reason"), asked.version, asked.on, at=asked.at)


ACTS: Mapping[str, Act] = {
    "return": Act(access.may_verify, _return, _("已退回。")),
    "finish": Act(access.may_verify, _finish, _("核实已完成。")),
    "set-level": Act(access.may_settle, _set_level, _("等次已定。")),
    "publish": Act(access.may_settle, _publish, _("结果已公布。")),
    "object": Act(access.may_object, _object, _("异议已提出，等待答复。")),
    "answer": Act(access.may_close, _answer, _("已答复。")),
    "close": Act(access.may_close, _close, _("结果已定。")),
    "reopen": Act(access.may_reopen, _reopen, _("已重新核定，原来的结果留在操作日志里。")),
}
