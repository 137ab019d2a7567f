"""A frozen year: what is in it, that it does not move, that a change is seen."""

import hashlib
import json
from datetime import date

import pytest

from tests.ledger.records import attend, hold
from zhibu.activities.models import Resolution
from zhibu.checks.facts import parse_facts
from zhibu.environment import Environment
from zhibu.errors import UserError
from zhibu.ledger.models import Snapshot
from zhibu.ledger.snapshots import as_file, canonical, is_intact, snapshot_data, take_snapshot, verify_file
from zhibu.org.models import Account, JournalEntry, MemberStatus

YEAR_END = date(2025, 12, 31)
URL = "/ledger/GW-01/snapshots/"


def take(cast, on=YEAR_END):
    return take_snapshot(cast.secretary, cast.branch, 2025, on)


def test_holds_what_a_report_asks_for(cast):
    lecture = hold(
        cast, "lecture", date(2025, 3, 5), title="书记讲党课", hours=2, chair=cast.members[0],
        fields={"topic": "把条例落到每个月", "lecturer": cast.members[0].pk}, minutes="会上说了什么",
    )  # fmt: skip
    attend(lecture, *cast.members[:3])
    Resolution.objects.create(organization=cast.branch, activity=lecture, text="整理讲稿", done=date(2026, 1, 3))
    data = snapshot_data(cast.branch, 2025, YEAR_END)
    assert data["members"] == {"members": 9, "full_members": 8, "probationary": 1, "committee": 5, "cells": 1}
    (activity,) = data["activities"]
    assert (activity["label"], activity["lecturer"], activity["chair"]) == ("党课", "闻知远", "闻知远")
    assert data["totals"] == {"lecture": 1}
    assert data["hours"] == {"members": 9, "reached_32": 0, "average": 0.7}
    assert [row["done"] for row in data["resolutions"]] == [None]  # carried out after the day asked about
    assert data["posts"][0] == {"title": "secretary", "name": "闻知远", "since": "2024-03-01"}
    assert {"duty", "period", "status", "reason", "article", "regulation", "evidence"} <= set(data["cells"][0])


def test_minutes_and_talks_stay_out(cast):
    hold(cast, "general-meeting", date(2025, 3, 5), minutes="会上说了什么", fields={"conclusion": "长长的结论"})
    hold(
        cast,
        "talk",
        date(2025, 3, 6),
        title="谈家庭困难",
        fields={"partner": cast.members[6].pk, "suggestions": "私事"},
    )
    text = canonical(snapshot_data(cast.branch, 2025, YEAR_END))
    for secret in ("会上说了什么", "长长的结论", "谈家庭困难", "私事", "纪南乔"):
        assert secret not in text


def test_records_of_the_cells_belong_to_the_branch(cast):
    hold(cast, "cell-meeting", date(2025, 3, 5), branch=cast.cell)
    data = snapshot_data(cast.branch, 2025, YEAR_END)
    assert [one["organization"] for one in data["activities"]] == ["GW-01-1"]
    assert {cell["subject"] for cell in data["cells"]} == {"GW-01"}


def test_who_came_from_elsewhere_was_not_admitted_here(cast):
    probationer, returned = cast.members[8], cast.members[7]
    MemberStatus.objects.filter(member=probationer).update(organization=cast.other, until=date(2025, 5, 1))
    MemberStatus.objects.create(
        organization=cast.branch, member=probationer, status="probationary", since=date(2025, 5, 1)
    )
    MemberStatus.objects.filter(member=returned).update(until=date(2024, 9, 1))
    for status, since in (("transferred", date(2024, 9, 1)), ("full", date(2025, 6, 1))):
        MemberStatus.objects.create(organization=cast.branch, member=returned, status=status, since=since)
    counts = snapshot_data(cast.branch, 2025, YEAR_END)["admissions"]
    assert counts == {"admitted": 0, "confirmed": 0, "moved_in": 2, "moved_out": 0}


def test_is_canonical_and_hashed(cast):
    snapshot = take(cast)
    assert snapshot.data == json.dumps(
        json.loads(snapshot.data), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    assert snapshot.digest == hashlib.sha256(snapshot.data.encode()).hexdigest()
    assert JournalEntry.objects.get(verb="snapshot").object_id == str(snapshot.pk)


def test_does_not_move_when_records_do_and_the_same_ledger_is_one_snapshot(cast):
    first = take(cast)
    assert take(cast).pk == first.pk
    hold(cast, "general-meeting", date(2025, 2, 10))
    second = take(cast)
    assert second.pk != first.pk
    assert Snapshot.objects.get(pk=first.pk).data == first.data


def test_the_language_of_the_reader_changes_nothing(cast):
    from django.utils import translation

    chinese = take(cast).digest
    with translation.override("en"):
        assert take(cast).digest == chinese


def test_a_change_is_seen(cast):
    snapshot = take(cast)
    assert is_intact(snapshot)
    text = as_file(snapshot)
    assert verify_file(text)
    assert not verify_file(text.replace('"probationary": 1', '"probationary": 2'))
    snapshot.data = snapshot.data.replace('"probationary":1', '"probationary":2')
    assert not is_intact(snapshot)


def test_the_checker_reads_the_file(cast):
    hold(cast, "general-meeting", date(2025, 2, 10))
    facts = parse_facts(json.loads(as_file(take(cast))))
    assert (facts.year, facts.total("general-meeting"), facts.hash) == (2025, 1, take(cast).digest)


def test_sm3_where_the_deployment_wants_it(cast, settings):
    settings.SNAPSHOT_HASH = "sm3"
    snapshot = take(cast)
    assert (snapshot.algorithm, len(snapshot.digest)) == ("sm3", 64)
    assert snapshot.digest != hashlib.sha256(snapshot.data.encode()).hexdigest()
    assert verify_file(as_file(snapshot))


def test_another_hash_is_refused():
    with pytest.raises(UserError, match="sha256 或 sm3"):
        Environment({"ZHIBU_HASH": "md5"}).choice("ZHIBU_HASH", "sha256", ("sha256", "sm3"))
    assert not verify_file('{"hash": {"algorithm": "md5", "value": "x"}}')


def test_the_page_takes_lists_shows_and_downloads(cast, as_):
    client = as_(cast.secretary)
    page = client.post(URL, {"year": 2025, "on": "2025-12-31"}, follow=True)
    snapshot = Snapshot.objects.get()
    assert snapshot.digest in page.content.decode()
    assert "内容与校验值相符" in page.content.decode()
    assert snapshot.digest[:12] in client.get(URL).content.decode()
    file = client.get(f"{URL}{snapshot.pk}/file/")
    assert file["Content-Type"].startswith("application/json")
    assert verify_file(file.content.decode())


def test_the_page_checks_a_file_sent_back(cast, as_):
    from django.core.files.uploadedfile import SimpleUploadedFile

    client, text = as_(cast.member), as_file(take(cast))
    for content, said in (
        (text, "没有改动过"),
        (text.replace("闻知远", "另一人"), "改动过，不能作为依据"),
        ("不是 JSON", "这不是台账快照文件"),
        ("[1]", "这不是台账快照文件"),
    ):
        file = SimpleUploadedFile("s.json", content.encode())
        assert said in client.post(URL, {"verify": "1", "file": file}).content.decode()


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"year": 2025, "on": "2999-01-01"}, "不能晚于今天"),
        ({"year": 2025, "on": "2024-12-31"}, "早于这个年度"),
        ({"year": "", "on": "x"}, "还不能保存"),
    ],
)
def test_the_page_rejects_bad_input(cast, as_, form, said):
    assert said in as_(cast.secretary).post(URL, form).content.decode()
    assert not Snapshot.objects.exists()


def test_requires_the_right_person(cast, as_):
    snapshot = take(cast)
    for path in (URL, f"{URL}{snapshot.pk}/", f"{URL}{snapshot.pk}/file/"):
        assert as_(cast.outsider).get(path).status_code == 404
        assert as_(cast.member).get(path).status_code == 200
    assert as_(cast.member).post(URL, {"year": 2025, "on": "2025-12-31"}).status_code == 403
    assert as_(cast.clerk).get(f"/ledger/GW-02/snapshots/{snapshot.pk}/").status_code == 404


@pytest.mark.parametrize("office", ["system", "audit"])
def test_an_office_sees_the_cells_but_takes_no_minutes_away(cast, as_, office):
    meeting = hold(cast, "general-meeting", date(2025, 3, 5))
    Resolution.objects.create(organization=cast.branch, activity=meeting, text="给困难党员发放慰问金")
    snapshot = take(cast)
    client = as_(Account.objects.create_user(office, office=office))
    page = client.get(f"{URL}{snapshot.pk}/").content.decode()
    assert snapshot.digest in page
    assert "/file/" not in page
    assert client.get(f"{URL}{snapshot.pk}/file/").status_code == 403
    assert "慰问金" in as_(cast.member).get(f"{URL}{snapshot.pk}/file/").content.decode()


def test_an_altered_snapshot_is_called_so(cast, as_):
    snapshot = take(cast)
    Snapshot.objects.filter(pk=snapshot.pk).update(data=snapshot.data.replace('"probationary":1', '"probationary":2'))
    assert "被改动过" in as_(cast.secretary).get(f"{URL}{snapshot.pk}/").content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_little(cast, as_, django_assert_max_num_queries, number):
    for day in range(number):
        hold(cast, "themed-day", date(2025, 3, 5 + day))
        take(cast)
    client = as_(cast.secretary)
    client.get(URL)
    with django_assert_max_num_queries(9):
        client.get(URL)
