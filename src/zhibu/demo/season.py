"""Three years of review in the made-up county: two seasons that are closed, and this year's with its reports in all the
states before the meeting: one copied from another branch, one from its own last year, one written elsewhere.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from zhibu.demo.accounts import account_of
from zhibu.demo.county import Branch
from zhibu.demo.reports import SEASON
from zhibu.errors import UserError
from zhibu.org.models import Account, Organization
from zhibu.rectify.models import Problem
from zhibu.reports.models import Report
from zhibu.reports.services import start_report
from zhibu.review import handing_in, hearing, letters, overall, reading, season
from zhibu.review.hearing import Note
from zhibu.review.models import Cycle, Entry, Submission, Verb
from zhibu.review.reading import Place
from zhibu.review.season import Plan
from zhibu.scoring.models import Evaluation

MOST = 40
"""Reporters of a season; a county of thousands would take minutes."""
LIVE = 8
"""So many of them speak; the others report in writing."""
BACK = 2
GRADE = "report-grade"


@cache
def _words() -> dict[str, Any]:
    text = (Path(__file__).parent / "season.yaml").read_text(encoding="utf-8")
    return dict(yaml.load(text, Loader=yaml.CSafeLoader))


def make_season(root: Organization, branches: list[Branch], accounts: Mapping[str, Account], on: date) -> None:
    """Needs the committee's clerk and its deputy secretary, who are of two branches; else nothing is made."""
    clerk, deputy = accounts.get("gongwei"), accounts.get("gongwei2")
    if clerk is None or deputy is None:
        return
    by_code = {branch.organization.code: branch for branch in branches}
    year = on.year if on.month >= SEASON else on.year - 1
    for back in range(BACK, 0, -1):
        told = {each["branch"]: each["text"] for each in _words()["before"] if each["back"] == back}
        told = {code: text for code, text in told.items() if code in by_code}
        if told:
            _closed(root, by_code, clerk, deputy, year - back, told)
    _present(root, by_code, clerk, deputy, year, on)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=timezone.get_default_timezone())


def _cycle(
    root: Organization, clerk: Account, year: int, submit: date, codes: Collection[str], begun: date,
    scheme: str = GRADE,
) -> Cycle | None:  # fmt: skip
    """A season opened on the day `begun`; of all branches directly below if no codes are given. None without one."""
    people = [
        one
        for one in season.possible_reporters(root, year)
        if one.organization.kind in ("branch", "general-branch") and one.organization.depth == root.depth + 1
    ]
    chosen = [one for one in people if not codes or one.organization.code in codes][:MOST]
    if not chosen:
        return None
    after = {"review": 10, "meeting": 25, "grade": 40, "feedback": 55}
    days = (("submit", submit), *((step, submit + timedelta(count)) for step, count in after.items()))
    plan = Plan(
        year, f"{year}年度党组织书记抓基层党建工作述职评议考核", f"青工委〔{year}〕{year % 7 + 12}号",
        _words()["focus"].strip(), days=(*days, ("rectify", date(year + 1, 11, 30))), scheme=scheme,
    )  # fmt: skip
    at = _noon(begun)
    cycle = season.make_cycle(clerk, root, plan, at=at)
    cycle = season.set_entries(clerk, cycle, [(one, place < LIVE) for place, one in enumerate(chosen)], cycle.version)
    return season.open_cycle(clerk, cycle, cycle.version, at=at)


# --- the years before ------------------------------------------------------------------------------------------------


def _closed(
    root: Organization, by_code: Mapping[str, Branch], clerk: Account, deputy: Account, year: int,
    told: Mapping[str, str],
) -> None:  # fmt: skip
    """A season whose reports were written elsewhere, read, accepted, heard, graded where the year's grades are there,
    answered by letters whose problems stand in the register; long since at its end."""
    submit = date(year, 12, 20)
    graded = {one.organization_id: one for one in Evaluation.objects.filter(year=year, scheme=GRADE, until=None)}
    if graded:  # of the clerk's own branch somebody else would have to judge
        told = {code: text for code, text in told.items() if by_code[code].organization.pk in graded}
    cycle = _cycle(root, clerk, year, submit, told, date(year, 11, 2), scheme=GRADE if graded else "")
    if cycle is None:
        return
    for entry in _entries(cycle):
        body, title = entry.organization, f"{year}年抓基层党建工作述职报告"
        words = f"{title}\n{body.name}书记　{entry.reporter.name}\n{told[body.code]}\n以上报告，请予评议。"
        made = _handed_in(by_code[body.code], entry, None, (title, words), submit - timedelta(3))
        reader = _reader(entry, clerk, deputy)
        _accepted(made, reader, submit + timedelta(5))
        _heard(entry, reader, submit + timedelta(25))
        if evaluation := graded.get(entry.organization_id):
            Entry.objects.filter(pk=entry.pk).update(evaluation=evaluation)
    overall.follow(clerk, cycle)
    day = submit + timedelta(55)
    for entry in _entries(cycle):
        _answered(entry, _reader(entry, clerk, deputy), day)
    cycle.refresh_from_db()
    letters.close_rectified(clerk, cycle, day, at=_noon(day))
    cycle.refresh_from_db()
    season.close_cycle(clerk, cycle, cycle.version)


def _heard(entry: Entry, reader: Account, day: date) -> None:
    """He speaks and is commented on; the problems named are those that the year's list has."""
    known = Problem.objects.filter(origin__source="review", origin__year=entry.cycle.year)
    problems = known.filter(organization=entry.organization).values_list("text", flat=True)
    said = [(Verb.SUPERIOR, _words()["superior"][entry.pk % len(_words()["superior"])])]
    hearing.begin_speaking(reader, entry, day, at=_noon(day))
    for number, (verb, text) in enumerate([*said, *((Verb.PROBLEM, one) for one in problems)]):
        note = Note(verb, text, "", f"demo-{number}")
        hearing.note_down(reader, entry, note, day, at=_noon(day), done=True)
    hearing.end_speaking(reader, entry, day, at=_noon(day))


def _answered(entry: Entry, reader: Account, day: date) -> None:
    saved = letters.save_letter(reader, entry, letters.composed(entry), entry.version, day, at=_noon(day))
    letters.send_letter(reader, saved, saved.version, day, at=_noon(day))


def _entries(cycle: Cycle) -> list[Entry]:
    return list(cycle.entries.select_related("organization", "reporter", "cycle__organization"))


def _reader(entry: Entry, clerk: Account, deputy: Account) -> Account:
    """Nobody judges his own branch's report."""
    own = clerk.member is not None and clerk.member.organization_id == entry.organization_id
    return deputy if own else clerk


def _handed_in(
    branch: Branch, entry: Entry, report: Report | None, outside: tuple[str, str], day: date
) -> Submission:  # fmt: skip
    """Prepared, agreed to by another member of the committee, signed, submitted."""
    writer, at = account_of(branch), _noon(day)
    if report is not None:
        made = handing_in.prepare(writer, entry, report, at=at)
    else:
        made = handing_in.prepare_file(writer, entry, *outside, None, at=at)
    handing_in.agree(_another(branch), made, at=at)
    handing_in.sign(writer, made, at=at)
    return handing_in.submit(writer, made, day, at=at)


def _another(branch: Branch) -> Account:
    """Somebody of the committee beside the secretary, or of the branch where it has none; without a password."""
    person = (branch.committee[1:] or branch.people[1:])[0]
    known = Account.objects.filter(member=person).first()
    name = f"zhiwei-{branch.organization.code.lower()}"
    return known or Account.objects.create(username=name, password=make_password(None), member=person)


def _accepted(made: Submission, reader: Account, day: date) -> None:
    reading.mark_read(reader, made, day, at=_noon(day))
    reading.accept(reader, made, Entry.objects.get(pk=made.entry_id).version, day, at=_noon(day))


# --- this year -------------------------------------------------------------------------------------------------------


def _present(
    root: Organization, by_code: Mapping[str, Branch], clerk: Account, deputy: Account, year: int, on: date
) -> None:
    """The day for handing in was the day before yesterday, so that some are late."""
    submit = min(date(year, 12, 20), on - timedelta(2))
    cycle = _cycle(root, clerk, year, submit, (), min(date(year, 11, 2), on - timedelta(20)))
    if cycle is None:
        return
    entries = {entry.organization.code: entry for entry in _entries(cycle)}
    reports = {one.organization.code: one for one in _reports(entries, year)}
    made: dict[str, Submission] = {}
    for code in ("ZB002", "ZB003", "ZB004", "ZB005"):
        if code in entries and code in reports:
            made[code] = _handed_in(by_code[code], entries[code], reports[code], ("", ""), submit)
    outside = _words()["now"]
    if entry := entries.get(outside["branch"]):
        given = outside["title"], outside["text"]
        _handed_in(by_code[outside["branch"]], entry, None, given, submit + timedelta(1))
    _begun(by_code, entries, year, on)
    _judged(made, clerk, deputy, on)


def _reports(entries: Mapping[str, Entry], year: int) -> list[Report]:
    """Each with what handing in asks for."""
    rows = Report.objects.filter(year=year, organization__code__in=entries)
    return list(rows.select_related("organization", "writer", "snapshot"))


def _begun(by_code: Mapping[str, Branch], entries: Mapping[str, Entry], year: int, on: date) -> None:
    """Two drafts; one of them is waiting for the committee's word."""
    for code in ("ZB008", "ZB009"):
        entry = entries.get(code)
        if entry is None:
            continue
        branch, at = by_code[code], _noon(on)
        try:
            report = start_report(
                account_of(branch), branch.organization, year, branch.secretary, min(on, date(year, 12, 31)), at=at
            )
        except UserError:  # it recorded nothing, or the writer has begun already
            continue
        if code == "ZB009":
            handing_in.prepare(account_of(branch), entry, report, at=at)


def _judged(made: Mapping[str, Submission], clerk: Account, deputy: Account, on: date) -> None:
    at = _noon(on)
    for each in _words()["comments"]:
        if submission := made.get(each["branch"]):
            start = submission.text.find(each["find"]) if each["find"] else -1
            place = Place(start, start + len(each["find"])) if start >= 0 else None
            reading.comment(clerk, submission, each["text"], place, on, at=at)
            reading.mark_read(clerk, submission, on, at=at)
    back = _words()["returned"]
    if submission := made.get(back["branch"]):
        version = Entry.objects.get(pk=submission.entry_id).version
        reading.return_report(clerk, submission, back["reason"], version, on, at=at)
    if submission := made.get("ZB002"):
        _accepted(submission, deputy, on)
