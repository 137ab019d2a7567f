from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "zhibu.reports"
    label = "reports"
    verbose_name = _("述职")

    def ready(self) -> None:
        from zhibu.corpus.feeds import register
        from zhibu.reports.feed import ReportFeed

        register(ReportFeed())
