"""The meeting that hears the reports: prepared, who speaks and for how long, what is said as it is said, who was there.

Each note is a row of its own: two who write do not overwrite each other. While it is typed only its window changes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from zhibu.errors import UserError
from zhibu.meetings import services as meetings
from zhibu.meetings.minutes import first_draft
from zhibu.meetings.models import Meeting, MeetingState
from zhibu.org.journal import note
from zhibu.org.models import Account, Member, Post
from zhibu.org.spans import in_force
from zhibu.review.access import may_judge, may_lead
from zhibu.review.handing_in import locked as locked_entry
from zhibu.review.models import Cycle, CycleState, Entry, Remark, Stage, Verb
from zhibu.review.season import locked

KIND = "debrief-meeting"
GROUPS = {"leaders": _("领导"), "representatives": _("代表"), "party_members": _("党员"), "public": _("群众")}
"""The make-up of those present, as numbers; names stand only on the meeting's list of members."""
SAID = (Verb.SUPERIOR, Verb.QUESTION, Verb.ANSWER, Verb.PROBLEM)
JUDGING = (Verb.SUPERIOR, Verb.PROBLEM)
"""What nobody writes down about his own body."""
AFTER_LETTER = (Stage.FED_BACK, Stage.CLOSED)
LONGEST, MOST_PRESENT, MOST_MINUTES = 2000, 10_000, 120


@dataclass(frozen=True, slots=True)
class Arrangement:
    """When and where, and how many minutes each has."""

    day: date
    starts: time | None = None
    place: str = ""
    minutes: int = 8


def arrange(actor: Account, cycle: Cycle, asked: Arrangement, version: int, *, at: datetime) -> Cycle:
    """Prepare the meeting and invite the committee and those who report; prepared already, only the minutes change."""
    if not 1 <= asked.minutes <= MOST_MINUTES:
        raise UserError("hearing-minutes", "每人述职时间应为1至{most}分钟。", most=MOST_MINUTES)
    with transaction.atomic():
        current = locked(cycle.pk, version)
        _running(current)
        if current.meeting_id is None:
            values = {
                "title": f"{current.year}年度述职评议会", "day": asked.day, "starts": asked.starts,
                "place": asked.place, "agenda": "述职、点评、提问\n民主测评",
            }  # fmt: skip
            people = _invited(current, asked.day)
            current.meeting = meetings.prepare_meeting(actor, current.organization, KIND, values, people, at=at)
        current.minutes, current.version = asked.minutes, current.version + 1
        current.save(update_fields=["meeting", "minutes", "version"])
        note(actor, current.organization, "arrange-hearing", current, f"{current.title}：准备述职评议会")
    return current


def _invited(cycle: Cycle, day: date) -> list[Member]:
    posts = Post.objects.filter(in_force(day), organization=cycle.organization).select_related("member")
    speakers = [one.reporter for one in cycle.entries.filter(live=True).select_related("reporter")]
    return list({one.pk: one for one in [*(post.member for post in posts.order_by("pk")), *speakers]}.values())


def set_present(actor: Account, cycle: Cycle, counts: Mapping[str, int], version: int) -> Cycle:
    """How many leaders, representatives, members and others were there. UserError for numbers nobody believes."""
    if any(not 0 <= counts.get(group, 0) <= MOST_PRESENT for group in GROUPS):
        raise UserError("present-number", "到会人数应是0到{most}之间的数。", most=MOST_PRESENT)
    with transaction.atomic():
        current = locked(cycle.pk, version)
        _running(current)
        current.present = {group: counts.get(group, 0) for group in GROUPS}
        current.version += 1
        current.save(update_fields=["present", "version"])
        people = sum(current.present.values())
        note(actor, current.organization, "set-present", current, f"{current.title}：到会{people}人", **current.present)
    return current


# --- speaking --------------------------------------------------------------------------------------------------------


def begin_speaking(actor: Account, entry: Entry, on: date, *, at: datetime) -> Entry:
    """He speaks now: his report is on the big screen and his time runs. A second time it begins anew."""
    with transaction.atomic():
        current = _led(actor, entry, on)
        if not current.live:
            raise UserError("speaks-in-writing", "{name}书面述职，不上台。", name=current.reporter.name)
        if current.stage not in (Stage.ACCEPTED, Stage.PRESENTED):
            raise UserError("not-accepted", "{name}的报告还没有通过审阅，不能述职。", name=current.reporter.name)
        Cycle.objects.filter(pk=current.cycle_id).update(speaking=current, speaking_at=at)
        words = f"{current.cycle.title}：{current.reporter.name}开始述职"
        note(actor, current.organization, "begin-speaking", current, words)
    return current


def end_speaking(actor: Account, entry: Entry, on: date, *, at: datetime) -> Entry:
    """He has spoken; what is being typed about him counts as written down."""
    with transaction.atomic():
        current = _led(actor, entry, on)
        if current.cycle.speaking_id != current.pk:
            raise UserError("not-speaking", "{name}没有在述职，请刷新页面。", name=current.reporter.name)
        Cycle.objects.filter(pk=current.cycle_id).update(speaking=None, speaking_at=None)
        _present(actor, current, at)
    return current


def take_as_presented(actor: Account, entry: Entry, on: date, *, at: datetime) -> Entry:
    """A written report is dealt with once it was commented on; nobody speaks."""
    with transaction.atomic():
        current = _led(actor, entry, on)
        if current.live:
            raise UserError("speaks-live", "{name}要现场述职，请在述职时记录。", name=current.reporter.name)
        if not current.remarks.filter(verb=Verb.SUPERIOR).exists():
            raise UserError("nothing-commented", "还没有对{name}的点评，请先记录点评。", name=current.reporter.name)
        if current.stage != Stage.ACCEPTED:
            raise UserError("not-accepted", "{name}的报告还没有通过审阅，不能述职。", name=current.reporter.name)
        _present(actor, current, at)
    return current


def _present(actor: Account, entry: Entry, at: datetime) -> None:
    for row in entry.remarks.exclude(key=""):
        _write_down(actor, entry, row)
    if entry.stage == Stage.ACCEPTED:
        Remark.objects.create(organization=entry.organization, entry=entry, verb=Verb.PRESENT, at=at, by=actor)
        entry.stage = Stage.PRESENTED
        entry.version += 1
        entry.save(update_fields=["stage", "version"])
    note(actor, entry.organization, "presented", entry, f"{entry.cycle.title}：{entry.reporter.name}已述职")


# --- what is said ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Note:
    """What was said, by whom; `key` names the window it is typed in."""

    verb: str
    text: str
    speaker: str
    key: str


def note_down(actor: Account, entry: Entry, said: Note, on: date, *, at: datetime, done: bool) -> Remark | None:
    """Keep what is being typed; `done`: it is all. None while nothing is typed yet.

    Not journaled while it is typed: the journal has it as it was when it was done.
    """
    text, speaker = _clean(said)
    with transaction.atomic():
        current = _led(actor, entry, on)
        if said.verb in JUDGING and not may_judge(actor, current, on):
            raise UserError("judges-own", "不能审阅、评价本人或本组织的述职报告。")
        row = current.remarks.select_for_update().filter(key=said.key, by=actor).first() if said.key else None
        if not text:
            if row is not None:
                row.delete()
            if done:
                raise UserError("note-empty", "请先写内容。")
            return None
        row = row or Remark(organization=current.organization, entry=current, by=actor, key=said.key, at=at)
        row.verb, row.text, row.speaker = said.verb, text, speaker
        row.save()
        if done:
            _write_down(actor, current, row)
    return row


def _clean(said: Note) -> tuple[str, str]:
    if said.verb not in SAID:
        raise UserError("note-verb", "请选择是点评、提问、回答还是问题。")
    text = said.text.replace("\r\n", "\n").strip()
    if len(text) > LONGEST:
        raise UserError("reason-too-long", "说明有{length}字，请压缩到{limit}字以内。", length=len(text), limit=LONGEST)
    if len(said.key) > 40:
        raise UserError("note-window", "页面不对，请刷新后再写。")
    return text, " ".join(said.speaker.split())[:60]


def _write_down(actor: Account, entry: Entry, row: Remark) -> None:
    row.key = ""
    row.save(update_fields=["key"])
    words = f"{row.get_verb_display()}（{row.speaker or '未写发言人'}）：{row.text}"
    note(actor, entry.organization, "note-down", row, words[:300])


def correct_note(
    actor: Account, remark: Remark, text: str, speaker: str, before: str, on: date, *, at: datetime
) -> Remark | None:
    """Put right what one wrote down oneself, until the letter is out; no text takes it out. `before`: as it was read.
    UserError where it was changed since."""
    said = Note(remark.verb, text, speaker, "")
    words, who = _clean(said)
    with transaction.atomic():
        entry = _led(actor, remark.entry, on)
        row = entry.remarks.select_for_update().filter(pk=remark.pk, verb__in=SAID).first()
        if row is None or row.text != before:
            raise UserError("note-changed", "这条记录刚刚有人改过。您写的还在下面，请对照后再保存。")
        if row.by_id != actor.pk:
            raise UserError("note-of-another", "只能改自己记录的内容。")
        change = {"text": [row.text, words], "speaker": [row.speaker, who]}
        note(actor, entry.organization, "correct-note", row, f"更正{row.get_verb_display()}"[:300], **change)
        if not words:
            row.delete()
            return None
        row.text, row.speaker = words, who
        row.save(update_fields=["text", "speaker"])
    return row


def _led(actor: Account, entry: Entry, on: date) -> Entry:
    """The entry, locked; UserError for one who does not lead the season, while it is not open, after the letter."""
    current = locked_entry(entry.pk)
    if not may_lead(actor, current.cycle.organization, on):
        raise UserError("not-leading", "只有组织述职评议的委员会可以办理。")
    _running(current.cycle)
    if current.letter_at is not None or current.stage in AFTER_LETTER:
        raise UserError("letter-out", "反馈意见已经发出，不能再改。")
    return current


def _running(cycle: Cycle) -> None:
    if cycle.state != CycleState.OPEN:
        state = str(cycle.get_state_display())
        raise UserError("cycle-not-open", "“{title}”{state}，现在不能办理。", title=cycle.title, state=state)


# --- the record ------------------------------------------------------------------------------------------------------


def compose_minutes(actor: Account, cycle: Cycle, *, at: datetime) -> Meeting:
    """Put what was noted into the meeting's minutes, for somebody to look through and record. What stands there stays
    in the meeting's earlier drafts. UserError without a meeting, or one that is recorded."""
    meeting = cycle.meeting
    if meeting is None:
        raise UserError("hearing-no-meeting", "请先准备述职评议会。")
    if meeting.state != MeetingState.PLANNED:
        raise UserError("meeting-over", "这次会议{state}，不能再改。", state=meeting.get_state_display())
    draft = {
        **first_draft(meeting),
        **meeting.draft,
        "minutes": [minutes_text(cycle)],
        "window": [f"season-{cycle.pk}"],
    }
    draft |= {f"f-{group}": [str(cycle.present[group])] for group in GROUPS if group in cycle.present}
    return meetings.put_aside(actor, meeting, draft, meeting.version, at=at, over=True)


def minutes_text(cycle: Cycle) -> str:
    """One paragraph a reporter, then what was said about him, in the order of speaking."""
    entries = list(cycle.entries.select_related("organization", "reporter"))
    notes: dict[int, list[Remark]] = {}
    for row in Remark.objects.filter(entry__in=entries, verb__in=SAID, key="").order_by("id"):
        notes.setdefault(row.entry_id, []).append(row)
    return "\n\n".join(_paragraph(entry, notes.get(entry.pk, [])) for entry in entries)


def _paragraph(entry: Entry, notes: Sequence[Remark]) -> str:
    way = "现场述职" if entry.live else "书面述职"
    done = "" if entry.stage in (Stage.PRESENTED, Stage.VOTED, Stage.GRADED, *AFTER_LETTER) else "（还没有述职）"
    lines = [f"{entry.organization.name}{entry.reporter.name}{way}{done}。"]
    lines += [f"{row.get_verb_display()}（{row.speaker or '未记发言人'}）：{row.text}" for row in notes]
    return "\n".join(lines)
