from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from zhibu.org.tokens import make_token

DAY = date(2025, 3, 20)
NOW = datetime(2025, 3, 20, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *moment: moment[0].date() if moment else DAY)
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    cache.clear()
    return DAY


class Door:
    """The API as a program uses it, with one account's token."""

    def __init__(self, account, scope="write"):
        self.account = account
        self.text = make_token(account, "测试", scope, 90, DAY, at=NOW)[1] if account else ""
        self.client = Client(raise_request_exception=True)

    def __call__(self, method, path, data=None, **more):
        headers = {"Authorization": f"Bearer {self.text}"} if self.text else {}
        body = {"data": json.dumps(data), "content_type": "application/json"} if data is not None else {}
        return getattr(self.client, method)(f"/api/v1/{path}", headers=headers, **body, **more)

    def get(self, path, **asked):
        return self("get", path, query_params=asked)

    def post(self, path, data):
        return self("post", path, data)

    def put(self, path, data):
        return self("put", path, data)


@pytest.fixture
def door():
    """`door(cast.secretary)` is the API with a token of that account."""
    return Door


LECTURE = {
    "kind": "lecture", "title": "三月党课", "held": "2025-03-12", "starts": "15:00", "ends": "16:30",
    "place": "三楼会议室", "minutes": "闻知远讲党课，与会人员围绕水文监测中的作风问题作了发言。", "seen": True,
}  # fmt: skip
