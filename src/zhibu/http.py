"""What stands between the web server and every page: language, errors as sentences, passwords, static files."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from whitenoise.storage import CompressedManifestStaticFilesStorage

from zhibu.errors import UserError


class LanguageMiddleware:
    """Chinese unless the reader chose otherwise; what the browser prefers is not asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class UserErrorMiddleware:
    """A UserError nobody caught becomes a page with its sentence (400), or a fragment for HTMX."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, UserError):
            return None
        return render(request, "error.html", {"sentence": said(exception), "code": exception.code}, status=400)


def said(error: UserError) -> str:
    """The error's sentence in the reader's language."""
    return error.text(_)


def is_htmx(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))


class WorkbenchArgon2(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes, one lane: 18 ms a log-in on the machine it was measured on."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1


class ThreeClasses:
    """Passwords use three of: capitals, small letters, digits, other signs."""

    def validate(self, password: str, user: object = None) -> None:
        classes = [str.isupper, str.islower, str.isdigit, lambda sign: not sign.isalnum()]
        if sum(any(test(sign) for sign in password) for test in classes) < 3:
            raise ValidationError(self.get_help_text(), code="password-three-classes")

    def get_help_text(self) -> str:
        return _("密码须含大写字母、小写字母、数字、符号中的三种。")


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Hashed names where they were collected, plain names otherwise (tests, a first look)."""

    manifest_strict = False
