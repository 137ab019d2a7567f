"""Scheme files: those shipped hold their cases, and what is wrong in one is said with its place."""

import copy
import json

import pytest

from zhibu.errors import UserError
from zhibu.rulebook.yamlfile import read_yaml, read_yaml_text
from zhibu.scoring.cases import cases_of, run_all, run_case
from zhibu.scoring.reading import FOLDER, LONGEST, load_schemes, parse_scheme, read_scheme

SAMPLE = FOLDER / "standard-branch" / "scheme.yaml"
TEXT = SAMPLE.read_text(encoding="utf-8")


@pytest.fixture
def data():
    return copy.deepcopy(read_yaml(SAMPLE))


def refusal(data, slug="standard-branch"):
    with pytest.raises(UserError) as refused:
        parse_scheme(slug, data)
    return refused.value


def test_the_cases_of_every_scheme_hold():
    count, failures = run_all()
    assert [f"{one.where} {one.case}: {one.message}" for one in failures] == []
    assert count >= 20


def test_a_wrong_case_is_noticed(tmp_path):
    scheme, _data = load_schemes()["standard-branch"]
    file = tmp_path / "cases.yaml"
    file.write_text("- {name: 算错, records: {lecture: 2}, expect: {lecture: 3}, levels: [示范], struck: [made-up]}")
    [case] = cases_of(scheme, file)
    assert [one.message.code for one in run_case(case, scheme)] == ["case-points", "case-struck", "case-level"]


@pytest.mark.parametrize(
    "line",
    [
        "{name: 一, expect: {nothing: 1}}",
        "{name: 一, standings: {branch-work/nothing: [met]}, expect: {secretary: 1}}",
        "{name: 一, standings: {branch-work/secretary: [done]}, expect: {secretary: 1}}",
        "{name: 一, answers: {place: grand}, expect: {place: 1}}",
        "{name: 一, figures: {height: 3}, expect: {place: 1}}",
        "{name: 一, tasks: {soon: 3}, expect: {place: 1}}",
        "{name: 一, nonsense: 1, expect: {place: 1}}",
        "5",
    ],
)
def test_a_case_that_cannot_be_read_is_an_error(tmp_path, line):
    scheme, _data = load_schemes()["standard-branch"]
    file = tmp_path / "cases.yaml"
    file.write_text(f"- {line}")
    with pytest.raises(UserError):
        list(cases_of(scheme, file))


def test_the_sample_is_marked_as_one():
    scheme, _data = load_schemes()["standard-branch"]
    assert scheme.confidence == "P"
    assert "样例" in scheme.title
    assert scheme.points == 100
    assert len(scheme.items) >= 25


def test_weights_must_add_up(data):
    data["parts"]["life"]["items"]["lecture"]["points"] = 5
    assert refusal(data).code == "scheme-part-sum"
    data["parts"]["life"]["points"] = 33
    assert str(refusal(data)) == "standard-branch：各部分分值合计101分，与总分100分不符。"


def test_unknown_duties_and_duties_of_others_are_refused(data):
    item = data["parts"]["life"]["items"]["general-meeting"]
    item["ledger"]["duties"] = ["branch-work/general-meetin"]
    assert "是否为“branch-work/general-meeting”" in str(refusal(data))
    item["ledger"]["duties"] = ["democratic-life/democratic-life-meeting"]
    assert refusal(data).code == "scheme-duty-of-others"


def test_a_local_duty_is_known_where_it_is_owed(data):
    item = data["parts"]["life"]["items"]["general-meeting"]
    item["ledger"]["duties"] = ["local-7/duty"]
    assert refusal(data).code == "rule-word-unknown"
    # An evaluation that began with it goes on, whatever became of the duty.
    assert "local-7/duty" in parse_scheme("standard-branch", data, frozen=True).duties


@pytest.mark.parametrize(
    "words",
    ["活动照片不少于4张", "微信转发、点赞数", "党员登录率", "在线时长", "每日签到打卡", "个人积分", "支部排名",
     "简报篇数", "Photos of the meeting", "number of log-ins", "ranking"],
)  # fmt: skip
@pytest.mark.parametrize("field", ["label", "asks"])
def test_traces_are_no_indicators(data, words, field):
    data["parts"]["life"]["items"]["lecture"][field] = words
    assert refusal(data).code == "scheme-refused"


@pytest.mark.parametrize("field", ["question", "evidence", "question_en"])
def test_nor_what_a_person_is_asked(data, field):
    data["parts"]["basics"]["items"]["place"]["person"][field] = "看现场照片"
    assert refusal(data).code == "scheme-refused"


def test_nor_a_choice(data):
    data["parts"]["basics"]["items"]["place"]["person"]["choices"]["usable"]["label"] = "有照片为证"
    assert refusal(data).code == "scheme-refused"


def test_nor_a_measure_of_its_own(data):
    item = data["parts"]["life"]["items"]["lecture"]
    item["照片"] = item.pop("records")
    assert refusal(data).code == "scheme-refused"
    item["minutes"] = item.pop("照片")
    assert refusal(data).code == "scheme-measure"


WRONG = {
    "two ways": lambda d: d["parts"]["life"]["items"]["lecture"].update(roster={"measure": "cells", "at_least": 1}),
    "unknown measure": lambda d: d["parts"]["organization"]["items"]["term"]["roster"].update(measure="height"),
    "no bounds": lambda d: d["parts"]["organization"]["items"]["term"]["roster"].pop("at_most"),
    "steps fall": lambda d: d["parts"]["life"]["items"]["lecture"]["records"].update(steps={4: "1/2", 2: 1}),
    "steps short": lambda d: d["parts"]["life"]["items"]["lecture"]["records"].update(steps={4: "1/2"}),
    "step share": lambda d: d["parts"]["life"]["items"]["lecture"]["records"].update(steps={4: 2}),
    "step key": lambda d: d["parts"]["life"]["items"]["lecture"]["records"].update(steps={"many": 1}),
    "no steps": lambda d: d["parts"]["life"]["items"]["lecture"]["records"].update(steps={}),
    "kind": lambda d: d["parts"]["life"]["items"]["lecture"]["records"].update(kinds=["party"]),
    "points": lambda d: d["parts"]["life"]["items"]["lecture"].update(points=0),
    "fine points": lambda d: d["parts"]["life"]["items"]["lecture"].update(points=3.999),
    "huge": lambda d: d["parts"]["life"]["items"]["lecture"].update(points=float("inf")),
    "nan": lambda d: d["parts"]["life"]["items"]["lecture"].update(points=float("nan")),
    "slug": lambda d: d["parts"]["life"]["items"].update({"Bad Slug": d["parts"]["life"]["items"].pop("lecture")}),
    "slug number": lambda d: d["parts"]["life"]["items"].update({7: d["parts"]["life"]["items"].pop("lecture")}),
    "slug twice": lambda d: d["parts"]["basics"]["items"].update(lecture=d["parts"]["basics"]["items"].pop("dues")),
    "one choice": lambda d: d["parts"]["basics"]["items"]["dues"]["person"]["choices"].clear(),
    "choice share": lambda d: d["parts"]["basics"]["items"]["dues"]["person"]["choices"]["late"].update(share="half"),
    "share status": lambda d: d["parts"]["life"]["items"]["themed-day"]["ledger"].update(shares={"fine": 1}),
    "levels": lambda d: d["levels"].reverse(),
    "levels end": lambda d: d["levels"].pop(),
    "bodies": lambda d: d.update({"for": ["club"]}),
    "confidence": lambda d: d.update(confidence="sure"),
    "no parts": lambda d: d.update(parts={}),
    "part list": lambda d: d.update(parts=["life"]),
    "unknown field": lambda d: d.update(bonus=3),
    "unknown item field": lambda d: d["parts"]["life"]["items"]["lecture"].update(bonus=3),
    "braces": lambda d: d["parts"]["life"]["items"]["lecture"].update(label="{x}"),
    "when": lambda d: d["parts"]["life"]["items"]["lecture"].update(when={"height": {"at_least": 1}}),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said(data, name):
    WRONG[name](data)
    said = str(refusal(data))
    assert said.endswith("。")
    assert "standard-branch" in said


def test_a_frozen_scheme_is_the_same_scheme():
    scheme, data = load_schemes()["standard-branch"]
    assert parse_scheme("standard-branch", json.loads(json.dumps(data)), frozen=True) == scheme


def test_what_people_send_is_bounded():
    assert read_scheme("mine", TEXT)[0].slug == "mine"
    for slug in ("", "X", "a/b", "../x", "a" * 41):
        with pytest.raises(UserError, match="编号"):
            read_scheme(slug, TEXT)
    with pytest.raises(UserError, match="字符"):
        read_scheme("mine", "#" * (LONGEST + 1))
    for text in ("", "just words", "[1, 2]", "a: [1", "a: 1\na: 2", "\x00", "!!python/object:os.system x"):
        with pytest.raises(UserError):
            read_scheme("mine", text)


def test_text_that_unfolds_or_nests_is_refused():
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n"
    for text in (bomb, "[" * 5000, "{a: " * 3000):
        with pytest.raises(UserError) as refused:
            read_yaml_text(text, "x.yaml")
        assert refused.value.code == "rule-text-tangled"


@pytest.fixture
def grade():
    return copy.deepcopy(read_yaml(FOLDER / "report-grade" / "scheme.yaml"))


def test_the_samples_of_the_season_are_marked_and_ask_the_body_nothing():
    for slug, about in (("report-grade", "report"), ("year-end", "organization")):
        scheme, _data = load_schemes()[slug]
        assert (scheme.confidence, scheme.about, scheme.self_assessed, scheme.objection_days) == ("P", about, False, 5)
        assert "样例" in scheme.title
        assert "body" not in {scheme.asked_of(item) for item in scheme.items}
        assert all(item.cites for item in scheme.items)


WRONG_GRADE = {
    "ballot without question": (lambda d: d["parts"]["ballot"]["items"]["overall"].update(ballot={}), "overall"),
    "ballot of a strange name": (
        lambda d: d["parts"]["ballot"]["items"]["overall"]["ballot"].update(question="总体"), "overall",
    ),
    "unknown measure": (
        lambda d: d["parts"]["ballot"]["items"]["overall"].update(votes={"question": "overall"}), "overall",
    ),
    "negative points": (lambda d: d["parts"]["ballot"]["items"]["overall"].update(points=-40), "overall：points"),
    "a part that does not add up": (lambda d: d["parts"]["opinion"].update(points=21), "上级评价"),
    "asked of nobody": (
        lambda d: d["parts"]["opinion"]["items"]["superior"]["person"].pop("asked_of"), "superior：person.asked_of",
    ),
    "asked of a stranger": (
        lambda d: d["parts"]["opinion"]["items"]["superior"]["person"].update(asked_of="public"),
        "superior：person.asked_of",
    ),
    "tasks of no origin": (
        lambda d: d["parts"]["daily"]["items"]["decided-done"].update(tasks={"of": "dreams"}), "decided-done：tasks.of",
    ),
    "unknown matter": (
        lambda d: d["parts"]["daily"]["items"]["decided-done"].update(disclosure={"matters": ["secrets"]}, tasks=None)
        or d["parts"]["daily"]["items"]["decided-done"].pop("tasks"), "decided-done：disclosure.matters",
    ),
    "deduction without a citation": (lambda d: d["deductions"]["overdue"].pop("cites"), "overdue：cites"),
    "veto without a citation": (lambda d: d["vetoes"]["made-up"].update(cites=" "), "made-up：cites"),
    "a person assessing himself": (lambda d: d.update(self=True), "：self"),
    "about nothing": (lambda d: d.update(about="everything"), "：about"),
    "no time to object": (lambda d: d.update(objection=0), "：objection"),
    "too long to object": (lambda d: d.update(objection=31), "：objection"),
    "a level gap": (lambda d: d["levels"].pop(), "：levels"),
    "a level twice": (lambda d: d["levels"][1].update(label="好"), "：levels"),
    "a quota of nothing": (lambda d: d["levels"][0].update(quota=0), "levels.quota"),
    "a quota beyond all": (lambda d: d["levels"][0].update(quota=101), "levels.quota"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG_GRADE)
def test_what_is_wrong_in_a_grade_is_said_with_its_item_and_field(grade, name):
    spoil, place = WRONG_GRADE[name]
    spoil(grade)
    said = str(refusal(grade, "report-grade"))
    assert said.endswith("。")
    assert place in said


def test_a_scheme_in_use_is_read_though_it_cites_nothing(grade):
    grade["deductions"]["overdue"].pop("cites")
    assert parse_scheme("report-grade", grade, frozen=True).deductions[0].cites == ""


@pytest.mark.parametrize(
    "line",
    ["{name: 一, ballots: {nothing: 1}}", "{name: 一, ballots: {overall: 3/2}}",
     "{name: 一, disclosures: {secrets: {met: 1}}}", "{name: 一, disclosures: {monthly-plan: {fine: 1}}}",
     "{name: 一, tasks: {dream_timely: 1}}"],
)  # fmt: skip
def test_a_case_of_the_season_that_cannot_be_read_is_an_error(tmp_path, line):
    scheme, _data = load_schemes()["report-grade"]
    file = tmp_path / "cases.yaml"
    file.write_text(f"- {line}")
    with pytest.raises(UserError):
        list(cases_of(scheme, file))


def test_a_wrong_sum_is_noticed(tmp_path):
    scheme, _data = load_schemes()["report-grade"]
    file = tmp_path / "cases.yaml"
    file.write_text("- {name: 算错, ballots: {overall: 1/2}, sum: 20}")
    [case] = cases_of(scheme, file)
    assert [one.message.code for one in run_case(case, scheme)] == ["case-sum"]
