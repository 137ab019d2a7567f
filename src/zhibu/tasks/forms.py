"""What the pages about tasks ask for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhibu.activities.access import private_kinds
from zhibu.activities.forms import in_language
from zhibu.activities.kinds import load_kinds
from zhibu.activities.models import Activity
from zhibu.duties.forms import DateInput
from zhibu.ledger.queries import bodies_below
from zhibu.org.models import ABOVE_BRANCHES, Member, Organization, OrganizationKind
from zhibu.org.queries import below, existing_on, members_on, posts_on
from zhibu.tasks.models import Task
from zhibu.tasks.services import Terms

OFFERED = 60
"""Records offered as evidence, the newest first."""


class _Offered:
    """A choice among rows; a number no database can hold is no choice, not a failure."""

    def clean(self, value: Any) -> Any:
        try:
            return super().clean(value)  # type: ignore[misc]
        except OverflowError:
            raise forms.ValidationError(_("请在列出的选项中选择。")) from None

    def label_from_instance(self, row: Any) -> str:
        return f"{row.held:%Y-%m-%d} {row.title}" if isinstance(row, Activity) else str(row.name)


class OneOf(_Offered, forms.ModelChoiceField):
    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **{"empty_label": gettext_lazy("请选择"), **more})


class SomeOf(_Offered, forms.ModelMultipleChoiceField):
    pass


class BodiesForm(forms.Form):
    """For a committee: to which bodies below it is given. Without any below there is nothing to choose."""

    every_branch = forms.BooleanField(label=gettext_lazy("交给全部下级党支部"), required=False)
    bodies = SomeOf(
        label=gettext_lazy("或只交给其中几个"), queryset=Organization.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def offer_bodies(self, organization: Organization, on: date) -> None:
        if organization.kind in ABOVE_BRANCHES:
            self.fields["bodies"].queryset = below(organization, on)  # type: ignore[attr-defined]
            self._branches = bodies_below(organization).filter(existing_on(on), kind=OrganizationKind.BRANCH)
        else:
            del self.fields["bodies"], self.fields["every_branch"]

    def chosen_bodies(self) -> list[Organization]:
        given = self.cleaned_data
        return list(self._branches if given.get("every_branch") else given.get("bodies") or ())


def people_of(organization: Organization, on: date) -> Any:
    """Members of the body and holders of posts in it."""
    members = set(members_on(organization, on).values_list("pk", flat=True)) if organization.depth else set()
    holders = set(posts_on(organization, on).values_list("member_id", flat=True))
    return Member.objects.filter(pk__in=members | holders).order_by("organization_id", "number", "id")


class TermsForm(BodiesForm):
    """What is asked of one body, or of several below."""

    text = forms.CharField(
        label=gettext_lazy("事项"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("写清做什么，一事一项。"),
    )  # fmt: skip
    asked = forms.CharField(
        label=gettext_lazy("完成的标志"), max_length=200, required=False,
        help_text=gettext_lazy("看到什么算办完，例如：整改报告、新修订的制度。已有记录能说明的，不另要材料。"),
    )  # fmt: skip
    due = forms.DateField(label=gettext_lazy("完成时限"), widget=DateInput, required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("以哪种活动完成"), required=False,
        help_text=gettext_lazy("办这件事要开展活动的，选上以后可以直接去记录。"),
    )  # fmt: skip
    owner = OneOf(label=gettext_lazy("责任人"), queryset=Member.objects.none(), required=False)
    helpers = SomeOf(
        label=gettext_lazy("协办人"), queryset=Member.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, *args: Any, organization: Organization, on: date, **more: Any):
        super().__init__(*args, **more)
        people = people_of(organization, on)
        self.fields["owner"].queryset = self.fields["helpers"].queryset = people
        self.fields["owner"].empty_label = _("以后再定")
        self.offer_bodies(organization, on)
        kinds = [(kind.slug, in_language(kind)) for kind in load_kinds().values() if not kind.private]
        self.fields["kind"].choices = [("", _("不是活动")), *kinds]

    def terms(self, *, with_people: bool = True) -> Terms:
        """People only where the task is the body's own: those below name theirs."""
        given = self.cleaned_data
        people = {"owner": given["owner"], "helpers": tuple(given["helpers"])} if with_people else {}
        return Terms(given["text"], given["asked"], given["due"], kind=given["kind"], **people)


class AssignForm(forms.Form):
    owner = OneOf(label=gettext_lazy("责任人"), queryset=Member.objects.none())
    helpers = SomeOf(
        label=gettext_lazy("协办人"), queryset=Member.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, *args: Any, task: Task, on: date, **more: Any) -> None:
        initial = {"owner": task.owner_id, "helpers": [one.pk for one in task.helpers.all()]}
        super().__init__(*args, initial=initial, prefix="assign", **more)
        people = people_of(task.organization, on)
        self.fields["owner"].queryset = self.fields["helpers"].queryset = people


class WorkForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("进展或完成情况"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    evidence = SomeOf(
        label=gettext_lazy("依据哪些活动记录"), queryset=Activity.objects.none(), required=False,
        widget=forms.SelectMultiple(attrs={"size": 5}),
        help_text=gettext_lazy("已经记过的活动选上就是依据，不用再上传材料。"),
    )  # fmt: skip

    def __init__(self, *args: Any, task: Task, on: date, chosen: Sequence[int] = (), **more: Any) -> None:
        super().__init__(*args, initial={"evidence": list(chosen)}, prefix="work", **more)
        self.fields["evidence"].queryset = records_for(task, on)


def records_for(task: Task, on: date) -> Any:
    """Records that may show it: of the body and those below, not private, from a little before the task was given."""
    since = task.made_at.date() - timedelta(days=62)
    found = Activity.objects.filter(
        organization__path__startswith=task.organization.path, held__gte=since, held__lte=on, withdrawn_at=None
    ).exclude(kind__in=private_kinds())
    newest = found.order_by("-held", "-id").values_list("pk", flat=True)[:OFFERED]
    return Activity.objects.filter(pk__in=list(newest)).select_related("organization").order_by("-held", "-id")


class ReasonForm(forms.Form):
    text = forms.CharField(label=gettext_lazy("说明"), max_length=500, required=False)


class MoveForm(forms.Form):
    due = forms.DateField(label=gettext_lazy("新的时限"), widget=DateInput)
    text = forms.CharField(label=gettext_lazy("调整的原因"), max_length=500)
