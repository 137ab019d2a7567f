"""Every reader against every address, with data that could leak; and the pages as the measure."""

from __future__ import annotations

import re

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.api.conftest import DAY, NOW, Door
from tests.conftest import _account
from zhibu.activities.entry import Attendee, Entry
from zhibu.activities.models import Activity
from zhibu.activities.services import record_activity
from zhibu.disclosure import services as disclosure
from zhibu.disclosure.models import Publication
from zhibu.duties.models import Form, LocalDuty, Origin
from zhibu.duties.services import lay_down_duty
from zhibu.meetings.models import Meeting
from zhibu.meetings.services import prepare_meeting, put_aside
from zhibu.org.models import Account, JournalEntry, Member
from zhibu.plans.services import draft_plan
from zhibu.scoring import queries as scoring
from zhibu.scoring.models import Evaluation
from zhibu.scoring.services import Said, ask_evaluations, save_answers
from zhibu.tasks.models import Task
from zhibu.tasks.services import Terms, give_task, hand_down

SECRET = "只有本支部知道的事"
TALK = "谈心的内容不外传"


@pytest.fixture
def full(cast):
    """A branch with one of everything, and three offices; words that must not get out are SECRET and TALK."""
    secretary, first = cast.secretary, cast.members[0].pk
    meeting = Entry("committee-meeting", SECRET, DAY, minutes=f"{SECRET}。会议研究了三月的工作安排。", chair=first)
    talk = Entry("talk", TALK, DAY, chair=first, minutes=TALK, fields={"partner": cast.members[7].pk, "subject": TALK})
    cast.meeting = record_activity(secretary, cast.branch, meeting, at=NOW)
    cast.talk = record_activity(secretary, cast.branch, talk, at=NOW)
    cast.task = give_task(secretary, cast.branch, Terms(SECRET, owner=cast.members[3]), DAY, at=NOW)
    above = give_task(cast.clerk, cast.committee, Terms("开展作风整治"), DAY, at=NOW)
    (cast.handed,) = hand_down(cast.clerk, above, [cast.branch], Terms("开展作风整治"), DAY, at=NOW)
    cast.plan = draft_plan(secretary, cast.branch, DAY.replace(day=1), DAY, at=NOW)
    data = {"label": "每月学习", "subject": ["branch"], "text": "每月至少学习1次", "strength": "at-least",
            "confidence": "P", "at_least": {"count": 1, "per": "month", "of": ["study"]}}  # fmt: skip
    values = {"document": "办法", "origin": "工委", "number": "1号", "since": DAY, "until": None, "data": data}
    cast.duty = lay_down_duty(cast.clerk, cast.committee, values)
    notice = {"item": "notice", "title": SECRET, "body": f"{SECRET}。", "audience": "unit", "since": DAY}
    cast.draft = disclosure.draft(secretary, cast.branch, notice, at=NOW)
    cast.shown = _brought_up(cast, notice)
    preparation = {"title": SECRET, "day": DAY, "agenda": SECRET, "chair": cast.members[0]}
    cast.coming = prepare_meeting(secretary, cast.branch, "general-meeting", preparation, [cast.members[5]], at=NOW)
    put_aside(secretary, cast.coming, {"minutes": [SECRET]}, 1, at=NOW)
    offered = scoring.schemes_for(cast.committee)["standard-branch"]
    (cast.evaluation,) = ask_evaluations(cast.clerk, cast.committee, offered, 2025, [cast.branch], at=NOW)
    item = scoring.scheme_of(cast.evaluation).items[0].slug
    save_answers(secretary, cast.evaluation, {item: Said(note=SECRET)}, 1, at=NOW)
    Member.objects.filter(pk=cast.members[6].pk).update(job="保密的岗位", identity_tail="246X")
    cast.system, cast.security, cast.audit = (_account(one, office=one) for one in ("system", "security", "audit"))
    return cast


def _brought_up(cast, notice):
    """Proposed, reviewed and approved by three of the committee."""
    proposer, reviewer = _account("publicity", cast.members[3]), _account("discipline", cast.members[4])
    made = disclosure.draft(proposer, cast.branch, notice, at=NOW)
    disclosure.propose(proposer, made, at=NOW)
    disclosure.review(reviewer, made, at=NOW)
    return disclosure.approve(cast.secretary, made, at=NOW)


READERS = ("secretary", "deputy", "member", "outsider", "clerk", "system", "security", "audit")
BODY = "organizations/GW-01"
SEES = {"secretary", "deputy", "member", "clerk", "system", "audit"}
READS = {"secretary", "deputy", "member", "clerk"}
RECORDS = {"secretary", "deputy", "clerk"}
ALLOWED = {
    BODY: SEES,
    f"{BODY}/duties": SEES,
    f"{BODY}/local-duties": SEES,
    f"{BODY}/ledger/2025": SEES,
    f"{BODY}/members": READS | {"system"},
    f"{BODY}/members/{{stranger}}": {"secretary", "clerk"},
    f"{BODY}/members/{{self}}": {"secretary", "clerk", "member"},
    f"{BODY}/activities/{{meeting}}": READS,
    f"{BODY}/activities/{{talk}}": RECORDS,
    f"{BODY}/tasks/{{task}}": READS,
    f"{BODY}/tasks/{{handed}}": READS,
    f"{BODY}/origins/{{plan}}": RECORDS,
    f"{BODY}/plans/2025-03": RECORDS,
    "organizations/GW/tasks/{handed}": {"clerk"},
    f"{BODY}/meetings/{{coming}}": RECORDS | {"member"},
    f"{BODY}/meetings/{{coming}}/minutes": RECORDS,
    f"{BODY}/matters": READS,
    f"{BODY}/disclosures-due": RECORDS,
    f"{BODY}/publications/{{draft}}": RECORDS,
    f"{BODY}/publications/{{shown}}": READS,
    f"{BODY}/evaluations/{{evaluation}}": READS,
}
"""Who is answered with 200; all others with 403 or 404."""


def filled(address, full):
    things = ("meeting", "talk", "task", "handed", "plan", "coming", "draft", "shown", "evaluation")
    numbers = {name: getattr(full, name).pk for name in things}
    return address.format(**numbers, self=full.members[5].pk, stranger=full.members[6].pk)


@pytest.mark.parametrize("address", ALLOWED)
def test_who_reads_what(full, address):
    found = {}
    for name in READERS:
        answer = Door(getattr(full, name)).get(filled(address, full))
        found[name] = answer.status_code
        if answer.status_code != 200:
            assert answer.status_code in (403, 404)
            text = answer.content.decode()
            assert SECRET not in text
            assert TALK not in text
    assert {name for name, status in found.items() if status == 200} == ALLOWED[address], found


def test_lists_leak_nothing(full):
    """Everything each reader can reach, searched for the words that are not for him."""
    lists = (
        "organizations", f"{BODY}/activities", f"{BODY}/tasks", f"{BODY}/origins", f"{BODY}/members",
        f"{BODY}/ledger/2025", "organizations/GW/tasks?whose=given", "organizations/GW/activities",
        "organizations/GW-02/activities", "organizations/GW/members", f"{BODY}/activities?withdrawn=true",
        f"{BODY}/meetings", f"{BODY}/publications", f"{BODY}/evaluations", "organizations/GW/evaluations?whose=below",
        "organizations/GW/publications", "organizations/GW-02/publications",
    )  # fmt: skip
    told = {}
    for name in READERS:
        door = Door(getattr(full, name))
        told[name] = "".join(door.get(address).content.decode() for address in lists)
    assert {name for name, text in told.items() if SECRET in text} == READS
    assert {name for name, text in told.items() if TALK in text} == RECORDS
    assert [name for name, text in told.items() if "保密的岗位" in text or "246X" in text] == []
    assert {name for name, text in told.items() if full.members[6].name in text} == READS | {"system"}
    assert {name for name, text in told.items() if "2012-07-01" in text} == {"secretary", "clerk"}
    assert "青禾县水文站" not in told["outsider"] + told["security"]


def test_a_talk_is_read_by_the_one_it_was_with(full):
    account = _account("partner", full.members[7])
    assert Door(account).get(filled(f"{BODY}/activities/{{talk}}", full)).status_code == 200


WRITES = {
    f"{BODY}/activities": ("post", {"kind": "study", "title": "学习", "held": "2025-03-12"}, RECORDS),
    f"{BODY}/activities/{{meeting}}": (
        "put",
        {"title": "改", "held": "2025-03-12", "version": 1, "reason": "误"},
        RECORDS,
    ),
    f"{BODY}/activities/{{meeting}}/withdraw": ("post", {"reason": "重复"}, RECORDS),
    f"{BODY}/tasks": ("post", {"text": "修订制度"}, RECORDS),
    f"{BODY}/tasks/{{task}}/parts": ("post", {"text": "修订一章"}, RECORDS),
    f"{BODY}/tasks/{{task}}/assign": ("post", {"owner": 1}, RECORDS),
    f"{BODY}/tasks/{{task}}/progress": ("post", {"text": "已起草"}, RECORDS),
    f"{BODY}/tasks/{{task}}/report": ("post", {"text": "已办完"}, RECORDS),
    f"{BODY}/tasks/{{task}}/deadline": ("post", {"due": "2025-05-01", "text": "推迟"}, RECORDS),
    f"{BODY}/tasks/{{task}}/cancel": ("post", {"text": "不办了"}, RECORDS),
    f"{BODY}/tasks/{{handed}}/cancel": ("post", {"text": "不办了"}, {"clerk"}),
    f"{BODY}/tasks/{{task}}/verify": ("post", {"text": "看过"}, set()),
    f"{BODY}/local-duties": ("post", {}, {"secretary", "deputy"}),
    "organizations/GW/local-duties/{duty}/end": ("post", {"until": "2025-12-31"}, {"clerk"}),
    f"{BODY}/plans/2025-04": ("post", None, RECORDS),
    f"{BODY}/plans/2025-03": ("put", {"version": 1, "items": []}, RECORDS),
    f"{BODY}/plans/2025-03/items": ("post", {"items": [{"text": "学", "due": "2025-03-30"}]}, RECORDS),
    f"{BODY}/plans/2025-03/approve": ("post", {"meeting": 1}, RECORDS),
    f"{BODY}/plans/2025-03/settle": ("post", {"verdicts": []}, RECORDS),
    f"{BODY}/meetings": ("post", {"kind": "general-meeting", "title": "大会", "day": "2025-03-28"}, RECORDS),
    f"{BODY}/meetings/{{coming}}": ("put", {"title": "改期", "day": "2025-03-29"}, RECORDS),
    f"{BODY}/meetings/{{coming}}/cancel": ("post", {"reason": "不开了"}, RECORDS),
    f"{BODY}/meetings/{{coming}}/leave": ("post", {"leave": True, "reason": "出差"}, RECORDS | {"member"}),
    f"{BODY}/meetings/{{coming}}/confirm": ("post", {"role": "chair"}, RECORDS | {"member"}),
    f"{BODY}/meetings/{{coming}}/minutes": ("put", {"version": 2, "draft": {"minutes": ["记"]}}, RECORDS),
    f"{BODY}/meetings/{{coming}}/record": ("post", {"title": "大会", "held": "2025-03-20", "version": 2}, RECORDS),
    f"{BODY}/publications": (
        "post",
        {"item": "notice", "title": "通知", "body": "值班", "audience": "unit", "since": "2025-03-20"},
        RECORDS,
    ),
    f"{BODY}/publications/{{draft}}": (
        "put",
        {"title": "通知", "body": "值班", "audience": "unit", "since": "2025-03-20", "version": 1},
        RECORDS,
    ),
    f"{BODY}/publications/{{draft}}/propose": ("post", None, RECORDS),
    f"{BODY}/publications/{{draft}}/discard": ("post", None, RECORDS),
    f"{BODY}/publications/{{draft}}/review": ("post", None, {"secretary", "deputy"}),
    f"{BODY}/publications/{{draft}}/approve": ("post", None, {"secretary", "deputy"}),
    f"{BODY}/publications/{{draft}}/give-back": ("post", {"reason": "补充"}, {"secretary", "deputy"}),
    f"{BODY}/publications/{{shown}}/correct": ("post", None, RECORDS),
    f"{BODY}/publications/{{shown}}/end": ("post", {"how": "withdraw", "reason": "有误"}, RECORDS),
    f"{BODY}/evaluations/{{evaluation}}/answers": ("put", {"version": 2, "answers": []}, RECORDS),
    f"{BODY}/evaluations/{{evaluation}}/submit": ("post", {"version": 2}, RECORDS),
    f"{BODY}/ledger/2025/explanation": ("put", {"duty": "a/b", "period": "2025-Q1", "reason": "有事"}, RECORDS),
}
"""How, with what, and for whom it is not a matter of rights (the values may still be wrong)."""


@pytest.mark.parametrize("address", WRITES)
def test_who_writes_what(full, address):
    method, data, allowed = WRITES[address]
    if address.endswith("local-duties"):
        data = {"label": "学", "document": "办法", "origin": "本支部", "number": "1", "text": "每月",
                "strength": "must", "subject": ["branch"], "since": "2025-01-01"}  # fmt: skip
    where = filled(address.replace("{duty}", str(full.duty.pk)), full)
    found = {}
    for name in READERS:
        with transaction.atomic():  # every one meets the same state
            door, before = Door(getattr(full, name)), JournalEntry.objects.count()
            found[name] = answer = door(method, where, data)
            assert answer.status_code < 400 or JournalEntry.objects.count() == before
            transaction.set_rollback(True)
    rights = {name for name, answer in found.items() if answer.json().get("code") not in ("not-allowed", "not-found")}
    if address.endswith(
        "explanation"
    ):  # a cell nobody has: not found for those who may, forbidden or unseen for others
        rights = {name for name, answer in found.items() if answer.status_code == 404} - {"outsider", "security"}
    assert rights == allowed, {name: answer.content.decode() for name, answer in found.items()}


LISTED = ("activities", "tasks", "origins", "meetings", "publications", "evaluations")


def test_every_write_is_in_the_matrix(full):
    """An operation added later has to say here who may."""
    document = Door(full.secretary).get("openapi.json").json()["paths"]
    writes = {(path, method) for path, operations in document.items() for method in operations if method != "get"}
    tried = {(_pattern(address), method) for address, (method, _data, _who) in WRITES.items()}
    assert {one for one in writes if one not in tried} == {
        ("/api/v1/organizations/{code}/tasks/{pk}/return", "post"),  # tried in test_tasks
    }
    reads = {path for path, operations in document.items() if "get" in operations}
    free = {"/api/v1/me", "/api/v1/kinds", "/api/v1/organizations"}
    lists = {f"/api/v1/organizations/{{code}}/{name}" for name in LISTED}
    assert reads - free - lists == {_pattern(address) for address in ALLOWED}


def _pattern(address):
    address = re.sub(r"organizations/GW(-01)?", "organizations/{code}", address)
    address = re.sub(r"\{(?!code)\w+\}", "{pk}", address)
    address = re.sub(r"plans/[\d-]+", "plans/{month}", address)
    return "/api/v1/" + re.sub(r"ledger/\d+", "ledger/{year}", address)


def some_of(what, code=""):
    """Numbers there are of the things an address leads to, those of the body first, and one there is not."""
    models = {
        "activities": Activity, "tasks": Task, "members": Member, "origins": Origin, "local-duties": LocalDuty,
        "meetings": Meeting, "publications": Publication, "disclosure": Publication, "evaluations": Evaluation,
        "scoring": Evaluation,
    }  # fmt: skip
    own = list(models[what].objects.filter(organization__code=code).order_by("pk").values_list("pk", flat=True)[:3])
    found = list(models[what].objects.order_by("pk").values_list("pk", flat=True)[:11])
    return [*(own or found), found[-1] + 1000]


PAGES = {
    "org/{code}/": "organizations/{code}",
    "activities/{code}/{pk}/": "organizations/{code}/activities/{pk}",
    "tasks/{code}/{pk}/": "organizations/{code}/tasks/{pk}",
    "ledger/{code}/2025/": "organizations/{code}/ledger/2025",
    "meetings/{code}/{pk}/": "organizations/{code}/meetings/{pk}",
    "disclosure/{code}/{pk}/": "organizations/{code}/publications/{pk}",
    "scoring/{code}/{pk}/": "organizations/{code}/evaluations/{pk}",
    "org/{code}/members/": "organizations/{code}/members",
    "org/{code}/members/{pk}/": "organizations/{code}/members/{pk}",
}


@pytest.mark.parametrize("page", PAGES)
def test_no_more_than_the_page(full, page):
    """Whatever number somebody tries: what the API shows, the page shows the same account."""
    seen = 0
    numbers = some_of(page.partition("/")[0] if "members" not in page else "members") if "{pk}" in page else [0]
    for name in READERS:
        account = Account.objects.get(pk=getattr(full, name).pk)
        browser, door = Client(), Door(account)
        browser.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        for code in ("GW", "GW-01", "GW-02", "GW-01-1"):
            for pk in numbers:
                if door.get(PAGES[page].format(code=code, pk=pk)).status_code == 200:
                    seen += 1
                    assert browser.get("/" + page.format(code=code, pk=pk)).status_code == 200, (name, code, pk)
    assert seen >= 3


LISTS = ("organizations", f"{BODY}/members", f"{BODY}/activities", f"{BODY}/tasks", f"{BODY}/origins",
         "organizations/GW/local-duties", "organizations/GW/tasks?whose=given", f"{BODY}/meetings",
         f"{BODY}/publications", "organizations/GW/evaluations?whose=below")  # fmt: skip


def test_one_and_three_rows(cast):
    """The same few queries however many rows there are."""
    door = Door(cast.secretary), Door(cast.clerk)
    counts = []
    for round_ in range(3):
        _one_more(cast, round_)
        found = []
        for address in LISTS:
            one = door["/GW/" in address + "/"]
            one.get(address)
            with CaptureQueriesContext(connection) as queries:
                rows = one.get(address).json()["items"]
            assert len(rows) >= round_ + 1 or address == "organizations"
            found.append(len(queries))
        counts.append(found)
    assert counts[0] == counts[2]
    assert max(counts[0]) <= 12, dict(zip(LISTS, counts[0], strict=True))


def _one_more(cast, number):
    people = tuple(Attendee(one.pk, "present") for one in cast.members)
    entry = Entry("study", f"学习{number}", DAY, attendance=people, minutes=f"第{number}次学习，交流心得。")
    record_activity(cast.secretary, cast.branch, entry, at=NOW)
    origin = Origin.objects.create(
        organization=cast.branch, form=Form.LIST, title=f"清单{number}", since=DAY, made_at=timezone.now(),
        made_by=cast.secretary,
    )  # fmt: skip
    owner = cast.members[number + 3]
    give_task(cast.secretary, cast.branch, Terms(f"事{number}", owner=owner), DAY, at=NOW, origin=origin)
    above = give_task(cast.clerk, cast.committee, Terms(f"件{number}"), DAY, at=NOW)
    hand_down(cast.clerk, above, [cast.branch], Terms(f"件{number}"), DAY, at=NOW)
    assert Task.objects.filter(given_by=cast.committee, organization=cast.branch).count() == number + 1
    preparation = {"title": f"会{number}", "day": DAY, "chair": cast.members[number]}
    prepare_meeting(cast.secretary, cast.branch, "general-meeting", preparation, cast.members, at=NOW)
    notice = {"item": "notice", "title": f"通知{number}", "body": "值班", "audience": "unit", "since": DAY}
    disclosure.draft(cast.secretary, cast.branch, notice, at=NOW)
    offered = scoring.schemes_for(cast.committee)["standard-branch"]
    ask_evaluations(cast.clerk, cast.committee, offered, 2025 - number, [cast.branch], at=NOW)
    data = {"label": "学习", "subject": ["branch"], "text": "每月1次", "strength": "must", "confidence": "P",
            "at_least": {"count": 1, "per": "month", "of": ["study"]}}  # fmt: skip
    values = {"document": "办法", "origin": "工委", "number": f"{number}号", "since": DAY, "until": None, "data": data}
    lay_down_duty(cast.clerk, cast.committee, values)
