from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "zhibu.checking"
    label = "checking"
    verbose_name = _("校核一篇文字")
