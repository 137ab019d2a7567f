"""Files made of a branch's records: the handbook of a year, the sheet of one record. Each leaves a journal entry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils import translation

from zhibu.activities.models import Activity
from zhibu.documents.printing import Printed, check_form, printed_as
from zhibu.errors import UserError
from zhibu.handbook.composing import handbook
from zhibu.handbook.minutes import record_document
from zhibu.handbook.outline import outline_in_use
from zhibu.handbook.queries import KEPT_KINDS, branch_year
from zhibu.handbook.records import record_alone
from zhibu.handbook.year import Reader
from zhibu.org.journal import note
from zhibu.org.models import Account, Organization


@contextmanager
def in_chinese() -> Iterator[None]:
    """Papers of a branch are Chinese, whatever language the pages are read in."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


def export_handbook(
    actor: Account | None,
    organization: Organization,
    year: int,
    on: date,
    form: str,
    reader: Reader,
    sections: Iterable[str] = (),
) -> Printed:
    """The handbook of the year as seen on `on`. UserError for another format, a body that keeps none, a section there
    is not, a year that has not begun, or (PDF) a missing font."""
    check_form(form)
    if organization.kind not in KEPT_KINDS:
        raise UserError("no-handbook", "只有党支部、党总支编工作手册，{name}没有。", name=organization.name)
    if year > on.year:
        raise UserError("year-ahead", "{year}年还没有开始，没有手册。", year=year)
    outline = outline_in_use(settings.HANDBOOK_OUTLINE).only(sections)
    with in_chinese():
        document = handbook(branch_year(organization, year, on, reader), outline)
    printed = printed_as(document, form)
    with transaction.atomic():
        note(
            actor, organization, "export-handbook", organization, f"导出{organization.name}{year}年工作手册（{form}）",
            year=year, on=on, whole=reader.records, sections=[section.slug for section in outline.sections],
        )  # fmt: skip
    return printed


def export_record(actor: Account | None, activity: Activity, form: str, on: date) -> Printed:
    """The sheet of one record, to be signed. UserError for another format or (PDF) a missing font."""
    check_form(form)
    with in_chinese():
        document = record_document(record_alone(activity, on), activity.organization.name)
    printed = printed_as(document, form)
    with transaction.atomic():
        note(actor, activity.organization, "print-record", activity, f"导出活动记录（{form}）", held=activity.held)
    return printed
