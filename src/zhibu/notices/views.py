"""What one was told; how the sending stands."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from zhibu.http import is_htmx
from zhibu.notices.access import may_watch_sending
from zhibu.notices.kinds import kinds_for_people
from zhibu.notices.models import Notice
from zhibu.notices.queries import is_stuck, notices_of, progress, share_done, unread_count
from zhibu.notices.services import mark_all_read, mark_read
from zhibu.org.access import require, today

ON_A_PAGE = 30


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """One's own notices, newest first."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in kinds_for_people() else ""
    unread = request.GET.get("show") == "unread"
    page = Paginator(notices_of(request.user, kind=kind, unread=unread), ON_A_PAGE).get_page(request.GET.get("page"))
    parameters = request.GET.copy()
    parameters.pop("page", None)
    context = {
        "page": page, "kind": kind, "unread": unread, "kinds": kinds_for_people(), "parameters": parameters.urlencode(),
        "may_watch": may_watch_sending(request.user, today()),
    }  # fmt: skip
    return render(request, "notices/index.html", context)


@require_safe
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """To the page a notice is about; it counts as read from now on."""
    notice = mark_read(request.user, pk, timezone.now())
    if notice is None:
        raise Http404
    return redirect(notice.url or "notices:index")


@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one as read: its row again, or back to the list."""
    if mark_read(request.user, pk, timezone.now()) is None:
        raise Http404
    if is_htmx(request):
        notice = get_object_or_404(Notice.objects.select_related("organization"), pk=pk)
        return render(request, "notices/_notice.html", {"notice": notice, "kinds": kinds_for_people(), "swapped": True})
    return redirect("notices:index")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    if mark_all_read(request.user, timezone.now()):
        messages.success(request, _("已全部标为已读。"))
    return redirect("notices:index")


@never_cache
@require_safe
def count(request: HttpRequest) -> HttpResponse:
    """Unread notices, for pages that have no live updates. The request does not keep the session alive."""
    return JsonResponse({"unread": unread_count(request.user)})


@never_cache
@require_safe
def sending(request: HttpRequest) -> HttpResponse:
    """How many messages wait, went out, failed; for the system administrator, without their content."""
    require(may_watch_sending(request.user, today()))
    now, counts = timezone.now(), progress()
    context = {"progress": counts, "share": share_done(now, counts), "stuck": is_stuck(now)}
    return render(request, "notices/_sending.html" if is_htmx(request) else "notices/sending.html", context)
