"""How each status of the ledger is shown: a sign and words, so that colour is never the only difference."""

from django.utils.translation import gettext_lazy as _

STATUSES = {
    "met": ("✓", _("已完成")),
    "late": ("◷", _("逾期完成")),
    "defective": ("!", _("不合要求")),
    "missing": ("✕", _("未完成")),
    "not-yet-due": ("○", _("未到期")),
    "exempt": ("–", _("不适用")),
    "unknown": ("?", _("无法判断")),
}
