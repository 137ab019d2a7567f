from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "zhibu.rectify"
    label = "rectify"
    verbose_name = _("整改")

    def ready(self) -> None:
        from zhibu.ledger.snapshots import register_part
        from zhibu.rectify.asof import problems_as_of

        register_part("problems", problems_as_of)
