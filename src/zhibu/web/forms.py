"""Log-in and password, worded for people who use a computer for other things."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.utils.translation import gettext_lazy as _


class LogIn(AuthenticationForm):
    error_messages = {
        "invalid_login": _("账号或密码不对。密码区分大小写；连续输错五次，账号将锁定十五分钟。"),
        "inactive": _("该账号已停用，请联系本单位的系统管理员。"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("账号")
        self.fields["password"].label = _("密码")


class NewPassword(PasswordChangeForm):
    error_messages = {
        "password_incorrect": _("当前密码不对，请重新输入。"),
        "password_mismatch": _("两次输入的新密码不一样。"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = _("当前密码")
        self.fields["new_password1"].label = _("新密码")
        self.fields["new_password1"].help_text = _(
            "至少十个字符，含大写字母、小写字母、数字、符号中的三种；不要与姓名、账号相近，也不要用常见密码。"
        )
        self.fields["new_password2"].label = _("再输一次新密码")
        self.fields["new_password2"].help_text = ""
