"""What the outline may show: each name with its columns, and the rows it makes of a branch's year. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zhibu.activities.kinds import load_kinds
from zhibu.handbook.responsibility import groups
from zhibu.handbook.words import day_text, figure, roster_day, roster_month, short_day
from zhibu.handbook.year import BranchYear, Record, ToDo
from zhibu.ledger.gathering import ASKED, OPEN, Item
from zhibu.ledger.lines import brief, rhythm
from zhibu.rulebook.duty import AtLeast, Duty, EachMember, Within
from zhibu.rulebook.reasons import STATUSES, period_name

Row = Mapping[str, str]
DUES = "dues-collected"
DUES_BASIS = "党费一般按月交纳，经支部同意可以按季（《关于中国共产党党费收缴、使用和管理的规定》等）。"
OTHERS = "others"
"""In a part's `kinds`: every kind that no other part names."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a part of the outline asks of its table."""

    kinds: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """`columns` by slug with their heads, in their usual order; `personal` are left out unless the reader keeps the
    roster. With `whole` only those who record in the branch see the table at all."""

    columns: Mapping[str, str]
    rows: Callable[[BranchYear, Wanted], Iterable[Row]]
    lead: Callable[[BranchYear, Wanted], str] = lambda year, wanted: ""
    personal: frozenset[str] = frozenset()
    whole: bool = False


def head_of(table: Table, column: str) -> str:
    """The head of a column: of the table's own, or of a field of some kind of activity."""
    return table.columns.get(column) or field_labels()[column]


def field_labels() -> dict[str, str]:
    return {field.slug: field.label for kind in load_kinds().values() for field in kind.fields}


# --- the branch and its people ----------------------------------------------------------------------------------------


def facts(year: BranchYear) -> list[tuple[str, ...]]:
    """Name, superior, figures: rows of a form."""
    last = min(year.on, date(year.year, 12, 31))
    heads = [post.name for post in year.posts if post.title == "书记" and post.until is None]
    rows: list[tuple[str, ...]] = [
        ("名称", year.name),
        ("上级党组织", year.superior or "没有登记"),
        ("类别", year.kind, "代码", year.code),
        ("所在单位", year.sector, "成立日期", day_text(year.founded)),
        ("书记", "、".join(heads) or "没有登记", "委员", f"{year.figures.committee}名"),
        ("党员", f"{year.figures.members}名", "党小组", f"{year.figures.cells}个"),
        ("正式党员", f"{year.figures.full}名", "预备党员", f"{year.figures.probationary}名"),
    ]
    if year.units > 1:
        rows.append(("联合单位数", str(year.units)))
    if year.ended:
        rows.append(("撤销日期", day_text(year.ended)))
    return [*rows, ("统计到", day_text(last))]


def _members(year: BranchYear, wanted: Wanted) -> Iterable[Row]:
    for one in year.members:
        yield {
            "number": one.number, "name": one.name, "status": one.status, "post": one.post, "cell": one.cell,
            "gender": one.gender, "born": roster_month(one.born), "education": one.education, "job": one.job,
            "joined": roster_day(one.joined), "confirmed": roster_day(one.confirmed),
        }  # fmt: skip


CHANGES = {
    "admitted": "接收预备党员",
    "confirmed": "转正",
    "moved-in": "转入",
    "moved-out": "转出",
    "other": "其他变动",
}


def _changes_lead(year: BranchYear, wanted: Wanted) -> str:
    told = [f"{name}{year.counts[what]}名" for what, name in CHANGES.items() if year.counts.get(what)]
    return f"全年{'、'.join(told)}。" if told else ""


def _changes(year: BranchYear, wanted: Wanted) -> Iterable[Row]:
    for one in year.changes:
        yield {"day": day_text(one.day), "name": one.name, "change": one.label, "reason": one.reason}


def _admissions(year: BranchYear, wanted: Wanted) -> Iterable[Row]:
    return (row for row, one in zip(_changes(year, wanted), year.changes, strict=True) if one.what in _ADMITTED)


def _admissions_lead(year: BranchYear, wanted: Wanted) -> str:
    told = [f"{CHANGES[what]}{year.counts[what]}名" for what in _ADMITTED if year.counts.get(what)]
    return f"全年{'、'.join(told)}。" if told else ""


_ADMITTED = ("admitted", "confirmed")


def _posts(year: BranchYear, wanted: Wanted) -> Iterable[Row]:
    for one in year.posts:
        yield {
            "title": one.title, "name": one.name, "since": roster_day(one.since), "until": roster_day(one.until),
            "term_ends": roster_day(one.term_ends), "basis": one.basis,
        }  # fmt: skip


def _cells(year: BranchYear, wanted: Wanted) -> Iterable[Row]:
    for one in year.cells:
        yield {
            "name": one.name, "leader": one.leader, "members": str(one.members), "founded": day_text(one.founded),
            "ended": day_text(one.ended),
        }  # fmt: skip


def _hours(year: BranchYear, wanted: Wanted) -> Iterable[Row]:
    """Nothing where nobody has an hour: a column of noughts tells no more."""
    for one in year.studied if any(one.hours for one in year.studied) else ():
        yield {"number": one.number, "name": one.name, "hours": f"{one.hours:g}", "times": str(one.times)}


def _hours_lead(year: BranchYear, wanted: Wanted) -> str:
    return "" if year.whole else "只列本人的学时。"


# --- duties, plans, tasks ---------------------------------------------------------------------------------------------


def _asked(year: BranchYear) -> list[Item]:
    return [item for item in year.items if item.status in ASKED]


def _duties(year: BranchYear, wanted: Wanted) -> Iterable[Row]:
    """What is to be done in the year; not figures that must hold at all times."""
    to_do = (item.duty for item in _asked(year) if isinstance(item.duty.shape, AtLeast | EachMember | Within))
    for duty in {duty.id: duty for duty in to_do}.values():
        yield {"duty": duty.label, "rhythm": rhythm(duty), "basis": _basis(duty)}


def _basis(duty: Duty) -> str:
    mark = "" if duty.verified else "（条文未核对）"
    return f"《{duty.regulation}》{duty.article}{mark}"


def _ledger(year: BranchYear, wanted: Wanted) -> Iterable[Row]:
    counts: dict[str, Counter[str]] = {}
    for item in _asked(year):
        counts.setdefault(item.duty.id, Counter())[item.status] += 1
    duties = {item.duty.id: item.duty for item in year.items}
    for key, found in counts.items():
        row = {status: str(found[status]) if found[status] else "" for status in STATUSES}
        yield {"duty": duties[key].label, "rhythm": rhythm(duties[key]), "periods": str(found.total()), **row}


def _open(year: BranchYear, wanted: Wanted) -> Iterable[Row]:
    for item in sorted((one for one in year.items if one.status in OPEN), key=lambda one: one.period.end):
        yield {
            "period": str(period_name(item.period)), "duty": item.duty.label, "status": str(STATUSES[item.status]),
            "reason": str(brief(item.standing)), "basis": _basis(item.duty),
        }  # fmt: skip


def _plans(year: BranchYear, wanted: Wanted) -> Iterable[Row]:
    for one in year.plans:
        yield {
            "title": one.title, "approved": roster_day(one.approved), "state": one.state, "items": str(one.items),
            "done": str(one.done), "moved": str(one.moved), "missed": str(one.missed),
        }  # fmt: skip


def _plan_items(year: BranchYear, wanted: Wanted) -> Iterable[Row]:
    return (_todo(one) for one in year.todos if one.form == "plan")


def _tasks(year: BranchYear, wanted: Wanted) -> Iterable[Row]:
    return (_todo(one) for one in year.todos if one.form != "plan")


def _todo(one: ToDo) -> Row:
    result = f"{roster_day(one.closed)}办结" if one.closed else one.state
    return {
        "text": one.text, "source": one.source, "owner": one.owner, "due": roster_day(one.due), "result": result,
    }  # fmt: skip


# --- records ----------------------------------------------------------------------------------------------------------


def records_shown(year: BranchYear, wanted: Wanted) -> list[Record]:
    """Records whose own kind the part asks for."""
    return [one for one in year.records if one.kind in wanted.kinds]


def _listed(year: BranchYear, wanted: Wanted) -> Iterable[Row]:
    """Records of the kinds, and those that fulfilled one of them besides."""
    for one in year.records:
        if not one.kinds & wanted.kinds:
            continue
        notes = [] if one.kind in wanted.kinds else [f"记录见“{one.label}”"]
        notes += [f"缺{'、'.join(one.lacks)}"] if one.lacks else []
        row = {
            "day": short_day(one.held), "title": one.title, "kind": one.label, "body": one.body, "place": one.place,
            "chair": one.chair, "recorder": one.recorder, "entitled": figure(one.entitled),
            "present": figure(one.present), "attended": figure(one.attended), "hours": figure(one.hours),
            "agenda": " ".join(one.agenda.split()), "lecturer": one.value("lecturer", "guest_lecturer"),
            "note": "；".join(notes),
        }  # fmt: skip
        yield {**{value.slug: value.text for value in one.values}, **row}


LISTED = {
    "day": "日期", "title": "名称", "kind": "类别", "body": "党小组", "place": "地点", "chair": "主持人",
    "recorder": "记录人", "entitled": "应到", "present": "实到", "attended": "到会", "hours": "学时", "agenda": "议题",
    "lecturer": "授课人", "note": "备注",
}  # fmt: skip


def _mentions(year: BranchYear, wanted: Wanted) -> Iterable[Row]:
    """Records in whose name, agenda, resolutions or short fields one of the words stands."""
    for one in year.records:
        short = [value.text for value in one.values if not value.long]
        told = "\n".join([one.title, one.agenda, *short, *(resolution.text for resolution in one.resolutions)])
        if one.kind != DUES and any(word in told for word in wanted.words):
            yield {"day": short_day(one.held), "kind": one.label, "title": one.title, "body": one.body,
                   "agenda": " ".join(one.agenda.split())}  # fmt: skip


def _dues(year: BranchYear, wanted: Wanted) -> Iterable[Row]:
    """Sums by month as they were collected. What a member paid is in no record."""
    for one in records_shown(year, wanted):
        values = {value.slug: value.text for value in one.values}
        names = ("month", "owing", "paid", "amount", "arrears", "handed_up", "remark")
        yield {"day": short_day(one.held), **{name: values.get(name, "") for name in names}}


def _dues_lead(year: BranchYear, wanted: Wanted) -> str:
    rows = list(_dues(year, wanted))
    if not rows:
        return ""
    told = f"收缴{len(rows)}次，实收{_sum(rows, 'amount')}元，上缴{_sum(rows, 'handed_up')}元。"
    return f"{told}只列支部合计，不列个人。{DUES_BASIS}"


def _sum(rows: Iterable[Row], name: str) -> str:
    """12,345.60: to the cent, as money is."""
    return f"{sum((Decimal(row[name]) for row in rows if row[name]), Decimal(0)):,.2f}"


def _resolutions(year: BranchYear, wanted: Wanted) -> Iterable[Row]:
    for one in records_shown(year, wanted):
        for resolved in one.resolutions:
            if resolved.done:
                late = "，超期" if resolved.due and resolved.done > resolved.due else ""
                result = f"{roster_day(resolved.done)}完成{late}"
            else:
                result = "没有完成" if resolved.due and resolved.due < year.on else "办理中"
            yield {
                "day": short_day(one.held), "kind": one.label, "meeting": one.title, "text": resolved.text,
                "owner": resolved.owner, "due": roster_day(resolved.due), "result": result,
            }  # fmt: skip


def _votes(year: BranchYear, wanted: Wanted) -> Iterable[Row]:
    for one in year.records:
        for vote in one.votes:
            if wanted.rule in ("", vote.rule):
                yield {
                    "day": day_text(one.held), "matter": vote.matter, "rule": vote.rule_label,
                    "entitled": str(vote.entitled), "present": str(vote.present), "yes": str(vote.yes),
                    "against": str(vote.no), "abstain": str(vote.abstain),
                    "result": "通过" if vote.passed else "未通过",
                }  # fmt: skip


def _talks(year: BranchYear, wanted: Wanted) -> Iterable[Row]:
    for one in year.talks:
        if one.kind in wanted.kinds:
            yield {"day": day_text(one.day), "subject": one.subject, "kind": one.label, "between": one.between}


def _talks_lead(year: BranchYear, wanted: Wanted) -> str:
    count = sum(one.kind in wanted.kinds for one in year.talks)
    if not count:
        return ""
    return f"全年{count}次。只列日期和主题，内容不收入手册。" if year.whole else "只列本人参加的，内容不收入手册。"


def _duty_records(year: BranchYear, wanted: Wanted) -> Iterable[Row]:
    for record in year.duty_records:
        for deed in record.deeds:
            yield {
                "name": record.name, "group": groups()[deed.group]["label"], "what": deed.label,
                "day": short_day(deed.day), "text": deed.text,
            }  # fmt: skip


def _duty_records_lead(year: BranchYear, wanted: Wanted) -> str:
    told = [f"{one.name}任{one.post}期间谈心谈话{one.talks}次，只计次数" for one in year.duty_records if one.talks]
    return f"{'；'.join(told)}。" if told else ""


TABLES: Mapping[str, Table] = {
    "members": Table(
        {"number": "编号", "name": "姓名", "gender": "性别", "born": "出生", "education": "学历", "joined": "入党日期",
         "confirmed": "转正日期", "status": "状态", "cell": "党小组", "post": "职务", "job": "工作岗位"},
        _members, personal=frozenset({"gender", "born", "education", "joined", "confirmed", "job"}),
    ),
    "changes": Table({"day": "日期", "name": "姓名", "change": "变动", "reason": "原因"}, _changes, _changes_lead),
    "admissions": Table(
        {"day": "日期", "name": "姓名", "change": "事项", "reason": "说明"}, _admissions, _admissions_lead
    ),
    "posts": Table(
        {"title": "职务", "name": "姓名", "since": "任职日期", "until": "离任日期", "term_ends": "任期届满",
         "basis": "依据"},
        _posts,
    ),
    "cells": Table(
        {"name": "名称", "leader": "组长", "members": "党员人数", "founded": "成立日期", "ended": "撤销日期"}, _cells
    ),
    "hours": Table({"number": "编号", "name": "姓名", "hours": "学时", "times": "次数"}, _hours, _hours_lead),
    "duties": Table({"duty": "任务", "rhythm": "要求", "basis": "依据"}, _duties),
    "ledger": Table(
        {"duty": "任务", "rhythm": "要求", "periods": "应有", "met": "完成", "late": "迟办", "defective": "有缺项",
         "missing": "没有完成", "not-yet-due": "未到期", "unknown": "无法判断"},
        _ledger,
    ),
    "open": Table({"period": "期间", "duty": "任务", "status": "情况", "reason": "原因", "basis": "依据"}, _open),
    "plans": Table(
        {"title": "计划", "approved": "通过日期", "items": "事项", "done": "完成", "moved": "转下月",
         "missed": "没有完成", "state": "状态"},
        _plans,
    ),
    "plan-items": Table(
        {"source": "计划", "text": "事项", "owner": "责任人", "due": "时限", "result": "结果"}, _plan_items
    ),
    "tasks": Table({"text": "事项", "source": "来源", "owner": "责任人", "due": "时限", "result": "结果"}, _tasks),
    "list": Table(LISTED, _listed),
    "dues": Table(
        {"month": "月份", "day": "收缴日期", "owing": "应交人数", "paid": "已交人数", "amount": "实收（元）",
         "arrears": "其中补交（元）", "handed_up": "上缴（元）", "remark": "说明"},
        _dues, _dues_lead,
    ),
    "mentions": Table(
        {"day": "日期", "kind": "类别", "title": "名称", "agenda": "议题", "body": "党小组"}, _mentions
    ),
    "resolutions": Table(
        {"day": "日期", "kind": "会议", "meeting": "名称", "text": "事项", "owner": "责任人", "due": "时限",
         "result": "落实情况"},
        _resolutions,
    ),
    "votes": Table(
        {"day": "日期", "matter": "表决事项", "rule": "类别", "entitled": "应到", "present": "实到", "yes": "赞成",
         "against": "反对", "abstain": "弃权", "result": "结果"},
        _votes,
    ),
    "talks": Table({"day": "日期", "subject": "主题", "between": "范围", "kind": "类别"}, _talks, _talks_lead),
    "duty-records": Table(
        {"group": "职责", "what": "方式", "day": "日期", "text": "事项", "name": "责任人"},
        _duty_records, _duty_records_lead, whole=True,
    ),
}  # fmt: skip
"""Besides these an outline may show `facts` (a form) and `records` (each record in full)."""
