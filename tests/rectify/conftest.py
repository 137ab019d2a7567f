from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

DAY = date(2025, 3, 20)
NOW = datetime(2025, 3, 20, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *moment: moment[0].date() if moment else DAY)
    monkeypatch.setattr("zhibu.tasks.views.now", lambda: NOW)
    return DAY
