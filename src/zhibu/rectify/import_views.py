"""A list of problems taken in at once: read, shown row by row to be put right, entered all or none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhibu.duties.models import Source
from zhibu.errors import UserError
from zhibu.http import said
from zhibu.org.access import get_seen_or_404, require, today
from zhibu.org.models import ABOVE_BRANCHES, Organization
from zhibu.rectify import access, services
from zhibu.rectify.forms import HandedForm, RowForms, bodies_for, kind_choices
from zhibu.rectify.kinds import kind_named, suggested_kind
from zhibu.rectify.queries import earlier_in
from zhibu.rectify.reading import ACCEPT, Read, Row, read_file, read_pasted
from zhibu.rectify.services import Finding
from zhibu.rectify.views import now


@require_http_methods(["GET", "HEAD", "POST"])
def take_in(request: HttpRequest, code: str) -> HttpResponse:
    """First the list, then its rows; nothing is entered before the rows were seen."""
    on = today()
    organization = get_seen_or_404(request.user, code, on=on)
    require(access.may_find(request.user, organization, on))
    committee = organization.kind in ABOVE_BRANCHES
    initial = {"found_on": on, "year": on.year, "source": Source.REVIEW if committee else Source.SELF}
    posted = request.POST if request.method == "POST" else None
    form = HandedForm(posted, request.FILES or None, organization=organization, on=on, initial=initial)
    bodies = _by_name(organization, on) if committee else {}
    if posted is None or not form.is_valid():
        return _page(request, organization, form, status=422 if posted is not None else 200)
    if "form-TOTAL_FORMS" in posted:
        return _enter(request, organization, form, bodies, on)
    try:
        read = _handed(form)
    except UserError as refused:
        form.add_error(None, said(refused))
        return _page(request, organization, form, status=422)
    rows = RowForms(initial=_shown(read.rows), form_kwargs=_options(committee, bodies))
    return _page(
        request, organization, form, rows=rows, read=read, earlier=_remarks(read, organization, bodies, form),
        unknown=[number for number, row in enumerate(read.rows, start=1) if committee and not bodies.get(row.body)],
    )  # fmt: skip


def _page(
    request: HttpRequest, organization: Organization, form: Any, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"organization": organization, "form": form, "accept": ACCEPT, **more}
    return render(request, "rectify/import.html", context, status=status)


def _handed(form: HandedForm) -> Read:
    file = form.cleaned_data.get("file")
    if file is None:
        return read_pasted(form.cleaned_data["words"])
    return read_file(file.read(settings.UPLOAD_LIMIT + 1), file.name or "")


def _by_name(organization: Organization, on: date) -> dict[str, Organization | None]:
    """Name, short name and code → body; None for a name that two bodies have."""
    found: dict[str, Organization | None] = {}
    for body in bodies_for(organization, on):
        for name in {body.name, body.short_name, body.code} - {""}:
            found[name] = None if name in found else body
    return found


def _options(committee: bool, bodies: dict[str, Organization | None]) -> dict[str, Any]:
    return {"bodies": bodies if committee else None, "kinds": kind_choices(_("按文字判断"))}


def _shown(rows: Sequence[Row]) -> list[dict[str, Any]]:
    return [
        {"take": True, "body": row.body, "text": row.text, "cause": row.cause, "place": row.place,
         "kind": kind_named(row.kind) or suggested_kind(f"{row.text}{row.cause}")}
        for row in rows
    ]  # fmt: skip


def _remarks(
    read: Read, organization: Organization, bodies: dict[str, Organization | None], form: HandedForm
) -> list[list[Any]]:
    """For each row the earlier problems that say the same, of the body it names. One query."""
    wanted = [bodies.get(row.body) if bodies else organization for row in read.rows]
    texts = [(body, row.text) for body, row in zip(wanted, read.rows, strict=True)]
    return earlier_in(texts, form.cleaned_data["year"])


def _enter(
    request: HttpRequest, organization: Organization, form: HandedForm, bodies: dict[str, Organization | None], on: date
) -> HttpResponse:
    committee = organization.kind in ABOVE_BRANCHES
    rows = RowForms(request.POST, form_kwargs=_options(committee, bodies))
    if not rows.is_valid():
        wrong = [str(number) for number, row in enumerate(rows, start=1) if row.errors]
        return _page(request, organization, form, rows=rows, wrong=wrong, status=422)
    chosen = [row.cleaned_data for row in rows if row.cleaned_data.get("take")]
    given = form.cleaned_data
    try:
        if not chosen:
            raise UserError("problems-unchosen", "没有选中任何问题。")
        with transaction.atomic():
            listed = services.open_list(
                request.user, organization, given["source"], given["year"], at=now(), issuer=given["issuer"]
            )
            for body, findings in _by_body(chosen, organization).items():
                services.found(request.user, listed, body, findings, at=now(), on=given["found_on"])
    except UserError as refused:
        form.add_error(None, said(refused))
        return _page(request, organization, form, rows=rows, status=422)
    messages.success(request, _("已登记{n}个问题。").format(n=len(chosen)))
    return redirect("rectify:below" if committee else "rectify:index", code=organization.code)


def _by_body(rows: Sequence[dict[str, Any]], organization: Organization) -> dict[Organization, list[Finding]]:
    """What was chosen, by whose it is, in the order of the list."""
    found: dict[Organization, list[Finding]] = {}
    for row in rows:
        finding = Finding(row["text"], row["kind"], row["cause"], row["place"])
        found.setdefault(row.get("found_body") or organization, []).append(finding)
    return found
