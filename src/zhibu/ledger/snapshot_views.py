"""The pages of frozen ledgers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zhibu.errors import UserError
from zhibu.http import said
from zhibu.ledger import overview as rolled
from zhibu.ledger.forms import SnapshotForm, VerifyForm
from zhibu.ledger.models import Snapshot
from zhibu.ledger.queries import snapshots_of
from zhibu.ledger.snapshots import as_file, is_intact, take_snapshot, verify_file
from zhibu.org.access import get_seen_or_404, may_read_minutes, may_record, require, today

ON_A_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def snapshots(request: HttpRequest, code: str) -> HttpResponse:
    """Frozen ledgers: take one, list them, check a downloaded file."""
    on = today()
    organization = get_seen_or_404(request.user, code, on=on)
    may_take = may_record(request.user, organization, on)
    checking = request.method == "POST" and "verify" in request.POST
    taking = request.method == "POST" and not checking
    form = SnapshotForm(request.POST if taking else None, latest=on, initial={"year": on.year, "on": on})
    verify = VerifyForm(request.POST if checking else None, request.FILES if checking else None)
    if taking:
        require(may_take)
        if form.is_valid():
            taken = take_snapshot(request.user, organization, form.cleaned_data["year"], form.cleaned_data["on"])
            messages.success(request, _("台账已冻结。"))
            return redirect("ledger:snapshot", code, taken.pk)
    context = {
        "organization": organization,
        "form": form if may_take else None,
        "verify": verify,
        "verified": _verified(verify) if checking and verify.is_valid() else None,
        "page": Paginator(snapshots_of(organization), ON_A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "ledger/snapshots.html", context)


def _verified(form: VerifyForm) -> bool | None:
    """True: as it was frozen. False: changed since. None, with an error on the form: no snapshot at all."""
    try:
        return verify_file(form.cleaned_data["file"].read().decode("utf-8-sig"))
    except UnicodeDecodeError:
        form.add_error("file", _("这不是台账快照文件。请选择从本页下载的 JSON 文件。"))
    except UserError as error:
        form.add_error("file", said(error))
    return None


@require_safe
def snapshot(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    organization = get_seen_or_404(request.user, code, on=today())
    frozen = get_object_or_404(Snapshot.objects.select_related("made_by__member"), organization=organization, pk=pk)
    data = frozen.contents()
    context = {
        "organization": organization,
        "snapshot": frozen,
        "intact": is_intact(frozen),
        "may_download": may_read_minutes(request.user, organization, today()),
        "data": data,
        "sums": _frozen_sums(data),
        "cells": data["cells"],
    }
    return render(request, "ledger/snapshot.html", context)


def _frozen_sums(data: dict[str, Any]) -> list[tuple[str, int]]:
    counts = dict.fromkeys(rolled.ORDER, 0)
    for one in data["cells"]:
        counts[one["status"]] += 1
    return [(status, count) for status, count in counts.items() if count]


@require_safe
def download(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The frozen text. Resolutions and fields of the records are in it, so it is for those who may read minutes."""
    organization = get_seen_or_404(request.user, code, on=today())
    require(may_read_minutes(request.user, organization, today()))
    frozen = get_object_or_404(Snapshot, organization=organization, pk=pk)
    response = HttpResponse(as_file(frozen), content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="ledger-{frozen.year}-{frozen.digest[:8]}.json"'
    return response
