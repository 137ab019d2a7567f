"""A whole ballot by browsers: three scrutineers, a dozen voters on phones, every device looking for its own vote."""

from __future__ import annotations

import json
import re
from contextlib import ExitStack

import pytest

from tests.ballots.staging import LATER, account_of, staged
from tests.web.pages import DESKTOP, PHONE, overflow, watched
from zhibu.ballots import ending, queries, services, voting
from zhibu.ballots.canonical import text_of
from zhibu.ballots.mixing import layer_message
from zhibu.ballots.models import Ballot, State
from zhibu.ballots.plan import Person
from zhibu.ballots.record import accused, check, read_record
from zhibu.ballots.sealing import Paper, info, new_code, public_key
from zhibu.ballots.signing import sign

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

VOTES = [0, 0, 0, 1, 1, 2, 0, 3, 0, 1, 0, 0]


@pytest.fixture(autouse=True)
def this_machine(settings):
    settings.ALLOWED_HOSTS = ["localhost"]


def make_key(page, ballot):
    page.goto(f"/ballots/GW-01/{ballot.pk}/key/")
    page.get_by_role("button", name="生成密钥").click()
    page.locator("#made").wait_for()
    mark, words = page.locator("#own-mark").inner_text(), page.locator("#envelope").inner_text()
    page.get_by_role("button", name="公布公钥").click()
    page.locator(".ballot-mark").first.wait_for()
    assert page.locator(".ballot-mark").first.inner_text() == mark
    return words


def cast_vote(page, ballot, choice, slip=""):
    page.goto(f"/vote/{ballot.uid}/{'#' + slip if slip else ''}")
    page.locator("#paper").wait_for()
    for fieldset in page.locator("fieldset").all():
        fieldset.locator("label").nth(choice).click()
    page.get_by_role("button", name="核对").click()
    page.get_by_role("button", name="确认投票").click()
    page.get_by_text("已投入票箱").wait_for()
    return re.search(r"[2-9A-Z]{4}( [2-9A-Z]{4}){3}", page.locator("#said").inner_text())[0]


def open_layer(page, ballot, words=""):
    page.goto(f"/ballots/GW-01/{ballot.pk}/mix/")
    if words:
        page.get_by_label("信封里的备份文字").fill(words)
    page.get_by_role("button", name="拆封、打乱并签名").click()
    page.wait_for_url(f"**/ballots/GW-01/{ballot.pk}/")


def test_a_dozen_voters_and_three_scrutineers(browser, live_server, cast):
    roll = [*(Person(one.name, member=one.pk) for one in cast.members[4:8]), *(Person(f"代表{n}") for n in range(8))]
    stage = staged(cast, roll=roll)
    ballot = stage.ballot
    with ExitStack() as stack:
        watching = [
            stack.enter_context(watched(browser, live_server, account_of(one), DESKTOP)) for one in stage.scrutineers
        ]
        words = [make_key(page, ballot) for page in watching]
        ballot = services.seal_ballot(cast.secretary, ballot, at=LATER)
        voting.open_ballot(cast.secretary, ballot, at=LATER, secure=True)
        slips = services.make_slips(cast.secretary, ballot)
        assert len(slips) == 11  # one member has an account
        chair = stack.enter_context(watched(browser, live_server, cast.secretary, PHONE))
        voters = [stack.enter_context(watched(browser, live_server, cast.member, PHONE))]
        voters += [stack.enter_context(watched(browser, live_server, size=PHONE)) for _ in slips]
        given = ["", *(secret for _voter, secret in slips)]
        codes = [cast_vote(page, ballot, vote, slip) for page, vote, slip in zip(voters, VOTES, given, strict=True)]
        assert len(set(codes)) == 12
        assert overflow(voters[0]) == 0
        cast_vote(voters[0], ballot, 3)  # another mind: the last one counts

        chair.goto(f"/ballots/GW-01/{ballot.pk}/")
        assert "12 / 12" in chair.locator(".ballot-many").inner_text()
        chair.get_by_role("button", name="截止投票").click()
        chair.get_by_text("拆封。").wait_for()
        open_layer(watching[0], ballot)
        watching[1].evaluate("indexedDB.deleteDatabase('zhibu-ballots')")
        open_layer(watching[1], ballot, words[1])  # his browser forgot the key: out of the envelope
        open_layer(watching[2], ballot)
        chair.goto(f"/ballots/GW-01/{ballot.pk}/")
        chair.get_by_role("button", name="计票并公布结果").click()
        chair.get_by_text("计票记录 PDF").wait_for()

        results = queries.results(Ballot.objects.get(pk=ballot.pk))
        wanted = [3, *VOTES[1:]]
        assert list(results.of("wen").total.votes.values()) == [wanted.count(n) for n in range(4)]
        assert check(read_record(queries.record_file(ballot))).faults == []
        for page in voters:
            page.goto(f"/vote/{ballot.uid}/check/")
            page.locator("#said .good").wait_for()
            assert "已原样计入" in page.locator("#said").inner_text()
        stranger = stack.enter_context(watched(browser, live_server, size=PHONE))
        stranger.goto(f"/vote/{ballot.uid}/check/")
        stranger.get_by_text("没有投过票").wait_for()
        stranger.get_by_label("用验票码查").fill(codes[5].lower())
        stranger.get_by_role("button", name="查").click()
        stranger.locator("#said .good").wait_for()
        assert "一般" in stranger.locator("#said").inner_text()
        assert overflow(stranger) == 0


def test_the_device_names_the_scrutineer_who_exchanged_a_ballot(browser, live_server, cast):
    stage = staged(cast, scrutineers=2)
    stage.open()
    ballot = stage.ballot
    for voter in stage.voters()[:6]:
        stage.vote(voter, (0, 0))
    with watched(browser, live_server, cast.member, PHONE) as page:
        cast_vote(page, ballot, 3)
        mine = json.loads(page.evaluate(f"localStorage.getItem('zhibu-ballot-{ballot.uid}')"))
        voter = mine[0]
        stage.reload()
        stage.close()
        ending.post_layer(account_of(stage.scrutineers[0]), stage.ballot, *exchanged(stage, voter), at=LATER)
        stage.ballot = ending.post_layer(account_of(stage.scrutineers[1]), stage.ballot, *stage.layer(2), at=LATER)
        stage.publish()
        page.goto(f"/vote/{ballot.uid}/check/")
        page.locator("#said .bad").wait_for()
        assert f"监票人{stage.scrutineers[0].name}（第1层）" in page.locator("#said").inner_text()
        link = page.get_by_role("link", name="下载证明").get_attribute("href")
        proof = json.loads(page.evaluate(f"fetch ? decodeURIComponent({json.dumps(link)}.split(',')[1]) : ''"))
    assert stage.reload().state == State.COUNTED
    found = accused(read_record(queries.record_file(ballot)), proof)
    assert (found.code, found.data["name"]) == ("proof-accused", stage.scrutineers[0].name)


def exchanged(stage, mine):
    """The first scrutineer's lists with one of his own in the place of the voter's."""
    from zhibu.ballots import sealing

    lists, _signature = stage.layer(1)
    manifest = queries.manifest(stage.ballot)
    paper = Paper(new_code(), (0, 0)).padded()
    own = sealing._SUITE.encrypt(paper, public_key(manifest.keys[1]), info=info(manifest.name, 2))
    spoilt = [sorted([*(one for one in lists[0] if one != mine["layers"][1]), text_of(own)])]
    layer, after, _before = queries.lists_before(stage.ballot)
    return spoilt, text_of(sign(stage.keys[0].signing, layer_message(manifest.name, after, layer, spoilt)))
