from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "zhibu.reminders"
    label = "reminders"
    verbose_name = _("到期提醒")
