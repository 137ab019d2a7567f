"""From a notice to the robot: one message for many notices, tried again, given up, never lost, never twice."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tests.conftest import PASSWORD
from tests.notices.conftest import AT
from zhibu.errors import Sentence
from zhibu.notices import delivering, jobs, logbook
from zhibu.notices.delivering import deliver, settle
from zhibu.notices.models import Channel, Delivery, Notice
from zhibu.notices.passing import pass_on
from zhibu.notices.services import announce, tell
from zhibu.notices.timing import PAUSES
from zhibu.notices.wording import packed
from zhibu.org.models import Account

SOON = AT + timedelta(minutes=2)


def told(account, text="党员大会快到期了", **more):
    return tell([account], Sentence("due-soon", text), **{"kind": "due", "at": AT, **more})


def test_many_notices_are_one_message(cast, channel_of, robot):
    channel_of(cast.secretary)
    for number in range(5):
        told(cast.secretary, f"第{number}件", url="/ledger/GW-01/")
    assert pass_on(AT) == 5
    assert deliver("w", AT) == 0  # a minute is left for others to join
    told(cast.secretary, "第5件")
    pass_on(AT)
    assert deliver("w", SOON) == 1
    (message,) = robot.heard
    assert message["title"] == "【支部工作台】6条提醒"
    assert [f"第{number}件" in message["message"] for number in range(6)] == [True] * 6
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.tries, delivery.notices.count()) == ("sent", 1, 6)


def test_links_need_the_address_of_the_site(cast, channel_of, robot, settings):
    settings.ADDRESS = "https://zhibu.example.cn"
    channel_of(cast.secretary)
    told(cast.secretary, url="/ledger/GW-01/")
    pass_on(AT)
    deliver("w", SOON)
    assert "https://zhibu.example.cn/ledger/GW-01/" in robot.heard[0]["message"]


def test_a_brief_channel_tells_no_content(cast, channel_of, robot):
    channel_of(cast.secretary, brief=True)
    told(cast.secretary, "机密的事")
    pass_on(AT)
    deliver("w", SOON)
    assert "机密的事" not in str(robot.heard)
    assert "1条提醒" in robot.heard[0]["title"]


def test_a_message_keeps_within_what_the_platform_takes(cast, channel_of, robot, monkeypatch):
    monkeypatch.setitem(__import__("zhibu.notices.sending", fromlist=["BYTES"]).BYTES, "webhook", 600)
    channel_of(cast.secretary)
    for number in range(20):
        told(cast.secretary, f"第{number}件" + "长" * 30)
    pass_on(AT)
    deliver("w", SOON)
    text = robot.heard[0]["message"]
    assert len(text.encode()) <= 600
    assert "另有" in text


def test_nobody_is_sent_what_is_not_his(cast, channel_of, robot):
    channel_of(cast.secretary)
    channel_of(cast.outsider, kinds=["task"])
    told(cast.deputy)
    told(cast.outsider)  # of a kind that channel does not want
    assert pass_on(AT) == 2
    assert Delivery.objects.count() == 0
    assert pass_on(AT) == 0


@pytest.mark.parametrize("off", [{"confirmed_at": None}, {"removed_at": AT}])
def test_nothing_goes_to_a_channel_that_is_not_confirmed_or_was_removed(cast, channel_of, off):
    channel_of(cast.secretary, **off)
    told(cast.secretary)
    pass_on(AT)
    assert not Delivery.objects.exists()


def test_what_was_waiting_when_its_account_was_locked_is_dropped(cast, channel_of, robot):
    channel_of(cast.secretary)
    told(cast.secretary)
    pass_on(AT)
    Account.objects.filter(pk=cast.secretary.pk).update(is_active=False)
    deliver("w", SOON)
    assert Delivery.objects.get().state == "dropped"
    assert robot.heard == []


def test_a_group_gets_what_its_body_was_told_and_nothing_of_its_people(cast, channel_of, robot):
    channel_of(organization=cast.branch, made_by=cast.secretary)
    announce(cast.branch, Sentence("group", "本月还有3项工作"), kind="due", at=AT)
    announce(cast.other, Sentence("group", "别的支部"), kind="due", at=AT)
    told(cast.secretary, "书记自己的事", organization=cast.branch)
    pass_on(AT)
    deliver("w", SOON)
    assert [message["message"] for message in robot.heard] == ["1. 本月还有3项工作"]


def test_a_daily_digest_waits_for_its_hour_and_for_the_end_of_the_night(cast, channel_of):
    channel_of(cast.secretary, digest=time(8, 30))
    channel_of(cast.deputy, quiet_from=time(9), quiet_until=time(18))
    told(cast.secretary)
    told(cast.deputy)
    pass_on(AT)
    assert Delivery.objects.get(channel__account=cast.secretary).due == datetime(2025, 11, 25, 0, 30, tzinfo=UTC)
    assert Delivery.objects.get(channel__account=cast.deputy).due == datetime(2025, 11, 24, 10, tzinfo=UTC)


# --- when it does not go well ---------------------------------------------------------------------------------------


def test_a_robot_that_was_down_gets_it_later_with_all_that_came_meanwhile(cast, channel_of, robot):
    channel = channel_of(cast.secretary)
    told(cast.secretary, "第一件")
    pass_on(AT)
    robot.answers = [(500, {}), (200, {"errcode": 45009, "errmsg": "too often"})]
    deliver("w", SOON)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.tries) == ("waiting", 1)
    assert delivery.why.text() == "对方答复出错（状态码500）。"
    told(cast.secretary, "第二件")
    pass_on(AT)
    assert channel.deliveries.count() == 1
    for wait in PAUSES[:2]:
        delivery.refresh_from_db()
        assert timedelta() < delivery.due - timezone.now() <= wait
        deliver("w", delivery.due)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.tries, delivery.error) == ("sent", 3, None)
    assert "第二件" in robot.heard[-1]["message"]


def test_given_up_it_is_told_to_its_owner_on_the_page_only(cast, channel_of, robot):
    channel_of(cast.secretary)
    told(cast.secretary)
    pass_on(AT)
    robot.answers = [(500, {})] * 20
    for _try in range(len(PAUSES) + 1):
        deliver("w", Delivery.objects.get().due)
    assert Delivery.objects.get().state == "failed"
    told_of = Notice.objects.filter(kind="system")
    assert [notice.account for notice in told_of] == [cast.secretary]
    assert "停止重试" in told_of[0].said.text()
    pass_on(AT)
    assert Delivery.objects.count() == 1


def test_a_group_robots_failure_is_told_to_those_who_keep_it(cast, channel_of, robot):
    channel_of(organization=cast.branch, made_by=cast.secretary)
    announce(cast.branch, Sentence("group", "本月还有3项工作"), kind="due", at=AT)
    pass_on(AT)
    Delivery.objects.update(tries=len(PAUSES))
    robot.answers = [(500, {})]
    deliver("w", SOON)
    assert {notice.account for notice in Notice.objects.filter(kind="system")} == {cast.secretary}


def test_a_message_is_taken_up_by_one_worker(cast, channel_of, robot):
    channel_of(cast.secretary)
    told(cast.secretary)
    pass_on(AT)
    Delivery.objects.update(state="sending", claimed_by="another")
    assert deliver("w", SOON) == 0
    assert robot.heard == []


def test_of_an_interrupted_message_nobody_knows_and_it_is_not_sent_by_itself(cast, channel_of, robot):
    channel_of(cast.secretary)
    told(cast.secretary)
    pass_on(AT)
    Delivery.objects.update(state="sending", claimed_by="dead", tries=1)
    assert settle("dead", Delivery.objects.values_list("pk", flat=True), SOON) == 1
    assert Delivery.objects.get().state == "unclear"
    assert deliver("w", SOON) == 0
    assert "不能确定" in Notice.objects.get(kind="system").said.text()


def test_a_key_that_was_changed_is_told_in_words(cast, channel_of, settings):
    channel_of(cast.secretary)
    told(cast.secretary)
    pass_on(AT)
    settings.SECRET_KEY = "another" * 10
    deliver("w", SOON)
    assert "密钥已更换" in Delivery.objects.get().why.text()


def test_a_library_that_breaks_loses_no_other_message(cast, channel_of, monkeypatch):
    def breaks(way, secrets, title, body):
        if "坏" in body:
            raise RuntimeError("broken")

    channel_of(cast.secretary)
    channel_of(cast.deputy)
    told(cast.secretary, "坏")
    told(cast.deputy, "好")
    pass_on(AT)
    monkeypatch.setattr("zhibu.notices.delivering.send", breaks)
    deliver("w", SOON)
    states = {one.channel.account: one.state for one in Delivery.objects.select_related("channel__account")}
    assert states == {cast.secretary: "waiting", cast.deputy: "sent"}


# --- jobs -----------------------------------------------------------------------------------------------------------


def ready():
    return sorted(DBTaskResult.objects.filter(status="READY").values_list("task_path", flat=True))


def test_telling_wakes_the_worker_once(cast, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        told(cast.secretary)
        told(cast.deputy)
    assert len(callbacks) == 1
    assert ready() == ["zhibu.notices.jobs.pass_on_notices"]
    jobs.wake()
    assert len(ready()) == 1


def test_a_job_that_has_begun_does_not_count(cast):
    told(cast.secretary)
    jobs.wake()
    DBTaskResult.objects.update(status="RUNNING")
    jobs.wake()
    assert len(ready()) == 1


def test_what_is_due_later_has_a_job_of_that_time(cast, channel_of):
    channel_of(cast.secretary)
    told(cast.secretary)
    jobs.pass_on_notices.call()
    job = DBTaskResult.objects.get(task_path="zhibu.notices.jobs.deliver_messages")
    assert job.run_after == Delivery.objects.get().due
    Delivery.objects.update(due=AT)
    jobs.wake()
    assert DBTaskResult.objects.ready().filter(task_path="zhibu.notices.jobs.deliver_messages").count() == 1


def test_ten_thousand_are_passed_on_in_few_queries(cast, channel_of, django_assert_max_num_queries):
    made = Account.objects.bulk_create(Account(username=f"a{number}", password=PASSWORD) for number in range(500))
    one = channel_of(cast.secretary)
    Channel.objects.bulk_create(
        Channel(account=account, way="webhook", sealed=one.sealed, kinds=one.kinds, made_at=AT, made_by=account,
                confirmed_at=AT)
        for account in made
    )  # fmt: skip
    tell(made, Sentence("due-soon", "快到期了"), kind="due", at=AT, about="due/all")
    with django_assert_max_num_queries(20):
        assert pass_on(AT) == 500
    assert Delivery.objects.count() == 500


# --- taken up, and what became of it ----------------------------------------------------------------------------------


@pytest.fixture
def home(settings, tmp_path):
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def three(cast, channel_of, home):
    """Three messages a worker took up before it died."""
    for account in (cast.secretary, cast.deputy, cast.member):
        channel_of(account)
        told(account)
    pass_on(AT)
    Delivery.objects.update(state="sending", claimed_by="dead", tries=1)
    return list(Delivery.objects.order_by("pk").values_list("pk", flat=True))


def states():
    return list(Delivery.objects.order_by("pk").values_list("state", "tries"))


def test_by_its_logbook_only_what_was_under_way_is_in_doubt(three):
    with logbook.begun_anew("dead") as book:
        book.begin(three[:2])
        book.done([(three[0], None)])
    settle("dead", three, SOON)
    assert states() == [("sent", 1), ("unclear", 1), ("waiting", 0)]
    assert Notice.objects.filter(kind="system").count() == 1


def test_a_failure_it_heard_of_is_tried_again_later(three):
    trouble = packed(Sentence("bad-status", "对方答复出错（状态码{status}）。", status=500))
    with logbook.begun_anew("dead") as book:
        book.begin(three)
        book.done([(pk, trouble) for pk in three])
    settle("dead", three, SOON)
    assert states() == [("waiting", 1)] * 3
    assert {row.error["code"] for row in Delivery.objects.all()} == {"bad-status"}
    assert all(row.due > SOON for row in Delivery.objects.all())


@pytest.mark.parametrize("spoil", ["another start", "no logbook", "cut short", "not a logbook"])
def test_a_logbook_not_to_be_believed(three, home, monkeypatch, spoil):
    """After another start of the machine lines may be missing: whatever was taken up may have gone out."""
    with logbook.begun_anew("dead") as book:
        book.begin(three[:1])
    file = home / "workers" / "dead.log"
    if spoil == "another start":
        run = home / "run"
        run.write_text("another")
        monkeypatch.setattr(logbook, "RUN", run)
    elif spoil == "no logbook":
        file.unlink()
    elif spoil == "cut short":
        file.write_text(file.read_text()[:-4])
    else:
        file.write_text("[]")
    settle("dead", three, SOON)
    assert states() == [("unclear", 1)] * 3


def test_a_round_that_broke_off_is_settled_before_the_next(cast, three, robot, monkeypatch):
    """The database went away after the messages were sent: they are not sent again."""
    Delivery.objects.update(state="waiting", due=AT, tries=0, claimed_by="")
    with monkeypatch.context() as broken:
        broken.setattr("zhibu.notices.delivering._write_down", lambda *_given: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            deliver("w", SOON)
    assert {state for state, _tries in states()} == {"sending"}
    assert deliver("w", SOON) == 0
    assert states() == [("sent", 1)] * 3
    assert len(robot.heard) == 3


def test_nothing_is_sent_where_the_logbook_cannot_be_written(three, robot, monkeypatch):
    Delivery.objects.update(state="waiting", due=AT, tries=0, claimed_by="")
    with monkeypatch.context() as full:
        full.setattr(logbook.Logbook, "begin", lambda *_given: (_ for _ in ()).throw(OSError(28, "no space left")))
        with pytest.raises(OSError, match="no space"):
            deliver("w", SOON)
    assert robot.heard == []
    assert deliver("w", SOON) == 3
    assert len(robot.heard) == 3


def test_a_channel_removed_meanwhile_is_not_written_to(cast, three, robot, monkeypatch):
    """Between being taken up and its turn: with one at a time, the second is gone when the first has been sent."""
    monkeypatch.setattr("zhibu.notices.delivering.TOGETHER", 1)
    Delivery.objects.update(state="waiting", due=AT, tries=0, claimed_by="")
    second = Delivery.objects.order_by("pk")[1].channel
    real = delivering._sent

    def sent(parcel):
        Channel.objects.filter(pk=second.pk).update(removed_at=AT, sealed="")
        return real(parcel)

    class Here:
        """A pool in this thread, whose database is the test's."""

        def __init__(self, *_given): ...
        def __enter__(self):
            return self

        def __exit__(self, *_given): ...

        map = staticmethod(map)

    monkeypatch.setattr("zhibu.notices.delivering._sent", sent)
    monkeypatch.setattr("zhibu.notices.delivering.ThreadPoolExecutor", Here)
    deliver("w", SOON)
    assert [state for state, _tries in states()] == ["sent", "dropped", "sent"]
    assert len(robot.heard) == 2
