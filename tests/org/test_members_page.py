"""The roster and a member's file: works, refuses bad input, requires the right person, works without script."""

from datetime import date

import pytest

from tests.org.pages import main
from zhibu.org.models import JournalEntry, Member, MemberStatus, Organization
from zhibu.org.queries import members_on


@pytest.fixture
def private(cast):
    """Data of one member that must not leak."""
    member = cast.members[6]
    Member.objects.filter(pk=member.pk).update(
        born=date(1988, 4, 9), education="秘密学历", job="秘密岗位", identity_tail="973X"
    )
    return Member.objects.get(pk=member.pk)


SECRETS = ("1988", "秘密学历", "秘密岗位", "973X")


def test_the_list_shows_names_and_posts(cast, as_):
    page = main(as_(cast.secretary).get("/org/GW-01/members/"))
    assert "闻知远" in page
    assert "副书记" in page
    assert "预备党员" in page
    assert "阮青岚" not in page  # of another branch


def test_the_list_is_filtered(cast, as_):
    client = as_(cast.secretary)
    assert "闻知远" not in main(client.get("/org/GW-01/members/?q=汝舟"))
    page = main(client.get("/org/GW-01/members/?status=probationary"))
    assert "简言之" in page
    assert "温汝舟" not in page
    assert "没有符合条件" in main(client.get("/org/GW-01/members/?q=nobody"))
    part = client.get("/org/GW-01/members/?q=汝舟", headers={"HX-Request": "true"}).content.decode()
    assert "温汝舟" in part
    assert "<html" not in part


def test_the_list_of_an_earlier_day(cast, as_):
    MemberStatus.objects.filter(member=cast.members[5]).update(until=date(2024, 1, 1))
    client = as_(cast.secretary)
    assert "温汝舟" not in main(client.get("/org/GW-01/members/"))
    assert "温汝舟" in main(client.get("/org/GW-01/members/?on=2023-06-01"))
    assert client.get("/org/GW-01/members/?on=1990-13-77&page=x&cell=y").status_code == 200


def test_a_plain_member_reads_names_but_no_file_and_no_earlier_day(cast, as_, private):
    left = cast.members[7]
    MemberStatus.objects.filter(member=left).update(until=date(2024, 1, 1))
    client = as_(cast.member)
    page = main(client.get("/org/GW-01/members/?on=2023-06-01&status=transferred"))
    assert private.name in page
    assert left.name not in page
    assert not any(secret in page for secret in SECRETS)
    assert client.get(f"/org/GW-01/members/{private.pk}/").status_code == 403
    assert client.get(f"/org/GW-01/members/{cast.members[5].pk}/").status_code == 200
    for address in ("edit", "status", "cell", "take-back"):
        assert client.get(f"/org/GW-01/members/{cast.members[5].pk}/{address}/").status_code == 403
    assert client.get("/org/GW-01/members/new/").status_code == 403


@pytest.mark.parametrize("who", ["outsider", "clerk", "secretary"])
def test_the_file_is_for_those_who_keep_the_roster(cast, as_, private, who):
    answer = as_(getattr(cast, who)).get(f"/org/GW-01/members/{private.pk}/")
    page = main(answer)
    assert answer.status_code == (404 if who == "outsider" else 200)
    assert all((secret in page) == (who != "outsider") for secret in SECRETS)


def test_a_member_is_not_found_through_another_branch(cast, as_, private):
    client = as_(cast.clerk)
    assert client.get(f"/org/GW-02/members/{private.pk}/").status_code == 404
    assert client.post(f"/org/GW-02/members/{private.pk}/edit/", {"name": "x"}).status_code == 404


def test_of_one_who_left_only_the_time_here_is_shown(cast, as_, private):
    client = as_(cast.clerk)
    data = {"status": "transferred", "since": "2025-05-01", "destination": "GW-02", "reason": "调动"}
    assert client.post(f"/org/GW-01/members/{private.pk}/status/", data).status_code == 302
    page = main(as_(cast.secretary).get(f"/org/GW-01/members/{private.pk}/"))
    assert "已转出" in page
    assert not any(secret in page for secret in SECRETS)
    assert "档案馆" not in page
    assert "973X" in main(as_(cast.outsider).get(f"/org/GW-02/members/{private.pk}/"))


NEW = {"name": "沈拾光", "status": "full", "since": "2025-02-01"}


def test_a_member_is_entered_and_found_in_the_journal(cast, as_):
    answer = as_(cast.secretary).post("/org/GW-01/members/new/", {**NEW, "joined": "2015-07-01"}, follow=True)
    assert "沈拾光" in main(answer)
    assert Member.objects.get(name="沈拾光").number == "010"
    assert JournalEntry.objects.get().account == cast.secretary


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"since": "2999-01-01"}, "还没有到"),
        ({"since": "昨天"}, "这不是日期"),
        ({"name": "温汝舟"}, "名册里已有一位温汝舟"),
        ({"number": "001"}, "已有人使用"),
        ({"identity": "123"}, "身份证号应为18位"),
        ({"status": "deceased"}, ""),
    ],
)
def test_bad_input_is_said_beside_the_field_and_nothing_is_lost(cast, as_, change, sentence):
    answer = as_(cast.secretary).post("/org/GW-01/members/new/", {**NEW, "job": "观测员", **change})
    page = main(answer)
    assert answer.status_code == 422
    assert sentence in page
    assert 'value="观测员"' in page
    assert Member.objects.filter(organization=cast.branch).count() == 9


def test_a_file_is_corrected(cast, as_):
    member = cast.members[5]
    data = {"name": "温汝舟", "number": "006", "joined": "2012-07-01", "confirmed": "2013-07-01", "job": "测流"}
    assert as_(cast.secretary).post(f"/org/GW-01/members/{member.pk}/edit/", data).status_code == 302
    member.refresh_from_db()
    assert (member.job, member.joined) == ("测流", date(2012, 7, 1))


def test_status_is_changed_and_taken_back_on_pages(cast, as_):
    member, client = cast.members[5], as_(cast.secretary)
    page = main(client.get(f"/org/GW-01/members/{member.pk}/status/"))
    assert "停止党籍" in page
    assert "预备党员" not in page  # nobody becomes probationary again
    assert "destination" not in page  # a secretary keeps one branch
    data = {"status": "suspended", "since": "2025-03-01", "reason": "上级决定"}
    assert client.post(f"/org/GW-01/members/{member.pk}/status/", data).status_code == 302
    assert member not in members_on(cast.branch, date(2025, 3, 1))
    answer = client.post(f"/org/GW-01/members/{member.pk}/status/", {"status": "full", "since": "2025-01-01"})
    assert "新的日期应晚于这一天" in main(answer)
    assert client.get(f"/org/GW-01/members/{member.pk}/take-back/").status_code == 200
    assert client.post(f"/org/GW-01/members/{member.pk}/take-back/").status_code == 302
    assert member in members_on(cast.branch, date(2025, 3, 1))


def test_nobody_is_moved_to_a_branch_one_does_not_keep(cast, as_):
    client, member = as_(cast.clerk), cast.members[5]
    for destination in ("NO", "GW"):
        data = {"status": "transferred", "since": "2025-05-01", "destination": destination}
        answer = client.post(f"/org/GW-01/members/{member.pk}/status/", data)
        assert "请填写您管理的支部的代码" in main(answer)
    member.refresh_from_db()
    assert member.organization == cast.branch


def test_a_member_is_put_into_a_cell(cast, as_):
    client, member = as_(cast.secretary), cast.members[5]
    data = {"cell": cast.cell.pk, "since": "2025-03-01"}
    assert client.post(f"/org/GW-01/members/{member.pk}/cell/", data).status_code == 302
    assert [one.pk for one in members_on(cast.cell, date(2025, 3, 1))] == [member.pk]
    page = main(client.get(f"/org/GW-01/members/?cell={cast.cell.pk}"))
    assert "温汝舟" in page
    assert "闻知远" not in page


@pytest.mark.parametrize("more", [0, 40])
def test_the_lists_queries_do_not_grow(cast, as_, django_assert_max_num_queries, more):
    for number in range(more):
        member = Member.objects.create(organization=cast.branch, number=f"9{number:03}", name=f"某{number}")
        MemberStatus.objects.create(organization=cast.branch, member=member, status="full", since=date(2020, 1, 1))
    for account, address in (
        (cast.secretary, "/org/GW-01/members/"),
        (cast.clerk, "/org/GW/members/"),
        (cast.member, "/org/GW-01/members/"),
        (cast.secretary, f"/org/GW-01/members/{cast.members[0].pk}/"),
        (cast.secretary, "/org/GW-01/posts/"),
        (cast.secretary, "/org/GW-01/"),
        (cast.clerk, "/org/GW/"),
        (cast.secretary, "/org/GW-01/journal/"),
        (cast.secretary, "/org/GW-01/import/"),
    ):
        client = as_(account)
        client.get(address)  # the session is written once a minute
        with django_assert_max_num_queries(12):
            assert client.get(address).status_code == 200


def test_an_empty_roster_says_what_to_do(cast, as_):
    Organization.objects.add_child(
        cast.committee, {"code": "GW-09", "name": "新支部", "kind": "branch", "founded": date(2025, 1, 1)}
    )
    page = main(as_(cast.clerk).get("/org/GW-09/members/"))
    assert "名册还是空的" in page
    assert "/org/GW-09/import/" in page
