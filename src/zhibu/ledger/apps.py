from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "zhibu.ledger"
    label = "ledger"
    verbose_name = _("台账")
