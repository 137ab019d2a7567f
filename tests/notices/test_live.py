"""The number on the bell as it changes: who may listen, how many, and what it costs."""

from __future__ import annotations

import asyncio
import http.client
import http.cookiejar
import os
import re
import subprocess
import sys
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.cli.test_serve import free_port, wait_for
from tests.conftest import PASSWORD
from tests.notices.conftest import AT
from tests.web.pages import session_of
from zhibu.errors import Sentence
from zhibu.notices import live
from zhibu.notices.live import Live, Notices
from zhibu.notices.services import mark_all_read, tell

HOST = {"host": "localhost:8001"}


class Known:
    """A book without a database. `told` are the accounts of the next round."""

    def __init__(self):
        self.told, self.unread, self.asked = set(), {}, 0

    def account_of(self, cookie):
        return int(cookie) if cookie.isdigit() else None

    def news(self):
        self.asked += 1
        told, self.told = self.told, set()
        return told

    def counts(self, accounts):
        return {one: self.unread[one] for one in accounts if one in self.unread}


class Page:
    """A browser's end of a stream."""

    def __init__(self, app, cookie="1", method="GET", path="/live/notices", **headers):
        self.said, self.status, self.headers = "", 0, {}
        self.left = asyncio.Event()
        scope = {
            "type": "http", "method": method, "path": path,
            "headers": [(k.encode(), v.encode()) for k, v in {**HOST, "cookie": cookie, **headers}.items()],
        }  # fmt: skip
        self.task = asyncio.ensure_future(app(scope, self.receive, self.send))

    async def receive(self):
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, event):
        if event["type"] == "http.response.start":
            self.status, self.headers = event["status"], {k.decode(): v.decode() for k, v in event["headers"]}
        else:
            self.said += event["body"].decode()

    @property
    def numbers(self):
        return [int(one) for one in re.findall(r"event: unread\ndata: (\d+)\n\n", self.said)]


async def until(condition):
    for _attempt in range(400):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come to that")


@pytest.fixture
def book(monkeypatch):
    monkeypatch.setattr(live, "EVERY", 0.02)
    return Known()


def run(walk):
    """In a thread of its own: a browser opened by an earlier test keeps a loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, walk).result()


def test_a_page_hears_the_number_and_each_change(book):
    async def walk():
        app = Live(book, 10)
        book.unread = {1: 3}
        page, other = Page(app), Page(app, "2")
        await until(lambda: page.numbers == [3] and other.numbers == [0])
        book.unread, book.told = {1: 4, 9: 1}, {1, 9}
        await until(lambda: page.numbers == [3, 4])
        assert other.numbers == [0]
        assert page.headers["content-type"].startswith("text/event-stream")
        page.left.set()
        await page.task

    run(walk())


def test_all_pages_share_one_question_and_none_is_asked_for_nobody(book):
    async def walk():
        app = Live(book, 100)
        pages = [Page(app, str(number)) for number in range(1, 31)]
        await until(lambda: all(page.numbers for page in pages))
        before = book.asked
        await asyncio.sleep(0.2)
        assert book.asked - before <= 11
        for page in pages:
            page.left.set()
        await asyncio.gather(*(page.task for page in pages))
        await asyncio.sleep(0.05)
        before = book.asked
        await asyncio.sleep(0.1)
        assert book.asked == before
        assert not app.listeners
        again = Page(app)
        await until(lambda: again.numbers == [0])

    run(walk())


@pytest.mark.parametrize(
    ("status", "options"),
    [
        (403, {"cookie": "nobody"}),
        (403, {"origin": "https://evil.example"}),
        (403, {"host": "evil.example"}),
        (404, {"path": "/live/other"}),
        (404, {"method": "POST"}),
        (200, {"origin": "http://localhost:8000"}),
    ],
)
def test_who_may_listen(book, status, options):
    async def walk():
        page = Page(Live(book, 10), **options)
        await until(lambda: page.status)
        assert page.status == status
        if status == 200:
            assert page.headers["access-control-allow-origin"] == "http://localhost:8000"
        else:
            assert page.numbers == []

    run(walk())


def test_not_too_many_at_a_time(book):
    async def walk():
        app = Live(book, 8)
        own = [Page(app, "1") for _number in range(live.EACH)]
        await until(lambda: all(page.numbers for page in own))
        assert await refused(app, "1") == 503
        others = [Page(app, str(number)) for number in (2, 3)]
        await until(lambda: all(page.numbers for page in others))
        assert await refused(app, "4") == 503
        others[0].left.set()
        await others[0].task
        last = Page(app, "4")
        await until(lambda: last.numbers)

    async def refused(app, cookie):
        page = Page(app, cookie)
        await until(lambda: page.status)
        return page.status

    run(walk())


def test_a_stream_ends_by_itself_so_that_the_session_is_judged_anew(book, monkeypatch):
    monkeypatch.setattr(live, "LASTS", 0.2)
    monkeypatch.setattr(live, "BREATH", 0.05)

    async def walk():
        page = Page(Live(book, 10))
        await asyncio.wait_for(page.task, 5)
        assert page.said.count(":\n\n") >= 2

    run(walk())


# --- the database's side --------------------------------------------------------------------------------------------


def told(account):
    tell([account], Sentence("due-soon", "快到期了"), kind="due", at=AT)


def test_the_book_knows_sessions_and_does_not_touch_them(cast, settings):
    from django.contrib.sessions.models import Session

    book, key = Notices(), session_of(cast.secretary)
    before = Session.objects.values().get()
    cookie = f"{settings.SESSION_COOKIE_NAME}={key}; other=1"
    assert book.account_of(cookie) == cast.secretary.pk
    assert Session.objects.values().get() == before
    assert book.account_of("") is None
    assert book.account_of(f"{settings.SESSION_COOKIE_NAME}=forged") is None
    cast.secretary.set_password(PASSWORD + "x")
    cast.secretary.save()
    assert book.account_of(cookie) is None


def test_a_locked_account_hears_nothing(cast, settings):
    cookie = f"{settings.SESSION_COOKIE_NAME}={session_of(cast.secretary)}"
    cast.secretary.is_active = False
    cast.secretary.save()
    assert Notices().account_of(cookie) is None


def test_the_book_tells_news_once_in_one_query(cast, django_assert_num_queries):
    told(cast.secretary)
    book = Notices()
    book.news()
    assert book.news() == set()
    told(cast.deputy)
    with django_assert_num_queries(1):
        assert book.news() == {cast.deputy.pk}
    assert book.news() == set()
    told(cast.deputy)
    assert book.counts([cast.deputy.pk, cast.member.pk]) == {cast.deputy.pk: 2}
    mark_all_read(cast.deputy, AT)
    assert book.counts([cast.deputy.pk]) == {}


# --- with real processes --------------------------------------------------------------------------------------------


@pytest.fixture
def served(tmp_path):
    """`zhibu serve` on a database with one account; gives its port."""
    port = next(port for port in iter(free_port, None) if port < 60000)
    environment = {**os.environ, "ZHIBU_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "zhibu.settings"}
    environment.pop("ZHIBU_DATABASE_URL", None)
    environment.pop("ZHIBU_LIVE", None)
    code = (
        "import django; django.setup()\n"
        "from django.core.management import call_command; call_command('migrate', verbosity=0)\n"
        "from zhibu.org.models import Account; Account.objects.create_user('system', password=%r, office='system')"
    )
    subprocess.run([sys.executable, "-c", code % PASSWORD], env=environment, check=True)
    words = ["serve", "--port", str(port), "--workers", "1"]
    server = subprocess.Popen(
        [sys.executable, "-m", "zhibu.cli.main", *words], env=environment, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        wait_for(f"http://127.0.0.1:{port}/login/")
        yield port, environment
    finally:
        server.terminate()
        _out, err = server.communicate(timeout=60)
        assert "Traceback" not in err


def test_the_page_names_the_stream_and_the_stream_tells_what_happens(served):
    port, environment = served
    jar = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    login = browser.open(f"http://127.0.0.1:{port}/login/", timeout=20).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', login)[1]
    data = {"csrfmiddlewaretoken": token, "username": "system", "password": PASSWORD}
    answer = browser.open(f"http://127.0.0.1:{port}/login/", urllib.parse.urlencode(data).encode(), timeout=20)
    html = answer.read().decode()
    address = re.search(r'data-live="([^"]+)"', html)[1]
    assert address == f"http://127.0.0.1:{port + 1}/live/notices"
    assert address in answer.headers["Content-Security-Policy"]

    stream = http.client.HTTPConnection("127.0.0.1", port + 1, timeout=20)
    cookie = "; ".join(f"{one.name}={one.value}" for one in jar)
    origin = f"http://127.0.0.1:{port}"
    stream.request("GET", "/live/notices", headers={"Cookie": cookie, "Origin": origin})
    events = stream.getresponse()
    assert events.status == 200
    assert events.headers["Access-Control-Allow-Origin"] == origin
    assert next_number(events) == 0
    code = (
        "import django; django.setup()\n"
        "from django.utils import timezone\n"
        "from zhibu.errors import Sentence; from zhibu.notices.services import tell\n"
        "from zhibu.org.models import Account\n"
        "tell(Account.objects.all(), Sentence('a', '快到期了'), kind='due', at=timezone.now())"
    )
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    assert next_number(events) == 1
    stream.close()
    refused = http.client.HTTPConnection("127.0.0.1", port + 1, timeout=20)
    refused.request("GET", "/live/notices")
    assert refused.getresponse().status == 403


def next_number(events):
    for _line in range(50):
        line = events.readline().decode()
        if line.startswith("data: "):
            return int(line.removeprefix("data: "))
    raise AssertionError("no number came")
