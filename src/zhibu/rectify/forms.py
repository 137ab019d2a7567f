"""What the pages about problems ask for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from zhibu.activities.forms import in_language
from zhibu.activities.kinds import load_kinds
from zhibu.duties.forms import DateInput
from zhibu.duties.models import Source
from zhibu.ledger.queries import bodies_below
from zhibu.org.models import ABOVE_BRANCHES, Member, Organization, OrganizationKind
from zhibu.org.queries import existing_on
from zhibu.rectify.kinds import problem_kinds
from zhibu.rectify.models import Problem
from zhibu.rectify.reading import MOST
from zhibu.rectify.services import LONGEST, RECURRING, Finding, Recurring
from zhibu.rulebook.yamlfile import vocabulary
from zhibu.tasks.forms import OneOf, people_of
from zhibu.tasks.models import Task
from zhibu.tasks.services import Terms

YEARS_BACK = 5


def kind_choices(empty: str) -> list[tuple[str, str]]:
    english = get_language() == "en"
    return [("", empty), *((one.slug, one.label_en if english else one.label) for one in problem_kinds().values())]


def bodies_for(finder: Organization, on: date) -> Any:
    """Whose problems a committee may enter: those of every body below, but Party cells, and its own."""
    own = Organization.objects.filter(pk=finder.pk)
    below = bodies_below(finder).exclude(kind=OrganizationKind.CELL) | own
    return below.filter(existing_on(on)).order_by("path")


class SourceForm(forms.Form):
    """The list problems are put on."""

    source = forms.ChoiceField(label=gettext_lazy("来源"), choices=Source.choices)
    year = forms.TypedChoiceField(
        label=gettext_lazy("年度"), coerce=int, help_text=gettext_lazy("问题说的是哪一年的工作。")
    )
    issuer = forms.CharField(
        label=gettext_lazy("谁提出的"), max_length=120, required=False,
        help_text=gettext_lazy("本组织提出的不填；例如：县委第三巡察组。"),
    )  # fmt: skip
    found_on = forms.DateField(label=gettext_lazy("发现日期"), widget=DateInput)

    def __init__(self, *args: Any, organization: Organization, on: date, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["year"].choices = [(year, year) for year in range(on.year, on.year - YEARS_BACK, -1)]  # type: ignore[attr-defined]


class FindingForm(forms.Form):
    """One problem in words."""

    text = forms.CharField(
        label=gettext_lazy("问题"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("一个问题一条，写清什么事、到什么程度。"),
    )  # fmt: skip
    kind = forms.ChoiceField(label=gettext_lazy("类别"), required=False)
    place = forms.CharField(
        label=gettext_lazy("出处"), max_length=200, required=False,
        help_text=gettext_lazy("从哪里看出来的，例如：述职报告第三部分、6月支委会记录。"),
    )  # fmt: skip
    cause = forms.CharField(
        label=gettext_lazy("原因"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2}), required=False
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["kind"].choices = kind_choices(_("按文字判断"))  # type: ignore[attr-defined]

    def finding(self) -> Finding:
        given = self.cleaned_data
        return Finding(given["text"], given["kind"], given["cause"], given["place"])


class ProblemForm(FindingForm, SourceForm):
    """A problem with the list it goes on; for a committee also whose it is."""

    body = OneOf(label=gettext_lazy("哪个组织的问题"), queryset=Organization.objects.none())
    field_order = ["body", "source", "year", "issuer", "found_on", "text", "kind", "place", "cause"]

    def __init__(self, *args: Any, organization: Organization, on: date, **more: Any) -> None:
        super().__init__(*args, organization=organization, on=on, **more)
        if organization.kind in ABOVE_BRANCHES:
            self.fields["body"].queryset = bodies_for(organization, on)  # type: ignore[attr-defined]
        else:
            del self.fields["body"]


class MeasureForm(forms.Form):
    text = forms.CharField(label=gettext_lazy("整改措施"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    asked = forms.CharField(
        label=gettext_lazy("完成的标志"), max_length=200, required=False,
        help_text=gettext_lazy("看到什么算改好了。已有记录能说明的，不另要材料。"),
    )  # fmt: skip
    owner = OneOf(label=gettext_lazy("责任人"), queryset=Member.objects.none())
    due = forms.DateField(label=gettext_lazy("完成时限"), widget=DateInput)
    kind = forms.ChoiceField(label=gettext_lazy("以哪种活动完成"), required=False)
    per = forms.ChoiceField(
        label=gettext_lazy("周期"), required=False,
        help_text=gettext_lazy("按周期开展的，到完成时限为止由台账自动计数。"),
    )  # fmt: skip
    count = forms.IntegerField(
        label=gettext_lazy("每个周期几次"), min_value=1, max_value=100, initial=1, required=False
    )

    def __init__(self, *args: Any, organization: Organization, on: date, **more: Any) -> None:
        super().__init__(*args, prefix="measure", **more)
        words = vocabulary()["recurrences"]
        kinds = [kind for kind in load_kinds().values() if organization.kind in kind.bodies and not kind.private]
        self.fields["owner"].queryset = people_of(organization, on)  # type: ignore[attr-defined]
        self.fields["kind"].choices = [("", _("不是活动")), *((one.slug, in_language(one)) for one in kinds)]  # type: ignore[attr-defined]
        self.fields["per"].choices = [("", _("一次性")), *((slug, _(words[slug]["label"])) for slug in RECURRING)]  # type: ignore[attr-defined]

    def terms(self) -> Terms:
        given = self.cleaned_data
        return Terms(given["text"], given["asked"], given["due"], given["owner"], kind=given["kind"])

    def recurring(self) -> Recurring | None:
        given = self.cleaned_data
        return Recurring(given["kind"], given["count"] or 1, given["per"]) if given["per"] else None


class LinkForm(forms.Form):
    measure = OneOf(label=gettext_lazy("已有的整改措施"), queryset=Task.objects.none())

    def __init__(self, *args: Any, problem: Problem, on: date, **more: Any) -> None:
        super().__init__(*args, prefix="link", **more)
        others = Task.objects.filter(organization=problem.organization_id, problems__isnull=False)
        mine = problem.measures.values("pk")
        self.fields["measure"].queryset = others.exclude(pk__in=mine).distinct().order_by("-id")  # type: ignore[attr-defined]
        self.fields["measure"].label_from_instance = lambda task: task.text[:60]  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("说明"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2}), required=False
    )


class PassOnForm(forms.Form):
    """Which body goes on with the open problems of one that was ended."""

    ended = OneOf(label=gettext_lazy("已撤销的组织"), queryset=Organization.objects.none())
    successor = OneOf(label=gettext_lazy("由哪个组织继续整改"), queryset=Organization.objects.none())

    def __init__(
        self, *args: Any, committee: Organization, ended: Iterable[Organization], on: date, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        gone = Organization.objects.filter(pk__in=[body.pk for body in ended])
        self.fields["ended"].queryset = gone  # type: ignore[attr-defined]
        self.fields["successor"].queryset = bodies_for(committee, on)  # type: ignore[attr-defined]


class HandedForm(SourceForm):
    """A list handed in: pasted or as a file. While its rows are looked at, neither is asked for again."""

    words = forms.CharField(
        label=gettext_lazy("粘贴问题"), required=False, max_length=60_000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("一行一个问题；也可以把 Word、Excel 里的表格整块粘贴进来，带上“问题”那一行表头。"),
    )  # fmt: skip
    file = forms.FileField(label=gettext_lazy("或选择文件"), required=False, max_length=200)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if "form-TOTAL_FORMS" not in self.data and not given.get("words", "").strip() and not given.get("file"):
            self.add_error("words", _("请粘贴问题，或选择一个文件。"))
        return given


class RowForm(FindingForm):
    """A row of the list that was read."""

    take = forms.BooleanField(label=gettext_lazy("登记这一条"), required=False)
    body = forms.CharField(label=gettext_lazy("组织"), max_length=120, required=False)
    field_order = ["take", "body", "text", "kind", "cause", "place"]

    def __init__(
        self, *args: Any, bodies: Mapping[str, Organization | None] | None, kinds: list[tuple[str, str]], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        self.fields["text"].widget.attrs["rows"] = 2
        self.fields["text"].help_text = self.fields["place"].help_text = ""
        self._bodies = bodies
        if bodies is None:
            del self.fields["body"]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not given.get("take"):
            self.errors.clear()  # what is not taken need not be right
        elif self._bodies is not None:
            given["found_body"] = self._bodies.get(given.get("body", "").strip())
            if given["found_body"] is None:
                self.add_error("body", _("没有这个下级组织，请写全称、简称或代码。"))
        return given


RowForms = forms.formset_factory(RowForm, extra=0, max_num=MOST, absolute_max=MOST)
