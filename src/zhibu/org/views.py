"""Pages of bodies, members, posts and the journal. Here, and nowhere below, today is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zhibu.errors import UserError
from zhibu.http import is_htmx
from zhibu.org import access, queries, services
from zhibu.org.access import get_seen_or_404, require, today
from zhibu.org.bodies import BELOW
from zhibu.org.forms import (
    CellForm,
    EndOrganizationForm,
    EndPostForm,
    FoundForm,
    JournalForm,
    MemberForm,
    NewMemberForm,
    OrganizationForm,
    PostForm,
    Refusable,
    StatusForm,
    day_asked,
)
from zhibu.org.journal import VERBS, entries
from zhibu.org.models import (
    ABOVE_BRANCHES,
    PRESENT_STATUSES,
    Account,
    Member,
    Organization,
    OrganizationKind,
    Post,
    Status,
)
from zhibu.periods import add_months

PAGE = 50
REMIND_MONTHS = 6
get_or_post = require_http_methods(["GET", "HEAD", "POST"])


def _seen(request: HttpRequest, code: str) -> Organization:
    return get_seen_or_404(request.user, code, on=today())


def _managed(request: HttpRequest, code: str) -> Organization:
    organization = _seen(request, code)
    require(access.may_manage(request.user, organization, today()))
    return organization


def rights(request: HttpRequest, organization: Organization) -> dict[str, Any]:
    """What the pages of a body show links to."""
    day = today()
    return {
        "organization": organization,
        "today": day,
        "may_manage": access.may_manage(request.user, organization, day),
        "may_see_members": access.may_see_members(request.user, organization, day),
        "may_read_journal": access.may_read_journal(request.user, organization, day),
        "may_found": access.may_found(request.user, organization, day) and organization.kind in BELOW,
        "is_committee": organization.kind in ABOVE_BRANCHES,
        "is_branch": organization.kind == OrganizationKind.BRANCH,
    }


def _page(request: HttpRequest, rows: Any, size: int = PAGE) -> dict[str, Any]:
    parameters = request.GET.copy()
    parameters.pop("page", None)
    page = Paginator(rows, size).get_page(request.GET.get("page"))
    return {"page": page, "parameters": parameters.urlencode()}


def fragment_or_page(request: HttpRequest, fragment: str, page: str, context: dict[str, Any]) -> HttpResponse:
    """One view, two answers at one address: caches and the back button must not mistake one for the other."""
    response = render(request, fragment if is_htmx(request) else page, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _do(request: HttpRequest, form: Refusable, act: Callable[[], Any], done: str) -> bool:
    """Run a service over a valid form; its refusal becomes the form's, its success a notice."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        act()
    except UserError as error:
        form.refuse(error)
        return False
    access.forget(request.user)
    messages.success(request, done)
    return True


def form_page(
    request: HttpRequest, organization: Organization | None, form: Refusable, *, back: tuple[Any, ...], **context: Any
) -> HttpResponse:
    """The one page all simple forms share: a heading, the fields, a button, a way back."""
    context |= {"organization": organization, "form": form, "back_url": reverse(back[0], args=back[1:])}
    return render(request, "org/form.html", context, status=422 if form.is_bound else 200)


# --- bodies -----------------------------------------------------------------------------------------------------------


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All bodies the account may see, in the tree's order, searched and paged."""
    asked = request.GET.get("q", "").strip()[:60]
    bodies = access.seen_by(request.user, today()).order_by("path")
    # Cells are opened from their branch; in a county they would be most of the list.
    bodies = queries.searched(bodies, asked) if asked else bodies.exclude(kind=OrganizationKind.CELL)
    context = {
        "asked": asked,
        "may_found_root": access.may_keep_accounts(request.user, today()),
        **_page_of_bodies(request, bodies),
    }
    context["indent"] = True
    return fragment_or_page(request, "org/_bodies.html", "org/index.html", context)


def _page_of_bodies(request: HttpRequest, bodies: Any) -> dict[str, Any]:
    context = _page(request, queries.with_heads(bodies, today()))
    context["rows"] = list(context["page"])
    for body in context["rows"]:
        body.level = min(body.depth, 6)
        body.is_ended = bool(body.ended and body.ended <= today())
    return context


@require_safe
def show(request: HttpRequest, code: str) -> HttpResponse:
    """A body: its facts and committee; what is below it, level by level, or found anywhere below by search."""
    organization = _seen(request, code)
    asked = request.GET.get("q", "").strip()[:60]
    context = {**rights(request, organization), "asked": asked}
    if organization.numchild:
        context |= _page_of_bodies(request, _below(request, organization, asked))
    if is_htmx(request):
        return fragment_or_page(request, "org/_bodies.html", "", context)
    if context["may_see_members"]:
        context["committee"] = list(queries.committee_on(organization, today()))
        context["figures"] = queries.head_counts(organization, today())
    context["parent"] = _parent(request, organization)
    return fragment_or_page(request, "", "org/show.html", context)


def _below(request: HttpRequest, organization: Organization, asked: str) -> Any:
    """Bodies directly below, or those anywhere below that were asked for; only what the account may see."""
    children = queries.below(organization, today())
    if asked:
        found = Organization.objects.filter(path__startswith=organization.path).exclude(pk=organization.pk)
        children = queries.searched(found, asked)
    if access.powers(request.user, today()).reaches(organization):
        return children
    return children.filter(pk__in=access.seen_by(request.user, today()).values("pk"))


def _parent(request: HttpRequest, organization: Organization) -> Organization | None:
    """The body above, for those who may open it."""
    if organization.is_root():
        return None
    parent = Organization.objects.filter(path=organization.path[: -Organization.steplen]).first()
    return parent if parent and access.may_see(request.user, parent, today()) else None


@get_or_post
def found(request: HttpRequest, code: str) -> HttpResponse:
    parent = _seen(request, code)
    require(access.may_found(request.user, parent, today()))
    form = FoundForm(request.POST or None, parent=parent, initial={"founded": today(), "sector": parent.sector})
    made: list[Organization] = []

    def act() -> None:
        values = {**form.cleaned_data, "today": today()}
        made.append(services.found_organization(request.user, parent, **values))

    if _do(request, form, act, _("已新建组织。")):
        return redirect("org:show", code=made[0].code)
    back = ("org:show", code)
    return form_page(request, parent, form, title=_("新建下级组织"), button=_("新建"), back=back)


@get_or_post
def found_root(request: HttpRequest) -> HttpResponse:
    """The first body of an installation, with nothing above it: the system administrator's."""
    require(access.may_keep_accounts(request.user, today()))
    form = FoundForm(request.POST or None, parent=None, initial={"founded": today()})
    made: list[Organization] = []

    def act() -> None:
        values = {**form.cleaned_data, "today": today()}
        made.append(services.found_organization(request.user, None, **values))

    if _do(request, form, act, _("已新建组织。")):
        return redirect("org:show", code=made[0].code)
    lead = _("没有上级的组织。下级组织在其页面上新建。")
    return form_page(request, None, form, title=_("新建组织"), lead=lead, button=_("新建"), back=("org:index",))


@get_or_post
def edit(request: HttpRequest, code: str) -> HttpResponse:
    organization = _seen(request, code)
    require(access.may_found(request.user, organization, today()))
    names = ("name", "short_name", "sector", "founded", "recording_since", "units")
    form = OrganizationForm(request.POST or None, initial={name: getattr(organization, name) for name in names})

    def act() -> None:
        services.edit_organization(request.user, organization, today=today(), **form.cleaned_data)

    if _do(request, form, act, _("已保存。")):
        return redirect("org:show", code=code)
    return form_page(request, organization, form, title=_("修改组织资料"), button=_("保存"), back=("org:show", code))


@get_or_post
def end(request: HttpRequest, code: str) -> HttpResponse:
    """End a body: only who manages the one above."""
    organization = _seen(request, code)
    parent = Organization.objects.filter(path=organization.path[: -Organization.steplen]).first()
    require(access.may_found(request.user, parent or organization, today()))
    form = EndOrganizationForm(request.POST or None, initial={"on": today()})

    def act() -> None:
        services.end_organization(request.user, organization, today=today(), **form.cleaned_data)

    if _do(request, form, act, _("已撤销组织，记录仍可查看。")):
        return redirect("org:show", code=code)
    hint = _("撤销前，党员须已转出，下级组织须已撤销。撤销后名称和记录保留，不再产生要求。")
    return form_page(
        request,
        organization,
        form,
        title=_("撤销组织"),
        lead=hint,
        button=_("撤销"),
        danger=True,
        back=("org:show", code),
    )


# --- members ----------------------------------------------------------------------------------------------------------


@require_safe
def members(request: HttpRequest, code: str) -> HttpResponse:
    """The roster on a day. Who keeps it may choose the day and see those who left; others see today's names."""
    organization = _seen(request, code)
    context = rights(request, organization)
    require(context["may_see_members"])
    manages = context["may_manage"]
    day = day_asked(request.GET.get("on", ""), today()) if manages else today()
    asked, status, cell = (request.GET.get(name, "").strip()[:60] for name in ("q", "status", "cell"))
    known = {value for value, _label in Status.choices} if manages else set(PRESENT_STATUSES)
    rows = queries.members_on(organization, day, [status] if status in known else PRESENT_STATUSES)
    for word in asked.split():
        rows = rows.filter(Q(name__icontains=word) | Q(number=word))
    cells = list(queries.cells_of(organization, day)) if context["is_branch"] else []
    if cell.isascii() and cell.isdigit() and len(cell) < 10:
        rows = rows.filter(cell_pk=int(cell))
    context |= _page(request, rows.select_related("organization"))
    names = {one.pk: str(one) for one in cells}
    shown = queries.with_posts(context["page"], day, organization)
    for member in shown:
        member.cell_name = names.get(member.cell_pk, "")
        member.status_label = Status(member.status).label
    context |= {
        "rows": shown, "day": day, "cells": cells, "wanted": {"q": asked, "status": status, "cell": cell},
        "statuses": [(value, label) for value, label in Status.choices if value in known],
        "narrowed": bool(asked or status or cell or day != today()),
        "own": access.powers(request.user, today()).member_id,
    }  # fmt: skip
    return fragment_or_page(request, "org/_members.html", "org/members.html", context)


def _member_here(organization: Organization, pk: int) -> Member:
    """A member whose file is here, or who once belonged here."""
    here = Q(organization=organization) | Q(statuses__organization=organization)
    return get_object_or_404(Member.objects.filter(here).distinct(), pk=pk)


def _own_member(organization: Organization, pk: int) -> Member:
    return get_object_or_404(Member.objects.select_related("organization"), pk=pk, organization=organization)


@require_safe
def member(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One member's file: only oneself and those who keep the roster. Of one who left, only the time here."""
    organization = _seen(request, code)
    found = _member_here(organization, pk)
    require(access.may_read_file_of(request.user, organization, found.pk, today()))
    whole = found.organization_id == organization.pk
    statuses = found.statuses.select_related("organization", "cell").order_by("-since", "-id")
    posts = found.posts.select_related("organization").order_by("-since", "-id")
    if not whole:
        statuses = statuses.filter(organization=organization)
        posts = posts.filter(organization__path__startswith=organization.path)
    context = {
        **rights(request, organization),
        "member": found,
        "whole": whole,
        "statuses": list(statuses),
        "posts": list(posts),
    }
    context["now"] = next((row for row in context["statuses"] if row.organization_id == organization.pk), None)
    context["may_take_back"] = sum(row.organization_id == organization.pk for row in context["statuses"]) > 1
    return render(request, "org/member.html", context)


@get_or_post
def member_new(request: HttpRequest, code: str) -> HttpResponse:
    organization = _managed(request, code)
    cells = queries.cells_of(organization, today())
    form = NewMemberForm(request.POST or None, cells=cells, initial={"status": Status.FULL})
    made: list[Member] = []

    def act() -> None:
        made.append(services.add_member(request.user, organization, today=today(), **form.values()))

    if _do(request, form, act, _("已登记。")):
        return redirect("org:member", code=code, pk=made[0].pk)
    back = ("org:members", code)
    return form_page(request, organization, form, title=_("登记党员"), button=_("登记"), back=back, wide=True)


@get_or_post
def member_edit(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    organization = _managed(request, code)
    found = _own_member(organization, pk)
    names = ("name", "number", "gender", "born", "education", "job", "joined", "confirmed", "cared_for")
    form = MemberForm(request.POST or None, initial={name: getattr(found, name) for name in names})
    form.fields["number"].required = True
    form.fields["number"].help_text = ""
    if found.identity_tail:
        form.fields["identity"].help_text = _("已登记，末四位{tail}。需要更正时才填写。").format(
            tail=found.identity_tail
        )

    def act() -> None:
        services.edit_member(request.user, found, today=today(), **form.values())

    if _do(request, form, act, _("已保存。")):
        return redirect("org:member", code=code, pk=pk)
    title = _("修改资料：{name}").format(name=found.name)
    return form_page(
        request, organization, form, title=title, button=_("保存"), back=("org:member", code, pk), wide=True
    )


@get_or_post
def status(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Confirm, transfer, suspend …: what the present status allows."""
    organization = _managed(request, code)
    found = _own_member(organization, pk)
    now = found.statuses.filter(organization=organization).order_by("-since").first()
    require(now is not None)
    managed = access.managed_by(request.user, today()).filter(kind=OrganizationKind.BRANCH)
    several = managed.exclude(pk=organization.pk).exists()
    form = StatusForm(request.POST or None, now=now.status, several=several, initial={"since": today()})

    def act() -> None:
        values = dict(form.cleaned_data)
        wanted = values.pop("destination", "").strip()
        destination = managed.filter(code=wanted).first() if wanted else None
        if wanted and (destination is None or values["status"] != Status.TRANSFERRED):
            raise UserError("not-a-branch", "请填写您管理的支部的代码，并选“已转出”；转往别处时留空。")
        services.change_status(request.user, found, destination=destination, today=today(), **values)

    if _do(request, form, act, _("已变更状态。")):
        return redirect("org:members", code=code)
    title = _("变更状态：{name}").format(name=found.name)
    lead = _("现为{status}，自{day}起。").format(status=now.get_status_display(), day=now.since)
    back = ("org:member", code, pk)
    return form_page(request, organization, form, title=title, lead=lead, button=_("变更"), back=back)


@get_or_post
def cell(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    organization = _managed(request, code)
    found = _own_member(organization, pk)
    form = CellForm(request.POST or None, cells=queries.cells_of(organization, today()), initial={"since": today()})

    def act() -> None:
        services.move_to_cell(request.user, found, today=today(), **form.cleaned_data)

    if _do(request, form, act, _("已编入党小组。")):
        return redirect("org:member", code=code, pk=pk)
    title = _("编入党小组：{name}").format(name=found.name)
    return form_page(request, organization, form, title=title, button=_("保存"), back=("org:member", code, pk))


@get_or_post
def take_back(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The last change of status was a mistake: asked on a page of its own."""
    organization = _managed(request, code)
    found = _own_member(organization, pk)
    form = Refusable(request.POST if request.method == "POST" else None)
    done = _("已撤回。因这次变更而离任的职务没有恢复，请核对。")
    if _do(request, form, lambda: services.take_back_status(request.user, found), done):
        return redirect("org:member", code=code, pk=pk)
    title = _("撤回最近一次状态变更：{name}").format(name=found.name)
    lead = _("用于改正登记错误。撤回后恢复为变更前的状态；日志中两次操作都会保留。")
    back = ("org:member", code, pk)
    return form_page(request, organization, form, title=title, lead=lead, button=_("撤回"), danger=True, back=back)


# --- posts ------------------------------------------------------------------------------------------------------------


@require_safe
def posts(request: HttpRequest, code: str) -> HttpResponse:
    """The committee in office with its term, other posts, and who held them before."""
    organization = _seen(request, code)
    context = rights(request, organization)
    require(context["may_see_members"])
    held = list(queries.posts_on(organization, today()))
    ends = max((post.term_ends for post in held if post.term_ends), default=None)
    before = Post.objects.filter(organization=organization, until__lte=today()).select_related("member")
    context |= {
        "held": held, "ends": ends, "days_left": (ends - today()).days if ends else None,
        "remind": bool(ends and ends <= add_months(today(), REMIND_MONTHS)),
        **_page(request, before.order_by("-until", "-id"), 20),
    }  # fmt: skip
    return render(request, "org/posts.html", context)


@get_or_post
def post_new(request: HttpRequest, code: str) -> HttpResponse:
    organization = _managed(request, code)
    own = organization.kind in (OrganizationKind.BRANCH, OrganizationKind.CELL)
    choices = queries.members_on(organization, today()) if own else None
    form = PostForm(request.POST or None, organization=organization, members=choices, initial={"since": today()})

    def act() -> None:
        services.assign_post(request.user, organization, today=today(), **form.cleaned_data)

    if _do(request, form, act, _("已登记任职。")):
        return redirect("org:posts", code=code)
    return form_page(request, organization, form, title=_("登记任职"), button=_("登记"), back=("org:posts", code))


@get_or_post
def post_end(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    organization = _managed(request, code)
    post = get_object_or_404(Post.objects.select_related("member"), pk=pk, organization=organization)
    form = EndPostForm(request.POST or None, initial={"until": today()})

    def act() -> None:
        services.end_post(request.user, post, today=today(), **form.cleaned_data)

    if _do(request, form, act, _("已登记离任。")):
        return redirect("org:posts", code=code)
    title = _("登记离任：{name}，{title}").format(name=post.member.name, title=post.get_title_display())
    return form_page(request, organization, form, title=title, button=_("登记离任"), back=("org:posts", code))


# --- journal ----------------------------------------------------------------------------------------------------------


@require_safe
def journal(request: HttpRequest, code: str = "") -> HttpResponse:
    """Who did what, when: of a body and those below it, or, for the audit administrator, everywhere."""
    organization = _seen(request, code) if code else None
    if organization is None:
        require(isinstance(request.user, Account) and access.powers(request.user, today()).office == "audit")
        context: dict[str, Any] = {"organization": None}
    else:
        context = rights(request, organization)
        require(context["may_read_journal"])
    form = JournalForm(request.GET)
    form.is_valid()
    given = {name: form.cleaned_data.get(name) for name in ("since", "until")}
    words = {name: form.cleaned_data.get(name, "") for name in ("who", "verb")}
    context |= {"form": form, **_page(request, entries(organization, **words, **given))}
    context["rows"] = [{"entry": entry, "verb": VERBS.get(entry.verb, entry.verb)} for entry in context["page"]]
    return fragment_or_page(request, "org/_journal.html", "org/journal.html", context)
