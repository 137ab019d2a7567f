"""A campaign or list is taken up again in another year: dates moved, edited, handed to whom it concerns now."""

from datetime import date

import pytest

from tests.plans.conftest import DAY, NOW
from zhibu.duties.models import LocalDuty, Origin
from zhibu.org.models import Account
from zhibu.plans import copying, origins
from zhibu.plans.origins import About, Asked
from zhibu.tasks import services as tasks
from zhibu.tasks.models import State, Task

NEW = "/plans/GW/new/"
LAST_YEAR = date(2024, 3, 1)


@pytest.fixture
def campaign(cast):
    about = About("campaign", "2024年党建年", LAST_YEAR, date(2024, 12, 31), "机关工委", "青直工〔2024〕2号")
    made = origins.found_origin(cast.clerk, cast.committee, about, LAST_YEAR, at=NOW)
    for item in (
        Asked("观看警示教育片", "签到表以外的记录", date(2024, 2, 29), "warning-education", bodies=(cast.branch,)),
        Asked("起草方案", due=date(2024, 3, 31)),
        Asked("每季度讲党课", kind="lecture", count=1, per="quarter", bodies=(cast.branch,)),
    ):
        origins.add_asked(cast.clerk, made, item, date(2024, 2, 1), at=NOW)
    dropped = origins.add_asked(cast.clerk, made, Asked("不办了的事"), date(2024, 2, 1), at=NOW)
    tasks.cancel(cast.clerk, dropped, "并入别的事项", at=NOW)
    return made


def sent(campaign, cast, *rows, **more):
    data = {"form": "campaign", "title": "2025年党建年", "issuer": "机关工委", "since": "2025-03-20",
            "until": "2025-12-31", "bodies": [cast.branch.pk], "line-TOTAL_FORMS": len(rows),
            "line-INITIAL_FORMS": len(rows), **more}  # fmt: skip
    for number, row in enumerate(rows):
        data |= {f"line-{number}-{name}": value for name, value in row.items()}
    return data


def keys(campaign):
    return [line.key for line in copying.lines_of(campaign, 1)]


def test_the_dates_move_to_a_year_that_has_not_long_begun(cast, campaign):
    assert copying.years_on(campaign, date(2024, 11, 1)) == 1
    assert copying.years_on(campaign, date(2025, 3, 20)) == 1
    assert copying.years_on(campaign, date(2025, 11, 1)) == 2
    assert copying.moved(date(2024, 2, 29), 1) == date(2025, 2, 28)
    assert copying.moved(date(9999, 12, 31), 1) == date(9999, 12, 31)
    about = copying.about_again(campaign, 1)
    assert (about.title, about.since, about.until, about.number) == (
        "2025年党建年", date(2025, 3, 1), date(2025, 12, 31), ""
    )  # fmt: skip
    assert [line.item.text for line in copying.lines_of(campaign, 1)] == ["观看警示教育片", "起草方案", "每季度讲党课"]


def test_is_shown_to_be_edited_and_set_up_without_script(cast, as_, campaign):
    client = as_(cast.clerk)
    assert f"?from={campaign.pk}" in client.get(f"/plans/GW/{campaign.pk}/").content.decode()
    address = f"{NEW}?from={campaign.pk}"
    page = client.get(address).content.decode()
    for words in ("2025年党建年", "观看警示教育片", 'value="2025-02-28"', "每季度讲党课", f'value="{cast.branch.pk}"'):
        assert words in page, words
    assert "不办了的事" not in page
    film, plan, lecture = keys(campaign)
    rows = [{"key": film, "text": "观看两部警示教育片", "due": "2025-05-31"},
            {"key": plan, "text": "起草方案", "due": "2025-03-31", "drop": "on"},
            {"key": lecture, "text": "每季度讲党课"}]  # fmt: skip
    answer = client.post(address, sent(campaign, cast, *rows, bodies=[cast.other.pk]))
    fresh = Origin.objects.exclude(pk=campaign.pk).get()
    assert answer["Location"] == f"/plans/GW/{fresh.pk}/"
    own = fresh.tasks.get(parent=None)
    assert (own.text, own.due, own.kind, own.asked) == (
        "观看两部警示教育片", date(2025, 5, 31), "warning-education", "签到表以外的记录"
    )  # fmt: skip
    assert [(part.organization, part.state) for part in own.parts.all()] == [(cast.other, State.OPEN)]
    assert LocalDuty.objects.get(source=fresh).data["at_least"] == {"count": 1, "per": "quarter", "of": ["lecture"]}
    campaign.refresh_from_db()
    assert campaign.tasks.count() == 4  # as it was: three, and the branch's part


@pytest.mark.parametrize(
    "wrong",
    [{"text": ""}, {"due": "2025-13-01"}, {"due": "2025-01-05"}, {"due": "2026-02-01"}],
)
def test_rejects_and_keeps_what_was_typed(cast, as_, campaign, wrong):
    row = {"key": keys(campaign)[0], "text": "改过的文字", "due": "2025-05-31", **wrong}
    other = {"key": keys(campaign)[1], "text": "另一件改过的", "due": "2025-05-31"}
    answer = as_(cast.clerk).post(f"{NEW}?from={campaign.pk}", sent(campaign, cast, row, other))
    assert answer.status_code == 422
    assert "另一件改过的" in answer.content.decode()
    assert Origin.objects.count() == 1
    assert Task.objects.count() == 4


def test_an_unknown_key_adds_nothing(cast, as_, campaign):
    stranger = {"key": "task-99999", "text": "塞进来的", "due": "2025-05-31"}
    as_(cast.clerk).post(f"{NEW}?from={campaign.pk}", sent(campaign, cast, stranger))
    assert not Task.objects.filter(text="塞进来的").exists()


def test_requires_the_right_person(cast, as_, campaign):
    for account in (cast.member, cast.secretary):
        assert as_(account).get(f"/plans/GW-01/new/?from={campaign.pk}").status_code in (403, 404)
    assert as_(cast.outsider).get(f"{NEW}?from={campaign.pk}").status_code == 404
    keeper = Account.objects.create_user("keeper", "Kept-Safe-2025", office="system")
    assert as_(keeper).get(f"{NEW}?from={campaign.pk}").status_code == 403
    assert as_(cast.clerk).get(f"{NEW}?from=999999").status_code == 404
    month = Origin.objects.create(
        organization=cast.committee, form="plan", title="月计划", since=DAY.replace(day=1), made_at=NOW,
        made_by=cast.clerk,
    )  # fmt: skip
    assert as_(cast.clerk).get(f"{NEW}?from={month.pk}").status_code == 404
