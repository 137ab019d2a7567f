"""The calendar one subscribes to: its page, and the feed behind the secret address."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from zhibu.notices.access import own_channels
from zhibu.notices.channels import calendar_channel, renew_calendar, stop_calendar
from zhibu.notices.models import Way
from zhibu.org.access import today
from zhibu.reminders.agenda import agenda_of
from zhibu.reminders.calendar import as_ics


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: HttpRequest) -> HttpResponse:
    """Make, renew or stop the secret address. It is shown once, on the answer to the press that made it."""
    address = ""
    if request.method == "POST":
        if request.POST.get("act") == "stop":
            stop_calendar(request.user, timezone.now())
            messages.success(request, _("已停用，原来的地址不能再用。"))
            return redirect("reminders:calendar")
        channel, token = renew_calendar(request.user, timezone.now())
        path = reverse("reminders:feed", args=[channel.pk, token])
        address = f"{settings.ADDRESS}{path}" if settings.ADDRESS else request.build_absolute_uri(path)
    current = own_channels(request.user).filter(way=Way.CALENDAR).first()
    return render(request, "reminders/calendar.html", {"current": current, "address": address})


@login_not_required
@never_cache
@require_safe
def feed(request: HttpRequest, pk: int, token: str) -> HttpResponse:
    """The calendar of whoever made the address. Any other address leads nowhere, whatever is wrong with it."""
    channel = calendar_channel(pk, token)
    if channel is None:
        raise Http404
    zone = ZoneInfo(settings.TIME_ZONE)
    entries = agenda_of(channel.account, today(), zone, settings.ADDRESS)
    text = as_ics(_("支部工作"), entries, zone, timezone.now())
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'inline; filename="zhibu.ics"'
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
