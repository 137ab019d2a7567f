"""A record's page: every part that was filled in has its name, whether or not the kind asks for it."""

from datetime import date

import pytest
from django.utils import timezone

from zhibu.activities.models import Activity


@pytest.mark.django_db
def test_parts_the_kind_does_not_ask_for_are_named_too(cast, as_):
    now = timezone.now()
    activity = Activity.objects.create(
        organization=cast.branch, kind="disclosure", title="公开4月支部工作计划", held=date(2025, 4, 2),
        chair=cast.members[0], agenda="公开事项", recorded_at=now, changed_at=now,
    )  # fmt: skip
    page = as_(cast.secretary).get(f"/activities/GW-01/{activity.pk}/").content.decode()
    assert "<dt>主持人</dt><dd>闻知远</dd>" in page
    assert "<h2>议题</h2>" in page
    assert "<dt></dt>" not in page
    assert "<h2></h2>" not in page
