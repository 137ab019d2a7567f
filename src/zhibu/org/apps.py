from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "zhibu.org"
    label = "org"
    verbose_name = _("组织")
