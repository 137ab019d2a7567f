"""An anonymous questionnaire: its pages, its two doors, and what an administrator can make of the whole database."""

import json
import random
import secrets
from dataclasses import dataclass

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.forms.models import model_to_dict
from django.test import Client

from tests.ballots.staging import NOW, account_of
from zhibu.ballots import asking, blind
from zhibu.ballots import questionnaire as services
from zhibu.ballots.booth import integrity
from zhibu.ballots.canonical import bytes_of, digest, text_of
from zhibu.ballots.manifest import APPRAISAL, Choice, Question
from zhibu.ballots.models import Answer, Asking, Questionnaire, Right
from zhibu.errors import UserError
from zhibu.notices.models import Notice
from zhibu.org.models import JournalEntry

pytestmark = pytest.mark.django_db

QUESTIONS = (
    Question("q1", "对今年支部工作的总体评价", APPRAISAL),
    Question("q2", "集中学习放在哪天", (Choice("c1", "周一"), Choice("c2", "周五"))),
    Question("q3", "您的意见建议", ()),
)
SENT = {
    "title": "2025年度支部工作满意度", "scale": "appraisal", "lines": "总体评价\n学习放在哪天｜周一｜周五\n\n",
    "words": "意见建议", "slips": "3",
}  # fmt: skip


def draft(cast, members=8, slips=2):
    chosen = [one.pk for one in cast.members[:members]]
    return services.draft_questionnaire(cast.secretary, cast.branch, "满意度", QUESTIONS, chosen, slips, at=NOW)


def opened(cast, **more):
    return services.open_questionnaire(cast.secretary, draft(cast, **more), at=NOW, secure=True)


@dataclass
class Device:
    """What one phone keeps."""

    token: bytes
    hidden: blind.Blinded
    signature: bytes = b""


def device(questionnaire, factor=None):
    token = secrets.token_bytes(blind.TOKEN)
    return Device(token, blind.blind(bytes_of(questionnaire.modulus), token, factor=factor))


def take(right, questionnaire, factor=None):
    """A phone that took its right."""
    one = device(questionnaire, factor)
    signed = services.sign_right(right, one.hidden.value, secure=True)
    one.signature = blind.finish(bytes_of(questionnaire.modulus), one.token, signed, one.hidden.inverse)
    return one


def say(questionnaire, one, **given):
    services.take_answer(questionnaire, one.token, one.signature, given, secure=True)


def at(questionnaire, part=""):
    return f"/ballots/GW-01/ask/{questionnaire.pk}/{part}"


# --- who asks ---------------------------------------------------------------------------------------------------------


def test_it_is_made_changed_opened_and_closed_without_script(cast, as_here):
    client = as_here(cast.secretary)
    assert "不记名" in client.get("/ballots/GW-01/ask/new/").content.decode()
    answer = client.post("/ballots/GW-01/ask/new/", {**SENT, "everybody": "on"})
    made = Questionnaire.objects.get()
    assert answer.url == at(made)
    assert [[c.label for c in one.choices] for one in services.questions(made)] == [
        ["好", "较好", "一般", "差"], ["周一", "周五"], [],
    ]  # fmt: skip
    assert made.rights.filter(member=None).count() == 3
    assert made.rights.exclude(member=None).count() == len(cast.members)
    page = client.get(at(made, "change/")).content.decode()
    assert "学习放在哪天｜周一｜周五" in page
    chosen = [str(one.pk) for one in cast.members[:4]]
    assert client.post(at(made, "change/"), {**SENT, "voters": chosen, "slips": "2"}).status_code == 302
    assert made.rights.count() == 6
    assert client.post(at(made), {"act": "open"}).status_code == 302
    assert client.get(at(made, "change/")).url == at(made)
    made.refresh_from_db()
    assert services.mark(made) in client.get(at(made)).content.decode()
    slips = client.post(at(made, "slips/"))
    assert slips.content.decode().count("<article") == 2 + 2  # two of the four have accounts
    assert "no-store" in slips["Cache-Control"]
    assert made.title in client.get("/ballots/GW-01/").content.decode()
    assert client.post(at(made), {"act": "close"}).status_code == 302
    assert "答卷不足5份" in client.get(at(made)).content.decode()
    verbs = list(
        JournalEntry.objects.filter(verb__contains="questionnaire").order_by("pk").values_list("verb", flat=True)
    )
    assert verbs == ["draft-questionnaire", "change-questionnaire", "open-questionnaire", "close-questionnaire"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"title": ""}, ""),
        ({"lines": "", "words": ""}, "1至40题"),
        ({"lines": "只有一项｜周一"}, "至少要两个"),
        ({"lines": "两项一样｜周一｜周一"}, "相同的选项"),
        ({"lines": "｜甲｜乙"}, "选项"),
        ({"scale": "nonsense"}, ""),
        ({"slips": "-1"}, ""),
        ({"slips": "9999"}, ""),
        ({"voters": ["999999"]}, ""),
    ],
)
def test_what_nobody_could_answer_is_not_made(cast, as_here, wrong, sentence):
    answer = as_here(cast.secretary).post("/ballots/GW-01/ask/new/", {**SENT, **wrong})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Questionnaire.objects.exists()


def test_a_button_at_the_wrong_time_says_why(cast, as_here):
    client, few = as_here(cast.secretary), draft(cast, members=2, slips=2)
    refused = client.post(at(few), {"act": "open"})
    assert refused.status_code == 422
    assert "不足5人" in refused.content.decode()
    assert client.post(at(few), {"act": "close"}).status_code == 422
    assert client.post(at(few), {"act": "nonsense"}).status_code == 404
    assert client.post(at(few), {"act": "discard"}).url == "/ballots/GW-01/"
    assert not Questionnaire.objects.exists()


def test_only_who_runs_the_body_sees_it(cast, as_here):
    made = opened(cast)
    for n, right in enumerate(made.rights.all()[:6]):
        say(made, take(right, made), q3=f"漏出来的话{n}")
    services.close_questionnaire(cast.secretary, made, on=NOW.date())
    for account, status in ((cast.member, 403), (cast.deputy, 403), (cast.outsider, 404)):
        client = as_here(account)
        for page in (at(made), at(made, "change/"), at(made, "result/docx/"), "/ballots/GW-01/ask/new/"):
            answer = client.get(page)
            assert answer.status_code == status
            assert "漏出来的话" not in answer.content.decode()
        assert client.post(at(made, "slips/")).status_code == status
    assert made.title not in as_here(cast.member).get("/ballots/GW-01/").content.decode()
    assert "漏出来的话" in as_here(cast.secretary).get(at(made)).content.decode()
    assert as_here(cast.secretary).get(f"/ballots/GW-02/ask/{made.pk}/").status_code == 404
    assert Client().get(at(made)).status_code == 302


def test_the_list_takes_the_same_queries_with_one_and_three(cast, as_here, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = as_here(cast.secretary)
    opened(cast)
    client.get("/ballots/GW-01/")
    with CaptureQueriesContext(connection) as one:
        client.get("/ballots/GW-01/")
    opened(cast)
    opened(cast)
    with django_assert_num_queries(len(one)):
        client.get("/ballots/GW-01/")


def test_members_are_told_and_find_it(cast, as_here):
    made = opened(cast)
    assert Notice.objects.filter(account=cast.member, url=f"/vote/ask/{made.uid}/right/").exists()
    page = as_here(cast.member).get("/ballots/GW-01/").content.decode()
    assert f"/vote/ask/{made.uid}/right/" in page
    take(services.right_of_account(made, cast.member), made)
    assert f"/vote/ask/{made.uid}/right/" not in as_here(cast.member).get("/ballots/GW-01/").content.decode()


def test_a_committee_asks_all_members_below_it(cast, as_here):
    client = as_here(cast.clerk)
    answer = client.post("/ballots/GW/ask/new/", {**SENT, "everybody": "on", "slips": ""})
    assert answer.status_code == 302
    made = Questionnaire.objects.get()
    assert made.organization == cast.committee
    asked = set(made.rights.values_list("member", flat=True))
    assert {one.pk for one in cast.members} | {cast.outsider.member_id} <= asked
    assert client.post(answer.url, {"act": "open"}).status_code == 302
    made.refresh_from_db()
    assert f"/vote/ask/{made.uid}/right/" in as_here(cast.member).get("/ballots/GW-01/").content.decode()
    take(services.right_of_account(made, cast.member), made)
    assert as_here(cast.member).get(answer.url).status_code in (403, 404)


# --- the two doors ----------------------------------------------------------------------------------------------------


def test_a_token_is_taken_by_account_or_slip_and_used_once(cast, as_here, here):
    made = opened(cast)
    url = f"/vote/ask/{made.uid}/"
    one, client = device(made), as_here(cast.member)
    assert 'data-who="r' in client.get(url + "right/").content.decode()
    signed = client.post(url + "right/", {"blinded": text_of(one.hidden.value)}).json()["signed"]
    again = client.post(url + "right/", {"blinded": text_of(one.hidden.value)}).json()["signed"]
    assert signed == again
    other = client.post(url + "right/", {"blinded": text_of(device(made).hidden.value)})
    assert (other.status_code, other.json()["code"]) == (422, "ask-issued")
    one.signature = blind.finish(bytes_of(made.modulus), one.token, bytes_of(signed), one.hidden.inverse)
    sent = {"token": text_of(one.token), "signature": text_of(one.signature), "answers": json.dumps({"q1": "good"})}
    stranger = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    assert stranger.post(url + "answer/", sent).status_code == 200
    assert stranger.post(url + "answer/", sent).status_code == 200  # the reply had been lost
    changed = stranger.post(url + "answer/", {**sent, "answers": json.dumps({"q1": "poor"})})
    assert (changed.status_code, changed.json()["code"]) == (422, "ask-used")
    assert made.answers.get().given == {"q1": "good"}

    (_right, secret), *_more = services.make_answer_slips(cast.secretary, made)
    two = device(made)
    by_slip = Client(SERVER_NAME="localhost")
    answer = by_slip.post(url + "right/", {"blinded": text_of(two.hidden.value), "slip": secret})
    assert answer.status_code == 200
    (_right, newer), *_more = services.make_answer_slips(cast.secretary, made)
    assert newer != secret
    for wrong in ("", "x", "不是"):
        refused = by_slip.post(url + "right/", {"blinded": text_of(two.hidden.value), "slip": wrong})
        assert refused.json()["code"] == "ask-not-on-roll"
    assert as_here(cast.outsider).post(url + "right/", {"blinded": text_of(two.hidden.value)}).status_code == 422


def test_a_right_asked_for_from_another_site_is_refused(cast):
    made = opened(cast)
    client = Client(enforce_csrf_checks=True, SERVER_NAME="localhost")
    client.force_login(cast.member)
    sent = {"blinded": text_of(device(made).hidden.value)}
    assert client.post(f"/vote/ask/{made.uid}/right/", sent).status_code == 403
    assert not made.rights.filter(issued=True).exists()


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"token": "AAAA"}, "ask-token"),
        ({"token": "不"}, "ask-token"),
        ({"signature": text_of(bytes(blind.SIZE))}, "ask-token"),
        ({"signature": ""}, "ask-token"),
        ({"answers": "{"}, "bad-json"),
        ({"answers": "[]"}, "ask-unknown"),
        ({"answers": "{}"}, "ask-empty"),
        ({"answers": '{"q3": "  "}'}, "ask-empty"),
        ({"answers": '{"q9": "good"}'}, "ask-unknown"),
        ({"answers": '{"q1": "c1"}'}, "ask-unknown"),
        ({"answers": '{"q1": 1}'}, "ask-unknown"),
        ({"answers": json.dumps({"q3": "长" * 501})}, "ask-long"),
    ],
)
def test_what_is_no_answer_is_refused_in_a_sentence(cast, here, wrong, code):
    made = opened(cast)
    one = take(made.rights.first(), made)
    sent = {"token": text_of(one.token), "signature": text_of(one.signature), "answers": '{"q1": "good"}'}
    answer = here.post(f"/vote/ask/{made.uid}/answer/", {**sent, **wrong})
    assert answer.status_code == 422
    assert answer.json()["code"] == code
    assert answer.json()["message"]
    assert not made.answers.exists()


def test_a_token_of_another_questionnaire_does_not_count(cast):
    made, other = opened(cast), opened(cast)
    with pytest.raises(UserError, match="资格不对"):
        say(other, take(made.rights.first(), made), q1="good")


def test_before_opening_and_after_closing_nothing_is_taken(cast, here):
    made = draft(cast)
    for part in ("", "right/"):
        assert here.get(f"/vote/ask/{made.uid}/{part}").status_code == 404
    made = services.open_questionnaire(cast.secretary, made, at=NOW, secure=True)
    one, late = take(made.rights.first(), made), made.rights.last()
    services.close_questionnaire(cast.secretary, made, on=NOW.date())
    with pytest.raises(UserError, match="不是答题时间"):
        say(made, one, q1="good")
    with pytest.raises(UserError, match="不是答题时间"):
        services.sign_right(late, device(made).hidden.value, secure=True)
    assert "已经结束" in here.get(f"/vote/ask/{made.uid}/").content.decode()


def test_without_https_nothing_opens_and_nothing_is_sent(cast, client):
    made = draft(cast)
    with pytest.raises(UserError, match="HTTPS"):
        services.open_questionnaire(cast.secretary, made, at=NOW, secure=False)
    made = opened(cast)
    one = take(made.rights.first(), made)
    page = client.get(f"/vote/ask/{made.uid}/").content.decode()
    assert "没有启用 HTTPS" in page
    assert "blind.js" not in page
    sent = {"token": text_of(one.token), "signature": text_of(one.signature), "answers": '{"q1": "good"}'}
    assert client.post(f"/vote/ask/{made.uid}/answer/", sent).json()["code"] == "ask-needs-https"
    blinded = {"blinded": text_of(device(made).hidden.value)}
    client.force_login(cast.member)
    assert client.post(f"/vote/ask/{made.uid}/right/", blinded).json()["code"] == "ask-needs-https"


def test_the_answering_page_is_the_same_for_everybody_and_says_what_it_needs(cast, here, as_here):
    made = opened(cast)
    url = f"/vote/ask/{made.uid}/"
    plain, known = Client(SERVER_NAME="localhost").get(url), as_here(cast.member).get(url)
    assert plain.content == known.content
    assert not plain.cookies
    page = plain.content.decode()
    assert "<noscript>" in page
    assert integrity("blind.js") in page
    assert plain["Referrer-Policy"] == "no-referrer"
    assert "对今年支部工作的总体评价" in page


def test_an_answer_reads_no_session_and_leaves_no_trace(cast, here, monkeypatch, caplog):
    made = opened(cast)
    one = take(made.rights.first(), made)
    lines = JournalEntry.objects.count()

    def read(self):
        raise AssertionError("a session was read")

    monkeypatch.setattr(SessionStore, "load", read)
    sent = {"token": text_of(one.token), "signature": text_of(one.signature), "answers": '{"q1": "good"}'}
    answer = here.post(f"/vote/ask/{made.uid}/answer/", sent)
    assert answer.status_code == 200
    assert not answer.cookies
    assert JournalEntry.objects.count() == lines
    assert one.token.hex() not in caplog.text
    assert {field.name for field in Answer._meta.fields} == {"id", "questionnaire", "token", "given"}


# --- the result -------------------------------------------------------------------------------------------------------


def test_nothing_is_told_before_closing_and_under_five(cast, as_here):
    made = opened(cast)
    for right in made.rights.all()[:4]:
        say(made, take(right, made), q1="poor", q3="说得出来的话")
    page = as_here(cast.secretary).get(at(made)).content.decode()
    assert "<strong>4</strong>" in page
    assert "说得出来的话" not in page
    assert services.findings(made) == []
    assert as_here(cast.secretary).get(at(made, "result/docx/")).status_code == 400
    made = services.close_questionnaire(cast.secretary, made, on=NOW.date())
    assert not made.answers.exists()
    assert services.findings(made) == []


def test_five_answers_are_counted_and_printed(cast, as_here, tmp_path):
    made = opened(cast)
    said = [("good", "丁"), ("good", "甲"), ("fair", "丙"), ("poor", "乙"), (None, "<b>戊</b>")]
    for right, (choice, words) in zip(made.rights.all(), said, strict=False):
        say(made, take(right, made), **({"q1": choice} if choice else {}), q3=words)
    made = services.close_questionnaire(cast.secretary, made, on=NOW.date())
    first, second, third = services.findings(made)
    assert [n for _label, n, _share in first.votes] == [2, 1, 0, 1]
    assert (first.skipped, first.answered) == (1, 4)
    assert second.skipped == 5
    assert sorted(third.words) == sorted(words for _choice, words in said)
    page = as_here(cast.secretary).get(at(made)).content.decode()
    assert "50.00%" in page
    assert "&lt;b&gt;戊" in page
    for form, start in (("docx", b"PK"), ("pdf", b"%PDF")):
        assert as_here(cast.secretary).get(at(made, f"result/{form}/")).content.startswith(start)
    assert as_here(cast.secretary).get(at(made, "result/xls/")).status_code == 400


def test_the_order_of_words_is_that_of_nobody():
    """Whoever came first, and in which order the database hands them out: the list is the same."""
    answers = [{"q1": "good", "q3": f"第{n}句", "q4": f"第{n}句"} for n in range(20)]
    questions = [*QUESTIONS, Question("q4", "还有什么话", ())]
    shuffled = random.Random(7).sample(answers, len(answers))
    one, other = asking.found(questions, answers), asking.found(questions, shuffled)
    assert one == other
    assert one[2].words != tuple(answer["q3"] for answer in answers)
    assert one[2].words != one[3].words  # nor do places tell which belong together


# --- an administrator with the whole database -------------------------------------------------------------------------


def by_bytes(rights, answers, key):
    """A right and an answer that have a value in common, as it stands or hashed."""
    found = {}
    for right in rights:
        row = model_to_dict(right)
        seen = {str(value) for name, value in row.items() if name not in ("questionnaire", "issued") and value}
        seen |= {digest(bytes(right.blinded)), bytes(right.blinded).hex()}
        for answer in answers:
            if seen & {
                answer["row"].token,
                str(answer["row"].id),
                answer["signature"].hex(),
                digest(answer["signature"]),
            }:
                found[right.pk] = answer["row"].pk
    return found


def by_unblinding(rights, answers, key):
    """The blinding between each blinded number and each signature, by the private key: the pair with a conspicuous
    one. Without blinding it is 1; with it there is one for every pair, and none says more than another."""
    numbers = key.private_numbers()
    n, found = numbers.public_numbers.n, {}
    for right in rights:
        for answer in answers:
            encoded = pow(int.from_bytes(answer["signature"]), blind.EXPONENT, n)
            factor = pow(int.from_bytes(bytes(right.blinded)) * pow(encoded, -1, n) % n, numbers.d, n)
            if min(factor, n - factor).bit_length() < 1024:
                found[right.pk] = answer["row"].pk
    return found


def by_number(rights, answers, key):
    """First on the roll, first in the table."""
    rows = sorted(answers, key=lambda one: one["row"].pk)
    return {right.pk: one["row"].pk for right, one in zip(rights, rows, strict=True)}


MEANS = (by_bytes, by_unblinding, by_number)


def linked(cast, means, factor):
    """How many of twelve he links rightly. He has every row, the private key, and kept every signature as well."""
    made = opened(cast, members=8, slips=4)
    rights = list(made.rights.all())
    devices = {right.pk: take(right, made, factor) for right in rights}
    for pk, one in devices.items():
        say(made, one, q3=f"{pk}")
    key = blind.key_of(Questionnaire.objects.get(pk=made.pk).key)
    signatures = {digest(one.token): one.signature for one in devices.values()}
    answers = [{"row": row, "signature": signatures[row.token]} for row in made.answers.all()]
    truth = {right: made.answers.get(token=digest(one.token)).pk for right, one in devices.items()}
    guess = means(list(Right.objects.filter(questionnaire=made)), answers, key)
    return sum(guess.get(right) == answer for right, answer in truth.items())


@pytest.mark.parametrize("means", [by_bytes, by_unblinding])
def test_the_whole_database_links_nobody(cast, means):
    assert linked(cast, means, None) == 0


def test_numbers_tell_nothing(cast, monkeypatch):
    """Rows of answers are numbered at random, so their order is not that of the roll: no better than chance."""
    draws = random.Random(20251125)
    monkeypatch.setattr(services.secrets, "randbits", draws.getrandbits)
    assert linked(cast, by_number, None) <= 4


def test_without_blinding_he_links_everybody(cast):
    assert linked(cast, by_unblinding, 1) == 12


def test_numbered_in_turn_he_links_everybody(cast, monkeypatch):
    turns = iter(range(1, 100))
    monkeypatch.setattr(services.secrets, "randbits", lambda _bits: next(turns))
    assert linked(cast, by_number, None) == 12


def test_closing_destroys_what_is_no_longer_needed(cast):
    made = opened(cast)
    services.make_answer_slips(cast.secretary, made)
    for right in made.rights.all()[:5]:
        say(made, take(right, made), q1="good")
    made = services.close_questionnaire(cast.secretary, made, on=NOW.date())
    made.refresh_from_db()
    assert (made.state, made.key) == (Asking.CLOSED, "")
    assert not made.rights.exclude(slip=None, blinded=None).exists()
    assert made.rights.filter(issued=True).count() == made.answers.count() == 5


def test_slips_are_for_who_has_no_account(cast):
    made = opened(cast, members=3, slips=2)
    for one in cast.members[:3]:
        account_of(one)
    slips = services.make_answer_slips(cast.secretary, made)
    assert [right.member for right, _secret in slips] == [None, None]
    assert all(right.slip == digest(secret.encode()) for right, secret in slips)
