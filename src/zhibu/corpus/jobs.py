"""Work on the corpus behind the pages: official wording is counted anew when the corpus has doubled."""

from __future__ import annotations

from django.db import transaction
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from zhibu.corpus import file
from zhibu.org.models import Organization


@task()
def rebuild_corpus(root: int) -> int:
    """Index the tree's corpus anew, if that is still due; how many texts are in it. Run twice, it does nothing."""
    body = Organization.objects.filter(pk=root, depth=1).first()
    return file.refresh(body) if body else 0


def rebuild_when_due(root: Organization, state: file.State) -> None:
    """See that a job waits for it, where what was asked for told that it is due."""
    if not state.due:
        return
    waiting = DBTaskResult.objects.filter(task_path=rebuild_corpus.module_path, status__in=("READY", "RUNNING"))
    if not any(one.args_kwargs["args"] == [root.pk] for one in waiting):
        transaction.on_commit(lambda: rebuild_corpus.enqueue(root.pk))
