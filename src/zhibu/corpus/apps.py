from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "zhibu.corpus"
    label = "corpus"
    verbose_name = _("资料库")

    def ready(self) -> None:
        from zhibu.corpus.feeds import register
        from zhibu.corpus.queries import TextFeed

        register(TextFeed())
