from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "zhibu.duties"
    label = "duties"
    verbose_name = _("应尽")
