from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "zhibu.ballots"
    label = "ballots"
    verbose_name = _("票决")
