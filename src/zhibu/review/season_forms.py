"""What preparing a season asks for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhibu.activities import files
from zhibu.duties.forms import DateInput
from zhibu.org.models import Account, Organization
from zhibu.review.models import Cycle
from zhibu.review.season import Plan
from zhibu.review.steps import STEPS, days_of
from zhibu.scoring.queries import Offered


class CycleForm(forms.Form):
    """The plan of a season; one day for each step of the timetable."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label=gettext_lazy("名称"), max_length=120)
    year = forms.IntegerField(
        label=gettext_lazy("年度"), help_text=gettext_lazy("述的是哪一年的职。"),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    number = forms.CharField(label=gettext_lazy("文号"), max_length=60, required=False)
    file = forms.FileField(
        label=gettext_lazy("工作方案"), required=False, allow_empty_file=True, max_length=None,
        help_text=gettext_lazy("述职的党组织都能下载。"), widget=forms.FileInput(attrs={"accept": files.ACCEPT}),
    )  # fmt: skip
    focus = forms.CharField(
        label=gettext_lazy("述职重点"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("一行一条，述职人起草时看得到。"),
    )  # fmt: skip
    shortest = forms.IntegerField(label=gettext_lazy("最少字数"))
    longest = forms.IntegerField(label=gettext_lazy("最多字数"))
    scheme = forms.ChoiceField(label=gettext_lazy("评价办法"), required=False)

    def __init__(self, *args: Any, offered: Mapping[str, Offered], plan: Plan, version: int = 0, **more: Any) -> None:
        days = dict(plan.days)
        initial = {name: getattr(plan, name) for name in ("title", "year", "number", "focus", "shortest", "longest")}
        initial |= {"scheme": plan.scheme, "version": version}
        initial |= {f"day-{step}": days.get(step) for step in STEPS}
        super().__init__(*args, initial=initial, **more)
        for step, label in STEPS.items():
            self.fields[f"day-{step}"] = forms.DateField(label=label, required=False, widget=DateInput)
        schemes = [(slug, one.scheme.title) for slug, one in offered.items() if one.scheme.about == "report"]
        self.fields["scheme"].choices = [("", _("以后再定")), *schemes]  # type: ignore[attr-defined]

    @property
    def days(self) -> list[Any]:
        return [self[f"day-{step}"] for step in STEPS]

    def plan(self, actor: Account, committee: Organization, at: datetime) -> Plan:
        """UserError for a file that cannot be kept."""
        given = self.cleaned_data
        upload = given["file"]
        kept = files.keep(upload, upload.name) if upload else None
        return Plan(
            given["year"], given["title"], given["number"],
            "\n".join(line for row in given["focus"].splitlines() if (line := row.strip())),
            given["shortest"], given["longest"],
            tuple((step, day) for step in STEPS if (day := given[f"day-{step}"])), given["scheme"],
            files.store(committee, actor, kept, at) if kept else None,
        )  # fmt: skip


def plan_of(cycle: Cycle) -> Plan:
    """A season's plan as it stands."""
    return Plan(
        cycle.year, cycle.title, cycle.number, cycle.focus, cycle.shortest, cycle.longest,
        tuple(days_of(cycle.days).items()), cycle.scheme,
    )  # fmt: skip


class CourseForm(forms.Form):
    """The reason of a pause or of opening again."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("原因"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
