"""Accounts: kept by the system administrator; the security administrator reads the list and locks."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from zhibu.errors import UserError
from zhibu.http import said
from zhibu.org import access, accounts
from zhibu.org.access import require, today
from zhibu.org.forms import AccountForm, LockForm
from zhibu.org.models import Account, Member
from zhibu.org.views import form_page, fragment_or_page, get_or_post

PAGE = 50
FOUND = 20


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Log-ins with what their posts let them do."""
    require(access.may_lock_accounts(request.user, today()))
    asked = request.GET.get("q", "").strip()[:60]
    parameters = request.GET.copy()
    parameters.pop("page", None)
    page = Paginator(accounts.listed_accounts(asked), PAGE).get_page(request.GET.get("page"))
    context = {
        "asked": asked, "page": page, "parameters": parameters.urlencode(),
        "rows": accounts.with_roles(list(page), today()),
        "may_keep": access.may_keep_accounts(request.user, today()),
    }  # fmt: skip
    return fragment_or_page(request, "org/_accounts.html", "org/accounts.html", context)


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """For whom? Members without an account, found by name, number or branch."""
    require(access.may_keep_accounts(request.user, today()))
    asked = request.GET.get("q", "").strip()[:60]
    found = accounts.without_account(asked)[:FOUND] if asked else []
    context = {"asked": asked, "found": found, "most": FOUND}
    return fragment_or_page(request, "org/_candidates.html", "org/account_choose.html", context)


@never_cache
@get_or_post
def create(request: HttpRequest, pk: int) -> HttpResponse:
    """Open an account for a member; the answer shows the first password, once."""
    require(access.may_keep_accounts(request.user, today()))
    member = get_object_or_404(Member.objects.select_related("organization"), pk=pk)
    form = AccountForm(request.POST or None, initial={"username": f"{member.organization.code}-{member.number}"})
    if request.method == "POST" and form.is_valid():
        try:
            account, password = accounts.create_account(request.user, member, form.cleaned_data["username"])
            return render(request, "org/password_once.html", {"account": account, "password": password, "new": True})
        except UserError as error:
            form.refuse(error)
    title = _("开设账号：{name}").format(name=member.name)
    lead, back = member.organization.name, ("org:account_choose",)
    return form_page(request, None, form, title=title, lead=lead, button=_("开设"), back=back)


@require_safe
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: its roles, and what may be done with it."""
    require(access.may_lock_accounts(request.user, today()))
    found = get_object_or_404(Account.objects.select_related("member__organization"), pk=pk)
    accounts.with_roles([found], today())
    context = {
        "account": found, "form": LockForm(), "oneself": found.pk == request.user.pk,
        "may_keep": access.may_keep_accounts(request.user, today()),
        "may_reset": access.may_reset(request.user, found, today()),
        "may_lock": access.may_lock(request.user, found, today()),
    }  # fmt: skip
    return render(request, "org/account.html", context)


@never_cache
@require_POST
def reset(request: HttpRequest, pk: int) -> HttpResponse:
    require(access.may_keep_accounts(request.user, today()))
    found = get_object_or_404(Account.objects.select_related("member__organization"), pk=pk)
    require(access.may_reset(request.user, found, today()))
    password = accounts.reset_password(request.user, found)
    return render(request, "org/password_once.html", {"account": found, "password": password, "new": False})


@require_POST
def lock(request: HttpRequest, pk: int) -> HttpResponse:
    """Lock, or unlock; unlocking is the system administrator's."""
    unlocking = request.POST.get("act") == "unlock"
    may = access.may_keep_accounts if unlocking else access.may_lock_accounts
    require(may(request.user, today()))
    found = get_object_or_404(Account.objects.select_related("member__organization"), pk=pk)
    require(unlocking or found.pk == request.user.pk or access.may_lock(request.user, found, today()))
    try:
        if unlocking:
            accounts.unlock_account(request.user, found)
            messages.success(request, _("已恢复账号。"))
        else:
            accounts.lock_account(request.user, found, reason=request.POST.get("reason", "").strip()[:100])
            messages.success(request, _("已停用账号，已登录的会话随即失效。"))
    except UserError as error:
        messages.error(request, said(error))
    return redirect("org:account", pk=pk)
