"""How each status of the ledger is shown: a sign beside the rule book's words, so that colour is never the only
difference."""

from django.utils.translation import gettext as _

from zhibu.rulebook.reasons import STATUSES

SIGNS = {
    "met": "✓",
    "late": "◷",
    "defective": "!",
    "missing": "✕",
    "not-yet-due": "○",
    "exempt": "–",
    "unknown": "?",
}


def words_of(status: str) -> str:
    """The status in the reader's language. `status` is a key of SIGNS."""
    return {str(key): sentence for key, sentence in STATUSES.items()}[status].text(_)
