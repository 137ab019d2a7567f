"""One's own access tokens: made, shown once, revoked."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from zhibu.errors import UserError
from zhibu.org import tokens as service
from zhibu.org.access import today
from zhibu.org.forms import TokenForm
from zhibu.org.models import Token
from zhibu.org.views import get_or_post


@sensitive_post_parameters("password")
@never_cache
@get_or_post
def tokens(request: HttpRequest) -> HttpResponse:
    """The tokens in force, and a form for another one; its text stands on the answer and nowhere else."""
    form = TokenForm(request.POST if request.method == "POST" else None)
    context: dict[str, object] = {"form": form}
    if request.method == "POST" and form.is_valid() and _is_oneself(request, form):
        given = form.cleaned_data
        try:
            made = service.make_token(
                request.user, given["name"], given["scope"], given["days"], today(), at=timezone.now()
            )
        except UserError as refused:
            form.refuse(refused)
        else:
            context |= {"form": TokenForm(), "made": made[0], "text": made[1]}
    context["rows"] = list(service.tokens_of(request.user, today()))
    return render(request, "org/tokens.html", context, status=422 if form.errors else 200)


def _is_oneself(request: HttpRequest, form: TokenForm) -> bool:
    """Whoever sits down at an open page does not know the password; wrong ones count towards the lock."""
    given = {"username": request.user.get_username(), "password": form.cleaned_data["password"]}
    if authenticate(request, **given) == request.user:
        return True
    form.add_error("password", _("当前密码不对，请重新输入。"))
    return False


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(
        Token.objects.select_related("account__member__organization"), pk=pk, account=request.user
    )
    service.revoke_token(request.user, token, at=timezone.now())
    messages.success(request, _("已作废访问令牌“{name}”。").format(name=token.name))
    return redirect("org:tokens")
