"""One text checked, or two compared, for anybody who is logged in. Nothing is kept: no row, no file, no journal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import PurePath
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zhibu.checking.forms import CheckForm, CompareForm
from zhibu.checking.given import Given
from zhibu.checks import Finding
from zhibu.checks import check as checked
from zhibu.checks.files import Checked
from zhibu.checks.output import docx, html
from zhibu.corpus.access import KEEPING_TITLES
from zhibu.corpus.comparing import Compared, compared, told
from zhibu.corpus.feeds import text_of
from zhibu.corpus.passages import Sheet, pair
from zhibu.errors import UserError
from zhibu.http import said
from zhibu.org.access import powers, today
from zhibu.org.models import Organization
from zhibu.reports.beside import marked
from zhibu.trace import compare as compared_texts

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FOOT = "由支部工作台校核，文字没有保存。规则说明见工作台的“校核规则”。"
get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@get_or_post
def check(request: HttpRequest) -> HttpResponse:
    """A file or a pasted text with its findings beside it, or as a file to take away."""
    body = _own_body(request.user, today())
    form = CheckForm(request.POST, request.FILES) if request.method == "POST" else CheckForm()
    if not form.is_bound or not form.is_valid():
        return render(request, "checking/check.html", {"form": form, "body": body}, status=422 if form.errors else 200)
    given, year = form.given, form.cleaned_data["year"]
    found, problem = _compared(request, given, body) if form.cleaned_data["corpus"] and body else (None, "")
    borrowed = told(found, Sheet.plain(given.text), body) if found and body else None
    findings = checked(given.text, year=year, traces=given.traces, borrowed=borrowed)
    wanted = request.POST.get("as", "")
    if wanted in ("docx", "html"):
        return _file(given, findings, wanted)
    context = {
        "form": form, "body": body, "given": given, "problem": problem, "found": found, "year": year,
        "marked": marked(given.text, findings), "sources": _beside(given, found) if found else [],
    }  # fmt: skip
    return render(request, "checking/checked.html", context)


def _own_body(account: Any, on: date) -> Organization | None:
    """The body whose corpus the account may compare with: the highest one on whose committee it is, or its clerk."""
    paths = sorted((post.path for post in powers(account, on).posts if post.title in KEEPING_TITLES), key=len)
    return Organization.objects.filter(path=paths[0]).first() if paths else None


def _compared(request: HttpRequest, given: Given, body: Organization) -> tuple[Compared | None, str]:
    """The sources the account may read. That others exist is not told here: who may paste anything could find out
    sentence by sentence what is written elsewhere."""
    try:
        found = compared(given.text, body, request.user, today())
    except UserError as refused:
        return None, said(refused)
    return replace(found, unseen=()), ""


def _beside(given: Given, found: Compared) -> list[tuple[Any, Any]]:
    """Each source with its passages laid out."""
    rows = []
    for each in found.seen:
        there = text_of(each.origin.name)
        if there is not None:
            rows.append((each, pair(Sheet.plain(given.text), Sheet(there[0].text, there[1]), each.passages).rows))
    return rows


def _file(given: Given, findings: list[Finding], form: str) -> HttpResponse:
    result = Checked(given.name, given.text, tuple(replace(finding, file=given.name) for finding in findings))
    stem = PurePath(given.name).stem or _("校核")
    if form == "docx":
        data, kind, name = docx.render(result, given.word), WORD, f"{stem}（批注）.docx"
    else:
        data, kind, name = html.render([result], FOOT).encode("utf-8", "replace"), "text/html", f"{stem}（校核）.html"
    headers = {"Content-Disposition": content_disposition_header(True, name) or "attachment"}
    return HttpResponse(data, content_type=kind, headers=headers)


@never_cache
@get_or_post
def compare(request: HttpRequest) -> HttpResponse:
    """Two texts beside each other."""
    form = CompareForm(request.POST, request.FILES) if request.method == "POST" else CompareForm()
    if not form.is_bound or not form.is_valid():
        return render(request, "checking/compare.html", {"form": form}, status=422 if form.errors else 200)
    first, second = form.first, form.second
    found = compared_texts(first.text, {"other": second.text})
    passages = found[0].passages if found else ()
    context = {
        "first": first, "second": second, "passages": passages, "share": found[0].share if found else 0,
        "pair": pair(Sheet.plain(first.text), Sheet.plain(second.text), passages),
    }  # fmt: skip
    return render(request, "checking/compared.html", context)
