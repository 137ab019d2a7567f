from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from django.utils import timezone

from tests.conftest import _account, _member, _organization
from zhibu.scoring import grading, queries, services
from zhibu.scoring.grading import Part, Vote
from zhibu.scoring.services import Found, Said

DAY = date(2025, 3, 20)
NOW = datetime(2025, 3, 20, 2, tzinfo=UTC)
SLUG = "standard-branch"


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *moment: moment[0].date() if moment else DAY)
    return DAY


def ask(cast, *bodies, year=2024):
    offered = queries.schemes_for(cast.committee)[SLUG]
    return services.ask_evaluations(cast.clerk, cast.committee, offered, year, bodies or [cast.branch], at=NOW)


def reload(evaluation):
    return queries.with_items(type(evaluation).objects.filter(pk=evaluation.pk)).get()


def answer_all(actor, evaluation):
    """The first choice of everything that is asked."""
    current = reload(evaluation)
    rest = queries.unanswered(queries.scheme_of(current), queries.points_of(current, DAY))
    said = {item.slug: Said(item.choices[0].slug) for item in rest}
    return services.save_answers(actor, current, said, current.version, at=NOW)


def submitted(cast, body=None, by=None):
    [evaluation] = ask(cast, body or cast.branch)
    by = by or cast.secretary
    evaluation = answer_all(by, evaluation)
    return reload(services.submit(by, evaluation, evaluation.version, DAY, at=NOW))


def agree_all(actor, evaluation):
    found = {
        point.slug: Found(True) if point.certain else Found(False, point.low, "没有记录可查")
        for point in queries.points_of(evaluation, DAY)
    }
    return reload(services.save_findings(actor, evaluation, found, evaluation.version, DAY, at=NOW))


REPORT, YEAR_END = "report-grade", "year-end"


def reported(cast, *parts, year=2024):
    """Evaluations of reports, in trial; `parts`: of the two secretaries for the whole year unless told."""
    offered = queries.schemes_for(cast.committee)[REPORT]
    wanted = parts or (Part(cast.branch, cast.secretary.member), Part(cast.other, cast.outsider.member))
    return grading.begin_reports(cast.clerk, cast.committee, offered, year, wanted, at=NOW)


def tried(cast, *bodies, year=2024):
    """The year-end assessment of the bodies, in trial."""
    offered = queries.schemes_for(cast.committee)[YEAR_END]
    return services.ask_evaluations(cast.clerk, cast.committee, offered, year, bodies or [cast.branch], at=NOW)


def another_clerk(cast, title="clerk"):
    """Somebody of the committee who belongs to no branch below it."""
    home = _organization(None, f"XZ-{title}", "青禾县行政服务中心党支部", "branch")
    return _account(f"second-{title}", _member(home, "001", "岳临川", title, organization=cast.committee))


def opinion(actor, evaluation, **choices):
    current = reload(evaluation)
    said = {slug.replace("_", "-"): Said(choice) for slug, choice in choices.items()}
    return services.save_opinions(actor, current, said, current.version, DAY, at=NOW)


def graded(actor, evaluation, share="43/50"):
    """Votes and opinions are in, and the points frozen."""
    grading.set_ballots(actor, {evaluation.pk: {"overall": Vote(Fraction(share))}}, at=NOW)
    opinion(actor, evaluation, superior="good", criticized="none", made_up="clear")
    grading.freeze(actor, [evaluation.pk], DAY, at=NOW)
    return reload(evaluation)
