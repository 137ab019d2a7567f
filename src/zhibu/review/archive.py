"""A season gathered into a package: reports, evaluations, letters, the ballot's public record, data as JSON.

Never in it: who voted, talks, minutes, records and snapshots of a body, what was not published.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation

from zhibu.activities import files as store
from zhibu.ballots import queries as ballots
from zhibu.ballots.models import State as BallotState
from zhibu.documents.docx import write_docx
from zhibu.documents.model import Document, text_block
from zhibu.documents.pdf import write_pdf
from zhibu.errors import UserError
from zhibu.org.journal import note
from zhibu.org.models import Account
from zhibu.reports.queries import Text
from zhibu.review import letters
from zhibu.review.models import Cycle, CycleState, Entry, Package, PackageState, Remark, Submission, Verb
from zhibu.review.package import Writer
from zhibu.review.voting import ballot_of
from zhibu.scoring.models import TOLD, Evaluation
from zhibu.scoring.papers import sheet_document
from zhibu.scoring.queries import grade_of, points_of, scheme_of, sections, with_items

STEP = 5
"""Reporters between two words on how far it is."""


def ask_package(actor: Account, cycle: Cycle, *, at: datetime) -> Package:
    """Have the season packed behind the pages. UserError while it is prepared, or one is on its way."""
    with transaction.atomic():
        current = Cycle.objects.select_for_update(of=("self",)).select_related("organization").get(pk=cycle.pk)
        if current.state == CycleState.DRAFT:
            raise UserError("archive-draft", "述职评议还没有开始，没有可以归档的内容。")
        if current.packages.filter(state__in=(PackageState.WAITING, PackageState.RUNNING)).exists():
            raise UserError("archive-under-way", "已经有一个档案包正在整理，请稍等。")
        made = Package.objects.create(
            organization=current.organization, cycle=current, made_at=at, made_by=actor, total=current.entries.count()
        )
        note(actor, current.organization, "ask-package", made, f"{current.title}：导出档案包")
    return made


def path_of(package: Package) -> Path:
    return Path(settings.HOME) / "packages" / f"{package.pk}.zip"


def build(pk: int) -> None:
    """Make the package. Run twice it makes the same one again; what is ready stays."""
    rows = Package.objects.select_related("organization", "cycle__organization", "cycle__ballot", "cycle__meeting")
    package = rows.filter(pk=pk).exclude(state=PackageState.READY).first()
    if package is None:
        return
    Package.objects.filter(pk=pk).update(state=PackageState.RUNNING, done=0, problem="")
    try:
        with translation.override(settings.LANGUAGE_CODE):
            digest, size = _build(package, lambda done: Package.objects.filter(pk=pk).update(done=done))
    except (UserError, OSError) as error:
        why = str(error) if isinstance(error, UserError) else "磁盘写不进去，请检查空间后再导出。"
        Package.objects.filter(pk=pk).update(state=PackageState.FAILED, problem=why[:300])
        return
    Package.objects.filter(pk=pk).update(state=PackageState.READY, digest=digest, size=size, done=package.total)


def _build(package: Package, tell: Callable[[int], object]) -> tuple[str, int]:
    target, cycle = path_of(package), package.cycle
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, suffix=".part")
    try:
        with os.fdopen(handle, "w+b") as file:
            left_out: list[str] = []
            writer = Writer(file)
            try:
                _fill(writer, cycle, left_out, tell)
                digest = writer.finish(_head(package, left_out))
            finally:
                writer.close()
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return digest, size


def _fill(writer: Writer, cycle: Cycle, left_out: list[str], tell: Callable[[int], object]) -> None:
    for path, data in _of_cycle(cycle):
        writer.add(path, data)
    for number, entry in enumerate(_entries(cycle), start=1):
        for path, data in _of_entry(entry, left_out):
            writer.add(path, data)
        if number % STEP == 0:
            tell(number)


def _head(package: Package, left_out: list[str]) -> dict[str, Any]:
    cycle = package.cycle
    return {
        "title": cycle.title, "committee": cycle.organization.name, "year": cycle.year, "state": cycle.state,
        "made": timezone.localtime(package.made_at).isoformat(timespec="seconds"), "left_out": left_out,
    }  # fmt: skip


def _json(data: Any) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=1, default=str) + "\n").encode()


def _entries(cycle: Cycle) -> list[Entry]:
    rows = cycle.entries.select_related(
        "organization", "reporter", "report__writer", "report__organization", "evaluation", "cycle__organization",
        "cycle__meeting",
    )  # fmt: skip
    return list(rows)


def _of_cycle(cycle: Cycle) -> Iterator[tuple[str, bytes]]:
    yield "season.json", _json({
        "title": cycle.title, "number": cycle.number, "year": cycle.year, "committee": cycle.organization.name,
        "state": cycle.state, "focus": cycle.focus.splitlines(), "days": cycle.days, "scheme": cycle.scheme,
        "length": [cycle.shortest, cycle.longest], "present": cycle.present, "voting": cycle.voting,
    })  # fmt: skip
    if cycle.plan is not None:
        yield f"plan/{_safe(cycle.plan.name)}", store.path_of(cycle.plan.sha256).read_bytes()
    ballot = ballot_of(cycle)
    if ballot is not None and ballot.state in (BallotState.COUNTED, BallotState.VOID):
        yield "ballot/record.json", ballots.record_file(ballot).encode()


def _of_entry(entry: Entry, left_out: list[str]) -> Iterator[tuple[str, bytes]]:
    folder = f"reports/{entry.place:03d}-{_safe(entry.organization.code)}-{_safe(entry.reporter.name)}"
    submission = _submission(entry)
    yield f"{folder}/entry.json", _json(_data_of(entry, submission))
    if submission is not None:
        yield f"{folder}/report.txt", submission.text.encode()
        yield from _printed(f"{folder}/report", _report(entry, submission), left_out)
        if submission.file is not None:
            yield f"{folder}/as-given/{_safe(submission.file.name)}", store.path_of(submission.file.sha256).read_bytes()
    evaluation = _evaluation(entry)
    if evaluation is not None:
        yield from _of_evaluation(folder, evaluation, left_out)
    letter = letters.Letter.of(entry) if entry.letter_at else None
    if letter is not None:
        made = letters.document(entry, letter)
        yield f"{folder}/letter.txt", made.text.encode()
        yield from _printed(f"{folder}/letter", made, left_out)


def _submission(entry: Entry) -> Submission | None:
    rows = entry.submissions.filter(submitted_at__isnull=False, withdrawn_at=None)
    return rows.select_related("snapshot", "file").order_by("-number").first()


def _report(entry: Entry, submission: Submission) -> Document:
    """As it was composed, with its figures; of a text from outside its lines."""
    if submission.body and submission.snapshot is not None and entry.report is not None:
        return Text(entry.report, submission.body, submission.snapshot).document()
    lines = [text_block("paragraph", line.strip()) for line in submission.text.splitlines() if line.strip()]
    day = timezone.localdate(submission.submitted_at) if submission.submitted_at else date(entry.cycle.year, 12, 31)
    return Document(submission.title, tuple(lines), author=entry.organization.name, date=day.isoformat())


def _printed(path: str, document: Document, left_out: list[str]) -> Iterator[tuple[str, bytes]]:
    yield f"{path}.docx", write_docx(document)
    try:
        made = write_pdf(document)
        yield f"{path}.pdf", made.data
        if made.missing:
            left_out.append(f"{path}.pdf: 字体里没有：{''.join(made.missing)}")
    except UserError as refused:  # a font is missing: the text and the Word file are there
        left_out.append(f"{path}.pdf: {refused}")


def _data_of(entry: Entry, submission: Submission | None) -> dict[str, Any]:
    remarks = Remark.objects.filter(entry=entry, verb__in=(Verb.SUPERIOR, Verb.PROBLEM), key="").order_by("id")
    on = timezone.localdate()
    problems = letters.problems_of(entry, on) if entry.letter_at else []
    return {
        "organization": {"code": entry.organization.code, "name": entry.organization.name},
        "reporter": entry.reporter.name, "post": str(entry.get_post_display()), "since": entry.since,
        "until": entry.until, "live": entry.live, "stage": entry.stage,
        "submission": None if submission is None else {
            "number": submission.number, "title": submission.title, "sha256": submission.digest,
            "submitted": submission.submitted_at, "late": submission.late,
            "snapshot": submission.snapshot.digest if submission.snapshot else None,
        },
        "comments": [{"verb": one.verb, "text": one.text, "speaker": one.speaker} for one in remarks],
        "letter": entry.letter if entry.letter_at else None, "letter_at": entry.letter_at,
        "problems": [{"text": one.text, "kind": one.kind, "state": one.state} for one in problems],
    }  # fmt: skip


def _evaluation(entry: Entry) -> Evaluation | None:
    """Only what was published."""
    if entry.evaluation is None or entry.evaluation.state not in TOLD:
        return None
    return with_items(Evaluation.objects.filter(pk=entry.evaluation_id)).get()


def _of_evaluation(folder: str, evaluation: Evaluation, left_out: list[str]) -> Iterator[tuple[str, bytes]]:
    scheme, found = scheme_of(evaluation), points_of(evaluation, evaluation.on or timezone.localdate())
    grade = grade_of(evaluation, found)
    yield f"{folder}/evaluation.json", _json({
        "title": evaluation.title, "scheme": json.loads(evaluation.scheme_data), "level": evaluation.level,
        "proposed": grade.proposed.label if grade.proposed else None, "reason": evaluation.level_reason,
        "sum": [str(grade.total.low), str(grade.total.high)], "full": str(grade.total.full),
        "points": [point.to_json() for point in found], "ballots": evaluation.ballots,
        "snapshot": evaluation.snapshot.digest if evaluation.snapshot else None,
        "objections": [
            {"text": one.text, "upheld": one.upheld, "answer": one.answer} for one in evaluation.objections.all()
        ],
    })  # fmt: skip
    sheet = sheet_document(evaluation, scheme, sections(evaluation, scheme, found), grade)
    yield from _printed(f"{folder}/evaluation", sheet, left_out)


def _safe(name: str) -> str:
    """A name any file system takes."""
    return re.sub(r'[\\/:*?"<>|\s\x00-\x1f]+', "_", name).strip("._")[:80] or "x"
