from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "zhibu.tasks"
    label = "tasks"
    verbose_name = _("督办")

    def ready(self) -> None:
        from zhibu.activities.services import activity_saved
        from zhibu.tasks.resolved import follow_meeting

        activity_saved.connect(follow_meeting, dispatch_uid="tasks.follow_meeting")
