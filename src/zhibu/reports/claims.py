"""Claims: small queries over a snapshot, rendered as the words of a sentence, with the records they rest on. Pure.

A query is a verb and its subject, as an outline writes it between double brackets: `[[count general-meeting]]`.

    member MEASURE          a figure of the roster (members, full_members, probationary, committee, cells)
    count KIND              how many records of the kind
    attended KIND           persons present, added up
    attendance KIND         share of those entitled who were present, over all records of the kind
    hours KIND              study hours each person present earned, added up over the records
    sum KIND FIELD          a number field of the kind, added up over the records
    titles KIND, topics KIND  the records' titles; their topics, else titles
    first KIND, dates KIND  the first day; all days
    reached, average        members who reached 32 study hours; study hours per member
    admission CHANGE        members admitted, confirmed, moved_in, moved_out this year
    owed DUTY, unmet DUTY   periods in which the duty was due; those missing or defective
    when DUTY               which periods were unmet
    resolutions, done       resolutions passed; those carried out
    found, found SOURCE     last year's problems the report answers; of one source (review, inspection, life-meeting,
                            self)
    solved, unsolved        how many of them are closed; how many are not
    problem ID              the words of one of them; ID is its number in the snapshot
    before ID               the year in which it was named before
    answer ID               what was done about it: of one that is closed, the measures, what was reported, and when;
                            of one that is not, how far each measure is

`by=writer` keeps only what the writer chaired, `taught=writer` what the writer lectured; `unmet` and `when` take
`status=missing` or `status=defective`. A query that finds nothing gives None: the sentence becomes a gap.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from zhibu.errors import UserError

Snapshot = Mapping[str, Any]
UNMET = ("missing", "defective")
OPTIONS = {("by", "writer"), ("taught", "writer"), ("status", "missing"), ("status", "defective")}
NOT_OWED = ("not-yet-due", "exempt", "unknown")


@dataclass(frozen=True, slots=True)
class Claim:
    """What a query says: the text put into the sentence, its number if it has one, and the ids of its records."""

    query: str
    text: str
    number: float | None = None
    evidence: tuple[int, ...] = ()
    source: str = ""
    """Where it comes from when no activity record stands behind it, e.g. 党员名册."""


def evaluate(query: str, snapshot: Snapshot, writer: str = "") -> Claim | None:
    """The claim for `query`, or None where the snapshot holds nothing. Raises UserError for a query it cannot read."""
    verb, *rest = query.split() or [""]
    options = dict(word.split("=", 1) for word in rest if "=" in word)
    subjects = [word for word in rest if "=" not in word]
    answer = _VERBS.get(verb)
    if answer is None or len(subjects) > 2 or not options.items() <= OPTIONS:
        raise UserError("bad-claim", "看不懂引用“{query}”。可用的写法见 docs/how-to-write-an-outline.md。", query=query)
    subject, field = [*subjects, "", ""][:2]
    chair, lecturer = (writer if key in options else "" for key in ("by", "taught"))
    status = (options["status"],) if "status" in options else UNMET
    return answer(query, _View(snapshot, field, chair, lecturer, status), subject)


@dataclass(frozen=True, slots=True)
class _View:
    snapshot: Snapshot
    field: str
    chair: str
    lecturer: str
    unmet: tuple[str, ...]

    def records(self, kind: str) -> list[Mapping[str, Any]]:
        return [
            record
            for record in self.snapshot["activities"]
            if kind in record["kinds"]
            and (not self.chair or record.get("chair") == self.chair)
            and (not self.lecturer or record.get("lecturer") == self.lecturer)
        ]

    def cells(self, duty: str) -> list[Mapping[str, Any]]:
        return [cell for cell in self.snapshot["cells"] if cell["duty"] == duty]


def _member(query: str, view: _View, subject: str) -> Claim | None:
    number = view.snapshot["members"].get(subject)
    return None if number is None else Claim(query, _figure(number), number, source="党员名册")


def _count(query: str, view: _View, kind: str) -> Claim | None:
    records = view.records(kind)
    return Claim(query, str(len(records)), len(records), _ids(records)) if records else None


def _admission(query: str, view: _View, change: str) -> Claim | None:
    number = view.snapshot.get("admissions", {}).get(change)
    return None if number is None else Claim(query, _figure(number), number, source="党员名册")


def _sum(query: str, view: _View, kind: str) -> Claim | None:
    records = [record for record in view.records(kind) if _is_number(record.get("fields", {}).get(view.field))]
    number = sum(record["fields"][view.field] for record in records)
    return Claim(query, _figure(number), number, _ids(records)) if records else None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _total(key: str) -> Callable[[str, _View, str], Claim | None]:
    def answer(query: str, view: _View, kind: str) -> Claim | None:
        records = [record for record in view.records(kind) if record.get(key)]
        number = sum(record[key] for record in records)
        return Claim(query, _figure(number), number, _ids(records)) if records else None

    return answer


def _attendance(query: str, view: _View, kind: str) -> Claim | None:
    records = [record for record in view.records(kind) if record.get("entitled")]
    entitled = sum(record["entitled"] for record in records)
    if not entitled:
        return None
    share = 100 * sum(record["present"] for record in records) / entitled
    return Claim(query, f"{_figure(round(share, 1))}%", share, _ids(records))


def _names(by_topic: bool) -> Callable[[str, _View, str], Claim | None]:
    def answer(query: str, view: _View, kind: str) -> Claim | None:
        records = view.records(kind)
        names = dict.fromkeys(_topic(record) if by_topic else record["title"] for record in records)
        text = "、".join(name if name.startswith(("“", "《")) else f"“{name}”" for name in names)
        return Claim(query, text, None, _ids(records)) if records else None

    return answer


def _topic(record: Mapping[str, Any]) -> str:
    return str(record.get("fields", {}).get("topic") or record["title"])


def _dates(query: str, view: _View, kind: str) -> Claim | None:
    records = view.records(kind)
    return Claim(query, "、".join(_day(record["held"]) for record in records), None, _ids(records)) if records else None


def _first(query: str, view: _View, kind: str) -> Claim | None:
    records = view.records(kind)[:1]
    return Claim(query, _day(records[0]["held"]), None, _ids(records)) if records else None


def _hours(key: str) -> Callable[[str, _View, str], Claim | None]:
    def answer(query: str, view: _View, subject: str) -> Claim | None:
        number = view.snapshot["hours"].get(key)
        if number is None:
            return None
        studied = [record for record in view.snapshot["activities"] if record.get("hours")]
        return Claim(query, _figure(round(number, 1)), number, _ids(studied))

    return answer


def _owed(query: str, view: _View, duty: str) -> Claim | None:
    cells = [cell for cell in view.cells(duty) if cell["status"] not in NOT_OWED]
    return Claim(query, str(len(cells)), len(cells), _evidence(cells), "台账") if cells else None


def _unmet(query: str, view: _View, duty: str) -> Claim | None:
    cells = [cell for cell in view.cells(duty) if cell["status"] in view.unmet]
    return Claim(query, str(len(cells)), len(cells), _evidence(cells), "台账") if cells else None


def _when(query: str, view: _View, duty: str) -> Claim | None:
    cells = [cell for cell in view.cells(duty) if cell["status"] in view.unmet]
    names = dict.fromkeys(period_words(cell["period"]) for cell in cells)
    return Claim(query, "、".join(names), None, _evidence(cells), "台账") if cells else None


def _resolutions(only_done: bool) -> Callable[[str, _View, str], Claim | None]:
    def answer(query: str, view: _View, subject: str) -> Claim | None:
        every = view.snapshot.get("resolutions", [])
        kept = [row for row in every if row.get("done")] if only_done else every
        evidence = tuple(dict.fromkeys(row["activity"] for row in kept))
        return Claim(query, str(len(kept)), len(kept), evidence) if every else None

    return answer


PROBLEMS = "问题清单"


def problems_behind(query: str, snapshot: Snapshot) -> list[Mapping[str, Any]]:
    """The problems of the snapshot that a query about them is told from; none for other queries."""
    verb, *rest = query.split() or [""]
    every = snapshot.get("problems", [])
    if verb in ("problem", "before", "answer"):
        return [row for row in every if [str(row["id"])] == rest]
    if verb not in ("found", "solved", "unsolved"):
        return []
    return [row for row in every if rest in ([], [row["source"]]) and verb in ("found", _far(row))]


def _far(problem: Mapping[str, Any]) -> str:
    return "solved" if _is_solved(problem) else "unsolved"


def _problems(query: str, view: _View, source: str) -> Claim | None:
    if not view.snapshot.get("problems"):
        return None
    kept = problems_behind(query, view.snapshot)
    return Claim(query, str(len(kept)), len(kept), _shown_by(kept, view.snapshot), PROBLEMS)


def _is_solved(problem: Mapping[str, Any]) -> bool:
    return bool(problem["state"] == "closed")


def _shown_by(problems: Sequence[Mapping[str, Any]], snapshot: Snapshot) -> tuple[int, ...]:
    """Records of the year that the measures which were closed rest on."""
    there = {record["id"] for record in snapshot["activities"]}
    closed = (measure for problem in problems for measure in problem["measures"] if measure["closed"])
    return tuple(dict.fromkeys(pk for measure in closed for pk in measure["evidence"] if pk in there))


def _of_problem(words: Callable[[Mapping[str, Any], str], str]) -> Callable[[str, _View, str], Claim | None]:
    """`words` of a problem, and of the day the snapshot was taken."""

    def answer(query: str, view: _View, number: str) -> Claim | None:
        rows = problems_behind(query, view.snapshot)
        text = words(rows[0], view.snapshot["on"]) if rows else ""
        return Claim(query, text, None, _shown_by(rows, view.snapshot), PROBLEMS) if text else None

    return answer


def _words(problem: Mapping[str, Any], on: str) -> str:
    return str(problem["text"]).rstrip("。；，")


def _before(problem: Mapping[str, Any], on: str) -> str:
    return f"{problem['again']}年" if problem["again"] else ""


def _answer(problem: Mapping[str, Any], on: str) -> str:
    """The measures of a problem in one sentence; nothing where there are none."""
    return "；".join(_measure(measure, on) for measure in problem["measures"])


def _measure(measure: Mapping[str, Any], on: str) -> str:
    text, said = measure["text"].rstrip("。；，"), measure["said"].rstrip("。；，")
    if measure["closed"]:
        year = "" if measure["closed"][:4] == on[:4] else f"{measure['closed'][:4]}年"
        return f"{text}，{year}{_day(measure['closed'])}核实完成{f'：{said}' if said else ''}"
    far = "已报告完成、等待核实" if measure["state"] == "reported" else "正在办理"
    if measure["returned"]:
        far = f"报告完成后被退回（{measure['returned'].rstrip('。；，')}），{far}"
    return f"{text}{f'，{said}' if said else ''}，{far}{_until(measure['due'], on)}"


def _until(due: str | None, on: str) -> str:
    if due is None:
        return ""
    day = date.fromisoformat(due)
    return f"（{'已过' if due < on else ''}时限{day.year}年{day.month}月{day.day}日）"


_VERBS: Mapping[str, Callable[[str, _View, str], Claim | None]] = {
    "member": _member,
    "count": _count,
    "attended": _total("attended"),
    "hours": _total("hours"),
    "attendance": _attendance,
    "sum": _sum,
    "titles": _names(by_topic=False),
    "topics": _names(by_topic=True),
    "dates": _dates,
    "first": _first,
    "reached": _hours("reached_32"),
    "average": _hours("average"),
    "admission": _admission,
    "owed": _owed,
    "unmet": _unmet,
    "when": _when,
    "resolutions": _resolutions(only_done=False),
    "done": _resolutions(only_done=True),
    "found": _problems,
    "solved": _problems,
    "unsolved": _problems,
    "problem": _of_problem(_words),
    "before": _of_problem(_before),
    "answer": _of_problem(_answer),
}


def period_words(key: str) -> str:
    """2025 → 全年, 2025-H1 → 上半年, 2025-Q3 → 第三季度, 2025-07 → 7月."""
    tail = key[5:]
    if not tail:
        return "全年"
    if tail[0] == "H":
        return "上半年" if tail == "H1" else "下半年"
    if tail[0] == "Q":
        return f"第{'一二三四'[int(tail[1]) - 1]}季度"
    return f"{int(tail)}月"


def _day(iso: str) -> str:
    day = date.fromisoformat(iso)
    return f"{day.month}月{day.day}日"


def _figure(number: float) -> str:
    return f"{number:g}" if number < 1_000_000 else f"{number:.0f}"


def _ids(records: Sequence[Mapping[str, Any]]) -> tuple[int, ...]:
    return tuple(record["id"] for record in records)


def _evidence(cells: Sequence[Mapping[str, Any]]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(number for cell in cells for number in cell["evidence"]))
