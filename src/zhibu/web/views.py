"""Home, log-in, language, help and the pages of what went wrong."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_GET, require_POST

from zhibu.http import is_htmx
from zhibu.org.access import get_seen_or_404, seen_by
from zhibu.org.queries import searched
from zhibu.web import entrance
from zhibu.web.forms import LogIn, NewPassword

FOUND = 30
"""Bodies a search shows at most."""


def home(request: HttpRequest) -> HttpResponse:
    """Send everybody to the page their work begins on; whoever has none yet reads what to do."""
    address = entrance.first_page(request.user, timezone.localdate())
    if address:
        return redirect(address)
    return render(request, "web/home.html")


@require_GET
def enter(request: HttpRequest, code: str) -> HttpResponse:
    """The first page of a body somebody chose."""
    organization = get_seen_or_404(request.user, code, on=timezone.localdate())
    return redirect(entrance.page_of(organization, request.user, timezone.localdate()) or "web:home")


@require_GET
def bodies(request: HttpRequest) -> HttpResponse:
    """Find a body by name or code; a fragment for the menu in the frame."""
    asked = request.GET.get("q", "").strip()[:60]
    found = searched(seen_by(request.user, timezone.localdate()), asked)[:FOUND]
    if is_htmx(request):
        return render(request, "web/_bodies.html", {"found": found})
    return render(request, "web/bodies.html", {"found": found, "asked": asked, "limit": FOUND})


@method_decorator(login_not_required, name="dispatch")
class Login(auth.LoginView):
    template_name = "web/login.html"
    authentication_form = LogIn
    redirect_authenticated_user = True

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(expired="expired" in self.request.GET, **context)


class Password(auth.PasswordChangeView):
    template_name = "web/password.html"
    form_class = NewPassword
    success_url = reverse_lazy("web:home")

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, _("密码已修改，下次登录请用新密码。"))
        return super().form_valid(form)


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the chosen language in a cookie and go back to the page."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = "/"
    response = redirect(back)
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=31_536_000,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
        )
    return response


@login_not_required
@require_GET
def help(request: HttpRequest) -> HttpResponse:
    """How to begin, and where to complain."""
    return render(request, "web/help.html", {"contact": settings.CONTACT})


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """The form's token was not the session's: nothing was saved, and the text that was sent is shown again."""
    return render(request, "csrf_failure.html", {"texts": sent_texts(request)}, status=403)


def sent_texts(request: HttpRequest, least: int = 10) -> list[str]:
    """What somebody had typed: the longer values of a form, without secrets."""
    try:
        fields = request.POST.lists()
    except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent, OSError):
        return []
    kept = [value for name, values in fields if _is_text(name) for value in values]
    return [value for value in kept if len(value.strip()) >= least]


def _is_text(name: str) -> bool:
    return not any(secret in name.lower() for secret in ("csrf", "password", "token", "_draft", "next"))


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400; a form that is too big gets a sentence of its own (413)."""
    too_big = isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent)
    if too_big:
        sentence = _("提交的内容太多，没有保存。请分几次提交。")
    else:
        sentence = _("请求的内容不完整，没有保存。请返回上一页重试。")
    code = "too-much-data" if too_big else "bad-request"
    return render(request, "error.html", {"sentence": sentence, "code": code}, status=413 if too_big else 400)
