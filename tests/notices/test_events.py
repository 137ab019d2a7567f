"""Events to other systems: of what they tell, to whom, signed how; and nothing of what the things say."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime

import pytest
from django.db import transaction

from tests.notices.conftest import AT
from zhibu.activities.entry import Entry
from zhibu.activities.services import correct_activity, record_activity, withdraw_activity
from zhibu.errors import UserError
from zhibu.notices import events
from zhibu.notices.addresses import new_key, read_address
from zhibu.notices.delivering import deliver
from zhibu.notices.kinds import kinds_for, notice_kinds
from zhibu.notices.models import Channel, Delivery, Notice
from zhibu.notices.passing import pass_on
from zhibu.notices.sealing import seal, unseal
from zhibu.org.journal import VERBS, note
from zhibu.org.models import JournalEntry

KINDS = [kind.slug for kind in kinds_for("events")]
SECRET = new_key()
TALK = "谈心的内容不外传"
LATER = datetime(2025, 11, 24, 2, 5, tzinfo=UTC)


@pytest.fixture
def subscribe(cast, robot):
    """`subscribe(body)`: a confirmed channel of the body for all events, to the robot."""

    def make(organization=None, kinds=KINDS, **more):
        return Channel.objects.create(
            organization=organization or cast.branch, way="events", sealed=seal({"url": robot.url, "signing": SECRET}),
            kinds=kinds, made_at=AT, made_by=cast.secretary, **{"confirmed_at": AT, **more},
        )  # fmt: skip

    return make


def record(cast, **more):
    entry = Entry("lecture", "三月党课", AT.date(), minutes="闻知远讲党课。", **more)
    return record_activity(cast.secretary, cast.branch, entry, at=AT)


def send():
    while pass_on(AT):
        pass
    Delivery.objects.update(due=AT)
    while deliver("worker", LATER):
        pass


def test_recorded_corrected_withdrawn(cast, subscribe, robot):
    subscribe()
    made = record(cast)
    entry = Entry("lecture", "四月党课", AT.date(), minutes="闻知远讲党课。")
    correct_activity(cast.secretary, made, entry, made.version, "题目有误", at=AT)
    made.refresh_from_db()
    withdraw_activity(cast.secretary, made, "重复", at=AT)
    send()
    (body,) = robot.heard
    assert [one["event"] for one in body["events"]] == ["activity.recorded", "activity.corrected", "activity.withdrawn"]
    assert {one["id"] for one in body["events"]} == {made.pk}
    assert body["events"][0]["address"] == f"/api/v1/organizations/GW-01/activities/{made.pk}"
    assert set(body["events"][0]) == {"event", "id", "organization", "address", "at"}
    assert Delivery.objects.get().state == "sent"


def test_signed_as_standard_webhooks_asks(cast, subscribe, robot):
    subscribe()
    record(cast)
    send()
    head, body = robot.headers[0], robot.raw[0]
    signed = f"{head['webhook-id']}.{head['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    digest = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert head["webhook-signature"] == f"v1,{digest}"
    assert head["content-type"] == "application/json"


def test_the_example_of_the_specification():
    """From https://github.com/standard-webhooks/standard-webhooks, its reference libraries' tests."""
    at = datetime.fromtimestamp(1614265330, UTC)
    head = events.signed(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", at, '{"test": 2432232314}'
    )
    assert head["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_nothing_of_what_a_talk_says(cast, subscribe, robot):
    """Not even its kind: only that something was recorded, and where to ask with a token that may."""
    subscribe()
    entry = Entry("talk", TALK, AT.date(), chair=cast.members[0].pk, minutes=TALK,
                  fields={"partner": cast.members[7].pk, "subject": TALK})  # fmt: skip
    record_activity(cast.secretary, cast.branch, entry, at=AT)
    send()
    said = robot.raw[0].decode() + json.dumps(list(Notice.objects.values()), default=str)
    assert TALK not in said
    assert "talk" not in said
    assert cast.members[7].name not in said


def test_the_bodies_above_hear_too_and_no_others(cast, subscribe, robot):
    above, beside, below = subscribe(cast.committee), subscribe(cast.other), subscribe(cast.cell)
    record(cast)
    send()
    assert [one.channel_id for one in Delivery.objects.all()] == [above.pk]
    assert not Notice.objects.filter(organization__in=[beside.organization, below.organization]).exists()


@pytest.mark.parametrize(
    "spoil",
    [{"confirmed_at": None}, {"removed_at": AT}, {"kinds": ["event-task"]}],
    ids=["unconfirmed", "gone", "other"],
)
def test_nobody_subscribed_nothing_is_kept(cast, subscribe, spoil):
    subscribe(**spoil)
    record(cast)
    assert not Notice.objects.filter(kind__startswith="event-").exists()


def test_an_event_falls_with_its_write(cast, subscribe):
    subscribe()
    with transaction.atomic():
        record(cast)
        assert Notice.objects.exists()
        transaction.set_rollback(True)
    assert not Notice.objects.exists()
    assert not JournalEntry.objects.filter(verb="record").exists()


def test_people_are_not_told_of_events(cast, subscribe, channel_of, robot):
    """A group's robot gets reminders, the events' channel events; whichever kinds stand in either."""
    subscribe()
    group = channel_of(organization=cast.branch, made_by=cast.secretary)
    record(cast)
    send()
    assert not group.deliveries.exists()
    assert not Notice.objects.exclude(account=None).filter(kind__startswith="event-").exists()


def test_tried_again_with_the_same_id(cast, subscribe, robot):
    subscribe()
    record(cast)
    robot.answers = [(500, {})]
    send()
    one = Delivery.objects.get()
    assert (one.state, one.error["code"]) == ("waiting", "bad-status")
    send()
    assert Delivery.objects.get().state == "sent"
    assert len({head["webhook-id"] for head in robot.headers}) == 1


def test_any_2xx_is_taken_for_received(cast, subscribe, robot):
    """Other than robots, a system of one's own may answer with codes of its own."""
    subscribe()
    record(cast)
    robot.answers = [(202, {"code": 202})]
    send()
    assert Delivery.objects.get().state == "sent"


def test_the_own_network_is_shut(cast, subscribe, robot, settings):
    subscribe()
    record(cast)
    settings.INTERNAL_HOSTS = frozenset()
    send()
    assert Delivery.objects.get().error["code"] == "not-allowed"
    assert not robot.heard
    with pytest.raises(UserError, match="ZHIBU_INTERNAL_HOSTS"):
        read_address("events", "https://10.0.0.7/hook", SECRET, ())


def test_more_than_one_message_takes(cast, monkeypatch):
    monkeypatch.setattr(events, "MOST", 2)
    said = {"code": "event", "message": "", "data": {"event": "task.given", "organization": "GW-01", "id": 1}}
    rows = [Notice(kind="event-task", sentence=said, url="/x", at=AT) for _ in range(5)]
    body = json.loads(events.body_of(rows, "https://zhibu.example.cn"))
    assert (len(body["events"]), body["more"]) == (2, 3)
    assert body["events"][0]["address"] == "https://zhibu.example.cn/x"


def test_every_event_is_of_a_known_verb_and_kind():
    for verb, event in events.events().items():
        assert verb in VERBS
        assert notice_kinds()[event.kind].event
        assert event.address in ("activities", "tasks", "publications", "evaluations")


@pytest.mark.parametrize("verb", [verb for verb in events.events() if verb not in ("record", "correct", "withdraw")])
def test_what_the_journal_notes_is_told(cast, subscribe, verb, django_assert_num_queries):
    subscribe()
    with transaction.atomic(), django_assert_num_queries(3):  # the entry, who subscribed, the notice
        note(cast.secretary, cast.branch, verb, cast.branch, "")
    assert Notice.objects.get().said.data["event"] == events.events()[verb].event


@pytest.mark.parametrize("key", ["", "whsec_", "whsec_c2hvcnQ=", "geheim" * 8, "whsec_²", "whsec_" + "A" * 200])
def test_a_secret_that_is_none(key):
    with pytest.raises(UserError, match="whsec_"):
        read_address("events", "https://example.cn/hook", key, ())


# --- the page ---------------------------------------------------------------------------------------------------------


def test_set_up_on_the_page(cast, as_, robot):
    client = as_(cast.secretary)
    page = client.get("/notices/groups/GW-01/new/events/").content.decode()
    assert "whsec_" in page
    assert "免打扰" not in page
    sent = {"address": robot.url, "signing": SECRET, "kinds": ["event-task"]}
    answer = client.post("/notices/groups/GW-01/new/events/", sent)
    one = Channel.objects.get()
    assert answer.status_code == 302
    assert unseal(one.sealed) == {"url": robot.url, "signing": SECRET}
    shown = client.get(answer.url).content.decode()
    assert SECRET not in shown
    assert SECRET not in str(list(JournalEntry.objects.values()))
    send()
    one.refresh_from_db()
    assert one.confirmed_at is not None
    assert robot.heard == [{"version": 1, "events": [], "more": 0}]
    assert client.post(answer.url, {"kinds": ["event-activity"]}).status_code == 302
    one.refresh_from_db()
    assert one.kinds == ["event-activity"]
    record(cast)
    send()
    listed = client.get("/notices/groups/GW-01/sent/").content.decode()
    assert "activity.recorded：GW-01" in listed


def test_bad_input_on_the_page(cast, as_, robot):
    client = as_(cast.secretary)
    url = "/notices/groups/GW-01/new/events/"
    for wrong in ({"signing": "x"}, {"kinds": ["task"]}, {"kinds": []}, {"address": "http://10.0.0.1/"}):
        sent = {"address": robot.url, "signing": SECRET, "kinds": ["event-task"]} | wrong
        assert client.post(url, sent).status_code == 422, wrong
    assert not Channel.objects.exists()


def test_only_who_keeps_the_group_and_no_account(cast, as_):
    assert as_(cast.member).get("/notices/groups/GW-01/new/events/").status_code == 403
    assert as_(cast.outsider).get("/notices/groups/GW-01/new/events/").status_code == 404
    assert as_(cast.secretary).get("/notices/channels/new/events/").status_code == 404
