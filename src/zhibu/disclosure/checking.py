"""What a publication must be before it may be saved, proposed or approved: its matter, period, span and text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from zhibu.disclosure.catalogue import AUDIENCES, Item, find_item
from zhibu.disclosure.deadlines import too_short, usual_end
from zhibu.disclosure.models import Publication
from zhibu.errors import UserError
from zhibu.org.identity import identity_of
from zhibu.org.models import Organization
from zhibu.periods import Period, periods
from zhibu.rulebook.reasons import day_name
from zhibu.workdays import working_days

BODY = 10_000
EARLIEST, LATEST = 1990, 2100


def checked(organization: Organization, values: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a draft made whole; without a last day the usual one. Raises UserError with what is wrong."""
    item = find_item(values["item"])
    period = period_of(item, values.get("period") or "")
    title, body = values["title"].strip(), values["body"].strip()
    if not title or not body:
        raise UserError("publication-empty", "请写明标题和正文。")
    if len(body) > BODY:
        raise UserError("publication-too-long", "正文不超过{limit}字。更长的内容请作为附件。", limit=BODY)
    refuse_identity_numbers(f"{title}\n{body}")
    if values["audience"] not in AUDIENCES:
        raise UserError("audience-unknown", "请选择公开范围。")
    about = values.get("about")
    if about is not None and about.organization_id != organization.pk:
        raise UserError("about-elsewhere", "所依据的活动记录不属于本组织。")
    since = values["since"]
    until = values.get("until") or usual_end(item, since, period)
    refuse_span(item, since, until)
    return {
        "item": item.slug,
        "period": period.key if period else "",
        "title": title,
        "body": body,
        "audience": values["audience"],
        "since": since,
        "until": until,
        "about": about,
    }


def period_of(item: Item, key: str) -> Period | None:
    """The period `key` names (2026-03), None for matters that do not recur. Raises UserError when it names none."""
    if not item.recurring:
        return None
    year = key[:4]
    if re.fullmatch(r"\d{4}", year, re.ASCII) and EARLIEST <= int(year) <= LATEST:
        for period in periods(item.rhythm, int(year)):
            if period.key == key:
                return period
    raise UserError("period-needed", "请选择“{item}”是哪一期的。", item=item.label)


def refuse_identity_numbers(text: str) -> None:
    """Whatever the audience, nobody's identity number goes on a board."""
    for found in re.finditer(r"(?<!\d)\d{17}[\dXx](?!\d)", text, re.ASCII):
        try:
            identity_of(found[0])
        except UserError:
            continue
        raise UserError("identity-number-shown", "正文里有身份证号（末四位{tail}），请删去再保存。", tail=found[0][-4:])


def refuse_span(item: Item, since: date, until: date | None) -> None:
    """A span that ends before it begins, or a publicity with too few working days.

    Where a year's holidays are not announced yet, nothing is counted: that is for people, see `calendar_remark`.
    """
    if until is not None and until < since:
        raise UserError("until-before-since", "公开截止日不能早于起始日。")
    try:
        problem = too_short(item, since, until)
    except UserError:
        return
    if problem is not None:
        raise UserError(problem.code, problem.message, **problem.data)


def calendar_remark(item: Item, since: date, until: date | None) -> UserError | None:
    """Why the working days of a publicity cannot be counted, to be told to those who review and approve it."""
    if not item.least_days(since):
        return None
    try:
        working_days(since, until or since)
    except UserError as unknown:
        return unknown
    return None


def span_from(publication: Publication, today: date) -> tuple[date, date | None]:
    """From when to when it is shown if it is approved today: nothing goes up before it was approved, and what must be
    up for so many working days still is. Raises UserError when its last day has passed."""
    item, since, until = publication.matter, max(publication.since, today), publication.until
    if since != publication.since and until is not None and item.least_days(since):
        until = max(until, usual_end(item, since, None) or until)
    if until is not None and until < since:
        raise UserError("span-over", "公开截止日{until}已经过去，不能再批准。请退回修改日期。", until=day_name(until))
    refuse_span(item, since, until)
    return since, until
