"""What is checked when a record is entered, in plain words. Pure: an Entry and what is Around it in, remarks out.

An `error` refuses the record, a `warning` is shown and the record kept if the person saves once more, a `note` is only
shown. Every check is a generator in CHECKS; docs/how-to-add-a-kind.md says how to add one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import time, timedelta
from fractions import Fraction
from typing import Literal

from zhibu.activities import derived, similar, studied
from zhibu.activities.entry import OBSERVER, Around, Entry, VoteRow
from zhibu.activities.kinds import Kind, thresholds
from zhibu.errors import Sentence
from zhibu.periods import add_months
from zhibu.rulebook.facts import LATE_DAYS
from zhibu.rulebook.reasons import day_name

Severity = Literal["error", "warning", "note"]

ALIKE = 0.6
"""Share of the minutes that stood in an earlier record from which on the record is shown to the writer."""
ALIKE_MONTHS = 24


@dataclass(frozen=True, slots=True)
class Remark:
    """`part`: the column or field of the form it is about; empty for the whole record. `record`: an id to open."""

    severity: Severity
    sentence: Sentence
    part: str = ""
    record: int | None = None


Check = Callable[[Entry, Kind, Around], Iterator[Remark]]


def day_is_possible(entry: Entry, kind: Kind, around: Around) -> Iterator[Remark]:
    """Not in the future, not before the body was founded, not after it ended."""
    if entry.held > around.today:
        said = Sentence("held-in-future", "日期{day}还没有到。请在活动开展之后记录。", day=day_name(entry.held))
        yield Remark("error", said, "held")
    if entry.held < around.founded:
        said = Sentence(
            "before-founding",
            "日期{day}早于本组织成立的日期{founded}。",
            day=day_name(entry.held),
            founded=day_name(around.founded),
        )
        yield Remark("error", said, "held")
    if around.ended is not None and entry.held >= around.ended:
        said = Sentence("after-end", "本组织已于{ended}撤销，不能记录此后的活动。", ended=day_name(around.ended))
        yield Remark("error", said, "held")


def not_there_already(entry: Entry, kind: Kind, around: Around) -> Iterator[Remark]:
    """The same occasion is recorded once: not by two people, not by a button pressed twice."""
    if around.same is not None:
        said = Sentence(
            "already-recorded", "{day}已有一条同样的记录。如果是同一次活动，请不要重复记录。", day=day_name(entry.held)
        )
        yield Remark("warning", said, "held", record=around.same)


def times_are_in_order(entry: Entry, kind: Kind, around: Around) -> Iterator[Remark]:
    """The end comes after the start."""
    if entry.starts and entry.ends and entry.ends <= entry.starts:
        said = Sentence(
            "ends-before-start",
            "结束时间{ends}不晚于开始时间{starts}。",
            ends=f"{entry.ends:%H:%M}",
            starts=f"{entry.starts:%H:%M}",
        )
        yield Remark("error", said, "ends")


def attendees_belong(entry: Entry, kind: Kind, around: Around) -> Iterator[Remark]:
    """Everyone on the list was a member of the body on that day; observers may come from elsewhere."""
    for one in entry.attendance:
        if one.member in around.people or one.presence == OBSERVER:
            continue
        name, since, until = around.strangers.get(one.member, (f"#{one.member}", None, None))
        if since is not None and entry.held < since:
            said = Sentence(
                "not-yet-a-member",
                "{name}自{since}起才是本组织党员，{day}还不是。",
                name=name,
                since=day_name(since),
                day=day_name(entry.held),
            )
        elif until is not None and entry.held >= until:
            said = Sentence(
                "no-longer-a-member",
                "{name}已于{until}离开本组织，{day}不应列入到会名单。",
                name=name,
                until=day_name(until),
                day=day_name(entry.held),
            )
        else:
            said = Sentence(
                "not-a-member",
                "{name}在{day}不是本组织党员。确有参加的，请记为列席。",
                name=name,
                day=day_name(entry.held),
            )
        yield Remark("error", said, "attendance")


def listed_once(entry: Entry, kind: Kind, around: Around) -> Iterator[Remark]:
    """Nobody stands on the list twice."""
    members = [one.member for one in entry.attendance]
    for member in sorted({one for one in members if members.count(one) > 1}):
        yield Remark(
            "error",
            Sentence("listed-twice", "{name}在到会名单中出现了两次。", name=_name(member, around)),
            "attendance",
        )


def pair_is_two(entry: Entry, kind: Kind, around: Around) -> Iterator[Remark]:
    """A talk is between two different people."""
    if kind.attends == "pair" and entry.chair is not None and entry.chair == entry.fields.get("partner"):
        yield Remark("error", Sentence("talk-with-oneself", "谈话双方不能是同一个人。"), "partner")


def quorum(entry: Entry, kind: Kind, around: Around) -> Iterator[Remark]:
    """A meeting that decides needs its quorum of those entitled; with 半数以上 an exact half is enough."""
    if not kind.vote or kind.vote == "election":
        return
    found = derived.derive(entry, kind, around.people)
    rule = thresholds()[kind.vote]
    if found.entitled and not _quorate(found.present, found.entitled, kind.vote):
        said = Sentence(
            "no-quorum",
            "应到{entitled}人，实到{present}人，不足半数，不能形成有效决议。{cites}。",
            entitled=found.entitled,
            present=found.present,
            cites=rule["cites"],
        )
        yield Remark("warning", said, "attendance")


def _quorate(present: int, entitled: int, rule: str) -> bool:
    need = thresholds()[rule]
    share, reached = Fraction(need["quorum"]), Fraction(present, entitled)
    return reached > share if need["strict"] else reached >= share


def votes_add_up(entry: Entry, kind: Kind, around: Around) -> Iterator[Remark]:
    """No more voters than entitled, no more votes than voters, and no more present than the list shows."""
    there = derived.derive(entry, kind, around.people)
    for vote in entry.votes:
        if vote.present > vote.entitled:
            said = Sentence(
                "present-above-entitled",
                "“{matter}”：实到{present}人多于应到{entitled}人。",
                matter=vote.matter,
                present=vote.present,
                entitled=vote.entitled,
            )
            yield Remark("error", said, "votes")
        cast, voters = vote.yes + vote.no + vote.abstain, vote.present + vote.written
        if cast > voters:
            said = Sentence(
                "more-votes-than-voters",
                "“{matter}”：赞成、反对、弃权共{cast}票，多于参加表决的{voters}人（"
                "实到{present}人，会前书面意见{written}份）。",
                matter=vote.matter,
                cast=cast,
                voters=voters,
                present=vote.present,
                written=vote.written,
            )
            yield Remark("error", said, "votes")
        elif cast < voters:
            said = Sentence(
                "fewer-votes-than-voters",
                "“{matter}”：参加表决{voters}人，赞成、反对、弃权共{cast}票，少{short}票。",
                matter=vote.matter,
                cast=cast,
                voters=voters,
                short=voters - cast,
            )
            yield Remark("warning", said, "votes")
        if there.entitled and (vote.entitled, vote.present) != (there.entitled, there.present):
            said = Sentence(
                "vote-and-list-differ",
                "“{matter}”写应到{entitled}人、实到{present}人，到会名单中有表决权的是应到{listed}人、实到{came}人。",
                matter=vote.matter,
                entitled=vote.entitled,
                present=vote.present,
                listed=there.entitled,
                came=there.present,
            )
            yield Remark("warning", said, "votes")


def vote_is_valid(entry: Entry, kind: Kind, around: Around) -> Iterator[Remark]:
    """A vote needs its own quorum, and yes-votes above half of those entitled (an election: of those present)."""
    for vote in entry.votes:
        rule = thresholds()[vote.rule]
        if vote.entitled and not _quorate(vote.present, vote.entitled, vote.rule):
            yield Remark("error" if vote.passed else "warning", _without_quorum(vote), "votes")
            continue
        if "passes" not in rule or not vote.entitled:
            continue
        base = vote.entitled if rule["of"] == "entitled" else vote.present
        enough = vote.yes > Fraction(rule["passes"]) * base
        if vote.passed and not enough:
            yield Remark("error", _not_passed(vote, base, rule["of"]), "votes")
        elif enough and not vote.passed:
            said = Sentence(
                "passed-not-marked",
                "“{matter}”赞成{yes}票，已超过半数，但没有勾选“通过”。",
                matter=vote.matter,
                yes=vote.yes,
            )
            yield Remark("warning", said, "votes")


def _without_quorum(vote: VoteRow) -> Sentence:
    rule = thresholds()[vote.rule]
    data = {"matter": vote.matter, "entitled": vote.entitled, "present": vote.present, "cites": rule["cites"]}
    if vote.rule == "election":
        return Sentence(
            "election-quorum",
            "“{matter}”：应到会有选举权{entitled}人，实到{present}人，不足五分之四，不能选举。{cites}。",
            **data,
        )
    if rule["strict"]:
        return Sentence(
            "admission-quorum",
            "“{matter}”：应到会有表决权{entitled}人，实到{present}人，没有超过半数，不能表决。{cites}。",
            **data,
        )
    return Sentence(
        "vote-quorum", "“{matter}”：应到会有表决权{entitled}人，实到{present}人，不足半数，不能表决。{cites}。", **data
    )


def _not_passed(vote: VoteRow, base: int, of: str) -> Sentence:
    data = {"matter": vote.matter, "yes": vote.yes, "base": base, "needed": base // 2 + 1}
    if of == "entitled":
        return Sentence(
            "not-passed",
            "“{matter}”赞成{yes}票，没有超过应到会有表决权的{base}人的半数（至少{needed}票），不能记为通过。",
            **data,
        )
    return Sentence(
        "not-elected",
        "“{matter}”赞成{yes}票，没有超过实到会有选举权的{base}人的半数（至少{needed}票），不能记为当选。",
        **data,
    )


def ballots_add_up(entry: Entry, kind: Kind, around: Around) -> Iterator[Remark]:
    """Ballots returned are not more than issued; valid and invalid ones make up those returned."""
    number = {slug: entry.fields.get(slug) for slug in ("issued", "returned", "valid", "invalid")}
    issued, returned, valid = number["issued"], number["returned"], number["valid"]
    if issued is not None and returned is not None and returned > issued:
        said = Sentence(
            "ballots-returned",
            "收回选票{returned}张，多于发出的{issued}张，选举无效。",
            returned=returned,
            issued=issued,
        )
        yield Remark("error", said, "returned")
    if returned is not None and valid is not None and valid + (number["invalid"] or 0) != returned:
        said = Sentence("ballots-valid", "有效票与无效票之和应等于收回的{returned}张选票。", returned=returned)
        yield Remark("error", said, "valid")


def grades_add_up(entry: Entry, kind: Kind, around: Around) -> Iterator[Remark]:
    """Grades given are not more than members appraised; 优秀 is normally not more than a third."""
    appraised = entry.fields.get("appraised")
    if appraised is None:
        return
    graded = sum(
        entry.fields.get(slug) or 0 for slug in ("excellent", "qualified", "basically_qualified", "unqualified")
    )
    if graded > appraised:
        said = Sentence(
            "more-grades-than-members",
            "各等次共{graded}人，多于参加评议的{appraised}人。",
            graded=graded,
            appraised=appraised,
        )
        yield Remark("error", said, "appraised")
    if (entry.fields.get("excellent") or 0) * 3 > appraised:
        said = Sentence(
            "too-many-excellent",
            "优秀{excellent}人，超过参加评议{appraised}人的三分之一；一般不超过三分之一。",
            excellent=entry.fields["excellent"],
            appraised=appraised,
        )
        yield Remark("warning", said, "excellent")


def dues_add_up(entry: Entry, kind: Kind, around: Around) -> Iterator[Remark]:
    """No more members paid than owe."""
    owing, paid = entry.fields.get("owing"), entry.fields.get("paid")
    if kind.slug == "dues-collected" and owing is not None and paid is not None and paid > owing:
        said = Sentence("dues-more-paid", "已交{paid}人，多于应交的{owing}人。", paid=paid, owing=owing)
        yield Remark("error", said, "paid")


def in_one_place(entry: Entry, kind: Kind, around: Around) -> Iterator[Remark]:
    """Nobody is at two activities whose times overlap."""
    for other in around.elsewhere:
        if not _overlap(entry.starts, entry.ends, other.starts, other.ends):
            continue
        both = sorted(entry.present & other.people)
        if both:
            names = "、".join(_name(member, around) for member in both[:5])
            said = Sentence(
                "two-places",
                "{names}等{count}人同一时间还在“{title}”（{span}）的到会名单中。",
                names=names,
                count=len(both),
                title=other.title,
                span=f"{other.starts:%H:%M}–{other.ends:%H:%M}",
            )
            yield Remark("warning", said, "attendance")


def _overlap(starts: time | None, ends: time | None, begins: time | None, stops: time | None) -> bool:
    return bool(starts and ends and begins and stops and starts < stops and begins < ends)


def chair_was_there(entry: Entry, kind: Kind, around: Around) -> Iterator[Remark]:
    """Whoever chaired or took the minutes is on the list as present."""
    if kind.attends == "pair" or not entry.attendance:
        return
    there = entry.present
    for part, member in (("chair", entry.chair), ("recorder", entry.recorder)):
        if member is None or member in there or member not in {one.member for one in entry.attendance}:
            continue
        data = {"name": _name(member, around)}
        if part == "chair":
            yield Remark("warning", Sentence("chair-not-present", "主持人{name}没有记为到会。", **data), part)
        else:
            yield Remark("warning", Sentence("recorder-not-present", "记录人{name}没有记为到会。", **data), part)


def studied_after_issue(entry: Entry, kind: Kind, around: Around) -> Iterator[Remark]:
    """A document cannot be studied before it was issued."""
    for title in entry.studied:
        document = studied.find(title)
        if document is not None and not document.earlier and entry.held < document.issued:
            said = Sentence(
                "studied-before-issue",
                "学习文件“{title}”自{issued}起才有，{day}还没有印发。",
                title=title,
                issued=day_name(document.issued),
                day=day_name(entry.held),
            )
            yield Remark("warning", said, "studied")


def minutes_are_new(entry: Entry, kind: Kind, around: Around) -> Iterator[Remark]:
    """The minutes do not repeat an earlier record of the same body (the last two years)."""
    oldest = add_months(entry.held, -ALIKE_MONTHS)
    alike = [
        (similar.likeness(entry.minutes, one.minutes), one)
        for one in around.earlier
        if oldest <= one.held <= entry.held + timedelta(days=366)
        and not similar.far_apart(entry.minutes, one.minutes, ALIKE)
    ]
    share, closest = max(alike, key=lambda pair: pair[0], default=(0.0, None))
    if closest is not None and share >= ALIKE:
        said = Sentence(
            "minutes-repeat",
            "记录有{percent}%与{day}“{title}”相同。请写这一次的实际情况。",
            percent=round(share * 100),
            day=day_name(closest.held),
            title=closest.title,
        )
        yield Remark("warning", said, "minutes", record=closest.id)


def nothing_is_missing(entry: Entry, kind: Kind, around: Around) -> Iterator[Remark]:
    """Required parts left empty: the record is kept, and counts as defective until they are filled in."""
    missing = list(derived.lacks(entry, kind))
    if missing:
        said = Sentence("lacks", "缺项：{items}。可以先保存，补齐之前台账显示“有缺项”。", items="、".join(missing))
        yield Remark("warning", said)


def recorded_in_time(entry: Entry, kind: Kind, around: Around) -> Iterator[Remark]:
    """More than thirty days after the day: kept, and marked as recorded late."""
    days = (around.today - entry.held).days
    if days > LATE_DAYS:
        said = Sentence("recorded-late", "活动已过去{days}天，记录会注明“补录”。", days=days)
        yield Remark("note", said, "held")


def _name(member: int, around: Around) -> str:
    if member in around.people:
        return around.people[member].name
    return around.strangers.get(member, (f"#{member}", None, None))[0]


CHECKS: tuple[Check, ...] = (
    day_is_possible,
    not_there_already,
    times_are_in_order,
    attendees_belong,
    listed_once,
    pair_is_two,
    quorum,
    votes_add_up,
    vote_is_valid,
    ballots_add_up,
    grades_add_up,
    dues_add_up,
    in_one_place,
    chair_was_there,
    studied_after_issue,
    minutes_are_new,
    nothing_is_missing,
    recorded_in_time,
)

ORDER: dict[Severity, int] = {"error": 0, "warning": 1, "note": 2}


def check_entry(entry: Entry, kind: Kind, around: Around) -> list[Remark]:
    """All remarks on the entry, errors first."""
    found = [remark for check in CHECKS for remark in check(entry, kind, around)]
    return sorted(found, key=lambda remark: ORDER[remark.severity])


def errors(remarks: list[Remark]) -> list[Remark]:
    return [one for one in remarks if one.severity == "error"]


def warnings(remarks: list[Remark]) -> list[Remark]:
    return [one for one in remarks if one.severity == "warning"]
