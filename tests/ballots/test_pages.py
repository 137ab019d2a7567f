"""Pages of a ballot: they work, refuse bad input, require the right person, and work without script where nothing has
to be sealed."""

import json

import pytest
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.ballots.staging import LATER, LEADERS, SECRETARIES, Keys, account_of, staged
from zhibu.ballots import queries, services, voting
from zhibu.ballots.booth import SCRIPTS, STATIC, integrity
from zhibu.ballots.canonical import text_of
from zhibu.ballots.models import Ballot, State, Vote
from zhibu.ballots.plan import Person
from zhibu.ballots.record import check, read_record
from zhibu.ballots.sealing import Paper, new_code, seal
from zhibu.org.models import JournalEntry

NEW = {
    "title": "2025年度民主评议", "kind": "members", "lines": "温汝舟\n纪南乔\n\n", "categories": "", "others": "",
    "objection_days": "5",
}  # fmt: skip


def at(ballot, part=""):
    return f"/ballots/GW-01/{ballot.pk}/{part}"


# --- drafting ---------------------------------------------------------------------------------------------------------


def test_a_ballot_is_drafted_and_changed(cast, as_here):
    client = as_here(cast.secretary)
    page = client.get("/ballots/GW-01/new/").content.decode()
    assert page.count("checked") == 8  # those with the right to vote; the probationary member is offered only
    voters = [str(one.pk) for one in cast.members[:8]]
    answer = client.post("/ballots/GW-01/new/", {**NEW, "voters": voters})
    ballot = Ballot.objects.get()
    assert answer.url == at(ballot, "officials/")
    plan = queries.plan(ballot)
    assert [one.text for one in plan.questions] == ["温汝舟", "纪南乔"]
    assert [one.label for one in plan.questions[0].choices] == ["优秀", "合格", "基本合格", "不合格"]
    people = {
        "first": cast.members[1].pk,
        "second": cast.members[2].pk,
        "third": "",
        "teller_one": "",
        "teller_two": "",
    }
    assert client.post(at(ballot, "officials/"), people).url == at(ballot)
    changed = {**NEW, "voters": voters[:5], "categories": "党员 0.8\n群众 0.2", "others": "甲 群众\n乙 群众",
               "kind": "debrief"}  # fmt: skip
    assert client.post(at(ballot, "change/"), changed).status_code == 302
    assert [one.category for one in queries.roll(ballot)] == ["c1"] * 5 + ["c2"] * 2
    page = client.get(at(ballot, "change/")).content.decode()
    assert "群众 0.2" in page
    assert "乙 群众" in page
    assert client.post(at(ballot), {"act": "discard"}).url == "/ballots/GW-01/"
    assert not Ballot.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"title": ""}, "必填"),
        ({"lines": " \n "}, ""),
        ({"lines": "\n".join(f"第{n}人" for n in range(81))}, "1至80"),
        ({"kind": "nonsense"}, ""),
        ({"categories": "党员 多 少"}, "类别一行"),
        ({"categories": "党员 -1"}, "大于零"),
        ({"others": "甲 没有这一类"}, "没有看懂"),
        ({"kind": "election"}, "应选名额"),
        ({"kind": "election", "seats": "3"}, "应选名额"),
        ({"opens_at": "2025-12-20T10:00", "closes_at": "2025-12-20T09:00"}, "截止时间"),
        ({"opens_at": "不是时间"}, ""),
        ({"objection_days": "-1"}, ""),
        ({"voters": ["999999"]}, ""),
    ],
)
def test_what_cannot_be_voted_on_is_not_drafted(cast, as_here, wrong, sentence):
    answer = as_here(cast.secretary).post("/ballots/GW-01/new/", {**NEW, **wrong})
    assert answer.status_code == 422
    assert sentence in answer.content.decode() or sentence == "必填"
    assert not Ballot.objects.exists()


def test_officials_that_will_not_do(cast, as_here):
    stage = staged(cast)
    client = as_here(cast.secretary)
    one, two = cast.members[1].pk, cast.members[2].pk
    wrong = [
        {"first": one, "second": ""},
        {"first": one, "second": one},
        {"first": one, "second": two, "teller_one": one},
        {"first": "x", "second": two},
    ]
    for sent in wrong:
        assert client.post(at(stage.ballot, "officials/"), sent).status_code == 422
    assert stage.ballot.officials.count() == 3


def test_a_busy_database_says_what_is_left_to_do(cast, as_here, monkeypatch, django_capture_on_commit_callbacks):
    from django.db import OperationalError

    from zhibu.ballots import ending
    from zhibu.errors import UserError

    stage = staged(cast)
    stage.open()
    stage.vote(stage.voters()[0], (0, 0))
    ballot = ending.void_ballot(cast.secretary, stage.ballot, "重来", at=LATER)

    def busy():
        raise OperationalError("database is locked")

    monkeypatch.setattr(ending, "_vacuum", busy)
    with pytest.raises(UserError, match="VACUUM"), django_capture_on_commit_callbacks(execute=True):
        ending.destroy_votes(cast.secretary, ballot, at=LATER)
    assert not Vote.objects.exists()


def test_only_who_runs_the_body_drafts(cast, as_here):
    for account, status in ((cast.member, 403), (cast.outsider, 404), (cast.deputy, 403)):
        client = as_here(account)
        assert client.get("/ballots/GW-01/new/").status_code == status
        assert client.post("/ballots/GW-01/new/", NEW).status_code == status
    assert not Ballot.objects.exists()
    assert Client().get("/ballots/GW-01/new/").status_code == 302


# --- from the chair's page --------------------------------------------------------------------------------------------


def test_the_chair_walks_through_it_without_script(cast, as_here):
    stage = staged(cast)
    client, page = as_here(cast.secretary), at(stage.ballot)
    assert "等监票人各自生成密钥" in client.get(page).content.decode()
    stage.post_keys()
    assert "密钥已齐" in client.get(page).content.decode()
    client.post(page, {"act": "seal"})
    client.post(page, {"act": "open"})
    stage.reload()
    assert stage.ballot.state == State.OPEN
    for voter in stage.voters()[:6]:
        stage.vote(voter, (0, 0))
    shown = client.get(page).content.decode()
    assert "<strong>6</strong> / 8" in shown
    assert client.post(page, {"act": "close", "present": "7"}).status_code == 302
    stage.reload()
    stage.mix()
    assert client.post(page, {"act": "publish"}).status_code == 302
    shown = client.get(page).content.decode()
    assert "应投票8人，实到7人，缺席1人" in shown
    assert "100.00%" in shown
    assert client.post(page, {"act": "void", "reason": "有异议，查实"}).status_code == 302
    assert client.post(page, {"act": "again"}).status_code == 302
    assert Ballot.objects.count() == 2
    assert "已重新发起" in client.get(page).content.decode()
    assert client.post(page, {"act": "destroy"}).status_code == 302
    assert Vote.objects.count() == 0


@pytest.mark.parametrize(
    ("act", "sent", "sentence"),
    [
        ("open", {}, "不能这样做"),
        ("seal", {}, "还没有生成密钥"),
        ("void", {"reason": ""}, "理由"),
        ("close", {"present": "很多"}, "实到人数"),
        ("destroy", {}, "不能这样做"),
        ("again", {}, "先作废"),
    ],
)
def test_a_button_at_the_wrong_time_says_why(cast, as_here, act, sent, sentence):
    stage = staged(cast)
    answer = as_here(cast.secretary).post(at(stage.ballot), {"act": act, **sent})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert as_here(cast.secretary).post(at(stage.ballot), {"act": "nonsense"}).status_code == 404


def test_without_https_it_does_not_open_and_says_why(cast, as_):
    stage = staged(cast)
    stage.seal()
    client = as_(cast.secretary)  # asked for as http://testserver
    answer = client.post(at(stage.ballot), {"act": "open"})
    assert answer.status_code == 422
    assert "没有启用 HTTPS" in answer.content.decode()
    assert stage.reload().state == State.SEALED
    assert client.post(at(stage.ballot), {"act": "open"}, secure=True).status_code == 302
    booth = client.get(f"/vote/{stage.ballot.uid}/").content.decode()
    assert "没有启用 HTTPS" in booth
    assert "<script" not in booth
    sealed = text_of(stage.paper((0, 0)))
    assert client.post(f"/vote/{stage.ballot.uid}/send/", {"sealed": sealed}).json()["code"] == "ballot-needs-https"


def test_progress_says_how_many_and_never_who(cast, as_here):
    stage = staged(cast, roll=[Person(f"代表{n}") for n in range(7)] + [Person("温汝舟", member=cast.members[5].pk)])
    stage.open()
    for voter in stage.voters()[:3]:
        stage.vote(voter, (0, 0))
    for account in (cast.secretary, cast.member):
        client = as_here(account)
        for page in (at(stage.ballot), f"/vote/{stage.ballot.uid}/screen/"):
            shown = client.get(page).content.decode()
            assert "代表" not in shown.replace("群众代表", "")
    client = as_here(cast.secretary)
    rolls = [client.get(at(stage.ballot, "roll/")).content.decode()]
    stage.vote(stage.voters()[5], (0, 0))
    rolls.append(client.get(at(stage.ballot, "roll/")).content.decode())
    assert len({_plain(one) for one in rolls}) == 1  # the roll does not change when somebody votes


def _plain(page):
    import re

    return re.sub(r'(csrfmiddlewaretoken" value|csrf-token" content)="[^"]+"', "", page)


def test_who_may_see_and_do_what(cast, as_here):
    """A member on the roll reads it but runs nothing; who is not on it does not know that it exists."""
    everyone = [Person(one.name, member=one.pk) for one in cast.members[:5]]
    stage = staged(cast, roll=everyone)
    stage.open()
    on_roll, watching = account_of(cast.members[4]), account_of(stage.scrutineers[0])
    page = at(stage.ballot)
    assert "请您投票" in as_here(on_roll).get(page).content.decode()
    for account, status in ((on_roll, 403), (watching, 403), (cast.member, 404), (cast.outsider, 404)):
        client = as_here(account)
        assert client.get(page).status_code == (200 if status == 403 else 404)
        for act in ("close", "void", "publish", "destroy"):
            assert client.post(page, {"act": act, "reason": "试一试"}).status_code == status
        assert client.get(at(stage.ballot, "roll/")).status_code == status
        assert client.post(at(stage.ballot, "slips/"), {"who": "everybody"}).status_code == status
        assert client.get(at(stage.ballot, "change/")).status_code == status
    for part in ("key/", "mix/", "before/", "papers/0/"):
        assert as_here(on_roll).get(at(stage.ballot, part)).status_code == 403
        assert as_here(cast.secretary).get(at(stage.ballot, part)).status_code == 403
    assert as_here(cast.outsider).get(f"/ballots/GW-02/{stage.ballot.pk}/").status_code == 404
    assert stage.reload().state == State.OPEN


def test_voters_and_scrutineers_of_a_committee_come_from_branches_below(cast, as_here):
    """They may not see the committee otherwise: the ballot alone opens, framed by their own body."""
    roll = [Person(one.name, member=one.pk) for one in cast.members[:6]]
    ballot = services.draft_ballot(cast.clerk, cast.committee, queries.plan(staged(cast).ballot), roll, at=LATER)
    watching = [cast.members[6], cast.members[7]]
    services.name_officials(cast.clerk, ballot, watching, at=LATER)
    page = f"/ballots/GW/{ballot.pk}/"
    assert as_here(cast.member).get(page).status_code == 404  # nothing is sealed yet
    keys = [Keys(), Keys()]
    for member, own in zip(watching, keys, strict=True):
        client = as_here(account_of(member))
        assert client.get(page).status_code == 200
        assert "等您投票、监票" in client.get("/ballots/GW-01/").content.decode()
        sent = {"sealing": own.points[0], "signing": own.points[1], "proof": own.proof(ballot.uid)}
        assert client.post(f"{page}key/", sent).status_code == 302
    client = as_here(cast.clerk)
    client.post(page, {"act": "seal"})
    client.post(page, {"act": "open"})
    shown = as_here(cast.member).get(page).content.decode()
    assert "请您投票" in shown
    assert 'href="/ledger/GW/' not in shown
    assert as_here(cast.member).get("/org/GW/").status_code == 404
    assert "等您投票、监票" in as_here(cast.member).get("/ballots/GW-01/").content.decode()
    sealed = text_of(seal(Paper(new_code(), (0, 0)), queries.manifest(ballot).keys, queries.manifest(ballot).name))
    assert as_here(cast.member).post(f"/vote/{ballot.uid}/send/", {"sealed": sealed}).status_code == 200
    assert as_here(account_of(cast.members[8])).get(page).status_code == 404  # not on the roll


def test_who_scans_the_code_of_the_big_screen_is_led_to_log_in(cast, here):
    stage = staged(cast)
    stage.open()
    page = here.get(f"/vote/{stage.ballot.uid}/").content.decode()
    assert f"/login/?next=/vote/{stage.ballot.uid}/" in page
    here.force_login(cast.outsider, backend="django.contrib.auth.backends.ModelBackend")
    assert "您登录的账号不在名册里" in here.get(f"/vote/{stage.ballot.uid}/").content.decode()


def test_offices_read_no_ballots(cast, as_here):
    from zhibu.org.models import Account

    stage = staged(cast)
    stage.open()
    for office in ("system", "security", "audit"):
        account = Account.objects.create_user(office, password="Correct-Horse-7", office=office)
        assert as_here(account).get(at(stage.ballot)).status_code == 404


def test_the_list_takes_the_same_queries_with_one_and_three(cast, as_here, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    staged(cast)
    client = as_here(cast.secretary)
    client.get("/ballots/GW-01/")
    with CaptureQueriesContext(connection) as one:
        assert client.get("/ballots/GW-01/").content.decode().count("准备中") == 1
    staged(cast)
    staged(cast)
    with django_assert_num_queries(len(one.captured_queries)):
        assert client.get("/ballots/GW-01/").content.decode().count("准备中") == 3


def test_slips_are_shown_once_and_name_the_ballot_in_the_part_no_log_sees(cast, as_here):
    stage = staged(cast, roll=[Person(f"代表{n}") for n in range(5)])
    stage.open()
    page = as_here(cast.secretary).post(at(stage.ballot, "slips/"), {"who": "some"}).content.decode()
    addresses = [line.split("<")[0] for line in page.split('slip-address">')[1:]]
    assert len(addresses) == 5
    path, secret = addresses[0].split("#")
    assert path == f"http://localhost/vote/{stage.ballot.uid}/"
    assert voting.voter_of_slip(stage.ballot, secret).name == "代表0"
    assert page.count("data:image/svg+xml") == 5


def test_papers_are_handed_out_on_the_roll_and_counted_by_tellers(cast, as_here):
    stage = staged(cast, tellers=2)
    stage.open()
    voters = stage.voters()
    client = as_here(cast.secretary)
    for voter in voters[:5]:
        assert client.post(at(stage.ballot, "roll/"), {"voter": voter.pk}).status_code == 302
    stage.vote(voters[5], (0, 0))
    assert client.post(at(stage.ballot, "roll/"), {"voter": voters[5].pk}).status_code == 422
    assert client.post(at(stage.ballot, "roll/"), {"voter": "x"}).status_code == 404
    stage.close()
    stage.mix()
    count = {"collected": "5"}
    for place in range(2):
        count |= {f"q{place}-good": "4", f"q{place}-fair": "0", f"q{place}-average": "0", f"q{place}-poor": "0",
                  f"q{place}-.abstained": "1", f"q{place}-.invalid": "0"}  # fmt: skip
    one, two = (account_of(member) for member in cast.members[5:7])
    page = at(stage.ballot, "papers/0/")
    for wrong in ({"collected": "6"}, {"q0-good": "5"}, {"q0-good": "-1"}, {"q0-good": ""}):
        assert as_here(one).post(page, {**count, **wrong}).status_code == 422
    assert as_here(one).get(at(stage.ballot, "papers/9/")).status_code == 404
    assert as_here(one).post(page, count).status_code == 302
    assert 'value="4"' in as_here(one).get(page).content.decode()
    assert 'value="4"' not in as_here(two).get(page).content.decode()  # nobody copies
    assert as_here(two).post(page, {**count, "q1-good": "3", "q1-.invalid": "1"}).status_code == 302
    assert "数字不一致" in as_here(cast.secretary).get(at(stage.ballot)).content.decode()
    assert as_here(two).post(page, count).status_code == 302
    assert "两人一致" in as_here(cast.secretary).get(at(stage.ballot)).content.decode()
    as_here(cast.secretary).post(at(stage.ballot), {"act": "publish"})
    assert queries.results(stage.reload()).of("wen").total.votes["good"] == 5


# --- scrutineers ------------------------------------------------------------------------------------------------------


def test_a_scrutineer_posts_a_key_and_lists(cast, as_here):
    stage = staged(cast, scrutineers=2)
    account, keys = account_of(stage.scrutineers[0]), Keys()
    client = as_here(account)
    sent = {"sealing": keys.points[0], "signing": keys.points[1], "proof": keys.proof(stage.ballot.uid)}
    assert client.post(at(stage.ballot, "key/"), {**sent, "proof": ""}).status_code == 422
    assert client.post(at(stage.ballot, "key/"), sent).status_code == 302
    assert services.Scrutineer("", *keys.points).fingerprint in client.get(at(stage.ballot, "key/")).content.decode()
    stage.open()
    for voter in stage.voters():
        stage.vote(voter, (0, 0))
    assert client.get(at(stage.ballot, "before/")).status_code == 404
    stage.close()
    before = client.get(at(stage.ballot, "before/")).json()
    assert (before["layer"], len(before["lists"][0]), before["size"]) == (1, 8, 593)
    assert as_here(account_of(stage.scrutineers[1])).get(at(stage.ballot, "before/")).status_code == 404
    client = as_here(account)

    def posted(data):
        file = SimpleUploadedFile("lists.json", data)
        return client.post(at(stage.ballot, "mix/"), {"lists": file})

    lists, signature = stage.layer(1)
    for data in (b"", b"[]", b"{}", b"\xff", b'{"lists":1,"signature":2}', json.dumps({"lists": lists}).encode()):
        assert posted(data).status_code == 422, data
    assert client.post(at(stage.ballot, "mix/"), {"lists": "text"}).status_code == 422
    answer = posted(json.dumps({"lists": lists, "signature": signature}).encode())
    assert answer.json() == {"next": at(stage.ballot)}
    assert posted(json.dumps({"lists": lists, "signature": signature}).encode()).json()["code"] == "not-your-turn"


# --- the booth and what is public -------------------------------------------------------------------------------------


def test_the_booth_is_small_and_its_script_is_the_sealed_one(cast, here):
    assert sum((STATIC / name).stat().st_size for name in SCRIPTS) < 10 * 1024
    stage = staged(cast)
    stage.open()
    page = here.get(f"/vote/{stage.ballot.uid}/")
    body = page.content.decode()
    assert body.count("<script") == len(SCRIPTS)
    for name in SCRIPTS:
        assert f'integrity="{integrity(name)}"' in body
        assert (STATIC / name).read_bytes() == open(finders.find(f"ballots/{name}"), "rb").read()  # noqa: SIM115
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert page.headers["Referrer-Policy"] == "no-referrer"


def test_a_vote_is_sent_by_account_or_slip(cast, as_here):
    stage = staged(cast, roll=[Person("温汝舟", member=cast.members[5].pk), Person("代表")])
    stage.open()
    send = f"/vote/{stage.ballot.uid}/send/"
    sealed = text_of(stage.paper((0, 0)))
    assert as_here(cast.member).post(send, {"sealed": sealed}).json()["turn"] == 1
    visitor = Client(SERVER_NAME="localhost")
    (_voter, secret), *_more = services.make_slips(cast.secretary, stage.ballot)
    assert visitor.post(send, {"sealed": sealed, "slip": "wrong"}).json()["code"] == "not-on-roll"
    assert visitor.post(send, {"sealed": sealed}).status_code == 422
    assert visitor.post(send, {"sealed": text_of(stage.paper((1, 1))), "slip": secret}).json()["turn"] == 1
    assert visitor.post(send, {"sealed": sealed, "slip": secret}).json()["code"] == "slip-used"
    assert as_here(cast.secretary).post(send, {"sealed": sealed}).json()["code"] == "not-on-roll"
    for nonsense in ("", "!!!", "a" * 100_000, sealed + "="):
        assert as_here(cast.member).post(send, {"sealed": nonsense}).json()["code"] == "vote-shape"
    assert visitor.get(send).status_code == 405
    assert Vote.objects.count() == 2


def test_a_vote_from_another_site_is_refused(cast):
    stage = staged(cast)
    stage.open()
    client = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    client.force_login(cast.member, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post(f"/vote/{stage.ballot.uid}/send/", {"sealed": text_of(stage.paper((0, 0)))})
    assert answer.status_code == 403
    assert not Vote.objects.exists()


def test_a_draft_is_nobodys(cast, here):
    stage = staged(cast)
    for part in ("", "send/", "check/", "screen/", "list/", "record/"):
        assert here.get(f"/vote/{stage.ballot.uid}/{part}").status_code in (404, 405)
    assert here.get(f"/vote/{'0' * 32}/").status_code == 404


def test_before_the_end_nothing_tells_how_it_stands(cast, here):
    """No list, no result, no codes while anything is sealed; afterwards all of it."""
    stage = staged(cast)
    stage.open()
    for voter in stage.voters():
        stage.vote(voter, (2, 2))
    uid = stage.ballot.uid
    assert read_record(here.get(f"/vote/{uid}/record/").content)[-1].kind == "manifest"
    assert here.get(f"/vote/{uid}/check/").url == f"/vote/{uid}/"
    stage.close()
    assert here.get(f"/vote/{uid}/").url == f"/vote/{uid}/check/"
    assert here.get(f"/vote/{uid}/list/").status_code == 404
    assert "meter" not in here.get(f"/vote/{uid}/check/").content.decode()
    stage.mix()
    assert here.get(f"/vote/{uid}/list/").status_code == 404
    stage.publish()
    shown = here.get(f"/vote/{uid}/list/").content.decode()
    assert shown.count("<td>一般</td>") == 16
    assert "应投票8人" in here.get(f"/vote/{uid}/check/").content.decode()
    saved = here.get(f"/vote/{uid}/record/?save=1")
    assert "attachment" in saved.headers["Content-Disposition"]
    assert check(read_record(saved.content)).faults == []
    screen = here.get(f"/vote/{uid}/screen/").content.decode()
    assert "100.00%" in screen


def test_the_screen_shows_keys_and_how_many(cast, here):
    stage = staged(cast)
    stage.open()
    stage.vote(stage.voters()[0], (0, 0))
    page = here.get(f"/vote/{stage.ballot.uid}/screen/").content.decode()
    assert "<strong>1</strong> / 8" in page
    for one in queries.manifest(stage.ballot).scrutineers:
        assert one.fingerprint in page
    part = here.get(f"/vote/{stage.ballot.uid}/screen/", headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith("<div")


def test_categories_of_four_are_not_shown_apart(cast, here):
    roll = [
        *(Person(f"领导{n}", LEADERS.slug) for n in range(6)),
        *(Person(f"书记{n}", SECRETARIES.slug) for n in range(9)),
    ]
    stage = staged(cast, roll=roll, categories=(LEADERS, SECRETARIES))
    stage.open()
    voters = stage.voters()
    for voter in voters[2:]:  # four leaders vote
        stage.vote(voter, (0, 0))
    stage.finish()
    page = here.get(f"/vote/{stage.ballot.uid}/check/").content.decode()
    assert "党组织书记</th>" not in page
    assert "应投票15人" in page


def test_the_protocol_as_word_and_pdf(cast, as_here):
    stage = staged(cast)
    stage.open()
    client = as_here(cast.secretary)
    assert client.get(at(stage.ballot, "protocol/docx/")).status_code == 400
    for voter in stage.voters():
        stage.vote(voter, (0, 1))
    stage.finish(present=8)
    word = client.get(at(stage.ballot, "protocol/docx/"))
    assert word.content[:2] == b"PK"
    assert client.get(at(stage.ballot, "protocol/pdf/")).content[:5] == b"%PDF-"
    assert client.get(at(stage.ballot, "protocol/txt/")).status_code == 400
    from zhibu.ballots.protocol import protocol_document

    text = protocol_document(stage.ballot).text
    assert "应投票人数\t8人\t实到人数\t8人" in text
    assert queries.step(stage.ballot, "result").hash in text.replace(" ", "")
    assert JournalEntry.objects.filter(verb="print-protocol").count() == 2
