from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "zhibu.web"
    label = "web"
    verbose_name = _("首页")
