"""The forms: a draft, a step's reason, the catalogue, an opinion, its answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from zhibu.activities.access import activities_seen_by
from zhibu.activities.forms import DayInput, in_language
from zhibu.activities.models import Activity
from zhibu.disclosure.catalogue import AUDIENCES, Item, catalogue
from zhibu.disclosure.checking import BODY
from zhibu.disclosure.opinions import NAME, TEXT
from zhibu.org.models import Account, Member, Organization
from zhibu.periods import periods
from zhibu.rulebook.reasons import period_name
from zhibu.tasks.forms import OneOf
from zhibu.tasks.services import Terms

BACK, AHEAD = timedelta(days=400), timedelta(days=62)
"""Which periods a draft may be of, and from when a record may be named in it."""
DAYS = [MinValueValidator(date(1990, 1, 1)), MaxValueValidator(date(2100, 12, 31))]


class PublicationForm(forms.Form):
    """One matter's draft. `values()` is what services.draft takes."""

    period = forms.ChoiceField(label=gettext_lazy("所属期间"))
    title = forms.CharField(label=pgettext_lazy("publication", "标题"), max_length=100)
    body = forms.CharField(
        label=gettext_lazy("正文"),
        max_length=BODY,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=gettext_lazy("公开的就是这些文字。不要写身份证号；电话只写办公电话。"),
    )
    audience = forms.ChoiceField(label=gettext_lazy("公开范围"), widget=forms.RadioSelect)
    since = forms.DateField(label=gettext_lazy("公开起始"), widget=DayInput(), validators=DAYS)
    until = forms.DateField(label=gettext_lazy("公开截止"), widget=DayInput(), validators=DAYS, required=False)
    about = OneOf(
        label=gettext_lazy("依据的活动记录"),
        queryset=Activity.objects.none(),
        required=False,
        empty_label=gettext_lazy("没有或不必写"),
    )

    def __init__(self, item: Item, periods: Sequence[tuple[str, str]], records: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item = item
        self.fields["audience"].choices = audience_choices()
        self.fields["until"].help_text = usual_span(item)
        self.fields["about"].queryset = records
        if not item.kinds:
            del self.fields["about"]
        if item.recurring:
            self.fields["period"].choices = list(periods)
        else:
            del self.fields["period"]

    def values(self) -> dict[str, Any]:
        return {"item": self.item.slug, "period": "", **self.cleaned_data}


def publication_form(
    account: Account, organization: Organization, item: Item, on: date, sent: Any, initial: Mapping[str, Any]
) -> PublicationForm:
    """The form of a matter's draft, with the periods it may be of and the records it may rest on. `sent`: None, unless
    something was handed in."""
    seen = activities_seen_by(account, organization, on)
    records = seen.filter(kind__in=item.kinds, withdrawn_at=None, held__gte=on - BACK, held__lte=on)
    periods_of = _period_choices(item, initial.get("period") or "", on)
    return PublicationForm(item, periods_of, records.order_by("-held", "-id"), sent, initial=initial)


def _period_choices(item: Item, chosen: str, on: date) -> list[tuple[str, str]]:
    """The periods a draft of the matter may be of, the newest first."""
    if not item.recurring:
        return []
    first, last = on - BACK, on + AHEAD
    found = [one for year in range(first.year, last.year + 1) for one in periods(item.rhythm, year)]
    near = [one for one in found if one.key == chosen or (one.end >= first and one.start <= last)]
    return [(one.key, period_name(one).text(_)) for one in reversed(near)]


def audience_choices() -> list[tuple[str, str]]:
    """The audiences with who that is."""
    hints = {
        "branch": _("只有党员登录后能看到"),
        "unit": _("党员登录后、活动室大屏和张贴的海报上能看到"),
        "public": _("不登录也能看到"),
    }
    words = catalogue().words["audiences"]
    return [(one, f"{in_language(words[one])}（{hints[one]}）") for one in AUDIENCES]


def usual_span(item: Item) -> str:
    """How long the matter is shown when the last day is left empty."""
    if item.shown == "open":
        return _("留空则长期公开，直到撤下或更换。")
    if item.shown == "period":
        return _("留空则公开到这一期结束。")
    if item.shown == "working-days":
        return _("留空则按规定的最短期限：{days}个工作日，起始日是工作日的计入。").format(days=item.working_days)
    return _("留空则公开{days}天。").format(days=item.shown)


class ReasonForm(forms.Form):
    """Why it goes back."""

    reason = forms.CharField(label=gettext_lazy("退回的原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class EndForm(forms.Form):
    """How and why it is no longer shown."""

    how = forms.ChoiceField(
        label=gettext_lazy("怎样办理"),
        widget=forms.RadioSelect,
        choices=[
            ("down", gettext_lazy("撤下：已经公开够了，不再展示。台账里的记录保留")),
            ("withdraw", gettext_lazy("撤回：内容有误或不应公开。党员不再看到内容，台账里的记录一并撤回")),
        ],
    )
    reason = forms.CharField(label=gettext_lazy("原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class CatalogueForm(forms.Form):
    """Which matters are disclosed."""

    items = forms.MultipleChoiceField(label=gettext_lazy("公开事项"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["items"].choices = [(item.slug, in_language(item)) for item in catalogue().items.values()]


class CommentForm(forms.Form):
    """An opinion or suggestion of a member."""

    text = forms.CharField(
        label=gettext_lazy("意见建议"), max_length=TEXT, widget=forms.Textarea(attrs={"rows": 4, "maxlength": TEXT})
    )
    signed = forms.BooleanField(
        label=gettext_lazy("署上我的姓名"),
        required=False,
        help_text=gettext_lazy("不署名的，系统不留下是谁写的。"),
    )


class PublicCommentForm(forms.Form):
    """The same from the public. `website` is a trap: people do not see it, machines fill it in."""

    text = forms.CharField(
        label=gettext_lazy("意见建议"), max_length=TEXT, widget=forms.Textarea(attrs={"rows": 4, "maxlength": TEXT})
    )
    name = forms.CharField(
        label=gettext_lazy("姓名"),
        max_length=NAME,
        required=False,
        help_text=gettext_lazy("可以不写。"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    website = forms.CharField(
        label=gettext_lazy("请不要填写这一项"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=gettext_lazy("答复"), max_length=TEXT, widget=forms.Textarea(attrs={"rows": 3, "maxlength": TEXT})
    )


class TaskForm(forms.Form):
    """What is taken up from a suggestion."""

    text = forms.CharField(
        label=gettext_lazy("事项"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("写清做什么。不署名的意见，不要写出猜测的姓名。"),
    )  # fmt: skip
    due = forms.DateField(label=gettext_lazy("完成时限"), widget=DayInput(), validators=DAYS, required=False)
    owner = OneOf(
        label=gettext_lazy("责任人"),
        queryset=Member.objects.none(),
        required=False,
        empty_label=gettext_lazy("以后再定"),
    )

    def __init__(self, people: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = people

    def terms(self) -> Terms:
        return Terms(self.cleaned_data["text"], due=self.cleaned_data["due"], owner=self.cleaned_data["owner"])


class ReceiptForm(forms.Form):
    number = forms.CharField(
        label=gettext_lazy("查询号"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "XXXXX-XXXXX"}),
    )
