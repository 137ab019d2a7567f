from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "zhibu.scoring"
    label = "scoring"
    verbose_name = _("评价")
