"""An anonymous questionnaire: made, opened, a token for everyone who may answer, answers by token, closed.

Two doors that share nothing: `sign_right` knows who asks and sees a blinded number; `take_answer` sees a token and
knows nobody. Neither leaves a line in the journal, nor a time.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse

from zhibu.ballots import asking, blind
from zhibu.ballots.asking import Found
from zhibu.ballots.canonical import bytes_of, digest, text_of
from zhibu.ballots.ending import sweep
from zhibu.ballots.manifest import FEWEST, Question, mark_of
from zhibu.ballots.models import Answer, Asking, Questionnaire, Right
from zhibu.ballots.services import MOST_VOTERS
from zhibu.ballots.shown import percent
from zhibu.documents.model import Block, Document, text_block
from zhibu.documents.printing import Printed, check_form, printed_whole
from zhibu.errors import Sentence, UserError
from zhibu.notices.services import tell
from zhibu.org.journal import note
from zhibu.org.models import Account, Member, Organization

ASKED = Sentence("questionnaire-open", "“{title}”请您不记名作答。")


# --- made -------------------------------------------------------------------------------------------------------------


def draft_questionnaire(
    actor: Account, organization: Organization, title: str, questions: Sequence[Question], members: Sequence[int],
    slips: int, *, at: datetime,
) -> Questionnaire:  # fmt: skip
    """A new one, for these members and so many slips. UserError as `check_words`; the roll may still be empty."""
    asking.check_words(title, questions)
    with transaction.atomic():
        made = Questionnaire.objects.create(
            organization=organization, uid=secrets.token_hex(16), title=title.strip(),
            questions=asking.words_of(questions), made_by=actor, made_at=at,
        )  # fmt: skip
        _enrol(made, members, slips)
        note(actor, organization, "draft-questionnaire", made, made.title, members=len(members), slips=slips)
    return made


def change_questionnaire(
    actor: Account, questionnaire: Questionnaire, title: str, questions: Sequence[Question], members: Sequence[int],
    slips: int,
) -> Questionnaire:  # fmt: skip
    """Other words or another roll, before it is opened."""
    asking.check_words(title, questions)
    with transaction.atomic():
        current = _locked(questionnaire, Asking.DRAFT)
        current.title, current.questions = title.strip(), asking.words_of(questions)
        current.save(update_fields=["title", "questions"])
        current.rights.all().delete()
        _enrol(current, members, slips)
        note(actor, current.organization, "change-questionnaire", current, current.title, members=len(members),
             slips=slips)  # fmt: skip
    return current


def discard_questionnaire(actor: Account, questionnaire: Questionnaire) -> None:
    with transaction.atomic():
        current = _locked(questionnaire, Asking.DRAFT)
        note(actor, current.organization, "discard-questionnaire", current, current.title)
        current.delete()


def _enrol(questionnaire: Questionnaire, members: Sequence[int], slips: int) -> None:
    if len(members) + slips > MOST_VOTERS:
        raise UserError("roll-long", "名册最多{most}人。", most=MOST_VOTERS)
    rows = [*(Right(questionnaire=questionnaire, member_id=pk) for pk in members)]
    rows += [Right(questionnaire=questionnaire) for _ in range(slips)]
    Right.objects.bulk_create(rows, 500)


def _locked(questionnaire: Questionnaire, state: str) -> Questionnaire:
    """As it stands, locked until the end of the transaction. UserError unless in that state."""
    rows = Questionnaire.objects.select_for_update(of=("self",)).select_related("organization")
    current = rows.get(pk=questionnaire.pk)
    if current.state != state:
        raise UserError("ask-state", "这份问卷{state}，不能这样做。", state=current.get_state_display())
    return current


def _refuse_open_line(secure: bool) -> None:
    if not secure:
        raise UserError(
            "ask-needs-https", "没有启用 HTTPS，答卷在路上可能被偷看，不能用不记名问卷。请管理员配置 HTTPS。"
        )


# --- opened and closed ------------------------------------------------------------------------------------------------


def open_questionnaire(actor: Account, questionnaire: Questionnaire, *, at: datetime, secure: bool) -> Questionnaire:
    """Make the key, and tell who may answer."""
    _refuse_open_line(secure)
    pem = blind.new_key()
    with transaction.atomic():
        current = _locked(questionnaire, Asking.DRAFT)
        if current.rights.count() < FEWEST:
            raise UserError("ask-few", "能答题的不足{fewest}人，谈不上不记名。请加上人，或加印答题条。", fewest=FEWEST)
        current.state, current.key = Asking.OPEN, pem
        current.modulus = text_of(blind.modulus_of(blind.key_of(pem)))
        current.save(update_fields=["state", "key", "modulus"])
        note(actor, current.organization, "open-questionnaire", current, current.title, key=mark(current))
        members = Member.objects.filter(pk__in=current.rights.exclude(member=None).values("member"))
        sentence = Sentence(ASKED.code, ASKED.message, title=current.title)
        url = reverse("vote:right", args=[current.uid])
        tell(members, sentence, kind="ballot", at=at, url=url, organization=current.organization)
    return current


def close_questionnaire(actor: Account, questionnaire: Questionnaire, *, on: date) -> Questionnaire:
    """No more answers. The key, the slips and the blinded numbers are destroyed; under five answers, these too."""
    with transaction.atomic():
        current = _locked(questionnaire, Asking.OPEN)
        current.state, current.key, current.closed_on = Asking.CLOSED, "", on
        current.save(update_fields=["state", "key", "closed_on"])
        current.rights.update(slip=None, blinded=None)
        count = current.answers.count()
        if count < FEWEST:
            current.answers.all().delete()
        note(actor, current.organization, "close-questionnaire", current, current.title, answers=count)
        transaction.on_commit(sweep)
    return current


def mark(questionnaire: Questionnaire) -> str:
    """The key as people compare it: a site that gave somebody a key of his own could tell his token from others."""
    return mark_of(digest(questionnaire.modulus.encode())) if questionnaire.modulus else ""


def make_answer_slips(actor: Account, questionnaire: Questionnaire) -> list[tuple[Right, str]]:
    """A secret each for those without an account who have no token yet; new ones end those before."""
    with transaction.atomic():
        current = _locked(questionnaire, Asking.OPEN)
        rows = current.rights.filter(issued=False).exclude(Q(member__account__is_active=True)).select_related("member")
        made = [(right, secrets.token_urlsafe(24)) for right in rows]
        for right, secret in made:
            right.slip = digest(secret.encode())
        Right.objects.bulk_update([right for right, _secret in made], ["slip"], 500)
        note(actor, current.organization, "print-answer-slips", current, f"{current.title}：答题条{len(made)}张")
    return made


# --- the first door: who asks is known, what is signed is not ---------------------------------------------------------


def right_of_slip(questionnaire: Questionnaire, secret: str) -> Right | None:
    wanted = digest(secret.encode())
    found = questionnaire.rights.filter(slip=wanted).first()
    return found if found is not None and hmac.compare_digest(found.slip or "", wanted) else None


def right_of_account(questionnaire: Questionnaire, account: Account) -> Right | None:
    return questionnaire.rights.filter(member=account.member_id).first() if account.member_id is not None else None


def sign_right(right: Right, blinded: bytes, *, secure: bool) -> bytes:
    """One signature a right; the same number again gets the same. UserError otherwise."""
    _refuse_open_line(secure)
    with transaction.atomic():
        questionnaire = _answerable(right.questionnaire)
        current = Right.objects.select_for_update().get(pk=right.pk)
        if current.issued and bytes(current.blinded or b"") != blinded:
            raise UserError(
                "ask-issued", "这份答题资格已经领过。请用当时的那台设备、那个浏览器打开；不是您领的，请告诉发问卷的人。"
            )
        try:
            signed = blind.sign_blinded(blind.key_of(questionnaire.key), blinded)
        except ValueError:
            raise UserError("ask-blinded", "答题资格没有领成，请重新打开本页再试。") from None
        if not current.issued:
            current.issued, current.blinded = True, blinded
            current.save(update_fields=["issued", "blinded"])
    return signed


def _answerable(questionnaire: Questionnaire) -> Questionnaire:
    current = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    if current.state != Asking.OPEN:
        raise UserError("ask-not-open", "现在不是答题时间，没有收下。")
    return current


# --- the second door: what is said is known, who says it is not -------------------------------------------------------


def take_answer(questionnaire: Questionnaire, token: bytes, signature: bytes, given: object, *, secure: bool) -> None:
    """Keep an answer under its token, which counts once; the very same again is no second one. UserError otherwise."""
    _refuse_open_line(secure)
    kept = asking.checked(questions(questionnaire), given)
    with transaction.atomic():
        current = _answerable(questionnaire)
        if len(token) != blind.TOKEN or not blind.is_signed(bytes_of(current.modulus) or b"", token, signature):
            raise UserError("ask-token", "答题资格不对，没有收下。请从领到的链接或答题条重新打开。")
        name = digest(token)
        before = current.answers.filter(token=name).first()
        if before is not None and before.given != kept:
            raise UserError("ask-used", "这份答题资格已经用过，每份只能答一次。")
        if before is None:
            _keep(current, name, kept)


def _keep(questionnaire: Questionnaire, name: str, kept: dict[str, str]) -> None:
    try:
        with transaction.atomic():
            Answer.objects.create(id=secrets.randbits(63), questionnaire=questionnaire, token=name, given=kept)
    except IntegrityError:  # the same at the same moment
        raise UserError("ask-used", "这份答题资格已经用过，每份只能答一次。") from None


# --- what is read of it -----------------------------------------------------------------------------------------------


def questions(questionnaire: Questionnaire) -> tuple[Question, ...]:
    return asking.questions_of(questionnaire.questions)


def findings(questionnaire: Questionnaire) -> list[Found]:
    """After closing, and from five answers up; before that nothing."""
    if questionnaire.state != Asking.CLOSED:
        return []
    return asking.found(questions(questionnaire), list(questionnaire.answers.values_list("given", flat=True)))


def export_answers(actor: Account, questionnaire: Questionnaire, form: str) -> Printed:
    """The result as .docx or .pdf. UserError before there is one, and for another format."""
    check_form(form)
    made = printed_whole(answers_document(questionnaire), form)
    with transaction.atomic():
        note(actor, questionnaire.organization, "export-answers", questionnaire, f"{questionnaire.title}（{form}）")
    return made


def answers_document(questionnaire: Questionnaire) -> Document:
    """UserError before there is a result."""
    results, day = findings(questionnaire), questionnaire.closed_on
    if not results or day is None:
        raise UserError("ask-no-result", "问卷还没有结束，或答卷不足{fewest}份，没有结果。", fewest=FEWEST)
    rights, answers = questionnaire.rights.count(), questionnaire.answers.count()
    blocks = [
        text_block("title", f"{questionnaire.title}结果"),
        text_block("byline", questionnaire.organization.name),
        text_block(
            "paragraph", f"不记名问卷，可答{rights}人，收到{answers}份。只反映答卷人的意见，不作表决、选举、考核之用。"
        ),
    ]
    for number, one in enumerate(results, start=1):
        blocks += [text_block("heading", f"{number}.{one.question.text}", 2), *_said(one)]
    blocks.append(text_block("date", f"{day.year}年{day.month}月{day.day}日"))
    return Document(f"{questionnaire.title}结果", tuple(blocks), questionnaire.organization.name, day.isoformat())


def _said(one: Found) -> list[Block]:
    if one.question.choices:
        rows: list[Any] = [(label, str(n), percent(share) if one.answered else "—") for label, n, share in one.votes]
        rows.append(("未答", str(one.skipped), ""))
        return [Block("table", rows=(("选项", "人数", "占作答人数"), *rows), widths=(16.0, 10.0, 10.0))]
    return [text_block("paragraph", words) for words in one.words] or [text_block("paragraph", "没有人填写。")]
