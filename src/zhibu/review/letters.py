"""The feedback letter (反馈意见): composed from what was recorded, edited by a person, sent once, frozen.

Sending puts its problems on the committee's list of the review, so that their measures become tasks of the next year.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhibu.documents.model import Block, Document, Span, text_block
from zhibu.documents.numbering import chinese
from zhibu.duties.models import Origin, Source
from zhibu.errors import Sentence, UserError
from zhibu.meetings.models import MeetingState
from zhibu.org.journal import note
from zhibu.org.models import Account
from zhibu.rectify import services as rectify
from zhibu.rectify.models import Problem
from zhibu.rectify.queries import listed
from zhibu.rectify.states import ProblemState
from zhibu.review.access import may_judge, may_lead
from zhibu.review.handing_in import locked as locked_entry
from zhibu.review.models import Cycle, CycleState, Entry, Remark, Stage, Verb
from zhibu.review.season import locked
from zhibu.review.steps import days_of
from zhibu.review.telling import LETTER, tell_body
from zhibu.scoring.models import TOLD

LONGEST = 3000
MOST_PROBLEMS = 30
GAP = "【待补"


@dataclass(frozen=True, slots=True)
class Letter:
    """What a person edits: the comments, the problems, what is asked until when (ISO day, or "")."""

    opinion: str
    problems: tuple[str, ...]
    asks: str
    until: str

    @classmethod
    def of(cls, entry: Entry) -> Letter | None:
        """As it was last saved, or sent."""
        if not entry.letter:
            return None
        kept = entry.letter
        return cls(kept["opinion"], tuple(kept["problems"]), kept["asks"], kept["until"])


def composed(entry: Entry) -> Letter:
    """From the comments and problems noted in the meeting; what is missing stands there as a gap."""
    remarks = list(entry.remarks.filter(verb__in=(Verb.SUPERIOR, Verb.PROBLEM), key="").order_by("id"))
    comments = [one.text for one in remarks if one.verb == Verb.SUPERIOR]
    problems = tuple(dict.fromkeys(" ".join(one.text.split()) for one in remarks if one.verb == Verb.PROBLEM))
    due = days_of(entry.cycle.days).get("rectify")
    when = f"于{day_text(due)}前" if due else f"于{GAP}：整改时限】前"
    asks = f"请针对以上问题制定整改措施，明确责任人和完成时限，{when}完成整改，并书面报告整改情况。" if problems else ""
    opinion = "\n".join(comments) or f"{GAP}：会上的点评】"
    return Letter(opinion, problems, asks, due.isoformat() if due else "")


def day_text(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def grade_of(entry: Entry) -> str:
    """The level as it was told; "" before."""
    if entry.letter_at is not None:
        return str(entry.letter["grade"])
    evaluation = entry.evaluation
    return evaluation.level if evaluation is not None and evaluation.state in TOLD else ""


def document(entry: Entry, letter: Letter) -> Document:
    """In the official format. A draft is dated nowhere and says what it lacks; what was sent is what was sent."""
    if entry.letter_at is not None and "document" in entry.letter:
        return Document.from_json(entry.letter["document"])
    title = f"关于{entry.cycle.year}年度抓基层党建工作述职评议的反馈意见"
    blocks = [
        text_block("title", title),
        text_block("salutation", f"{entry.organization.name}{entry.reporter.name}同志："),
        text_block("paragraph", _heard(entry)),
        *_sections(entry, letter),
        text_block("signature", entry.cycle.organization.name),
        _dated(entry),
    ]
    day = timezone.localdate(entry.letter_at).isoformat() if entry.letter_at else ""
    name = f"{title}（{entry.organization.short_name or entry.organization.name}{entry.reporter.name}）"
    return Document(name, tuple(blocks), author=entry.cycle.organization.name, date=day)


def _heard(entry: Entry) -> str:
    meeting = entry.cycle.meeting
    held = meeting is not None and meeting.state == MeetingState.RECORDED
    if entry.live:
        where = f"{day_text(meeting.day)}，{meeting.title}听取了" if held and meeting else "我委听取了"
        return f"{where}您{entry.cycle.year}年度抓基层党建工作述职。现将有关意见反馈如下。"
    return f"我委审阅了您{entry.cycle.year}年度抓基层党建工作的书面述职。现将有关意见反馈如下。"


def _sections(entry: Entry, letter: Letter) -> list[Block]:
    grade = grade_of(entry)
    wanted = bool(entry.cycle.scheme)
    parts: list[tuple[str, list[Block]]] = [("点评意见", [_paragraph(line) for line in _lines(letter.opinion)])]
    if letter.problems:
        lines = [f"{number}.{_ended(one)}" for number, one in enumerate(letter.problems, start=1)]
        parts.append(("存在的问题", [_paragraph(line) for line in lines]))
    if grade:
        parts.append(("评议等次", [_paragraph(f"综合评价等次为“{grade}”。")]))
    elif wanted:
        parts.append(("评议等次", [Block("paragraph", (Span("已公布的等次", "gap", "grade"),))]))
    if letter.asks:
        parts.append(("整改要求", [_paragraph(line) for line in _lines(letter.asks)]))
    found: list[Block] = []
    for number, (heading, blocks) in enumerate(parts, start=1):
        found += [text_block("heading", f"{chinese(number)}、{heading}", 1), *blocks]
    return found


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _ended(text: str) -> str:
    return text if text.endswith(("。", "！", "？")) else f"{text}。"


def _paragraph(line: str) -> Block:
    return text_block("paragraph", line)


def _dated(entry: Entry) -> Block:
    if entry.letter_at is None:
        return Block("date", (Span("发出日期", "gap", "date"),))
    return text_block("date", day_text(timezone.localdate(entry.letter_at)))


# --- saved, sent -----------------------------------------------------------------------------------------------------


def save_letter(actor: Account, entry: Entry, letter: Letter, version: int, on: date, *, at: datetime) -> Entry:
    """Keep the letter as edited. UserError where somebody was quicker, or it is out."""
    checked = _checked(letter)
    with transaction.atomic():
        current = _judged(actor, entry, version, on)
        _keep(current, asdict(checked))
        name = f"{current.cycle.year}年述职评议反馈意见（{current.reporter.name}）"
        note(actor, current.organization, "save-letter", current, f"拟{name}", problems=len(checked.problems))
    return current


def _keep(entry: Entry, letter: dict[str, Any]) -> None:
    entry.letter, entry.version = {**letter, "problems": list(letter["problems"])}, entry.version + 1
    entry.save(update_fields=["letter", "letter_at", "stage", "version"])


def _checked(letter: Letter) -> Letter:
    for text, label in ((letter.opinion, "点评意见"), (letter.asks, "整改要求")):
        if len(text) > LONGEST:
            raise UserError(
                "letter-long", "{label}有{n}字，请压缩到{most}字以内。", label=label, n=len(text), most=LONGEST
            )
    problems = tuple(dict.fromkeys(" ".join(one.split()) for one in letter.problems if one.strip()))
    if len(problems) > MOST_PROBLEMS:
        raise UserError("letter-problems", "一份反馈意见最多列{most}个问题。", most=MOST_PROBLEMS)
    for one in problems:
        rectify.checked(rectify.Finding(one))
    return Letter(letter.opinion.replace("\r\n", "\n").strip(), problems, letter.asks.strip(), letter.until)


def send_letter(actor: Account, entry: Entry, version: int, on: date, *, at: datetime) -> Entry:
    """Send the letter as it was saved: frozen, told, its problems entered. UserError while something is missing, or
    before the grade was told."""
    with transaction.atomic():
        current = _judged(actor, entry, version, on)
        letter = Letter.of(current)
        if letter is None:
            raise UserError("letter-not-saved", "请先核对、保存反馈意见，再发出。")
        _ready(current, letter)
        origin = rectify.open_list(actor, current.cycle.organization, Source.REVIEW, current.cycle.year, at=at)
        entered, made = _enter(actor, current, origin, letter, at)
        grade = grade_of(current)
        current.letter_at, current.stage = at, Stage.FED_BACK
        sent = {**asdict(letter), "grade": grade, "list": origin.pk, "entered": [one.pk for one in entered]}
        current.letter = sent
        _keep(current, {**sent, "document": document(current, letter).to_json()})
        name = f"{current.cycle.year}年述职评议反馈意见（{current.reporter.name}）"
        note(actor, current.organization, "send-letter", current, f"发出{name}", grade=grade, problems=len(made))
        tell_body(current, Sentence(LETTER.code, LETTER.message), actor)
    return current


def _enter(
    actor: Account, entry: Entry, origin: Origin, letter: Letter, at: datetime
) -> tuple[list[Problem], list[Problem]]:
    """The letter's problems on the list, and those that are new there; what stands there already is the same one."""
    there = {one.text: one for one in Problem.objects.filter(origin=origin, organization=entry.organization)}
    fresh = [rectify.Finding(one, place="述职评议反馈意见") for one in letter.problems if one not in there]
    made = rectify.found(actor, origin, entry.organization, fresh, at=at)
    there |= {one.text: one for one in made}
    return [there[one] for one in letter.problems], made


def _ready(entry: Entry, letter: Letter) -> None:
    if entry.cycle.scheme and (entry.stage != Stage.GRADED or not grade_of(entry)):
        raise UserError("letter-before-grade", "等次还没有公布，不能发出反馈意见。")
    if entry.stage not in (Stage.PRESENTED, Stage.VOTED, Stage.GRADED):
        raise UserError("letter-before-hearing", "还没有述职，不能发出反馈意见。")
    if not letter.opinion or GAP in letter.opinion + letter.asks:
        raise UserError("letter-gaps", "反馈意见里还有待补的内容，请补全后再发出。")
    if letter.problems and not letter.asks:
        raise UserError("letter-no-asks", "列了问题，请写明整改要求和时限。")


def _judged(actor: Account, entry: Entry, version: int, on: date) -> Entry:
    current = locked_entry(entry.pk)
    if not may_judge(actor, current, on):
        raise UserError("judges-own", "不能审阅、评价本人或本组织的述职报告。")
    if current.cycle.state != CycleState.OPEN:
        state = str(current.cycle.get_state_display())
        raise UserError("cycle-not-open", "“{title}”{state}，现在不能办理。", title=current.cycle.title, state=state)
    if current.letter_at is not None:
        raise UserError("letter-out", "反馈意见已经发出，不能再改。")
    if current.version != version:
        raise UserError("entry-changed", "打开页面以后，有人办理过这份报告。您写的内容还在下面，请核对后再办。")
    return current


# --- what becomes of it ----------------------------------------------------------------------------------------------


def problems_of(entry: Entry, on: date) -> list[Problem]:
    """The problems the letter entered, with how far each is."""
    return list(listed(Problem.objects.filter(pk__in=entry.letter.get("entered", ())), on).order_by("id"))


def close_rectified(actor: Account, cycle: Cycle, on: date, *, at: datetime) -> list[Entry]:
    """Those whose letter is out and whose problems are all closed are done with."""
    with transaction.atomic():
        current = locked(cycle.pk, cycle.version)
        if current.state != CycleState.OPEN:
            state = str(current.get_state_display())
            raise UserError("cycle-not-open", "“{title}”{state}，现在不能办理。", title=current.title, state=state)
        if not may_lead(actor, current.organization, on):
            raise UserError("not-leading", "只有组织述职评议的委员会可以办理。")
        rows = list(current.entries.filter(stage=Stage.FED_BACK).select_related("organization", "reporter"))
        states = states_of(rows, on)
        done = [entry for entry in rows if _is_closed(entry, states)]
        for entry in done:
            entry.stage, entry.version = Stage.CLOSED, entry.version + 1
        Entry.objects.bulk_update(done, ["stage", "version"], 200)
        if done:
            words = f"{current.title}：{len(done)}人的问题已全部整改"
            note(actor, current.organization, "close-entries", current, words)
    return done


def states_of(entries: Sequence[Entry], on: date) -> dict[int, str]:
    """How far the problems of sent letters are, by the problem's key. One query."""
    keys = [pk for entry in entries for pk in entry.letter.get("entered", ())]
    return {one.pk: one.state for one in listed(Problem.objects.filter(pk__in=keys), on)} if keys else {}


def _is_closed(entry: Entry, states: dict[int, str]) -> bool:
    return all(states.get(pk, ProblemState.CLOSED) == ProblemState.CLOSED for pk in entry.letter.get("entered", ()))


@dataclass(frozen=True, slots=True)
class Row:
    """One reporter among the season's letters. `closed` of `entered` problems; `noted`: named in the meeting."""

    entry: Entry
    noted: int
    entered: int
    closed: int


def table(cycle: Cycle, on: date) -> list[Row]:
    """In the order of speaking; three queries, and one for measures, whatever the number."""
    entries = list(cycle.entries.select_related("organization", "reporter", "evaluation"))
    states = states_of(entries, on)
    noted: dict[int, int] = {}
    for pk in Remark.objects.filter(entry__in=entries, verb=Verb.PROBLEM, key="").values_list("entry_id", flat=True):
        noted[pk] = noted.get(pk, 0) + 1
    return [_row(entry, noted.get(entry.pk, 0), states) for entry in entries]


def _row(entry: Entry, noted: int, states: dict[int, str]) -> Row:
    keys = entry.letter.get("entered", ())
    return Row(entry, noted, len(keys), sum(states.get(pk) == ProblemState.CLOSED for pk in keys))
