from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "zhibu.notices"
    label = "notices"
    verbose_name = _("提醒")

    def ready(self) -> None:
        from django.db.models.signals import post_save

        from zhibu.notices.events import on_entry

        # The journal lies below and cannot call; every write stands in it, so no event can be forgotten.
        post_save.connect(on_entry, sender="org.JournalEntry", dispatch_uid="zhibu.notices.events")
