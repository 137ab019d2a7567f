"""The pages: they work, they refuse bad input, they ask for the right person, they work without script."""

from datetime import date

import pytest

from tests.conftest import _organization
from tests.ledger.records import hold
from tests.scoring.conftest import DAY, NOW, SLUG, agree_all, ask, reload, submitted
from zhibu.org.models import Account
from zhibu.scoring import queries, services
from zhibu.scoring.models import Evaluation, OwnScheme, State
from zhibu.scoring.points import total
from zhibu.scoring.reading import FOLDER

TEXT = (FOLDER / SLUG / "scheme.yaml").read_text(encoding="utf-8")
HOME = "/scoring/GW-01/"


@pytest.fixture
def evaluation(cast):
    return ask(cast)[0]


def page_of(evaluation, name=""):
    return f"/scoring/{evaluation.organization.code}/{evaluation.pk}/{name}"


def values(evaluation, **more):
    """The form as the page sends it, everything asked answered with the first choice."""
    current = reload(evaluation)
    rest = queries.unanswered(queries.scheme_of(current), queries.points_of(current, DAY))
    chosen = {f"{item.slug}-choice": item.choices[0].slug for item in rest}
    return {"version": current.version, **chosen, **more}


def test_a_branch_evaluates_itself_without_script(cast, as_, evaluation):
    for month in (2, 5, 8):
        hold(cast, "lecture", date(2024, month, 10), title="讲讲支部工作条例")
    client = as_(cast.secretary)
    page = client.get(page_of(evaluation)).content.decode()
    assert "讲讲支部工作条例" in page
    assert "3/4分" in page
    assert 'name="lecture-choice"' not in page
    assert 'name="place-choice"' in page
    assert client.post(page_of(evaluation), values(evaluation, act="save", **{"place-note": "三楼"})).status_code == 302
    assert "三楼" in client.get(page_of(evaluation)).content.decode()
    assert client.post(page_of(evaluation), values(evaluation, act="submit")).status_code == 302
    assert reload(evaluation).state == State.SUBMITTED
    assert 'name="place-choice"' not in client.get(page_of(evaluation)).content.decode()


def test_the_committee_asks_and_verifies_without_script(cast, as_):
    client = as_(cast.clerk)
    assert client.get("/scoring/GW/ask/").status_code == 200
    page = client.get(f"/scoring/GW/ask/?scheme={SLUG}&year=2024").content.decode()
    assert cast.branch.name in page
    data = {"scheme": SLUG, "year": "2024", "bodies": [cast.branch.pk]}
    assert client.post("/scoring/GW/ask/", data).status_code == 302
    [one] = Evaluation.objects.all()
    assert as_(cast.secretary).post(page_of(one), values(one, act="submit")).status_code == 302
    client = as_(cast.clerk)
    for part in ("organization", "life", "education", "role", "basics", "vetoes", "deductions"):
        shown = client.get(page_of(one, f"verify/?part={part}"))
        form = shown.context["form"]
        sent = {"version": reload(one).version, "part": part, "then": "next"}
        for line in form.lines:
            sent[f"{line.item.slug}-agrees"] = "yes"
        if part == "basics":
            sent |= {"place-agrees": "no", "place-points": "1.5", "place-reason": "门锁着"}
        assert client.post(page_of(one, "verify/"), sent).status_code == 302
    assert client.post(page_of(one), {"act": "finish", "version": reload(one).version}).status_code == 302
    assert reload(one).state == State.VERIFIED
    sheet = as_(cast.member).get(page_of(one, "sheet/")).content.decode()
    assert "门锁着" in sheet
    assert reload(one).snapshot.digest in sheet


def test_what_records_tell_can_be_agreed_to_at_once(cast, as_):
    one = submitted(cast)
    data = {"version": one.version, "part": "basics", "agree-rest": "1"}
    assert as_(cast.clerk).post(page_of(one, "verify/"), data).status_code == 302
    assert set(queries.rulings_of(reload(one))) == {"disclosure"}


def test_a_stale_page_keeps_what_was_typed_and_shows_what_is_saved(cast, as_, evaluation):
    stale = values(evaluation, act="save", **{"place-choice": "none", "place-note": "我写的"})
    as_(cast.deputy).post(page_of(evaluation), values(evaluation, act="save", **{"place-choice": "poor"}))
    answer = as_(cast.secretary).post(page_of(evaluation), stale)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "有人改过" in page
    assert "我写的" in page
    assert "已经保存的是：有但不好用" in page
    assert queries.answers_of(reload(evaluation))["place"].choice == "poor"


@pytest.mark.parametrize(
    "more",
    [{"place-choice": "grand"}, {"place-note": "长" * 501}, {"version": "x"}, {"version": "9" * 30}, {"version": ""}],
)
def test_refuses_bad_answers(cast, as_, evaluation, more):
    assert as_(cast.secretary).post(page_of(evaluation), values(evaluation, act="save") | more).status_code == 422
    assert not reload(evaluation).items.exists()


@pytest.mark.parametrize(
    "more",
    [
        {"place-agrees": "no", "place-points": "1"},
        {"place-agrees": "no", "place-points": "99", "place-reason": "看过"},
        {"place-agrees": "no", "place-points": "NaN", "place-reason": "看过"},
        {"place-agrees": "maybe"},
        {"version": "0"},
    ],
)
def test_refuses_bad_findings_and_keeps_them(cast, as_, more):
    one = submitted(cast)
    data = {
        "version": one.version,
        "part": "basics",
        "dues-agrees": "no",
        "dues-points": "1",
        "dues-reason": "账不清楚",
    }
    answer = as_(cast.clerk).post(page_of(one, "verify/"), data | more)
    assert answer.status_code == 422
    assert "账不清楚" in answer.content.decode()
    assert queries.rulings_of(reload(one)) == {}


def test_submitting_with_questions_open_keeps_the_answers(cast, as_, evaluation):
    data = {"version": evaluation.version, "act": "submit", "place-choice": "poor"}
    answer = as_(cast.secretary).post(page_of(evaluation), data)
    assert answer.status_code == 422
    assert "还有" in answer.content.decode()
    assert reload(evaluation).state == State.SELF
    assert queries.answers_of(reload(evaluation))["place"].choice == "poor"


def test_requires_the_right_person(cast, as_, evaluation):
    other = ask(cast, cast.other)[0]
    keeper = Account.objects.create_user("keeper", "Kept-Safe-2025", office="system")
    for name in ("", "gaps/", "sheet/", "verify/"):
        assert as_(cast.outsider).get(page_of(evaluation, name)).status_code == 404
        assert as_(keeper).get(page_of(evaluation, name)).status_code == 404
        # Another body's evaluation under one's own address.
        assert as_(cast.secretary).get(f"{HOME}{other.pk}/{name}").status_code == 404
        assert as_(cast.secretary).get(f"{HOME}{10**30}/{name}").status_code == 404
    assert as_(cast.member).get(page_of(evaluation)).status_code == 200
    for act in ("save", "submit", "finish", "close", "return", "nonsense"):
        answer = as_(cast.member).post(page_of(evaluation), values(evaluation, act=act, reason="试一试"))
        assert answer.status_code == 403, act
    assert as_(cast.clerk).get(page_of(evaluation, "verify/")).status_code == 403
    assert as_(cast.member).post(f"{HOME}begin/", {"scheme": SLUG, "year": "2025"}).status_code == 403
    assert as_(cast.secretary).get("/scoring/GW/ask/").status_code == 404
    assert as_(cast.secretary).get(f"{HOME}ask/").status_code == 403
    assert as_(cast.secretary).get(f"{HOME}schemes/{SLUG}/adapt/").status_code == 403
    assert as_(keeper).get(HOME).context["own"] == []


def test_nobody_verifies_his_own_branch(cast, as_):
    own = submitted(cast, cast.other, cast.outsider)
    assert as_(cast.clerk).get(page_of(own)).status_code == 200
    assert as_(cast.clerk).get(page_of(own, "verify/")).status_code == 403
    for act in ("finish", "return", "close"):
        data = {"act": act, "version": own.version, "reason": "试一试"}
        assert as_(cast.clerk).post(page_of(own), data).status_code == 403
    one = submitted(cast)
    assert as_(cast.secretary).get(page_of(one, "verify/")).status_code == 403
    assert as_(cast.secretary).post(page_of(one), {"act": "finish", "version": one.version}).status_code == 403


def test_a_branch_begins_by_itself(cast, as_):
    answer = as_(cast.secretary).post(f"{HOME}begin/", {"scheme": SLUG, "year": "2025"})
    assert answer.status_code == 302
    assert Evaluation.objects.get().committee == cast.committee
    assert as_(cast.secretary).post(f"{HOME}begin/", {"scheme": SLUG, "year": "2025"}).status_code == 400
    assert as_(cast.secretary).post(f"{HOME}begin/", {"scheme": "none", "year": "2025"}).status_code == 400
    assert Evaluation.objects.count() == 1


def test_asking_refuses_bodies_that_are_not_there(cast, as_):
    for bodies in ([], [cast.cell.pk], [10**30], ["x"]):
        data = {"scheme": SLUG, "year": "2024", "bodies": bodies}
        assert as_(cast.clerk).post("/scoring/GW/ask/", data).status_code == 422
    assert as_(cast.clerk).post("/scoring/GW/ask/", {"scheme": SLUG, "year": "1066"}).status_code == 422
    assert not Evaluation.objects.exists()


def test_the_table_is_in_the_order_of_the_tree_and_shows_no_points_unasked(cast, as_):
    high = submitted(cast, cast.other, cast.outsider)
    agree_all(cast.clerk, submitted(cast))
    page = as_(cast.clerk).get("/scoring/GW/?year=2024")
    assert [one.organization for one in page.context["page"]] == [cast.branch, cast.other]
    whole = total(queries.points_of(reload(high), DAY), queries.scheme_of(high))
    shown = f"{whole.low.normalize():f} / "
    assert shown not in page.content.decode()
    asked = as_(cast.clerk).get("/scoring/GW/?year=2024&points=1")
    assert shown in asked.content.decode()
    assert [one.organization for one in asked.context["page"]] == [cast.branch, cast.other]
    only = as_(cast.clerk).get("/scoring/GW/?year=2024&state=self")
    assert list(only.context["page"]) == []
    for strange in ("?year=x", "?year=" + "9" * 40, "?state=x&page=x", "?q=%00"):
        assert as_(cast.clerk).get(f"/scoring/GW/{strange}").status_code in (200, 400)


@pytest.mark.parametrize("query", ["", "&points=1"])
def test_the_table_takes_as_many_queries_for_three_as_for_one(cast, as_, django_assert_num_queries, query):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    third = _organization(cast.committee, "GW-03", "青禾县气象局党支部", "branch")
    client = as_(cast.clerk)
    ask(cast, cast.branch)
    client.get(f"/scoring/GW/?year=2024{query}")
    with CaptureQueriesContext(connection) as one:
        client.get(f"/scoring/GW/?year=2024{query}")
    ask(cast, cast.other, third)
    with django_assert_num_queries(len(one)):
        client.get(f"/scoring/GW/?year=2024{query}")


def test_the_page_takes_no_more_queries_for_more_records(cast, as_, evaluation, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    hold(cast, "lecture", date(2024, 2, 10))
    client = as_(cast.secretary)
    for name in ("", "gaps/", "sheet/"):
        client.get(page_of(evaluation, name))
        with CaptureQueriesContext(connection) as one:
            client.get(page_of(evaluation, name))
        for month in (4, 5):
            hold(cast, "lecture", date(2024, month, 10))
        with django_assert_num_queries(len(one)):
            client.get(page_of(evaluation, name))


def test_the_gaps_say_what_to_do(cast, as_, evaluation):
    page = as_(cast.secretary).get(page_of(evaluation, "gaps/")).content.decode()
    assert "已经开展的，请现在补录；没有开展的，不要补写。" in page
    assert "/ledger/GW-01/2024/branch-work/general-meeting/2024-Q1/" in page
    assert "/activities/GW-01/record/lecture/" in page
    assert "这一项台账不知道，请支部如实填写。" in page
    # A member reads them, and is not sent to record.
    assert (
        "/activities/GW-01/record/lecture/" not in as_(cast.member).get(page_of(evaluation, "gaps/")).content.decode()
    )


def test_a_talk_behind_a_point_is_named_by_its_kind_alone(cast, as_):
    text = TEXT.replace("kinds: [lecture]", "kinds: [talk]")
    services.write_scheme(cast.clerk, cast.committee, SLUG, text, 2025, at=NOW)
    hold(cast, "talk", date(2024, 2, 10), title="谈某人的家事")
    [one] = ask(cast)
    page = as_(cast.member).get(page_of(one)).content.decode()
    assert "2024-02-10 谈心谈话" in page
    assert "家事" not in page


def test_a_committee_writes_its_own_scheme(cast, as_):
    client = as_(cast.clerk)
    address = f"/scoring/GW/schemes/{SLUG}/"
    assert "样例" in client.get("/scoring/GW/schemes/").content.decode()
    assert "由台账判定" in client.get(address).content.decode()
    assert client.get(address + "file/").content.decode() == TEXT
    wrong = client.post(address + "adapt/", {"slug": SLUG, "text": TEXT.replace("points: 20", "points: 21")})
    assert wrong.status_code == 422
    assert "与本部分21分不符" in wrong.content.decode()
    assert "points: 21" in wrong.content.decode()
    for data in ({"slug": "Bad Slug", "text": TEXT}, {"slug": SLUG, "text": ""}, {"slug": SLUG, "text": "a: [1"}):
        assert client.post(address + "adapt/", data).status_code == 422
    assert not OwnScheme.objects.exists()
    own = TEXT.replace("（样例）", "（县直）")
    assert client.post(address + "adapt/", {"slug": SLUG, "text": own}).status_code == 302
    page = as_(cast.secretary).get(f"{HOME}schemes/{SLUG}/").content.decode()
    assert "（县直）" in page
    assert "未与文件核对" in page


def test_a_file_may_be_sent(cast, as_, tmp_path):
    from django.core.files.uploadedfile import SimpleUploadedFile

    address = f"/scoring/GW/schemes/{SLUG}/adapt/"
    client = as_(cast.clerk)
    for content in (b"\xff\xfe\x00", b"#" * 300_000):
        upload = SimpleUploadedFile("mine.yaml", content)
        assert client.post(address, {"slug": "mine", "text": "", "file": upload}).status_code == 422
    upload = SimpleUploadedFile("mine.yaml", TEXT.encode())
    assert client.post(address, {"slug": "mine", "text": "", "file": upload}).status_code == 302
    assert OwnScheme.objects.get().slug == "mine"
    assert client.get("/scoring/GW/schemes/none/").status_code == 404


def test_returned_with_a_reason_the_branch_reads_it(cast, as_):
    one = submitted(cast)
    client = as_(cast.clerk)
    assert client.post(page_of(one), {"act": "return", "version": one.version, "reason": ""}).status_code == 422
    data = {"act": "return", "version": one.version, "reason": "场所没有写清"}
    assert client.post(page_of(one), data).status_code == 302
    assert "上级退回：场所没有写清" in as_(cast.secretary).get(page_of(one)).content.decode()
