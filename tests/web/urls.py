"""The product's pages and a few that fail in every way a page can, for the tests of what people then see."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from zhibu.errors import UserError
from zhibu.http import said
from zhibu.urls import handler400, urlpatterns

__all__ = ["handler400", "urlpatterns"]


def wrong(request: HttpRequest) -> HttpResponse:
    raise UserError("no-such-year", "{year}年没有记录。", year=1999)


def forbidden(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied("本支部书记、副书记可以修改。")


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a secret of the inside")


def write(request: HttpRequest) -> HttpResponse:
    """A form as the stages make them: refuses a text that is too short, then saves and leads back to itself."""
    context: dict[str, Any] = {"text": "", "problem": ""}
    if request.method == "POST":
        text = request.POST.get("minutes", "")
        if len(text) > 5:
            messages.success(request, "saved")
            return redirect(request.path)
        context = {"text": text, "problem": said(UserError("short", "文字太短。"))}
    return render(request, "write_for_test.html", context)


urlpatterns = [
    *urlpatterns,
    path("wrong/", wrong),
    path("forbidden/", forbidden),
    path("broken/", broken),
    path("write/", write),
    path("write/other/", write),
]
