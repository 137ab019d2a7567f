"""What every answer has in common: JSON as people write it, errors in one shape, lists with a limit."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Annotated, Any, NoReturn

from django import forms
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, RawPostDataException, UnreadablePostError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import NinjaAPI, Path, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.parser import Parser
from ninja.renderers import JSONRenderer
from pydantic import Field, StringConstraints

from zhibu.activities.services import EntryRefused
from zhibu.errors import Sentence, UserError
from zhibu.http import CONTROLS, disk_full, is_full, said

MOST = 200
LARGEST = 2**53 - 1
"""The largest whole number every reader of JSON keeps exactly."""
Id = Annotated[int, Field(ge=1, le=LARGEST)]
PathId = Annotated[int, Path(ge=1, le=LARGEST)]
Year = Annotated[int, Field(ge=1921, le=9998)]
PathYear = Annotated[int, Path(ge=1921, le=9998)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=40)]


class Problem(Schema):
    """Every refusal: `code` for programs, `message` for people; `data` holds what the sentence is about."""

    code: str
    message: str
    data: dict[str, Any]


REFUSED = frozenset({400, 401, 403, 404, 405, 409, 413, 422, 429})


def answers(schema: Any, status: int = 200) -> dict[Any, Any]:
    """The answers an operation may give: the one asked for, or a Problem."""
    return {status: schema, REFUSED: Problem}


class Refusal(UserError):
    """A refusal with a status of its own."""

    def __init__(self, status: int, code: str, message: str, /, **data: Any) -> None:
        super().__init__(code, message, **data)
        self.status = status


class Renderer(JSONRenderer):
    """Chinese as Chinese, not as \\u escapes."""

    json_dumps_params: Mapping[str, Any] = {"ensure_ascii": False}


class VisibleTextParser(Parser):
    """Takes invisible control characters out of what is sent, as the pages do."""

    def parse_body(self, request: HttpRequest) -> Any:
        return _visible(super().parse_body(request))


def _visible(value: Any) -> Any:
    if isinstance(value, str):
        return CONTROLS.sub("", value)
    if isinstance(value, list):
        return [_visible(one) for one in value]
    if isinstance(value, dict):
        return {CONTROLS.sub("", key): _visible(one) for key, one in value.items()}
    return value


# --- refusals ---------------------------------------------------------------------------------------------------------


def problem(api: NinjaAPI, request: HttpRequest, status: int, error: UserError) -> HttpResponse:
    data = {"code": error.code, "message": said(error), "data": _plain(error.data)}
    if isinstance(error, EntryRefused):
        data["data"] = {"remarks": remarks_of(error.remarks)}
    return api.create_response(request, data, status=status)


def _plain(value: Any) -> Any:
    if isinstance(value, Sentence):
        return value.text(_)
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, int | float | str | None) else str(value)


def remarks_of(remarks: Sequence[Any]) -> list[dict[str, str]]:
    """What was noticed about a record, as its page shows it."""
    return [
        {"severity": one.severity, "code": one.sentence.code, "message": one.sentence.text(_), "part": one.part}
        for one in remarks
    ]


def refuse_in_one_shape(api: NinjaAPI) -> None:
    """Have every exception answered as a Problem; what is a fault of ours goes on to the server's own page."""

    def handler(raised: type[Exception], answer: Callable[[Any], tuple[int, UserError]]) -> None:
        def handle(request: HttpRequest, exception: Any) -> HttpResponse:
            response = problem(api, request, *answer(exception))
            if response.status_code == 401:
                response["WWW-Authenticate"] = "Bearer"
            elif response.status_code == 429:
                response["Retry-After"] = str(exception.data["seconds"])
            return response

        api.add_exception_handler(raised, handle)

    handler(UserError, lambda refused: (_status(refused), refused))
    handler(ValidationError, lambda invalid: (422, _invalid(invalid)))
    handler(Http404, lambda _e: (404, UserError("not-found", "没有找到，或者您无权查看。")))
    handler(PermissionDenied, lambda _e: (403, UserError("not-allowed", "您没有做这件事的权限。")))
    handler(AuthenticationError, lambda _e: (401, UserError("token-needed", "请在 Authorization 头中给出访问令牌。")))
    handler(HttpError, lambda error: (error.status_code, UserError("bad-json", "请求的正文不是可以读取的 JSON。")))
    for unreadable in (RawPostDataException, UnreadablePostError):  # a form, or a line that broke off
        handler(unreadable, lambda _e: (400, UserError("bad-json", "请求的正文不是可以读取的 JSON。")))
    handler(RequestDataTooBig, lambda _e: (413, UserError("body-too-large", "请求的正文太大。")))
    handler(Exception, _fault)


CHANGED = frozenset({"saved-by-other", "plan-changed", "minutes-changed", "evaluation-changed"})
"""Somebody saved it first: read again."""


def _status(error: UserError) -> int:
    if isinstance(error, Refusal):
        return error.status
    return 409 if error.code in CHANGED else 422


def _fault(exception: Exception) -> tuple[int, UserError]:
    if is_full(exception):
        return 507, disk_full()
    raise exception


WORDS = {
    "missing": gettext_noop("缺少这一项。"),
    "json_invalid": gettext_noop("不是 JSON。"),
    "date": gettext_noop("应是日期，写成 2025-03-05。"),
    "time": gettext_noop("应是时间，写成 09:30。"),
    "int": gettext_noop("应是整数。"),
    "float": gettext_noop("应是数字。"),
    "bool": gettext_noop("应是 true 或 false。"),
    "string": gettext_noop("应是文字。"),
    "list": gettext_noop("应是列表。"),
    "dict": gettext_noop("应是对象。"),
    "model": gettext_noop("应是对象。"),
    "too_long": gettext_noop("太长了。"),
    "string_too_long": gettext_noop("文字太长。"),
    "string_too_short": gettext_noop("不能为空。"),
    "greater": gettext_noop("数字太小。"),
    "less": gettext_noop("数字太大。"),
    "finite": gettext_noop("应是数字。"),
    "string_pattern": gettext_noop("写法不对。"),
    "literal": gettext_noop("不是可选的值。"),
    "enum": gettext_noop("不是可选的值。"),
}
"""By the beginning of pydantic's name of the fault; the longest that fits."""


def _invalid(error: ValidationError) -> UserError:
    fields: dict[str, list[str]] = {}
    for one in error.errors:
        # ("body", "data", "due") → due; "data" is the parameter's name in the function, which nobody outside knows.
        where = [str(part) for part in one["loc"][1:]]
        name = ".".join(where[1:] if one["loc"][0] == "body" and len(where) > 1 else where)
        fields.setdefault(name, []).append(_word(one["type"]))
    return invalid(fields)


def _word(fault: str) -> str:
    fits = [name for name in WORDS if fault.startswith(name)]
    return _(WORDS[max(fits, key=len)]) if fits else _("写法不对。")


def invalid(fields: Mapping[str, Sequence[str]]) -> UserError:
    """What is wrong with what was sent, by field; an empty name stands for the whole."""
    return Refusal(
        422, "invalid", "请改正所列各项后再提交。", fields={name: list(said) for name, said in fields.items()}
    )


def filled(form: forms.Form) -> dict[str, Any]:
    """What a page's form makes of the values; refused in its words where they do not fit it."""
    if not form.is_valid():
        raise invalid(errors_of(form))
    return form.cleaned_data


def errors_of(form: forms.Form) -> dict[str, list[str]]:
    return {"" if name == "__all__" else name: [str(one) for one in found] for name, found in form.errors.items()}


def as_form(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """JSON values as a form is sent them, left out where there is nothing."""
    lead = f"{prefix}-" if prefix else ""
    return {f"{lead}{name}": value for name, value in values.items() if value not in (None, "")}


def missing() -> NoReturn:
    raise Http404


# --- lists ------------------------------------------------------------------------------------------------------------


class Paging(Schema):
    """Which part of a list: at most `limit` rows, from `offset` on."""

    limit: int = Field(50, ge=1, le=MOST)
    offset: int = Field(0, ge=0, le=10_000_000)


def page_of(rows: QuerySet[Any] | Sequence[Any], paging: Paging) -> tuple[list[Any], dict[str, int]]:
    """The rows asked for, and how many there are of all."""
    count = rows.count() if isinstance(rows, QuerySet) else len(rows)
    shown = list(rows[paging.offset : paging.offset + paging.limit])
    return shown, {"count": count, "limit": paging.limit, "offset": paging.offset}


class PageOf(Schema):
    """`count` is of all rows; the next page begins at `offset` + `limit`."""

    count: int
    limit: int
    offset: int


class Person(Schema):
    id: int
    name: str


def person(member: Any) -> dict[str, Any] | None:
    return {"id": member.pk, "name": member.name} if member is not None else None


def is_word(text: str) -> bool:
    return bool(re.fullmatch(r"[a-z-]{1,40}", text))
