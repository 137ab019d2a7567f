"""The addresses of the API, below /api/v1/. Its version changes when an answer loses or renames something."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, re_path, reverse
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import AuthenticationError

from zhibu.api import activities, duties, evaluations, ledger, meetings, organizations, plans, publications, tasks
from zhibu.api.answers import Refusal, Renderer, VisibleTextParser, refuse_in_one_shape
from zhibu.api.keys import Key

ABOUT = "与网页相同的服务和权限，供其他程序使用。每次请求在 Authorization 头中带本人的访问令牌：Bearer zhibu_…"

api = NinjaAPI(
    title="支部接口", version="1", description=ABOUT, auth=Key(), renderer=Renderer(), parser=VisibleTextParser(),
    docs_url=None, openapi_url=None, urls_namespace="api",
)  # fmt: skip
refuse_in_one_shape(api)
for part in (organizations, duties, activities, ledger, tasks, plans, meetings, publications, evaluations):
    api.add_router("", part.router)


def answered(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """No log-in page, no cookie, nothing kept by caches; what the framework says in its own words becomes a Problem."""

    @csrf_exempt
    @login_not_required
    @wraps(view)
    def answer(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        response = view(request, *arguments, **named)
        if response.status_code == 405:
            allowed = response["Allow"]
            refused = Refusal(405, "method-not-allowed", "这个地址只接受 {methods}。", methods=allowed)
            response = api.on_exception(request, refused)
            response["Allow"] = allowed
        add_never_cache_headers(response)
        return response

    return answer


def openapi(request: HttpRequest) -> HttpResponse:
    """What there is, for programs: for people logged in, and for tokens."""
    try:
        if request.method not in ("GET", "HEAD"):
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
        if not request.user.is_authenticated and Key()(request) is None:
            raise AuthenticationError
        return api.create_response(request, document(), status=200)
    except Exception as refused:
        return api.on_exception(request, refused)


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document; the same for everybody, as long as the server runs."""
    return dict(api.get_openapi_schema(path_prefix=reverse("api-openapi").removesuffix("openapi.json")))


def nowhere(request: HttpRequest) -> HttpResponse:
    return api.on_exception(request, Http404())


urlpatterns = [path("openapi.json", answered(openapi), name="api-openapi")]
for pattern in api.urls[0]:
    if pattern.name != "api-root":
        pattern.callback = answered(pattern.callback)
        urlpatterns.append(pattern)
urlpatterns.append(re_path("", answered(nowhere)))
