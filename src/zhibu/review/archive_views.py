"""The season as a package: asked for, its progress, handed out. Only for those who lead the season."""

from __future__ import annotations

from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from zhibu.errors import UserError
from zhibu.http import is_htmx, said
from zhibu.org.journal import note
from zhibu.review import archive
from zhibu.review.hearing_views import led_cycle
from zhibu.review.jobs import make_package
from zhibu.review.models import PackageState
from zhibu.review.views import LARGEST, now

SHOWN = 10


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    cycle, problem = led_cycle(request, code, pk), ""
    if request.method == "POST":
        try:
            made = archive.ask_package(request.user, cycle, at=now())
        except UserError as refused:
            problem = said(refused)
        else:
            transaction.on_commit(lambda: make_package.enqueue(made.pk))
            return redirect("review:archive", code=code, pk=pk)
    packages = list(cycle.packages.select_related("made_by__member")[:SHOWN])
    busy = any(one.state in (PackageState.WAITING, PackageState.RUNNING) for one in packages)
    context = {"organization": cycle.organization, "cycle": cycle, "packages": packages, "busy": busy,
               "problem": problem}  # fmt: skip
    template = "review/_packages.html" if is_htmx(request) and request.method == "GET" else "review/archive.html"
    return render(request, template, context, status=422 if problem else 200)


@require_safe
def package(request: HttpRequest, code: str, pk: int, package: int) -> HttpResponseBase:
    cycle = led_cycle(request, code, pk)
    found = get_object_or_404(cycle.packages, pk=min(package, LARGEST), state=PackageState.READY)
    path = archive.path_of(found)
    if not path.is_file():
        raise Http404
    with transaction.atomic():
        note(request.user, cycle.organization, "take-package", found, cycle.title, sha256=found.digest)
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"{cycle.title}.zip")
