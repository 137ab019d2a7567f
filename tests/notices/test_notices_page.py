"""The notice centre: one's own, read one by one or all, with and without script."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest

from tests.conftest import PASSWORD
from tests.notices.conftest import AT
from zhibu.errors import Sentence
from zhibu.notices.models import Delivery, Notice
from zhibu.notices.services import tell
from zhibu.org.models import Account

HTMX = {"hx-request": "true"}


def told(account, text="党员大会快到期了", **more):
    tell([account], Sentence("due-soon", text), **{"kind": "due", "at": AT, "url": "/org/GW-01/", **more})
    return Notice.objects.filter(account=account).latest("id")


def page(client, address="/notices/", **options):
    answer = client.get(address, **options)
    assert answer.status_code == 200
    return answer.content.decode()


def badge(html):
    found = re.search(r"data-bell-count( hidden)?>.*?data-bell-number>([^<]*)<", html, re.DOTALL)
    return None if found[1] else found[2]


def test_it_lists_ones_own_and_the_bell_counts_the_unread(as_, cast):
    told(cast.secretary, "第一件", organization=cast.branch)
    told(cast.secretary, "<b>第二件</b>", kind="task")
    told(cast.deputy, "别人的事")
    html = page(as_(cast.secretary))
    assert "第一件" in html
    assert "<b>第二件" not in html
    assert "&lt;b&gt;第二件" in html
    assert "别人的事" not in html
    assert badge(html) == "2"
    assert badge(page(as_(cast.member))) is None


def test_it_can_be_narrowed(as_, cast):
    told(cast.secretary, "到期的事")
    told(cast.secretary, "督办的事", kind="task")
    client = as_(cast.secretary)
    assert "督办的事" not in page(client, "/notices/?kind=due")
    assert "到期的事" in page(client, "/notices/?kind=nonsense")
    client.post("/notices/read/")
    assert "没有这样的提醒" in page(client, "/notices/?show=unread")


def test_opening_one_leads_on_and_marks_it_read(as_, cast):
    notice = told(cast.secretary)
    client = as_(cast.secretary)
    assert client.get(f"/notices/{notice.pk}/")["Location"] == "/org/GW-01/"
    notice.refresh_from_db()
    assert notice.read_at is not None
    assert badge(page(client)) is None


def test_marking_read_without_and_with_script(as_, cast):
    first, second = told(cast.secretary, "第一件"), told(cast.secretary, "第二件")
    client = as_(cast.secretary)
    assert client.post(f"/notices/{first.pk}/read/")["Location"] == "/notices/"
    fragment = client.post(f"/notices/{second.pk}/read/", headers=HTMX).content.decode()
    assert "第二件" in fragment
    assert "<html" not in fragment
    assert not Notice.objects.filter(read_at=None).exists()


def test_all_read_concerns_nobody_else(as_, cast):
    told(cast.secretary)
    theirs = told(cast.deputy)
    assert as_(cast.secretary).post("/notices/read/")["Location"] == "/notices/"
    theirs.refresh_from_db()
    assert theirs.read_at is None


@pytest.mark.parametrize("verb", ["get", "post"])
def test_anothers_notice_does_not_exist(as_, cast, verb):
    theirs = told(cast.deputy)
    address = f"/notices/{theirs.pk}/" if verb == "get" else f"/notices/{theirs.pk}/read/"
    assert getattr(as_(cast.secretary), verb)(address).status_code == 404
    theirs.refresh_from_db()
    assert theirs.read_at is None


def test_it_requires_somebody(client, db):
    for address in ("/notices/", "/notices/count/", "/notices/channels/", "/notices/sent/"):
        assert client.get(address)["Location"].startswith("/login/")


def test_one_and_three_rows_cost_the_same(as_, cast, django_assert_max_num_queries):
    client = as_(cast.secretary)
    page(client)  # the first request writes the session
    taken = []
    for rows in (1, 3):
        while Notice.objects.count() < rows:
            told(cast.secretary, organization=cast.branch)
        with django_assert_max_num_queries(12) as counted:
            page(client)
        taken.append(len(counted))
    assert taken[0] == taken[1]


def test_a_page_that_asks_by_itself_does_not_keep_the_session_alive(as_, cast):
    client = as_(cast.secretary)
    told(cast.secretary)
    session = client.session
    session["seen"] = int(time.time()) - 600
    session.save()
    answer = client.get("/notices/count/", headers={"X-Zhibu-By-Itself": "1"})
    assert answer.json() == {"unread": 1}
    assert client.session["seen"] < time.time() - 500
    client.get("/notices/count/")
    assert client.session["seen"] > time.time() - 100


def test_sentences_are_in_the_readers_language(as_, cast):
    told(cast.secretary, "意见建议")  # a message of the catalogue
    client = as_(cast.secretary)
    client.cookies["django_language"] = "en"
    assert "意见建议" not in re.search(r"notice-text.*?</a>", page(client), re.DOTALL)[0]


# --- how the sending stands -----------------------------------------------------------------------------------------


@pytest.fixture
def system(cast):
    return Account.objects.create_user("system", password=PASSWORD, office="system")


def test_the_system_administrator_sees_numbers_and_no_content(as_, cast, system, channel_of):
    channel = channel_of(cast.secretary)
    for state in ("waiting", "waiting", "failed", "sent"):
        Delivery.objects.create(
            channel=channel, state=state, due=AT, made_at=AT, sent_at=AT if state == "sent" else None
        )
    told(cast.secretary, "机密的事")
    html = page(as_(system), "/notices/sending/")
    assert re.findall(r'<dd class="num">(\d+)', html) == ["1", "2", "0", "1", "1", "0"]
    assert "后台发送进程可能没有运行" in html
    assert "机密的事" not in html
    assert channel.tail not in html
    assert "<html" not in page(as_(system), "/notices/sending/", headers=HTMX)


def test_the_progress_is_told_in_percent(as_, cast, system, channel_of):
    from django.utils import timezone

    channel, now = channel_of(cast.secretary), timezone.now()
    for number in range(4):
        Delivery.objects.create(
            channel=channel, state="sent" if number else "waiting", due=now - timedelta(seconds=1), made_at=AT,
            sent_at=now if number else None,
        )  # fmt: skip
    assert 'value="75"' in page(as_(system), "/notices/sending/")


def test_nobody_else_sees_how_the_sending_stands(as_, cast):
    assert as_(cast.secretary).get("/notices/sending/").status_code == 403
    audit = Account.objects.create_user("audit", password=PASSWORD, office="audit")
    assert as_(audit).get("/notices/sending/").status_code == 403
