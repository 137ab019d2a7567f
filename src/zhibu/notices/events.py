"""Events for other systems: what the journal notes becomes, for each body that subscribed, a notice of its group.

An event says what happened to which thing, where and when, and nothing of what the thing says: who wants to know more
asks the API, with a token that may. The bodies above hear of what happens in those below, as they see it on the page.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from zhibu.errors import Sentence
from zhibu.notices.models import Channel, Notice, Way
from zhibu.notices.services import wake_later
from zhibu.notices.wording import packed
from zhibu.org.models import JournalEntry, Organization
from zhibu.rulebook.yamlfile import read_yaml

SAID = Sentence("event", "{event}：{organization} 第{id}号")
MOST = 1000
"""Events written out in one message."""


@dataclass(frozen=True, slots=True)
class Event:
    event: str
    kind: str
    address: str
    """The part of the thing's address in the API after that of its body."""


@lru_cache(maxsize=1)
def events() -> dict[str, Event]:
    """By the journal's verb."""
    rows = read_yaml(Path(__file__).with_name("events.yaml"))
    return {verb: Event(**row) for verb, row in rows.items()}


def on_entry(sender: Any, instance: JournalEntry, created: bool, **_more: Any) -> None:
    """An entry of the journal, in the transaction of its write: it stands or falls with it."""
    event = events().get(instance.verb) if created else None
    if event is None or instance.organization is None:
        return
    subscribed = _subscribed(event.kind, instance.organization)
    if not subscribed:
        return
    data = {"event": event.event, "organization": instance.organization.code, "id": int(instance.object_id)}
    row = {"kind": event.kind, "sentence": packed(Sentence(SAID.code, SAID.message, **data)), "at": instance.at}
    url = f"/api/v1/organizations/{data['organization']}/{event.address}/{data['id']}"
    Notice.objects.bulk_create(
        Notice(organization_id=body, about=uuid4().hex, url=url, **row) for body in sorted(subscribed)
    )
    wake_later()


def _subscribed(kind: str, organization: Organization) -> set[int]:
    """Keys of the body and those above it whose channels want this kind, in one query."""
    step, path = Organization.steplen, organization.path
    line = [path[:end] for end in range(step, len(path) + 1, step)]
    rows = Channel.objects.filter(
        way=Way.EVENTS, confirmed_at__isnull=False, removed_at=None, organization__path__in=line
    )
    return {body for body, kinds in rows.values_list("organization_id", "kinds") if body is not None and kind in kinds}


# --- on their way -----------------------------------------------------------------------------------------------------


def body_of(notices: Sequence[Notice], site: str) -> str:
    """The message as JSON: the first MOST events, and how many `more` there were, to be looked up in the API."""
    told = [_told(one, site) for one in notices[:MOST]]
    return json.dumps({"version": 1, "events": told, "more": len(notices) - len(told)}, ensure_ascii=False)


def _told(notice: Notice, site: str) -> dict[str, Any]:
    data: Mapping[str, Any] = notice.said.data
    return {
        "event": data["event"], "id": data["id"], "organization": data["organization"],
        "address": f"{site}{notice.url}", "at": notice.at.isoformat(),
    }  # fmt: skip


def signed(secret: str, key: str, at: datetime, body: str) -> dict[str, str]:
    """The headers of https://www.standardwebhooks.com: HMAC-SHA256 over id, time and body."""
    moment = str(int(at.timestamp()))
    digest = hmac.digest(_raw(secret), f"{key}.{moment}.{body}".encode(), hashlib.sha256)
    signature = f"v1,{base64.b64encode(digest).decode()}"
    return {"webhook-id": key, "webhook-timestamp": moment, "webhook-signature": signature}


def _raw(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
