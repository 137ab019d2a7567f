"""Who reads and who keeps the texts of a body's corpus: those of its drafts; never an office."""

from __future__ import annotations

from datetime import date
from typing import Any

from zhibu.corpus.models import SHARED, CorpusText
from zhibu.org.access import may_record, powers
from zhibu.org.models import COMMITTEE_TITLES, Organization, Title

KEEPING_TITLES = frozenset({*COMMITTEE_TITLES, Title.GROUP_SECRETARY, Title.GROUP_MEMBER, Title.CLERK})


def may_keep_corpus(account: Any, organization: Organization, on: date) -> bool:
    """Add texts, take them out, rebuild: the committee and the clerk of this very body."""
    return powers(account, on).holds_in(KEEPING_TITLES, organization)


def may_open_corpus(account: Any, organization: Organization, on: date) -> bool:
    """Read the body's own texts: those who may record there, and posts in the body or above it, as with drafts."""
    return may_record(account, organization, on) or powers(account, on).reaches(organization)


def may_read_text(account: Any, text: CorpusText, on: date) -> bool:
    """A text of the body's own drafts' readers; templates and material also by the committees of the bodies below."""
    if may_open_corpus(account, text.organization, on):
        return True
    below = (post for post in powers(account, on).posts if post.path.startswith(text.organization.path))
    return text.visibility in SHARED and any(post.title in KEEPING_TITLES for post in below)
