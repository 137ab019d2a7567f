"""Invented texts for a corpus: paragraphs nobody else writes, and ways to put them in."""

from __future__ import annotations

from datetime import UTC, datetime

from zhibu.corpus.services import NewText, add_texts

AT = datetime(2026, 1, 9, 2, 0, tzinfo=UTC)

HYDROLOGY = (
    "汛期支部把党员分成三个值守小组，吃住在青石峡测站，连续报出水情简报四十一份，下游两个村提前转移群众二百余人。"
    "遥测设备被雷击坏以后，老站员带着两名预备党员划船到断面人工测流，当晚把流量数据报给了防办。"
)
ARCHIVES = (
    "档案馆把民国时期的地契逐页扫描上网，群众来查老宅基地不用再跑县城，全年接待查档六百三十人次，代办委托八十七件。"
    "库房除湿机老化的问题拖了三年，支部书记带着清单找财政部门，九月换上了新设备。"
)
HONEST = (
    "一年来我参加支部的各项组织生活，按时交纳党费，联系两户困难党员，帮助其中一户办好了子女助学手续。"
    "存在的不足是学习不够系统，下基层多停留在听汇报，今后每季度到点上住两天。"
)


def new(title="2024年度述职报告", text=HYDROLOGY, *, owner="", year=2024, visibility="own", file_name=""):
    return NewText(title, owner, year, visibility, text, file_name)


def add(actor, organization, *texts):
    return add_texts(actor, organization, texts or [new()], at=AT)
