from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from zhibu.scoring import queries, services
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
