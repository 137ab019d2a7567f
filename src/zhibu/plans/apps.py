from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "zhibu.plans"
    label = "plans"
    verbose_name = _("计划")

    def ready(self) -> None:
        from zhibu.activities.services import activity_saved
        from zhibu.plans.following import follow_activity

        activity_saved.connect(follow_activity, dispatch_uid="plans.follow_activity")
