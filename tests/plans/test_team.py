"""A business project's people, its temporary branch and its vanguard posts, on the project's page."""

from datetime import date

import pytest

from tests.ledger.records import hold
from tests.plans.conftest import DAY, NOW
from zhibu.activities.kinds import find_kind
from zhibu.activities.roster import people_on
from zhibu.duties.models import OriginState
from zhibu.errors import UserError
from zhibu.ledger.queries import ledger_with_cells
from zhibu.ledger.snapshots import snapshot_data
from zhibu.org.access import powers, seen_by
from zhibu.org.models import JournalEntry, Organization, Post
from zhibu.plans import origins, team
from zhibu.plans.origins import About

WHAT = "带头下井测量水位"


def project(cast, body=None, people=None, actor=None):
    about = About("project", "灌区改造", date(2025, 2, 1), date(2025, 12, 31), people=tuple(people or cast.members[:6]))
    return origins.found_origin(actor or cast.secretary, body or cast.branch, about, DAY, at=NOW)


def address(origin):
    return f"/plans/GW-01/{origin.pk}/"


def test_is_set_up_on_the_projects_page_without_script(cast, as_):
    origin, client = project(cast), as_(cast.secretary)
    sent = {"team-name": "灌区改造临时党支部", "team-member": cast.members[1].pk, "team-since": "2025-03-03",
            "team-basis": "青直工〔2025〕9号", "act": "team"}  # fmt: skip
    assert client.post(address(origin), sent).status_code == 302
    vanguard = {"vanguard-member": cast.members[5].pk, "vanguard-since": "2025-03-05", "vanguard-basis": WHAT}
    assert client.post(address(origin), {**vanguard, "act": "vanguard"}).status_code == 302
    page = as_(cast.member).get(address(origin)).content.decode()
    for words in ("灌区改造临时党支部", "临时党组织负责人", "青直工〔2025〕9号", "党员先锋岗", WHAT, "2025年3月5日起"):
        assert words in page, words
    assert "结束这个岗位" not in page
    post = Post.objects.get(title="vanguard")
    ended = {"act": "end_post", "post": post.pk, "until": "2025-03-19"}
    assert as_(cast.secretary).post(address(origin), ended).status_code == 302
    assert "2025年3月5日—2025年3月19日" in as_(cast.secretary).get(address(origin)).content.decode()
    assert {"found-team", "assign-post", "end-post"} <= set(JournalEntry.objects.values_list("verb", flat=True))


@pytest.mark.parametrize(
    ("act", "sent"),
    [
        ("team", {"team-name": "", "team-since": "2025-03-03"}),
        ("team", {"team-name": "临时党支部", "team-since": "2025-01-03"}),  # before the project
        ("vanguard", {"vanguard-since": "2025-03-03", "vanguard-basis": ""}),
        ("vanguard", {"vanguard-since": "2025-03-29", "vanguard-basis": WHAT}),  # in the future
        ("vanguard", {"vanguard-since": "2025-03-03", "vanguard-basis": WHAT, "vanguard-member": "8"}),  # takes no part
        ("end_post", {"post": "99999", "until": "2025-03-03"}),
        ("end_post", {"post": "x"}),
    ],
)
def test_refuses_bad_input_and_keeps_the_rest(cast, as_, act, sent):
    origin = project(cast)
    sent = {f"{act}-member": cast.members[1].pk, **sent, "act": act}
    if sent.get("vanguard-member") == "8":
        sent["vanguard-member"] = cast.members[8].pk
    answer = as_(cast.secretary).post(address(origin), sent)
    assert answer.status_code == 422
    assert not Post.objects.filter(project__isnull=False).exists()
    assert 'role="alert"' in answer.content.decode()


def test_requires_the_right_person(cast, as_):
    origin = project(cast)
    sent = {"vanguard-member": cast.members[5].pk, "vanguard-since": "2025-03-05", "vanguard-basis": WHAT}
    assert as_(cast.member).post(address(origin), {**sent, "act": "vanguard"}).status_code == 403
    assert as_(cast.outsider).post(address(origin), {**sent, "act": "vanguard"}).status_code == 404
    listed = origins.found_origin(
        cast.secretary, cast.branch, About("list", "清单", date(2025, 1, 1), issuer="支部"), DAY, at=NOW
    )
    assert as_(cast.secretary).post(address(listed), {**sent, "act": "vanguard"}).status_code == 403
    assert not Post.objects.filter(project__isnull=False).exists()


def test_a_post_in_a_project_opens_nothing(cast, as_):
    """A branch's member who leads the temporary branch of a committee's project sees the committee no better."""
    theirs = project(cast, cast.committee, [cast.members[5], cast.outsider.member], cast.clerk)
    team.found_team(cast.clerk, theirs, "灌区临时党支部", cast.members[5], date(2025, 3, 3), "", DAY)
    assert powers(cast.member, DAY).posts == ()
    assert cast.committee not in seen_by(cast.member, DAY)
    assert as_(cast.member).get(f"/plans/GW/{theirs.pk}/").status_code == 404
    assert as_(cast.member).get("/activities/GW-01/record/lecture/").status_code == 403


def test_nothing_is_owed_or_counted_twice(cast):
    def judged():
        ledgers, _held = ledger_with_cells(cast.branch, 2025, DAY)
        return [(body.code, str(one)) for body, standings in ledgers for one in standings]

    hold(cast, "themed-day", date(2025, 3, 12))
    before, bodies = judged(), Organization.objects.count()
    origin = project(cast)
    team.found_team(cast.secretary, origin, "临时党支部", cast.members[1], date(2025, 3, 3), "", DAY)
    team.give_vanguard_post(cast.secretary, origin, cast.members[5], date(2025, 3, 3), WHAT, DAY)
    origins.link_activities(cast.secretary, origin, cast.branch.activities.all())
    assert judged() == before
    assert Organization.objects.count() == bodies
    assert people_on(cast.branch, DAY, find_kind("general-meeting"))[cast.members[5].pk].post == ""
    assert "党员先锋岗" not in str(snapshot_data(cast.branch, 2025, DAY))


def test_another_leader_takes_over_and_all_ends_with_the_project(cast):
    origin = project(cast)
    first = team.found_team(cast.secretary, origin, "临时党支部", cast.members[1], date(2025, 3, 3), "", DAY)
    with pytest.raises(UserError):
        team.found_team(cast.secretary, origin, "临时党支部", cast.members[1], date(2025, 3, 9), "", DAY)
    team.found_team(cast.secretary, origin, "临时党支部", cast.members[2], date(2025, 3, 10), "", DAY)
    first.refresh_from_db()
    assert first.until == date(2025, 3, 10)
    with pytest.raises(UserError, match="请先结束"):
        team.change_people(cast.secretary, origin, cast.members[3:6], DAY)
    origins.close_origin(cast.secretary, origin, "改造完成，验收合格。", DAY, at=NOW)
    origin.refresh_from_db()
    assert origin.state == OriginState.CLOSED
    assert not Post.objects.filter(project=origin.pk, until=None).exists()
    with pytest.raises(UserError):
        team.give_vanguard_post(cast.secretary, origin, cast.members[5], date(2025, 3, 3), WHAT, DAY)


def test_who_takes_part_is_changed(cast, as_):
    origin = project(cast)
    chosen = [str(one.pk) for one in cast.members[4:8]]
    assert as_(cast.secretary).post(address(origin), {"act": "people", "people-people": chosen}).status_code == 302
    assert set(origin.people.all()) == set(cast.members[4:8])
    stranger = {"act": "people", "people-people": [str(cast.outsider.member_id)]}
    assert as_(cast.secretary).post(address(origin), stranger).status_code == 422
