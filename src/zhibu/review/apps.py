from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "zhibu.review"
    label = "review"
    verbose_name = _("述职评议")

    def ready(self) -> None:
        from zhibu.corpus.feeds import register
        from zhibu.review.feed import SubmissionFeed

        register(SubmissionFeed())
