from django.db import migrations
from django.utils import timezone

PRIVATE = ("talk", "contact")


def follow(apps, schema_editor):
    """Resolutions recorded before there were tasks, and still open, become tasks."""
    Resolution = apps.get_model("activities", "Resolution")
    Task, TaskStep = apps.get_model("tasks", "Task"), apps.get_model("tasks", "TaskStep")
    rows = Resolution.objects.filter(done=None, activity__withdrawn_at=None, activity__batch=None)
    at = timezone.now()
    for row in rows.exclude(activity__kind__in=PRIVATE).select_related("activity").iterator():
        task = Task.objects.create(
            organization_id=row.organization_id, given_by_id=row.organization_id, activity=row.activity,
            resolution=row, text=row.text, owner_id=row.owner_id, due=row.due, made_at=at,
        )
        TaskStep.objects.create(
            organization_id=row.organization_id, task=task, verb="give", data={"resolved": True}, at=at
        )


class Migration(migrations.Migration):
    dependencies = [("tasks", "0001_tasks"), ("activities", "0002_origins")]
    operations = [migrations.RunPython(follow, migrations.RunPython.noop)]
