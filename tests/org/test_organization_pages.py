"""Tree, body, posts and journal pages."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.org.pages import main
from zhibu.org.models import Account, JournalEntry, Organization, Post

BODY = {"sector": "organ", "founded": "2025-01-05", "units": "1"}


def test_a_committee_walks_its_tree_level_by_level(cast, as_):
    page = main(as_(cast.clerk).get("/org/GW/"))
    assert "青禾县水文站党支部" in page
    assert "第一党小组" not in page
    assert "第一党小组" in main(as_(cast.clerk).get("/org/GW-01/"))


def test_a_search_finds_bodies_anywhere_below(cast, as_):
    part = as_(cast.clerk).get("/org/GW/?q=第一", headers={"HX-Request": "true"}).content.decode()
    assert "第一党小组" in part
    assert "<html" not in part
    assert "没有找到" in main(as_(cast.clerk).get("/org/GW/?q=没有这个"))


def test_nobody_opens_a_body_outside(cast, as_):
    for address in ("/org/GW/", "/org/GW-02/", "/org/GW-02/members/", "/org/GW-02/posts/", "/org/GW-02/journal/"):
        assert as_(cast.secretary).get(address).status_code == 404, address
    page = main(as_(cast.secretary).get("/org/"))
    assert "水文站" in page
    assert "档案馆" not in page
    assert "没有找到" in main(as_(cast.secretary).get("/org/?q=档案馆"))


@pytest.mark.parametrize("bodies", [1, 130])
def test_the_trees_queries_do_not_grow(cast, as_, django_assert_max_num_queries, bodies):
    for number in range(bodies):
        values = {"code": f"X{number:03}", "name": f"支部{number}", "kind": "branch", "founded": date(2020, 1, 1)}
        Organization.objects.add_child(cast.committee, values)
    client = as_(cast.clerk)
    client.get("/org/")  # the session is written once a minute
    for address in ("/org/", "/org/GW/", "/org/?q=支部", "/org/?page=2"):
        with django_assert_max_num_queries(12):
            assert client.get(address).status_code == 200


def test_a_branch_is_founded_changed_and_ended(cast, as_):
    client = as_(cast.clerk)
    data = {
        "kind": "branch",
        "code": "GW-07",
        "name": "气象局党支部",
        "sector": "organ",
        "founded": "2025-01-05",
        "units": "1",
    }
    assert client.post("/org/GW/found/", data)["Location"] == "/org/GW-07/"
    assert "已经有组织在用" in main(client.post("/org/GW/found/", data))
    assert "已经有组织在用" in main(client.post("/org/GW/found/", {**data, "code": "journal"}))
    changed = {**data, "name": "气象局党支部（联合）", "units": "2"}
    assert client.post("/org/GW-07/edit/", changed).status_code == 302
    assert client.post("/org/GW-07/end/", {"on": "2025-05-01", "reason": "合并"}).status_code == 302
    body = Organization.objects.get(code="GW-07")
    assert (body.name, body.units, body.ended) == ("气象局党支部（联合）", 2, date(2025, 5, 1))
    assert "还有第一党小组" in main(client.post("/org/GW-01/end/", {"on": "2025-05-01", "reason": "x"}))


@pytest.mark.parametrize("address", ["found", "edit", "end", "posts/new", "import", "export", "import/form"])
def test_a_plain_member_changes_nothing(cast, as_, address):
    assert as_(cast.member).get(f"/org/GW-01/{address}/").status_code == 403
    assert as_(cast.outsider).get(f"/org/GW-01/{address}/").status_code == 404


def test_a_secretary_founds_cells_but_does_not_end_the_branch(cast, as_):
    client = as_(cast.secretary)
    data = {
        "kind": "cell",
        "code": "GW-01-2",
        "name": "第二党小组",
        "sector": "organ",
        "founded": "2025-01-05",
        "units": "1",
    }
    assert client.post("/org/GW-01/found/", data).status_code == 302
    assert client.post("/org/GW-01/end/", {"on": "2025-05-01", "reason": "x"}).status_code == 403


# --- posts ------------------------------------------------------------------------------------------------------------


def test_a_post_is_given_and_ended(cast, as_):
    client = as_(cast.secretary)
    data = {"member": cast.members[5].pk, "title": "committee-member", "since": "2025-02-01", "basis": "选举"}
    assert client.post("/org/GW-01/posts/new/", data).status_code == 302
    post = Post.objects.get(member=cast.members[5])
    assert client.post(f"/org/GW-01/posts/{post.pk}/end/", {"until": "2025-01-01"}).status_code == 422
    assert client.post(f"/org/GW-01/posts/{post.pk}/end/", {"until": "2025-05-01"}).status_code == 302
    page = main(client.get("/org/GW-01/posts/"))
    assert "以往任职" in page
    taken = main(client.post("/org/GW-01/posts/new/", {**data, "title": "secretary"}))
    assert "现由闻知远担任" in taken


def test_a_committee_names_a_member_by_branch_and_number(cast, as_):
    client = as_(cast.clerk)
    data = {"member": "GW-01/002", "title": "deputy-secretary", "since": "2025-02-01"}
    assert client.post("/org/GW/posts/new/", data).status_code == 302
    assert Post.objects.get(organization=cast.committee, title="deputy-secretary").member == cast.members[1]
    assert "没有找到这位党员" in main(client.post("/org/GW/posts/new/", {**data, "member": "GW-01/777"}))


def test_a_foreign_post_cannot_be_ended_through_the_own_branch(cast, as_):
    post = Post.objects.get(organization=cast.other)
    assert as_(cast.secretary).post(f"/org/GW-01/posts/{post.pk}/end/", {"until": "2025-05-01"}).status_code == 404


@pytest.mark.parametrize(
    ("days", "sentence"), [(400, None), (150, "还有150天"), (0, "还有0天"), (-3, "届满。请核对换届情况")]
)
def test_the_end_of_the_term_is_announced(cast, as_, days, sentence):
    Post.objects.filter(organization=cast.branch).update(term_ends=timezone.localdate() + timedelta(days=days))
    page = main(as_(cast.member).get("/org/GW-01/posts/"))
    assert (sentence in page) if sentence else ("天。请着手" not in page and "换届情况" not in page)


# --- journal ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def entries(cast, as_):
    as_(cast.secretary).post("/org/GW-01/members/new/", {"name": "沈拾光", "status": "full", "since": "2025-02-01"})
    as_(cast.clerk).post("/org/GW-02/members/new/", {"name": "纪听泉", "status": "full", "since": "2025-02-01"})
    assert JournalEntry.objects.count() == 2


def test_the_journal_is_filtered(cast, as_, entries):
    client = as_(cast.clerk)
    page = main(client.get("/org/GW/journal/"))
    assert "登记党员沈拾光" in page
    assert "登记党员纪听泉" in page
    assert "沈拾光" not in main(client.get("/org/GW/journal/?who=池砚秋"))
    assert "没有符合条件" in main(client.get("/org/GW/journal/?verb=end-post"))
    assert "没有符合条件" in main(client.get("/org/GW/journal/?until=2020-01-01"))
    today = timezone.localdate()
    assert "沈拾光" in main(client.get(f"/org/GW/journal/?since={today}&until={today}"))
    assert client.get("/org/GW/journal/?since=x&verb=nonsense").status_code == 200


def test_the_journal_is_for_the_committee_and_the_auditor(cast, as_, entries):
    assert "纪听泉" not in main(as_(cast.secretary).get("/org/GW-01/journal/"))
    assert as_(cast.member).get("/org/GW-01/journal/").status_code == 403
    for who in (cast.secretary, cast.clerk):
        assert as_(who).get("/org/journal/").status_code == 403
    audit = Account.objects.create_user("audit", office="audit")
    page = main(as_(audit).get("/org/journal/"))
    assert "沈拾光" in page
    assert "纪听泉" in page
    assert as_(audit).get("/org/GW-01/members/").status_code == 403
    for office in ("system", "security"):
        assert as_(Account.objects.create_user(office, office=office)).get("/org/journal/").status_code == 403


def test_the_first_body_is_founded_by_the_system_administrator(db, as_):
    system = Account.objects.create_user("system", office="system")
    assert "新建组织" in main(as_(system).get("/org/"))
    data = {**BODY, "kind": "organs-work-committee", "code": "GW", "name": "青禾县县直机关工委"}
    assert as_(system).post("/org/new/", data)["Location"] == "/org/GW/"
    assert "新建下级组织" in main(as_(system).get("/org/GW/"))


def test_a_post_does_not_found_a_second_root(cast, as_):
    assert as_(cast.clerk).get("/org/new/").status_code == 403


def test_a_fragment_is_not_mistaken_for_the_page(cast, as_):
    assert "HX-Request" in as_(cast.clerk).get("/org/GW/")["Vary"]
