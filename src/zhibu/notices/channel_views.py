"""Ways people are reached by: one's own, and, with the code of a body, the robots of its group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhibu.errors import UserError
from zhibu.http import is_htmx, said
from zhibu.notices import access
from zhibu.notices import channels as keeping
from zhibu.notices.forms import ChannelForm, SettingsForm, defaults, settings_of
from zhibu.notices.kinds import notice_kinds
from zhibu.notices.models import Channel, Delivery, Way
from zhibu.notices.queries import deliveries_of, is_stuck, last_test, own_groups, with_last
from zhibu.org.access import get_seen_or_404, require, today
from zhibu.org.models import Organization

ON_A_PAGE = 30
GROUP_WAYS = (Way.WECOM, Way.DINGTALK, Way.FEISHU, Way.WEBHOOK)
OWN_WAYS = (Way.EMAIL, *GROUP_WAYS)


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose channels: the reader's, or those of a body's group."""

    organization: Organization | None
    channels: QuerySet[Channel]
    ways: tuple[Way, ...]

    def url(self, name: str, *given: object) -> str:
        if self.organization is None:
            return reverse(f"notices:{name}", args=given)
        return reverse(f"notices:group_{name}", args=[self.organization.code, *given])

    @property
    def list_url(self) -> str:
        return self.url("channels")

    @property
    def sent_url(self) -> str:
        return self.url("sent")


def owner_of(request: HttpRequest, code: str) -> Owner:
    """Load and authorise in one call."""
    if not code:
        return Owner(None, access.own_channels(request.user), OWN_WAYS)
    organization = get_seen_or_404(request.user, code, on=today())
    require(access.may_keep_group(request.user, organization, today()))
    return Owner(organization, access.group_channels(organization), (*GROUP_WAYS, Way.EVENTS))


def page_of(request: HttpRequest, owner: Owner, name: str, status: int = 200, **context: Any) -> HttpResponse:
    context |= {"owner": owner, "organization": owner.organization, "kinds": notice_kinds()}
    return render(request, f"notices/{name}.html", context, status=status)


@require_safe
def channels(request: HttpRequest, code: str = "") -> HttpResponse:
    """The ways there are, how each does, and what can be added."""
    owner = owner_of(request, code)
    rows = [(one, owner.url("channel", one.pk)) for one in with_last(owner.channels.exclude(way=Way.CALENDAR))]
    ways = [(way, owner.url("new", way)) for way in owner.ways if way != Way.EMAIL or settings.EMAIL_HOST]
    groups = own_groups(request.user, today()) if owner.organization is None else []
    return page_of(request, owner, "channels", rows=rows, ways=ways, groups=groups, stuck=is_stuck(timezone.now()))


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, way: str, code: str = "") -> HttpResponse:
    owner = owner_of(request, code)
    if way not in owner.ways:
        raise Http404
    form = ChannelForm(way, request.POST or None, initial=defaults(way))
    if request.method == "POST" and form.is_valid():
        try:
            values = {**form.cleaned_data, "way": way}
            made = keeping.add_channel(request.user, owner.organization, values, timezone.now())
        except UserError as error:
            form.refuse(error)
        else:
            messages.success(request, _("已添加，正在发送测试消息。"))
            return redirect(owner.url("channel", made.pk))
    return page_of(request, owner, "new", 422 if form.is_bound else 200, form=form, way=Way(way))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def channel(request: HttpRequest, pk: int, code: str = "") -> HttpResponse:
    """One way: its settings, the test message, the digits that confirm an e-mail address; removing it."""
    owner = owner_of(request, code)
    one = get_object_or_404(owner.channels.exclude(way=Way.CALENDAR), pk=pk)
    if is_htmx(request) and request.method == "GET":
        return page_of(request, owner, "_test", **_test(owner, one), swapped=True)
    confirming = request.POST.get("act") == "confirm"
    form = SettingsForm(
        one.way, request.POST if request.method == "POST" and not confirming else None, initial=settings_of(one)
    )
    wrong = ""
    if request.method == "POST":
        try:
            if confirming:
                keeping.confirm_email(request.user, one, request.POST.get("code", ""), timezone.now())
                messages.success(request, _("邮箱已确认，提醒会发到这里。"))
                return redirect(owner.url("channel", pk))
            if form.is_valid():
                keeping.change_channel(request.user, one, form.cleaned_data)
                messages.success(request, _("已保存。"))
                return redirect(owner.list_url)
        except UserError as error:
            wrong = said(error)
    context = {"form": form, "remove_url": owner.url("remove", pk), "wrong": wrong, **_test(owner, one)}
    return page_of(request, owner, "channel", 422 if wrong or form.errors else 200, **context)


def _test(owner: Owner, one: Channel) -> dict[str, Any]:
    return {
        "channel": one, "last": last_test(one), "stuck": is_stuck(timezone.now()),
        "url": owner.url("channel", one.pk), "test_url": owner.url("try_out", one.pk),
    }  # fmt: skip


@require_POST
def try_out(request: HttpRequest, pk: int, code: str = "") -> HttpResponse:
    owner = owner_of(request, code)
    one = get_object_or_404(owner.channels.exclude(way=Way.CALENDAR), pk=pk)
    try:
        keeping.send_test(request.user, one, timezone.now())
    except UserError as error:
        messages.error(request, said(error))
    return redirect(owner.url("channel", pk))


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, pk: int, code: str = "") -> HttpResponse:
    """Confirm on a page of its own."""
    owner = owner_of(request, code)
    one = get_object_or_404(owner.channels.exclude(way=Way.CALENDAR), pk=pk)
    if request.method == "POST":
        keeping.remove_channel(request.user, one, timezone.now())
        messages.success(request, _("已删除，不再向它发送；发送记录仍可查看。"))
        return redirect(owner.list_url)
    return page_of(request, owner, "remove", channel=one, back_url=owner.url("channel", pk))


@require_safe
def sent(request: HttpRequest, code: str = "") -> HttpResponse:
    """What was sent, what waits, what failed and why."""
    owner = owner_of(request, code)
    page = Paginator(deliveries_of(request.user, owner.organization), ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [(one, owner.url("again", one.pk)) for one in page]
    return page_of(request, owner, "sent", page=page, rows=rows, parameters="", stuck=is_stuck(timezone.now()))


@require_POST
def again(request: HttpRequest, pk: int, code: str = "") -> HttpResponse:
    owner = owner_of(request, code)
    found: Delivery = get_object_or_404(deliveries_of(request.user, owner.organization), pk=pk)
    try:
        keeping.send_again(request.user, found, timezone.now())
        messages.success(request, _("已重新排队，马上发送。"))
    except UserError as error:
        messages.error(request, said(error))
    return redirect(owner.sent_url)
