"""A season that has come to its meeting: the branch's report passed, the other body reports in writing."""

from __future__ import annotations

from tests.review.seasons import AT, ON, a_cycle, a_leader, entry_of, submitted
from zhibu.review import hearing, reading
from zhibu.review.models import Stage, Verb


def accepted(cast, leader=None):
    """(cycle, the branch's entry, the leader's account)."""
    leader = leader or a_leader(cast)
    cycle = a_cycle(cast)
    submission = submitted(cast, cycle)
    reading.mark_read(leader, submission, ON, at=AT)
    entry = entry_of(cycle, cast.branch)
    reading.accept(leader, submission, entry.version, ON, at=AT)
    return cycle, entry_of(cycle, cast.branch), leader


def other_accepted(cast, cycle):
    """The other body's report passed too, without a text."""
    entry = entry_of(cycle, cast.other)
    entry.stage = Stage.ACCEPTED
    entry.save()
    return entry


def said(verb, text, speaker="", key=""):
    return hearing.Note(verb, text, speaker, key)


def presented(cast, leader=None):
    """The branch's secretary has spoken and was commented on; one problem was named."""
    cycle, entry, leader = accepted(cast, leader)
    hearing.begin_speaking(leader, entry, ON, at=AT)
    for verb, text in ((Verb.SUPERIOR, "抓学习有办法。"), (Verb.PROBLEM, "党课次数不足，质量不高。")):
        hearing.note_down(leader, entry, said(verb, text, "工委书记"), ON, at=AT, done=True)
    hearing.end_speaking(leader, entry, ON, at=AT)
    cycle.refresh_from_db()
    return cycle, entry_of(cycle, cast.branch), leader
