"""A small season on the cast: two secretaries report, the branch's report has been drafted."""

from __future__ import annotations

from datetime import UTC, date, datetime

from tests.conftest import _account, _member, _organization
from tests.reports.year import a_report
from zhibu.notices.models import Notice
from zhibu.notices.wording import unpacked
from zhibu.review import handing_in, season
from zhibu.review.models import Cycle, Entry, Submission

AT = datetime(2026, 1, 10, 2, 0, tzinfo=UTC)
ON = date(2026, 1, 10)
DAYS = (
    ("submit", date(2026, 1, 15)), ("review", date(2026, 1, 20)), ("meeting", date(2026, 1, 25)),
    ("grade", date(2026, 2, 5)), ("feedback", date(2026, 2, 15)), ("rectify", date(2026, 11, 30)),
)  # fmt: skip
PLAN = season.Plan(2025, "2025年度述职评议考核", days=DAYS)


def a_leader(cast):
    """The committee's secretary, of a third branch, who may judge everybody."""
    home = _organization(cast.committee, "GW-09", "青禾县工委机关党支部", "branch")
    return _account("leader", _member(home, "001", "卓清源", "secretary", organization=cast.committee))


def a_cycle(cast, *, opened=True) -> Cycle:
    cycle = season.make_cycle(cast.clerk, cast.committee, PLAN, at=AT)
    reporters = [one for one in season.possible_reporters(cast.committee, 2025) if one.post == "secretary"]
    cycle = season.set_entries(cast.clerk, cycle, [(one, True) for one in reporters], cycle.version)
    return season.open_cycle(cast.clerk, cycle, cycle.version, at=AT) if opened else cycle


def entry_of(cycle: Cycle, branch) -> Entry:
    return cycle.entries.get(organization=branch)


def submitted(cast, cycle: Cycle, on: date = ON) -> Submission:
    """The branch's report: prepared, agreed to by the deputy, signed by the secretary, submitted."""
    entry = entry_of(cycle, cast.branch)
    made = handing_in.prepare(cast.secretary, entry, a_report(cast), at=AT)
    handing_in.agree(cast.deputy, made, at=AT)
    handing_in.sign(cast.secretary, made, at=AT)
    return handing_in.submit(cast.secretary, made, on, at=AT)


def told_to(account) -> str:
    """What the account was told last."""
    return str(unpacked(Notice.objects.filter(account=account).latest("id").sentence))
