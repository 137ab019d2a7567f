"""`zhibu check --corpus`: from texts in a folder or a corpus file to findings, and whose a report is told to be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from zhibu.borrowing import borrowed, from_sources
from zhibu.checks import all_rules, check
from zhibu.checks.borrowed import LEAST, Borrowed, relation_of
from zhibu.checks.outline import parse
from zhibu.cli.main import main
from zhibu.trace import Corpus, Text, compare
from zhibu.trace.memory import Memory

HONEST = Path(__file__).with_name("honest")
AUDIT = (HONEST / "audit_2025.txt").read_text("utf-8")
LAST_YEAR = AUDIT.replace("2025年", "2024年").replace("2026年", "2025年").replace("党员大会4次", "党员大会3次")
ORIGINALITY = [rule.code for rule in all_rules() if rule.code.startswith("OR")]


def codes(text: str, found: tuple[Borrowed, ...], **options: object) -> list[str]:
    return [finding.code for finding in check(text, borrowed=found, select=["OR"], **options)]


def test_last_year_with_other_dates_is_told_passage_by_passage() -> None:
    library = Memory([Text("2024.txt", LAST_YEAR, "云岭县审计局党支部", 2024)])
    found = check(AUDIT, borrowed=borrowed(AUDIT, library), select=["OR"])
    assert {finding.code for finding in found} == {"OR01"}
    assert all(finding.section[0] in "三四五六" for finding in found), "basic facts and last year's findings stay out"
    words = "".join(finding.excerpt for finding in found)
    assert len(words) > 0.7 * len(AUDIT)
    message = found[0].message.text()
    assert "“2024.txt”（云岭县审计局党支部，2024年）只有数字、日期或名称不同" in message
    assert "如这里的“员大会4次、支”那里是“员大会3次、支”" in message
    assert any("往年写过的问题" in finding.fix.text() for finding in found)


def test_the_very_same_text_is_a_hundred_percent() -> None:
    library = Memory([Text("另一份", AUDIT, "水利局党支部", 2025, "sister")])
    found = check(AUDIT, borrowed=borrowed(AUDIT, library), select=["OR"])
    assert [finding.section for finding in found] == ["二", "三（一）", "四", "五", "六（一）"], "one a part"
    assert {(finding.code, "有100%也见于" in finding.message.text()) for finding in found} == {("OR02", True)}


def test_honest_reports_find_nothing_in_each_other() -> None:
    texts = {path.name: path.read_text("utf-8") for path in sorted(HONEST.glob("*.txt"))}
    for name, text in texts.items():
        library = Memory([Text(other, words) for other, words in texts.items() if other != name])
        assert codes(text, borrowed(text, library)) == []


def test_what_may_not_be_read_is_told_to_exist() -> None:
    sources = compare(AUDIT, [Text("某份报告", LAST_YEAR, "某单位", 2024, "sister")])
    unseen, seen = from_sources(sources, {}), from_sources(sources, {"某份报告": LAST_YEAR})
    assert {each.excerpt for each in unseen} == {""}
    assert all(each.excerpt in LAST_YEAR for each in seen)
    hidden = check(AUDIT, borrowed=unseen, select=["OR02"])
    assert hidden
    assert all("那里是" not in finding.message.text() for finding in hidden)
    assert any("那里是" in finding.message.text() for finding in check(AUDIT, borrowed=seen, select=["OR02"]))


@pytest.mark.parametrize(
    ("about", "owner", "relation"),
    [
        ({"owner": "甲", "year": 2024}, "甲", "own"),
        ({"owner": "乙", "year": 2024}, "甲", "other"),
        ({"owner": "乙", "year": 2025}, "甲", "other"),
        ({"owner": "甲", "year": 2025}, "甲", None),
        ({"owner": "乙", "year": 2026}, "甲", None),
        ({"owner": "云岭县审计局党支部", "year": 2024}, "", "own"),
        ({"owner": "水利局党支部", "year": 2024}, "", "other"),
        ({"owner": "水利局党支部", "visibility": "own"}, "", "own"),
        ({"visibility": "own"}, "甲", "own"),
        ({"visibility": "sister"}, "甲", "other"),
        ({}, "", "other"),
        ({"owner": "甲", "visibility": "template", "year": 2030}, "甲", "template"),
        ({"visibility": "material"}, "", "material"),
    ],
)
def test_whose_a_source_is(about: dict[str, object], owner: str, relation: str | None) -> None:
    assert relation_of(Borrowed(0, 9, "a", **about), parse(AUDIT), owner, 2025) == relation


def test_a_place_in_many_sources_is_told_once_with_their_number() -> None:
    start = AUDIT.index("我主持支部党员大会")
    many = tuple(Borrowed(start, start + 90, f"{n}.txt", visibility="template", share=n / 100) for n in range(1, 30))
    (finding,) = check(AUDIT, borrowed=many, select=["OR"])
    assert "“29.txt”" in finding.message.text()
    assert "另有28篇" in finding.message.text()
    assert codes(AUDIT, (Borrowed(start, start + LEAST - 1, "a"),)) == []


def test_without_a_comparison_the_rules_do_not_run_and_their_waivers_are_not_idle() -> None:
    from datetime import date

    from zhibu.checks import Waiver

    waivers = [Waiver(code, "甲", "张三", date(2025, 12, 1), "开会") for code in (*ORIGINALITY, "FA01", "RE08")]
    selected = [*ORIGINALITY, "FA01", "RE08", "ST99"]
    assert check(AUDIT, waivers=waivers, select=selected) == []
    idle = check(AUDIT, waivers=waivers, select=selected, borrowed=(), last_findings=())
    assert [finding.code for finding in idle] == ["ST99"] * (len(ORIGINALITY) + 1)


def test_no_word_blames_anybody() -> None:
    for rule in all_rules():
        for words in (rule.label, rule.message.message, rule.why.message, rule.fix.message, rule.explanation):
            assert not any(word in words for word in ("抄袭", "剽窃", "作弊", "造假")), rule.code


@pytest.fixture
def season(tmp_path: Path) -> Path:
    """A folder with one subfolder an owner."""
    for owner, year, text in (("审计局", 2024, LAST_YEAR), ("审计局", 2025, AUDIT), ("水利局", 2025, AUDIT)):
        file = tmp_path / "报告" / owner / f"{year}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return tmp_path / "报告"


def found_by(capsys: pytest.CaptureFixture[str], *arguments: str) -> set[tuple[str, str]]:
    main(["check", *arguments, "--format", "json", "--select", "OR"])
    return {(Path(row["file"]).parent.name, row["code"]) for row in json.loads(capsys.readouterr().out)}


def test_a_folder_is_a_corpus_and_its_subfolders_are_owners(season: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = season / "审计局" / "2025.txt"
    assert found_by(capsys, str(report), "--corpus", str(season)) == {("审计局", "OR02"), ("审计局", "OR01")}
    everything = found_by(capsys, str(season), "--corpus", str(season), "--jobs", "2")
    assert everything >= {("审计局", "OR01"), ("水利局", "OR02")}
    assert found_by(capsys, str(report), "--corpus", str(season), "--owner", "水利局") == {
        ("审计局", "OR01"), ("审计局", "OR02"),
    }  # fmt: skip


def test_a_corpus_file_knows_the_owner_of_the_document(season: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database, report = season.parent / "资料.db", season / "水利局" / "2025.txt"
    with Corpus(database, create=True) as corpus:
        corpus.add([
            Text(report.as_posix(), AUDIT, "水利局", 2025),
            Text("往年", LAST_YEAR, "水利局", 2024),
            Text("范文", AUDIT, "", None, "template"),
        ])  # fmt: skip
    assert found_by(capsys, str(report), "--corpus", str(database)) == {("水利局", "OR01"), ("水利局", "OR03")}


def test_wrong_options(season: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = str(season / "水利局" / "2025.txt")
    assert main(["check", report, "--owner", "甲"]) == 2
    assert main(["check", report, "--corpus", str(season / "无.db")]) == 2
    (season / "坏.db").write_bytes(b"not a corpus" * 100)
    assert main(["check", report, "--corpus", str(season / "坏.db")]) == 2
    assert main(["check", str(season), "--corpus", str(season / "坏.db")]) == 2, "said once, not for every document"
    said = capsys.readouterr().err.splitlines()
    assert ["--corpus" in said[0], "找不到资料库" in said[1]] == [True, True]
    assert len(said) == 4


def test_mending_compares_what_is_left(season: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = season / "水利局" / "2025.txt"
    report.write_text(AUDIT.replace("部署", "部暑").replace("接到过支部", "接到过支部部暑"), "utf-8")
    assert (
        main(["check", str(report), "--fix", "--corpus", str(season), "--select", "OR,WO04", "--format", "json"]) == 1
    )
    rows = json.loads(capsys.readouterr().out)
    assert {row["code"] for row in rows} == {"OR02"}
    text = (report.parent / "2025.fixed.txt").read_text("utf-8")
    assert all(text[row["start"] : row["end"]] == row["excerpt"] for row in rows)


def test_last_findings_from_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "a.txt"
    report.write_text(AUDIT, "utf-8")
    for name, words in (
        ("去年.txt", "1. 党课内容与审计业务脱节\n（二）党小组会记录缺项\n一些党员党费没有按月交\n"),
        ("去年.yaml", "- 党课内容与审计业务脱节\n- {problem: 会议记录, words: [记录缺项]}\n- 一些党员党费没有按月交\n"),
    ):
        file = tmp_path / name
        file.write_text(words, "utf-8")
        main(["check", str(report), "--last-findings", str(file), "--select", "RE08", "--format", "json"])
        (row,) = json.loads(capsys.readouterr().out)
        assert "“一些党员党费没有按月交”" in row["message"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("无.yaml", None),
        ("a.yaml", "甲: 乙"),
        ("a.yaml", "- ["),
        ("a.yaml", "[]"),
        ("a.yaml", "- {problem: ''}"),
        ("a.yaml", "- {problem: 甲, words: 乙}"),
        ("a.yaml", "- {problem: 甲, why: 乙}"),
        ("a.yaml", "- 5"),
        ("a.txt", "\n\n1.\n"),
        ("a.txt", "甲\n" * 101),
    ],
)
def test_wrong_last_findings_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, words: str | None
) -> None:
    report = tmp_path / "报告.txt"
    report.write_text(AUDIT, "utf-8")
    if words is not None:
        (tmp_path / name).write_text(words, "utf-8")
    assert main(["check", str(report), "--last-findings", str(tmp_path / name)]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert name in err


def test_each_part_is_told_as_what_it_is() -> None:
    text = (HONEST.parent / "styles" / "last_year_again.txt").read_text("utf-8")
    before = (HONEST.parent / "styles" / "sources" / "veterinary_2024.txt").read_text("utf-8")
    library = Memory([Text("2024.txt", before, "云岭县畜牧站党支部", 2024)])
    found = {f.section: f.message.text() for f in check(text, borrowed=borrowed(text, library), select=["OR"])}
    assert "只有数字、日期或名称不同，如这里的“学习22次，其”那里是“学习20次，其”" in found["三（一）"]
    assert "）文字相同；" in found["五"]
    assert "大体相同、略有改动，如这里的" in found["六（一）"]
