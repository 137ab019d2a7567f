"""Forms of the ways people are reached by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhibu.errors import UserError
from zhibu.http import said
from zhibu.notices.addresses import EXAMPLES, new_key
from zhibu.notices.kinds import kinds_for
from zhibu.notices.models import Channel

HINTS = {
    "email": _("添加后会收到一封测试邮件，把里面的数字填回来才开始发送。"),
    "wecom": _("在企业微信群里添加群机器人，复制它的 Webhook 地址。"),
    "dingtalk": _("在钉钉群里添加自定义机器人，安全设置选“加签”，或把自定义关键词设为“支部”，复制它的 Webhook 地址。"),
    "feishu": _("在飞书群里添加自定义机器人，需要安全设置时把自定义关键词设为“支部”，复制它的 Webhook 地址。"),
    "webhook": _("消息以 JSON 发往这个地址，须以 https:// 开头。"),
    "events": _("事件以 JSON 发往这个地址，须以 https:// 开头。只有种类、编号、接口地址和时间，没有内容。"),
}


class Clock(forms.TimeField):
    def __init__(self, **options: Any) -> None:
        widget = forms.TimeInput(format="%H:%M", attrs={"type": "time", "placeholder": "08:30"})
        super().__init__(widget=widget, input_formats=["%H:%M", "%H:%M:%S"], required=False, **options)
        self.error_messages["invalid"] = _("这不是时间，请写成 08:30 这样。")


class SettingsForm(forms.Form):
    """Which matters, in what detail, at what hours."""

    kinds = forms.MultipleChoiceField(
        label=_("提醒哪些事"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选一项。不想再收时，请删除这个提醒方式。")},
    )  # fmt: skip
    brief = forms.BooleanField(
        label=_("只告知条数，不写内容"), required=False,
    )  # fmt: skip
    digest = Clock(label=_("每天汇总一次，在"), help_text=_("不填则随到随发，一分钟内的合成一条。"))
    quiet_from = Clock(label=_("免打扰时段从"))
    quiet_until = Clock(label=_("到"), help_text=_("这段时间内的提醒留到时段结束再发。"))

    def __init__(self, way: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label = "label_en" if get_language() == "en" else "label"
        self.fields["kinds"].choices = [(kind.slug, getattr(kind, label)) for kind in kinds_for(way)]  # type: ignore[attr-defined]
        if way == "events":
            self.fields["kinds"].label = _("推送哪些事")
            for name in ("brief", "digest", "quiet_from", "quiet_until"):  # for people
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if (values.get("quiet_from") is None) != (values.get("quiet_until") is None):
            empty = "quiet_from" if values.get("quiet_from") is None else "quiet_until"
            self.add_error(empty, _("免打扰时段的起止时间要么都填，要么都不填。"))
        return values

    def refuse(self, error: UserError) -> None:
        self.add_error("signing" if error.code == "signing-shape" else "address", said(error))


class ChannelForm(SettingsForm):
    """A new way: the settings, and the address, which is never shown again."""

    address = forms.CharField(label=_("地址"), max_length=1000, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    signing = forms.CharField(
        label=_("加签密钥"), max_length=200, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("安全设置选了“加签”时填写，以 SEC 开头。"),
    )  # fmt: skip
    field_order = ("address", "signing", "kinds", "brief", "digest", "quiet_from", "quiet_until")

    def __init__(self, way: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(way, *args, **kwargs)
        address = self.fields["address"]
        address.help_text = HINTS[way]
        address.widget.attrs["placeholder"] = {**EXAMPLES, "email": "name@example.cn"}.get(
            way, "https://example.cn/hook"
        )
        if way == "email":
            address.label = _("邮箱地址")
        if way == "events":
            self.fields["signing"].label, self.fields["signing"].required = _("签名密钥"), True
            self.fields["signing"].help_text = _("请复制到接收的系统，用来核对签名。保存以后不再显示。")
        elif way != "dingtalk":
            del self.fields["signing"]


def defaults(way: str) -> dict[str, Any]:
    """What a new way begins with: everything, at once, people not at night."""
    kinds = [kind.slug for kind in kinds_for(way)]
    if way == "events":
        return {"kinds": kinds, "signing": new_key()}
    return {"kinds": kinds, "quiet_from": "22:00", "quiet_until": "07:00"}


def settings_of(channel: Channel) -> dict[str, Any]:
    return {name: getattr(channel, name) for name in ("kinds", "brief", "digest", "quiet_from", "quiet_until")}
