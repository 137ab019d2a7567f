from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "zhibu.meetings"
    label = "meetings"
    verbose_name = _("会务")
