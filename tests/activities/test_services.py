"""Services: what every door relies on, tried without one."""

import io
from datetime import UTC, date, datetime, time

import pytest

from tests.activities.entering import filled, save
from zhibu.activities import files, services
from zhibu.activities.entry import PRESENT, Attendee, Entry, ResolutionRow
from zhibu.activities.kinds import load_kinds
from zhibu.activities.models import Activity, StoredFile
from zhibu.activities.queries import around, entry_of
from zhibu.errors import UserError
from zhibu.org.models import JournalEntry

NOW = datetime(2025, 3, 8, 2, tzinfo=UTC)


def meeting(cast, **values):
    return Entry(kind="general-meeting", title="党员大会", held=date(2025, 3, 5), **values)


def test_an_error_stops_every_door(cast):
    with pytest.raises(services.EntryRefused) as refused:
        services.record_activity(
            None, cast.branch, meeting(cast, attendance=(Attendee(cast.clerk.member_id, PRESENT),)), at=NOW
        )
    assert refused.value.code == "not-a-member"
    assert not Activity.objects.exists()


def test_a_body_records_only_its_own_kinds(cast):
    with pytest.raises(UserError, match="不记录“党员大会”"):
        services.record_activity(None, cast.cell, meeting(cast), at=NOW)


def test_a_failure_in_the_middle_leaves_no_row_and_no_line(cast, monkeypatch):
    kept = files.keep(io.BytesIO(b"%PDF-1.7"), "报告.pdf")

    def fail(*_args, **_data):
        raise OSError("disk full")

    monkeypatch.setattr(services, "note", fail)
    with pytest.raises(OSError, match="disk full"):
        services.record_activity(cast.secretary, cast.branch, meeting(cast), [kept], at=NOW)
    assert not Activity.objects.exists()
    assert not StoredFile.objects.exists()
    assert not JournalEntry.objects.exists()


def test_a_resolution_that_goes_on_keeps_its_row(cast):
    entry = meeting(cast, resolutions=(ResolutionRow("一"), ResolutionRow("二")))
    activity = services.record_activity(None, cast.branch, entry, at=NOW)
    first, second = entry_of(activity).resolutions

    changed = meeting(cast, resolutions=(ResolutionRow("二", done=date(2025, 3, 7), id=second.id), ResolutionRow("三")))
    services.correct_activity(None, activity, changed, 1, "补充", at=NOW)

    rows = list(activity.resolutions.values_list("pk", "text", "done"))
    assert rows[0] == (second.id, "二", date(2025, 3, 7))
    assert rows[1][1:] == ("三", None)
    assert first.id not in {row[0] for row in rows}


def test_a_resolution_of_another_record_is_not_taken_over(cast):
    other = services.record_activity(None, cast.branch, meeting(cast, resolutions=(ResolutionRow("别的"),)), at=NOW)
    mine = services.record_activity(None, cast.branch, meeting(cast), at=NOW)
    theirs = other.resolutions.get().pk
    services.correct_activity(
        None, mine, meeting(cast, resolutions=(ResolutionRow("我的", id=theirs),)), 1, "补充", at=NOW
    )
    assert other.resolutions.get().text == "别的"
    assert mine.resolutions.get().text == "我的"


def test_what_a_reader_may_not_open_is_not_named(cast):
    told = {"starts": time(9), "ends": time(10)}
    talk = Entry(
        kind="talk", title="谈家庭困难", held=date(2025, 3, 5), chair=cast.members[0].pk,
        fields={"partner": cast.members[5].pk}, **told,
    )  # fmt: skip
    services.record_activity(cast.secretary, cast.branch, talk, at=NOW)
    assert "谈家庭困难" not in JournalEntry.objects.get().summary

    present = (Attendee(cast.members[5].pk, PRESENT),)
    entry = Entry(kind="cell-meeting", title="小组会", held=date(2025, 3, 5), attendance=present, **told)
    (other,) = around(cast.cell, entry, load_kinds()["cell-meeting"], date(2025, 3, 8)).elsewhere
    assert (other.title, other.people) == ("谈心谈话", {cast.members[5].pk})


def test_a_button_pressed_twice_is_noticed(cast, as_):
    client, address = as_(cast.secretary), "/activities/GW-01/record/general-meeting/"
    assert save(client, address, filled(cast)).status_code == 302
    again = client.post(address, filled(cast))
    assert "请不要重复记录" in again.content.decode()
    assert Activity.objects.count() == 1


def test_two_talks_of_one_day_are_two(cast):
    def talk(partner):
        return Entry(
            kind="talk", title="谈心谈话", held=date(2025, 3, 5), chair=cast.members[0].pk,
            fields={"partner": cast.members[partner].pk},
        )  # fmt: skip

    kind = load_kinds()["talk"]
    made = services.record_activity(None, cast.branch, talk(5), at=NOW)
    assert around(cast.branch, talk(5), kind, date(2025, 3, 8)).same == made.pk
    assert around(cast.branch, talk(6), kind, date(2025, 3, 8)).same is None
    assert around(cast.branch, talk(5), kind, date(2025, 3, 8), but=made.pk).same is None


@pytest.mark.parametrize("kind", load_kinds())
def test_the_form_of_every_kind_opens_and_saves(cast, as_, kind):
    cast.branch.kind = load_kinds()[kind].bodies[0]
    cast.branch.save()
    client, address = as_(cast.secretary), f"/activities/GW-01/record/{kind}/"
    assert client.get(address).status_code == 200

    answer = save(client, address, {"title": "记录", "held": "2025-03-05", "act": "save"})

    activity = Activity.objects.get()
    assert answer.status_code == 302
    for end in ("", "correct/", "history/"):
        assert client.get(f"/activities/GW-01/{activity.pk}/{end}").status_code == 200
