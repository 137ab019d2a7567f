"""Pages of a body's corpus: what is in it, adding with a look at what was read, taking out, writing the file anew."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhibu.corpus import queries, services
from zhibu.corpus.access import may_keep_corpus, may_open_corpus, may_read_text
from zhibu.corpus.file import root_of
from zhibu.corpus.forms import FilterForm, TextForms, TitleForm, UploadForm
from zhibu.corpus.models import CorpusText
from zhibu.corpus.reading import Upload, checked, guessed, read_uploads
from zhibu.errors import UserError
from zhibu.http import is_htmx, said
from zhibu.org.access import get_seen_or_404, may_see, require, today
from zhibu.org.models import Organization

PAGE = 50
SHOWN = 240
"""Characters of a text the preview shows."""


def _opened(request: HttpRequest, code: str) -> Organization:
    organization = get_seen_or_404(request.user, code, on=today())
    require(may_open_corpus(request.user, organization, today()))
    return organization


def _kept(request: HttpRequest, code: str) -> Organization:
    organization = get_seen_or_404(request.user, code, on=today())
    require(may_keep_corpus(request.user, organization, today()))
    return organization


@require_safe
def index(request: HttpRequest, code: str) -> HttpResponse:
    """The texts that serve the body, and what else its reports are compared with."""
    organization = _opened(request, code)
    texts = queries.texts_serving(organization)
    form = FilterForm(request.GET, years=queries.years_of(texts))
    asked = form.cleaned_data if form.is_valid() else {}
    wanted = {"words": asked.get("q", ""), "visibility": asked.get("visibility", ""), "year": asked.get("year")}
    parameters = request.GET.copy()
    parameters.pop("page", None)
    context = {
        "organization": organization, "form": form, "narrowed": any(wanted.values()),
        "page": Paginator(queries.narrowed(texts, **wanted), PAGE).get_page(request.GET.get("page")),
        "parameters": parameters.urlencode(), "may_keep": may_keep_corpus(request.user, organization, today()),
    }  # fmt: skip
    if not is_htmx(request):
        context["held"] = queries.held(root_of(organization))
    response = render(request, "corpus/_texts.html" if is_htmx(request) else "corpus/index.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, code: str) -> HttpResponse:
    """Files in, what was read shown, then kept: until that last step nothing is stored."""
    organization = _kept(request, code)
    if request.method != "POST":
        return _upload_page(request, organization, UploadForm())
    if "form-TOTAL_FORMS" in request.POST:
        return _save(request, organization)
    form = UploadForm(request.POST)
    if not form.is_valid():
        return _upload_page(request, organization, form)
    try:
        uploads = _uploads(request, form.cleaned_data["pasted"])
    except UserError as refused:
        form.add_error(None, said(refused))
        return _upload_page(request, organization, form)
    return _preview(request, organization, uploads, form.cleaned_data)


def _uploads(request: HttpRequest, pasted: str) -> list[Upload]:
    files = [(file.name or "", file.read()) for file in request.FILES.getlist("files")]
    uploads = read_uploads(files) if files else []
    if pasted.strip():
        uploads.append(guessed("", checked(pasted, _("粘贴的文字"))))
    if not uploads:
        raise UserError("corpus-no-file", "请选择文件，或粘贴一篇文字。")
    return uploads


def _upload_page(request: HttpRequest, organization: Organization, form: UploadForm) -> HttpResponse:
    context = {"organization": organization, "form": form}
    return render(request, "corpus/add.html", context, status=422 if form.errors else 200)


def _preview(
    request: HttpRequest, organization: Organization, uploads: Sequence[Upload], asked: dict[str, Any]
) -> HttpResponse:
    read = [upload for upload in uploads if upload.problem is None]
    twice = _twice(organization, read)
    initial = [
        {
            "keep": number not in twice, "title": upload.title, "owner": asked["owner"] or upload.owner,
            "year": asked["year"] or upload.year, "visibility": asked["visibility"], "file_name": upload.file_name,
            "text": upload.text,
        }
        for number, upload in enumerate(read)
    ]  # fmt: skip
    refused = [(upload.file_name, said(upload.problem)) for upload in uploads if upload.problem is not None]
    return _preview_page(request, organization, TextForms(initial=initial), refused=refused, twice=twice)


def _twice(organization: Organization, uploads: Sequence[Upload]) -> set[int]:
    """Which of the texts the corpus has already, or an earlier file of the same lot is."""
    digests = [hashlib.sha256(upload.text.encode("utf-8", "replace")).hexdigest() for upload in uploads]
    there = CorpusText.objects.filter(organization=organization, digest__in=digests).values_list("digest", flat=True)
    known, found = set(there), set()
    for number, digest in enumerate(digests):
        if digest in known:
            found.add(number)
        known.add(digest)
    return found


def _preview_page(
    request: HttpRequest, organization: Organization, forms: Any, status: int = 200, **more: Any
) -> HttpResponse:
    rows = [(form, str(form["text"].value() or "")) for form in forms]
    shown = [(form, len(text), text[:SHOWN], number) for number, (form, text) in enumerate(rows)]
    context = {"organization": organization, "forms": forms, "rows": shown, "twice": set(), **more}
    return render(request, "corpus/preview.html", context, status=status)


def _save(request: HttpRequest, organization: Organization) -> HttpResponse:
    forms = TextForms(request.POST)
    if not forms.is_valid():
        return _preview_page(request, organization, forms, status=422)
    chosen = [form.new_text() for form in forms if form.cleaned_data["keep"]]
    try:
        if not chosen:
            raise UserError("corpus-none-chosen", "没有勾选要收入的文字。")
        added = services.add_texts(request.user, organization, chosen, at=timezone.now())
    except UserError as refused:
        return _preview_page(request, organization, forms, status=422, problem=said(refused))
    count = len(added)
    messages.success(request, ngettext("已收入{n}篇。", "已收入{n}篇。", count).format(n=count))
    return redirect("corpus:index", code=organization.code)


@require_safe
def show(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One text, to be read. Templates and material of the bodies above are read here too, without their other pages."""
    rows = CorpusText.objects.select_related("organization", "added_by__member")
    text = get_object_or_404(rows, pk=pk, organization__code=code)
    if not may_read_text(request.user, text, today()):
        raise Http404
    seen = may_see(request.user, text.organization, today())
    context = {
        "organization": text.organization if seen else None, "text": text,
        "lines": [line for line in text.text.split("\n") if line.strip()],
        "may_open": may_open_corpus(request.user, text.organization, today()),
        "may_keep": may_keep_corpus(request.user, text.organization, today()),
    }  # fmt: skip
    return render(request, "corpus/show.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Put the title of a text right."""
    organization = _kept(request, code)
    text = get_object_or_404(CorpusText.objects.defer("text"), pk=pk, organization=organization)
    form = TitleForm(request.POST or None, initial={"title": text.title})
    if request.method == "POST" and form.is_valid():
        try:
            services.rename_text(request.user, text, form.cleaned_data["title"])
        except UserError as refused:
            form.add_error("title", said(refused))
        else:
            messages.success(request, _("已保存。"))
            return redirect("corpus:show", code=code, pk=pk)
    context = {"organization": organization, "text": text, "form": form}
    return render(request, "corpus/rename.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Take a text out, after a page that says what that means."""
    organization = _kept(request, code)
    text = get_object_or_404(CorpusText.objects.defer("text"), pk=pk, organization=organization)
    if request.method != "POST":
        return render(request, "corpus/remove.html", {"organization": organization, "text": text})
    services.remove_text(request.user, text)
    messages.success(request, _("《{title}》已移出资料库。").format(title=text.title))
    return redirect("corpus:index", code=code)


@require_POST
def rebuild(request: HttpRequest, code: str) -> HttpResponse:
    """Write the file of the tree anew."""
    organization = _kept(request, code)
    count = services.rebuild(request.user, organization)
    messages.success(request, _("索引已重建，共{n}篇。").format(n=count))
    return redirect("corpus:index", code=code)
