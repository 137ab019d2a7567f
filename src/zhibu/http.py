"""What stands between the web server and every page: language, errors as sentences, passwords, static files."""

from __future__ import annotations

import errno
import re
import time
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from whitenoise.storage import CompressedManifestStaticFilesStorage

from zhibu.errors import UserError


class ProxyMiddleware:
    """Behind proxies named in the settings `REMOTE_ADDR` becomes the address they say the request came from.

    X-Forwarded-For is read from its end, where the nearest proxy writes, and only as far as trusted proxies wrote it:
    what a visitor puts in front of it is never believed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
        if settings.PROXIES and forwarded:
            said = [request.META.get("REMOTE_ADDR", ""), *reversed(forwarded.split(","))]
            request.META["REMOTE_ADDR"] = _farthest_believed(said)
        return self.get_response(request)


def _farthest_believed(hops: list[str]) -> str:
    """The first address, from the nearest on, that is no trusted proxy's; the last one readable where all are."""
    found = hops[0]
    for word in hops:
        try:
            address = ip_address(word.strip())
        except ValueError:
            return found
        found = str(getattr(address, "ipv4_mapped", None) or address)
        if not any(ip_address(found) in network for network in settings.PROXIES):
            return found
    return found


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
    """A UserError nobody caught becomes a page with its sentence (400), or a notice for HTMX; a body that is larger
    than all uploads together may be is refused before it is read (413)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _length(request) > FILES_AT_ONCE * settings.UPLOAD_LIMIT:
            return refusal(request, _too_large(), status=413)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if is_full(exception):
            return refusal(request, disk_full(), status=507)
        return refusal(request, exception) if isinstance(exception, UserError) else None


def is_full(exception: BaseException | None) -> bool:
    """Whether a disk had no room left: the file system's word, SQLite's, or PostgreSQL's (53100)."""
    if exception is None:
        return False
    said_so = isinstance(exception, OSError) and exception.errno in (errno.ENOSPC, errno.EDQUOT)
    said_so = said_so or (isinstance(exception, DatabaseError) and "disk is full" in str(exception))
    return said_so or getattr(exception, "sqlstate", "") == "53100" or is_full(exception.__cause__)


def disk_full() -> UserError:
    return UserError("disk-full", "服务器磁盘已满，这一次没有保存，原有数据没有变动。请联系系统管理员清理磁盘后重试。")


FILES_AT_ONCE = 10
"""Files of the largest size one request may carry."""


def _length(request: HttpRequest) -> int:
    given = request.headers.get("Content-Length", "")
    return int(given) if given.isascii() and given.isdigit() else 0


def _too_large() -> UserError:
    megabytes = settings.UPLOAD_LIMIT // 1024 // 1024
    return UserError(
        "upload-too-large", "文件太大，没有保存。单个文件不超过{limit} MB，请压缩或分开上传。", limit=megabytes
    )


def refusal(request: HttpRequest, error: UserError, status: int = 400) -> HttpResponse:
    """The error as a page, with the way back; for HTMX as a notice above the page, whatever was to be swapped."""
    context = {"sentence": said(error), "code": error.code, "back": came_from(request)}
    if not is_htmx(request):
        return render(request, "error.html", context, status=status)
    response = render(request, "_error.html", context, status=status)
    response.headers["HX-Retarget"] = "#notices"
    response.headers["HX-Reswap"] = "innerHTML show:window:top"
    return response


def came_from(request: HttpRequest) -> str:
    """The page of this site the request was sent from, as path and query; empty when there is none."""
    address = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}):
        return ""
    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else "")


CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
"""Signs nobody types or sees: PostgreSQL keeps no NUL, and a Word file none of them."""


class VisibleTextMiddleware:
    """What is sent reaches the pages without invisible control characters: who pasted them could not find them to
    take them out again. An address that holds one leads nowhere."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> None:
        if any(isinstance(value, str) and CONTROLS.search(value) for value in kwargs.values()):
            raise Http404
        request.GET = _visible(request.GET)
        if request.method == "POST":
            request.POST = _visible(request.POST)


def _visible(sent: QueryDict) -> QueryDict:
    if not any(CONTROLS.search(value) for _name, values in sent.lists() for value in values):
        return sent
    cleaned = QueryDict(mutable=True, encoding=sent.encoding)
    for name, values in sent.lists():
        cleaned.setlist(name, [CONTROLS.sub("", value) for value in values])
    cleaned._mutable = False
    return cleaned


class SignInMiddleware(LoginRequiredMiddleware):
    """Log in first, and come back to the page that was open: also after a form was sent or a fragment was asked for."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponse:
        safe = request.method in ("GET", "HEAD") and not is_htmx(request)
        query = QueryDict(mutable=True)
        query["next"] = request.get_full_path() if safe else came_from(request) or request.path
        if not safe or settings.SESSION_COOKIE_NAME in request.COOKIES:
            query["expired"] = "1"  # the browser forgets the cookie too; what was being sent tells as much
        address = f"{self.get_login_url(view_func)}?{query.urlencode(safe='/')}"
        if is_htmx(request):
            return HttpResponse(status=204, headers={"HX-Redirect": address})
        return HttpResponseRedirect(address)


BY_ITSELF = "X-Zhibu-By-Itself"
"""Set by scripts that ask on their own, so that an open page does not keep a session alive for ever."""


class IdleMiddleware:
    """A session ends so long after its last request. It is written at most once a minute, not with every page: a page
    that is only read should not wait for the database's one writer. What a page asks for by itself, without its reader,
    does not count as a request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        session = request.session
        if (
            request.headers.get(BY_ITSELF) is None
            and SESSION_KEY in session
            and abs(time.time() - session.get("seen", 0)) > 60
        ):
            session["seen"] = int(time.time())
        return self.get_response(request)


def live_address(request: HttpRequest) -> str:
    """Where this reader's browser finds live updates: on this site, on a port beside it, or nowhere."""
    if not settings.LIVE.isdigit():
        return f"{settings.LIVE.rstrip('/')}/notices" if settings.LIVE else ""
    host = urlsplit(f"//{request.get_host()}").hostname or ""
    return f"{request.scheme}://{f'[{host}]' if ':' in host else host}:{settings.LIVE}/live/notices"


class LiveMiddleware:
    """Lets pages listen to live updates on the port beside their own, where the settings name one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if settings.LIVE.isdigit():
            response._csp_update = {"connect-src": [live_address(request)]}  # type: ignore[attr-defined]
        return response


class SavedDraftMiddleware:
    """Tells `keep.js` which draft is safely saved: a sent form that was answered by leading on to another page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        leads_on = (
            response.status_code in (302, 303) and urlsplit(response.headers["Location"]).path != settings.LOGIN_URL
        )
        if request.method == "POST" and leads_on:
            mark = request.POST.get("_draft", "")
            if re.fullmatch("[0-9a-f]{24}", mark):
                response.set_cookie("zhibu_saved", mark, max_age=3600, samesite="Lax", secure=settings.HTTPS)
        return response


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


class LongEnough:
    """Passwords have at least `least` characters, said in the product's own words."""

    def __init__(self, least: int) -> None:
        self.least = least

    def validate(self, password: str, user: object = None) -> None:
        if len(password) < self.least:
            raise ValidationError(self.get_help_text(), code="password-too-short")

    def get_help_text(self) -> str:
        return _("密码至少要有 {least} 个字符。").format(least=self.least)


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Hashed names where they were collected, plain names otherwise (tests, a first look)."""

    manifest_strict = False

    def stored_name(self, name: str) -> str:
        try:
            return str(super().stored_name(name))
        except ValueError:  # nothing was collected: the finders serve the file under its own name
            return name
