"""What the pages of an evaluation ask for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from zhibu.org.models import Organization
from zhibu.scoring.queries import Line, Offered
from zhibu.scoring.reading import LONGEST
from zhibu.scoring.scheme import Scheme
from zhibu.scoring.services import Found, Said


def in_language(thing: Any) -> str:
    """`label` or `label_en` of something from a scheme, by the reader's language."""
    return str((get_language() == "en" and thing.label_en) or thing.label)


def title_of(offered: Offered) -> str:
    own = f"{offered.own.organization}" if offered.own else _("样例")
    return f"{offered.scheme.title}（{own}）"


class AnswersForm(forms.Form):
    """A choice for each item that is asked, and a remark for every item; `of` the body, or of the committee, which
    answers its own items only."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any, *, lines: Sequence[Line], version: int, of: str = "body") -> None:
        super().__init__(data, initial={"version": version})
        self.of = of
        self.lines = [line for line in lines if (line.item.sort == "opinion") == (of == "committee")]
        for line in self.lines:
            said = line.said
            if line.point.asked:
                self.fields[f"{line.item.slug}-choice"] = forms.ChoiceField(
                    label=_question(line),
                    choices=[(one.slug, in_language(one)) for one in line.item.choices],
                    widget=forms.RadioSelect,
                    required=False,
                    initial=said.choice if said else None,
                )
            self.fields[f"{line.item.slug}-note"] = forms.CharField(
                label=_("说明"),
                max_length=500,
                widget=forms.Textarea(attrs={"rows": 2, "aria-label": f"{in_language(line.item)} {_('说明')}"}),
                required=False,
                initial=said.note if said else "",
            )

    def said(self) -> dict[str, Said]:
        """By the item's slug, for the items of which anything was handed in."""
        given = self.cleaned_data
        return {
            line.item.slug: Said(
                given.get(f"{line.item.slug}-choice", "") or (line.said.choice if line.said else ""),
                given[f"{line.item.slug}-note"],
            )
            for line in self.lines
        }


def _question(line: Line) -> str:
    judged = line.item.judged
    if line.item.sort not in ("person", "opinion"):
        return _("台账说不清，请支部说明")
    english = get_language() == "en" and judged.question_en  # type: ignore[union-attr]
    return str(english or judged.question)  # type: ignore[union-attr]


class FindingsForm(forms.Form):
    """For each item of a part: agreed, or what was found and why."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any, *, lines: Sequence[Line], version: int) -> None:
        super().__init__(data, initial={"version": version})
        self.lines = lines
        for line in lines:
            slug, said = line.item.slug, line.said
            agrees = None if said is None or said.agrees is None else "yes" if said.agrees else "no"
            self.fields[f"{slug}-agrees"] = forms.ChoiceField(
                label=_("核实"), choices=[("yes", _("一致")), ("no", _("不一致"))], widget=forms.RadioSelect,
                required=False, initial=agrees,
            )  # fmt: skip
            self.fields[f"{slug}-points"] = _points_field(line)
            self.fields[f"{slug}-reason"] = forms.CharField(
                label=_("理由"), max_length=300, required=False, initial=said.reason if said else "",
                widget=forms.Textarea(attrs={"rows": 2}),
            )  # fmt: skip

    def found(self, *, agree_rest: bool = False) -> dict[str, Found]:
        """By the item's slug. `agree_rest`: what records tell and nobody has marked is agreed to."""
        given, found = self.cleaned_data, {}
        for line in self.lines:
            slug, agrees = line.item.slug, given[f"{line.item.slug}-agrees"]
            if not agrees and agree_rest and line.point.by != "person" and line.point.certain:
                agrees = "yes"
            mark = {"yes": True, "no": False}.get(agrees)
            points = given[f"{slug}-points"]
            found[slug] = Found(mark, None if points in (None, "") else Decimal(points), given[f"{slug}-reason"])
        return found


def _points_field(line: Line) -> forms.Field:
    said, item = line.said, line.item
    initial = said.points if said and said.points is not None else None
    if item.role == "veto":
        shown = None if initial is None else str(int(initial))
        choices = [("", _("请选择")), ("0", _("成立")), ("1", _("不成立"))]
        return forms.ChoiceField(label=_("认定"), choices=choices, required=False, initial=shown)
    label = _("认定扣几分") if item.role == "deduction" else _("认定几分")
    most = f"{item.points.normalize():f}"
    return forms.DecimalField(
        label=_("{what}（0到{most}）").format(what=label, most=most), required=False, initial=initial,
        min_value=Decimal(0), max_value=item.points, decimal_places=2,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "any", "class": "points-input"}),
    )  # fmt: skip


class AskForm(forms.Form):
    """Which scheme, which year; then, in a second step, which bodies."""

    scheme = forms.ChoiceField(label=gettext_lazy("评价办法"))
    year = forms.TypedChoiceField(label=gettext_lazy("年度"), coerce=int)

    def __init__(self, data: Any, *, offered: Mapping[str, Offered], years: Iterable[int]) -> None:
        super().__init__(data)
        self.fields["scheme"].choices = [(slug, title_of(one)) for slug, one in offered.items()]
        self.fields["year"].choices = [(year, _("{year}年").format(year=year)) for year in years]


class BodiesField(forms.ModelMultipleChoiceField):
    def clean(self, value: Any) -> Any:
        try:
            return super().clean(value)
        except OverflowError:
            raise forms.ValidationError(_("请在列出的选项中选择。")) from None

    def label_from_instance(self, row: Any) -> str:
        return str(row.name)


class BodiesForm(forms.Form):
    bodies = BodiesField(
        label=gettext_lazy("评价哪些组织"), queryset=Organization.objects.none(), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("请选择要评价的组织。")},
    )  # fmt: skip

    def __init__(self, data: Any, *, bodies: Any) -> None:
        super().__init__(data, initial={"bodies": list(bodies.values_list("pk", flat=True))})
        self.fields["bodies"].queryset = bodies


class SchemeForm(forms.Form):
    slug = forms.CharField(
        label=gettext_lazy("编号"), max_length=40,
        help_text=gettext_lazy("小写字母、数字和连字符，如 standard-branch。编号不变，就是同一个办法的新版本。"),
    )  # fmt: skip
    text = forms.CharField(
        label=gettext_lazy("办法内容"), max_length=LONGEST, strip=False, required=False,
        widget=forms.Textarea(attrs={"rows": 24, "class": "code", "spellcheck": "false"}),
        help_text=gettext_lazy("改好后保存为新版本。已经开始的评价仍用开始时的版本。"),
    )  # fmt: skip
    file = forms.FileField(
        label=gettext_lazy("或上传文件"), required=False,
        help_text=gettext_lazy("选了文件，就用文件里的内容，不用上面的文字。"),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if upload := given.get("file"):
            if upload.size > 4 * LONGEST:
                self.add_error("file", _("文件太大，评价办法不能超过{most}个字符。").format(most=LONGEST))
                return given
            try:
                given["text"] = upload.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error("file", _("文件应为 UTF-8 编码的文本。"))
                return given
        given["text"] = (given.get("text") or "").replace("\r\n", "\n").strip("\n") + "\n"
        if not given["text"].strip() and not self.errors:
            self.add_error("text", _("请写下办法内容，或选择一个文件。"))
        return given


class WeightsForm(forms.Form):
    """Other weights for the parts of a scheme, to be tried."""

    def __init__(self, data: Any, *, scheme: Scheme) -> None:
        super().__init__(data)
        self.scheme = scheme
        for part in scheme.parts:
            self.fields[f"w-{part.slug}"] = forms.DecimalField(
                label=in_language(part), initial=f"{part.points.normalize():f}", min_value=Decimal(0),
                max_value=scheme.points, max_digits=7, decimal_places=2,
                widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "any", "class": "points-input"}),
            )  # fmt: skip

    def weights(self) -> dict[str, Decimal]:
        return {part.slug: self.cleaned_data[f"w-{part.slug}"] for part in self.scheme.parts}
