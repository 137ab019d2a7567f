"""The glossary names every slug that data files may use."""

from pathlib import Path

import pytest

from zhibu.activities.kinds import load_kinds
from zhibu.org.models import OrganizationKind, Status, Title
from zhibu.rulebook.reasons import STATUSES

GLOSSARY = (Path(__file__).parents[2] / "docs" / "glossary.md").read_text(encoding="utf-8")
SLUGS = [*load_kinds(), *OrganizationKind.values, *Title.values, *Status.values, *STATUSES]
NOT_TERMS = {"removed", "deceased", "committee-member", "group-secretary", "group-member"}


@pytest.mark.parametrize("slug", [slug for slug in SLUGS if slug not in NOT_TERMS])
def test_the_glossary_has(slug):
    assert f"`{slug}`" in GLOSSARY
