from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "zhibu.handbook"
    label = "handbook"
    verbose_name = _("工作手册")
