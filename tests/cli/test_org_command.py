"""`zhibu org`: list and show, for people and for programs."""

import json
from datetime import date, datetime

import pytest
from django.utils import timezone

from zhibu.activities.models import Activity
from zhibu.cli.main import main


def test_list_gives_the_tree(cast, capsys):
    assert main(["org", "list", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(row["code"], row["kind"], row["parent"]) for row in rows] == [
        ("GW", "organs-work-committee", None),
        ("GW-01", "branch", "GW"),
        ("GW-01-1", "cell", "GW-01"),
        ("GW-02", "branch", "GW"),
    ]
    assert set(rows[0]) == {"code", "name", "kind", "parent"}


def test_list_as_text_is_indented(cast, capsys):
    assert main(["org", "list"]) == 0
    assert "    第一党小组" in capsys.readouterr().out


def test_an_empty_database_says_what_to_do(db, capsys):
    assert main(["org", "list"]) == 0
    assert "zhibu demo" in capsys.readouterr().out


def test_show_adds_members_committee_and_years(cast, capsys):
    at = timezone.make_aware(datetime(2024, 5, 2, 9, 0))
    Activity.objects.create(
        organization=cast.branch, kind="lecture", title="党课", held=date(2024, 5, 1), recorded_at=at, changed_at=at,
        recorded_by=cast.secretary,
    )  # fmt: skip
    assert main(["org", "show", "GW-01", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["code"], data["parent"], data["years"]) == ("GW-01", "GW", [2024])
    assert (len(data["members"]), len(data["committee"])) == (9, 5)
    assert data["members"][8] == {"number": "009", "name": "简言之", "status": "probationary", "label": "预备党员"}
    assert data["committee"][0]["title"] == "secretary"


def test_show_as_text(cast, capsys):
    assert main(["org", "show", "GW-01"]) == 0
    text = capsys.readouterr().out
    assert "党员9名" in text
    assert "闻知远" in text


@pytest.mark.django_db
def test_an_unknown_code_cannot_run(capsys):
    assert main(["org", "show", "NO"]) == 2
    assert "没有代码为“NO”的组织" in capsys.readouterr().err
