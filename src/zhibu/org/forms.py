"""Forms of the organisation's pages. What a form finds wrong it says beside the field."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhibu.errors import UserError
from zhibu.http import said
from zhibu.org.bodies import BELOW
from zhibu.org.identity import identity_of
from zhibu.org.journal import VERBS
from zhibu.org.models import Member, Organization, OrganizationKind, Scope, Sector, Status, Title
from zhibu.org.posts import titles_for
from zhibu.org.services import MAY_BECOME
from zhibu.org.tokens import DAYS

ENTERED_AS = ((Status.FULL, _("正式党员")), (Status.PROBATIONARY, _("预备党员")))
FIELD_OF = {
    "number-taken": "number", "namesake": "namesake", "identity-known": "identity", "member-known": "identity",
    "joined-too-young": "joined", "confirmed-before-joined": "confirmed", "before-founding": "since",
    "after-end": "since", "status-overlap": "since", "status-not-possible": "status", "post-later": "since",
    "post-before-membership": "since", "post-needs-full-member": "member", "post-taken": "title",
    "post-overlap": "title", "term-before-post": "term_ends", "post-ends-first": "until", "code-taken": "code",
    "code-shape": "code", "kind-not-below": "kind", "already-there": "destination", "same-branch": "destination",
    "not-a-branch": "destination", "username-shape": "username", "username-taken": "username",
}  # fmt: skip
"""Which field a refusal of a service is about; the others stand above the form."""


class Day(forms.DateField):
    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "placeholder": "2025-03-05"})
        super().__init__(widget=widget, input_formats=["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"], **options)
        self.error_messages["invalid"] = _("这不是日期，请写成 2025-03-05 这样。")


class Refusable(forms.Form):
    """A form that takes a service's refusal as an error of its own."""

    def refuse(self, error: UserError) -> None:
        field = FIELD_OF.get(error.code)
        self.add_error(field if field in self.fields else None, said(error))


class MemberForm(Refusable):
    """A member's own data."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    number = forms.CharField(label=_("编号"), max_length=40, required=False, help_text=_("不填则接着现有编号。"))
    gender = forms.ChoiceField(label=_("性别"), required=False, choices=[("", "—"), ("m", _("男")), ("f", _("女"))])
    born = Day(label=_("出生日期"), required=False)
    identity = forms.CharField(
        label=_("身份证号"), max_length=24, required=False,
        help_text=_("只用来查重：保存后只留末四位，原号不保存。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    education = forms.CharField(label=_("学历"), max_length=20, required=False)
    job = forms.CharField(label=_("工作岗位"), max_length=80, required=False)
    joined = Day(label=_("入党日期"), required=False)
    confirmed = Day(label=_("转正日期"), required=False)
    cared_for = forms.BooleanField(
        label=_("年老体弱，送学上门"), required=False, help_text=_("学时要求不计入此人，学习以送学上门等方式进行。")
    )

    def clean_identity(self) -> str:
        """Nothing of the number goes on but what `identity_of` keeps."""
        number = self.cleaned_data["identity"]
        if number:
            try:
                found = identity_of(number)
            except UserError as error:
                raise forms.ValidationError(said(error)) from None
            self.cleaned_data.update(identity_digest=found.digest, identity_tail=found.tail)
        return ""

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "identity"}


class NewMemberForm(MemberForm):
    status = forms.ChoiceField(label=_("人员类别"), choices=ENTERED_AS)
    since = Day(label=_("从哪天起在本支部"), help_text=_("入党或组织关系转入的日期；台账从这一天起计入。"))
    cell = forms.ModelChoiceField(Organization.objects.none(), label=_("党小组"), required=False, empty_label="—")
    namesake = forms.BooleanField(label=_("同名的另一人"), required=False)
    field_order = ("name", "status", "since", "cell", "number", "gender", "born", "identity", "joined", "confirmed",
                   "education", "job", "cared_for", "namesake")  # fmt: skip

    def __init__(self, *args: Any, cells: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["cell"].queryset = cells


class StatusForm(Refusable):
    """A change that the present status allows; `destination` only for those who keep more than one branch."""

    status = forms.ChoiceField(label=_("变更为"))
    since = Day(label=_("自哪天起"))
    reason = forms.CharField(label=_("原因"), max_length=200, required=False, help_text=_("依据的会议、批复或文号。"))
    destination = forms.CharField(
        label=_("转入支部的代码"), max_length=40, required=False,
        help_text=_("转到您管理的另一个支部时填写，党员资料随之转去；转往别处留空。"),
    )  # fmt: skip

    def __init__(self, *args: Any, now: str, several: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        # Nothing is chosen beforehand: the first of these is a sanction.
        choices = [(status, Status(status).label) for status in MAY_BECOME[Status(now)]]
        self.fields["status"].choices = [("", _("请选择")), *choices]
        if not several:
            del self.fields["destination"]


class CellForm(Refusable):
    cell = forms.ModelChoiceField(
        Organization.objects.none(), label=_("党小组"), required=False, empty_label=_("不编组")
    )
    since = Day(label=_("自哪天起"))

    def __init__(self, *args: Any, cells: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["cell"].queryset = cells


class PostForm(Refusable):
    """`member` is chosen from the branch's own; for a committee it is written as branch code / number."""

    title = forms.ChoiceField(label=_("职务"))
    since = Day(label=_("任职日期"))
    term_ends = Day(label=_("任期届满"), required=False, help_text=_("本届委员会任期届满的日期，届满前六个月提醒。"))
    basis = forms.CharField(label=_("依据"), max_length=200, required=False, help_text=_("选举、批复的日期与文号。"))
    field_order = ("member", "title", "since", "term_ends", "basis")

    def __init__(self, *args: Any, organization: Organization, members: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.organization = organization
        self.fields["title"].choices = [(title, Title(title).label) for title in titles_for(organization.kind)]
        if members is not None:
            self.fields["member"] = forms.ModelChoiceField(members, label=_("党员"), empty_label="—")
        else:
            self.fields["member"] = forms.CharField(
                label=_("党员"), max_length=90, help_text=_("写成“支部代码/编号”，如 ZB001/003。")
            )
        self.order_fields(self.field_order)

    def clean_member(self) -> Member:
        given = self.cleaned_data["member"]
        if isinstance(given, Member):
            return given
        code, _slash, number = given.strip().rpartition("/")
        top = self.organization.path[: Organization.steplen]
        found = Member.objects.filter(organization__code=code, number=number, organization__path__startswith=top)
        if not (member := found.first()):
            raise forms.ValidationError(_("没有找到这位党员，请核对支部代码和编号。"))
        return member


class EndPostForm(Refusable):
    until = Day(label=_("离任日期"), help_text=_("从这一天起不再任职。"))
    reason = forms.CharField(label=_("原因"), max_length=200, required=False)


class OrganizationForm(Refusable):
    name = forms.CharField(label=_("名称"), max_length=120)
    short_name = forms.CharField(label=_("简称"), max_length=40, required=False)
    sector = forms.ChoiceField(label=_("所在单位"), choices=Sector.choices)
    founded = Day(label=_("成立日期"))
    recording_since = Day(
        label=_("开始记录"), required=False, help_text=_("从这一天起在这里记录；之前的台账显示“无法判断”，不算欠账。")
    )
    units = forms.IntegerField(label=_("联合单位数"), min_value=1, max_value=50, initial=1)


class FoundForm(OrganizationForm):
    code = forms.CharField(label=_("代码"), max_length=40, help_text=_("字母、数字、点和短横，之后不能更改。"))
    kind = forms.ChoiceField(label=_("类别"))
    field_order = ("kind", "code", "name", "short_name", "sector", "founded", "recording_since", "units")

    def __init__(self, *args: Any, parent: Organization | None, **options: Any) -> None:
        super().__init__(*args, **options)
        kinds = BELOW.get(OrganizationKind(parent.kind), ()) if parent else tuple(BELOW)
        self.fields["kind"].choices = [(kind, OrganizationKind(kind).label) for kind in kinds]


class EndOrganizationForm(Refusable):
    on = Day(label=_("撤销日期"))
    reason = forms.CharField(label=_("依据或原因"), max_length=200)


class JournalForm(forms.Form):
    who = forms.CharField(label=_("谁"), max_length=60, required=False)
    verb = forms.ChoiceField(label=_("动作"), required=False)
    since = Day(label=_("从"), required=False)
    until = Day(label=_("到"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["verb"].choices = [("", _("全部")), *VERBS.items()]


class AccountForm(Refusable):
    username = forms.CharField(
        label=_("登录名"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    )


class LockForm(forms.Form):
    reason = forms.CharField(label=_("停用原因"), max_length=100, required=False)


def day_asked(text: str, otherwise: date) -> date:
    """The day of a query string, or the other one when there is none that makes sense."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return otherwise
    return min(day, otherwise)


class TokenForm(Refusable):
    """A new access token: what for, what it may do, how long."""

    name = forms.CharField(label=_("用途"), max_length=40, help_text=_("写给自己看，例如：办公系统同步。"))
    scope = forms.ChoiceField(
        label=_("权限"), choices=Scope.choices, widget=forms.RadioSelect, initial=Scope.READ,
        help_text=_("无论哪种，都不会超过您本人当天的权限。"),
    )  # fmt: skip
    days = forms.TypedChoiceField(label=_("有效期"), coerce=int, initial=90)
    password = forms.CharField(
        label=_("当前密码"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}), strip=False,
        max_length=200, help_text=_("确认是您本人在操作。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["days"].choices = [(days, gettext("{n}天").format(n=days)) for days in DAYS]
