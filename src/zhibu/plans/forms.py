"""What the pages of plans, lists, campaigns and projects ask for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from zhibu.activities.forms import in_language
from zhibu.activities.kinds import load_kinds
from zhibu.activities.models import Activity
from zhibu.duties.forms import DateInput
from zhibu.duties.models import Form, Origin
from zhibu.org.models import Member, Organization
from zhibu.plans.copying import Line
from zhibu.plans.origins import RECURRING, About, Asked
from zhibu.plans.packs import packs
from zhibu.plans.services import MOST_ITEMS, Row
from zhibu.rulebook.yamlfile import vocabulary
from zhibu.tasks.forms import BodiesForm, OneOf, SomeOf, people_of

BLANK_ROWS = 2
MOST_LINES = 300


def kind_choices(organization: Organization, empty: str) -> list[tuple[str, str]]:
    kinds = [kind for kind in load_kinds().values() if organization.kind in kind.bodies]
    return [("", empty), *((kind.slug, in_language(kind)) for kind in kinds)]


class ItemForm(forms.Form):
    """A row of the plan's table."""

    id = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**62)
    text = forms.CharField(label=gettext_lazy("事项"), max_length=300, required=False)
    due = forms.DateField(label=gettext_lazy("时限"), widget=DateInput, required=False)
    owner = forms.TypedChoiceField(label=gettext_lazy("责任人"), required=False, empty_value=None)
    kind = forms.ChoiceField(label=gettext_lazy("活动"), required=False)
    drop = forms.BooleanField(label=gettext_lazy("删去"), required=False)

    def __init__(self, *args: Any, people: Sequence[Member], kinds: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        # People were asked for once, not once a row.
        self.fields["owner"].choices = [("", _("未定")), *((str(one.pk), one.name) for one in people)]  # type: ignore[attr-defined]
        self.fields["owner"].coerce = {str(one.pk): one for one in people}.get  # type: ignore[attr-defined]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not given.get("drop") and given.get("text") and not given.get("due") and "due" not in self.errors:
            self.add_error("due", _("请填写时限。"))
        if not given.get("drop") and given.get("id") and not given.get("text"):
            self.add_error("text", _("请写明内容；不要这一项的，勾选“删去”。"))
        return given


ItemFormSet = forms.formset_factory(ItemForm, extra=BLANK_ROWS, max_num=MOST_ITEMS, absolute_max=MOST_ITEMS + 20)


def item_forms(data: Any, organization: Organization, on: date, rows: Sequence[dict[str, Any]] = ()) -> Any:
    options = {"people": list(people_of(organization, on)), "kinds": kind_choices(organization, _("不是活动"))}
    return ItemFormSet(data, initial=list(rows), form_kwargs=options, prefix="item")


def rows_of(formset: Iterable[forms.Form]) -> list[Row]:
    """The rows that stay and say something."""
    given = [form.cleaned_data for form in formset if form.cleaned_data.get("text") and not form.cleaned_data["drop"]]
    return [Row(row["id"] or 0, row["text"], row["due"], row["owner"], row["kind"]) for row in given]


class MeetingForm(forms.Form):
    """Which meeting approved it."""

    meeting = OneOf(label=gettext_lazy("在哪次会议上通过"), queryset=Activity.objects.none())

    def __init__(self, *args: Any, meetings: QuerySet[Activity], chosen: int | None = None, **more: Any) -> None:
        super().__init__(*args, initial={"meeting": chosen}, **more)
        self.fields["meeting"].queryset = meetings  # type: ignore[attr-defined]


class AboutForm(BodiesForm):
    form = forms.ChoiceField(label=gettext_lazy("类别"))
    pack = forms.ChoiceField(
        label=gettext_lazy("从模板开始"),
        required=False,
        help_text=gettext_lazy("模板是地方做法的样例，建好以后可以增减。"),
    )
    title = forms.CharField(label=gettext_lazy("名称"), max_length=200)
    issuer = forms.CharField(label=gettext_lazy("发文单位"), max_length=120, required=False)
    number = forms.CharField(label=gettext_lazy("文号"), max_length=60, required=False)
    since = forms.DateField(label=gettext_lazy("起始日期"), widget=DateInput)
    until = forms.DateField(label=gettext_lazy("截止日期"), widget=DateInput, required=False)
    people = SomeOf(
        label=gettext_lazy("参加的党员（业务项目）"), queryset=Member.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, *args: Any, organization: Organization, on: date, **more: Any):
        super().__init__(*args, **more)
        wanted = [Form.LIST, Form.CAMPAIGN, Form.INSTRUCTION, Form.PROJECT]
        self.fields["form"].choices = [(one.value, one.label) for one in wanted]  # type: ignore[attr-defined]
        english = get_language() == "en"
        labels = [(slug, pack.label_en if english else pack.label) for slug, pack in packs().items()]
        self.fields["pack"].choices = [("", _("不用模板")), *labels]  # type: ignore[attr-defined]
        self.offer_bodies(organization, on)
        self.fields["people"].queryset = people_of(organization, on)  # type: ignore[attr-defined]

    def about(self) -> About:
        given = self.cleaned_data
        people = tuple(given["people"]) if given["form"] == Form.PROJECT else ()
        return About(
            given["form"], given["title"], given["since"], given["until"], given["issuer"], given["number"], people
        )


class LineForm(forms.Form):
    """An item of what is taken up again."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    text = forms.CharField(label=gettext_lazy("事项"), max_length=300)
    due = forms.DateField(label=gettext_lazy("时限"), widget=DateInput, required=False)
    drop = forms.BooleanField(label=gettext_lazy("这次不要"), required=False)


LineFormSet = forms.formset_factory(LineForm, extra=0, max_num=MOST_LINES, absolute_max=MOST_LINES)


def line_forms(data: Any, lines: Sequence[Line]) -> Any:
    rows = [{"key": line.key, "text": line.item.text, "due": line.item.due} for line in lines]
    formset = LineFormSet(data, initial=rows, prefix="line")
    recurring = {line.key for line in lines if line.item.per}
    for form in formset:
        if (form.data.get(form.add_prefix("key")) or form.initial.get("key")) in recurring:
            del form.fields["due"]
    return formset


def kept_lines(formset: Iterable[forms.Form]) -> list[tuple[str, str, date | None]]:
    given = [form.cleaned_data for form in formset if form.cleaned_data and not form.cleaned_data["drop"]]
    return [(row["key"], row["text"], row.get("due")) for row in given]


class AskedForm(BodiesForm):
    """One more item of a list, campaign or project."""

    text = forms.CharField(label=gettext_lazy("事项"), max_length=300)
    asked = forms.CharField(label=gettext_lazy("完成的标志"), max_length=200, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("以哪种活动完成"), required=False)
    per = forms.ChoiceField(
        label=gettext_lazy("周期"),
        required=False,
        help_text=gettext_lazy("按周期开展的，由台账自动计数；一次性的不选。"),
    )
    count = forms.IntegerField(
        label=gettext_lazy("每个周期几次"), min_value=1, max_value=100, initial=1, required=False
    )
    due = forms.DateField(label=gettext_lazy("完成时限"), widget=DateInput, required=False)
    owner = OneOf(label=gettext_lazy("责任人"), queryset=Member.objects.none(), required=False)

    def __init__(self, *args: Any, organization: Organization, on: date, **more: Any):
        super().__init__(*args, **more)
        words = vocabulary()["recurrences"]
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            ("", _("不是活动")), *((kind.slug, in_language(kind)) for kind in load_kinds().values())
        ]  # fmt: skip
        self.fields["per"].choices = [  # type: ignore[attr-defined]
            ("", _("一次性")), *((slug, _(words[slug]["label"])) for slug in RECURRING)
        ]  # fmt: skip
        self.fields["owner"].queryset = people_of(organization, on)  # type: ignore[attr-defined]
        self.fields["owner"].empty_label = _("以后再定")  # type: ignore[attr-defined]
        self.offer_bodies(organization, on)

    def item(self) -> Asked:
        given = self.cleaned_data
        return Asked(
            given["text"], given["asked"], given["due"], given["kind"], given["count"] or 1, given["per"],
            owner=given["owner"], bodies=tuple(self.chosen_bodies()),
        )  # fmt: skip


class LinkForm(forms.Form):
    activities = SomeOf(
        label=gettext_lazy("活动记录"), queryset=Activity.objects.none(), widget=forms.SelectMultiple(attrs={"size": 8})
    )

    def __init__(self, *args: Any, activities: QuerySet[Activity], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["activities"].queryset = activities  # type: ignore[attr-defined]


class PeopleForm(forms.Form):
    people = SomeOf(
        label=gettext_lazy("参加的党员"), queryset=Member.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, *args: Any, project: Origin, on: date, **more: Any) -> None:
        known = list(project.people.values_list("pk", flat=True))
        super().__init__(*args, initial={"people": known}, prefix="people", **more)
        offered = people_of(project.organization, on) | Member.objects.filter(pk__in=known)
        self.fields["people"].queryset = offered  # type: ignore[attr-defined]


class TeamForm(forms.Form):
    """The temporary body and its leader."""

    name = forms.CharField(
        label=gettext_lazy("名称"), max_length=120, help_text=gettext_lazy("例如：某某项目临时党支部。")
    )
    member = OneOf(label=gettext_lazy("负责人"), queryset=Member.objects.none())
    since = forms.DateField(label=gettext_lazy("起始日期"), widget=DateInput)
    basis = forms.CharField(
        label=gettext_lazy("依据"), max_length=200, required=False, help_text=gettext_lazy("批复的日期和文号。")
    )

    def __init__(self, *args: Any, project: Origin, on: date, **more: Any) -> None:
        super().__init__(*args, initial={"since": on, "name": project.team}, prefix="team", **more)
        self.fields["member"].queryset = project.people.all()  # type: ignore[attr-defined]


class VanguardForm(forms.Form):
    member = OneOf(label=gettext_lazy("党员"), queryset=Member.objects.none())
    since = forms.DateField(label=gettext_lazy("起始日期"), widget=DateInput)
    basis = forms.CharField(label=gettext_lazy("岗位做什么"), max_length=200)

    def __init__(self, *args: Any, project: Origin, on: date, **more: Any) -> None:
        super().__init__(*args, initial={"since": on}, prefix="vanguard", **more)
        self.fields["member"].queryset = project.people.all()  # type: ignore[attr-defined]


class EndPostForm(forms.Form):
    """Which post of the project ends when."""

    post = forms.IntegerField(min_value=1, max_value=2**62)
    until = forms.DateField()


class SummaryForm(forms.Form):
    summary = forms.CharField(
        label=gettext_lazy("小结"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("做了什么，有什么成效，还有什么没做。"),
    )  # fmt: skip
