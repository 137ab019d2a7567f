from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.notices import robot as robots
from zhibu.notices.kinds import kinds_for
from zhibu.notices.models import Channel
from zhibu.notices.sealing import seal

AT = datetime(2025, 11, 24, 2, 0, tzinfo=UTC)
"""Ten in the morning in Shanghai."""
KINDS = [kind.slug for kind in kinds_for("webhook")]


@pytest.fixture
def robot(settings):
    """A robot on this machine, which the settings let us write to."""
    settings.INTERNAL_HOSTS = frozenset({"127.0.0.1"})
    with robots.robot() as one:
        yield one


@pytest.fixture
def channel_of(robot):
    """`channel_of(account)` or `channel_of(organization=…)`: a confirmed webhook to the robot."""

    def make(account=None, organization=None, **fields):
        values = {
            "way": "webhook", "sealed": seal({"url": robot.url}), "tail": "…ress", "kinds": KINDS, "made_at": AT,
            "confirmed_at": AT, "made_by": account or fields.pop("made_by"), **fields,
        }  # fmt: skip
        return Channel.objects.create(account=account, organization=organization, **values)

    return make
