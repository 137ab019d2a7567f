"""Work of a season behind the pages."""

from __future__ import annotations

from django_tasks import task

from zhibu.review import archive


@task()
def make_package(pk: int) -> None:
    archive.build(pk)
