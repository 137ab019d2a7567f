"""What is refused before any view is reached, or breaks in one, is told in the API's shape too, not with a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from zhibu.errors import UserError
from zhibu.http import said

PLACE = "/api/"
NOT_READABLE = UserError("bad-request", "这个请求不能读取。")
SAID: Mapping[int, UserError] = {
    404: UserError("not-found", "没有找到，或者您无权查看。"),
    413: UserError("body-too-large", "请求的正文太大。"),
    500: UserError("fault", "服务器出错了，这一次没有完成。请稍后再试，或告诉系统管理员。"),
}


class ProblemMiddleware:
    """Replaces the pages of other middleware and of the server's own handlers; a fault is in the log as ever."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code < 400 or not request.path.startswith(PLACE) or settings.DEBUG:
            return response
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            return response
        error = SAID.get(response.status_code, NOT_READABLE)
        told = {"code": error.code, "message": said(error), "data": {}}
        return JsonResponse(told, status=response.status_code, json_dumps_params={"ensure_ascii": False})
