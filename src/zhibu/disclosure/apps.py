from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "zhibu.disclosure"
    label = "disclosure"
    verbose_name = _("公开")
