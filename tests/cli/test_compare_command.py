import json
import subprocess
import sys

import pytest

from zhibu.cli.main import main

OWN = "三月五日我到青石社区清点了冬修水渠的全部阀门，当场换下漏水的九个，请村民代表签字验收。"
OTHER = "六月里支部把闲置的仓库改成阅览室，党员捐书四百册，周末由青年党员轮流值守。"


@pytest.fixture
def files(tmp_path):
    def write(**texts):
        for name, text in texts.items():
            (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
        return [str(tmp_path / f"{name}.txt") for name in texts]

    return write


def test_two_files_that_share_a_passage(files, capsys):
    assert main(["compare", *files(a=OTHER + "\n" + OWN, b=OWN)]) == 1
    out = capsys.readouterr().out
    assert "相同部分占" in out
    assert "第2行" in out
    assert "不说明谁先写" in out
    assert "抄袭" not in out


def test_json_is_as_documented(files, capsys):
    paths = files(a=OTHER + "\n" + OWN, b=OWN)
    assert main(["compare", *paths, "--format", "json"]) == 1
    (source,) = json.loads(capsys.readouterr().out)
    assert source["source"] == paths[1]
    assert 0 < source["share"] < 1
    (passage,) = source["passages"]
    assert set(passage) == {"start", "end", "source_start", "source_end", "kind", "excerpt"}
    assert (passage["start"], passage["source_start"]) == (len(OTHER) + 1, 0)


def test_two_files_that_share_nothing(files, capsys):
    assert main(["compare", *files(a=OWN, b=OTHER)]) == 0
    assert "没有找到相同的段落" in capsys.readouterr().out


def test_what_cannot_be_read_is_one_sentence(files, tmp_path, capsys):
    (own,) = files(a=OWN)
    picture = tmp_path / "b.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    for other in (str(picture), str(tmp_path / "没有.txt"), *files(empty="")):
        assert main(["compare", own, other]) == 2
        captured = capsys.readouterr()
        assert captured.out == ""
        assert captured.err.startswith("zhibu: ")
        assert captured.err.count("\n") == 1


def test_one_file_alone_is_refused(files, capsys):
    assert main(["compare", *files(a=OWN)]) == 2
    assert "两个文档" in capsys.readouterr().err


def test_django_is_not_loaded(files):
    script = (
        "import sys; from zhibu.cli.main import main; main(['compare', *sys.argv[1:]]);"
        "assert not {'django', 'lxml', 'pypdfium2'} & set(sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *files(a=OWN, b=OTHER)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


LINES = {
    "甲": OWN + OTHER,
    "乙": OWN + "入冬以后我们请了两位老师傅，教会七个年轻人修犁铧。",
    "丙": "河堤上的柳树死了十一棵，党员分段补栽，浇水到清明。",
    "<b>丁</b>": "夜里敲锣的老会计走了，支部把他记的三十本账送进了县档案馆。",
}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "season").mkdir()
    for name, text in LINES.items():
        (tmp_path / "season" / f"{name.replace('/', '∕')}.txt").write_text(text, encoding="utf-8")
    return tmp_path / "season"


def test_a_folder_gives_groups_and_pairs(folder, capsys):
    assert main(["compare", str(folder)]) == 1
    out = capsys.readouterr().out
    assert "一组 2 篇" in out
    assert "丙" not in out


def test_a_folder_as_json_names_every_text(folder, tmp_path):
    out = tmp_path / "season.json"
    assert main(["compare", str(folder), "--out", str(out)]) == 1
    found = json.loads(out.read_text(encoding="utf-8"))
    assert len(found["texts"]) == 4
    assert [len(group) for group in found["groups"]] == [2]
    by_name = {each["name"].rsplit("/", 1)[-1]: each for each in found["texts"]}
    assert by_name["丙.txt"]["sources"] == []
    (source,) = by_name["甲.txt"]["sources"]
    assert source["source"].endswith("乙.txt")
    assert main(["compare", str(folder), "--out", str(out), "--group-at", "90"]) == 1
    assert json.loads(out.read_text(encoding="utf-8"))["groups"] == []


def test_a_folder_as_a_page_is_whole_escaped_and_without_script(folder, tmp_path):
    (folder / "戊.txt").write_text("<script>alert(1)</script>" + OWN, encoding="utf-8")
    out = tmp_path / "season.html"
    assert main(["compare", str(folder), "--out", str(out)]) == 1
    page = out.read_text(encoding="utf-8")
    assert "<script" not in page
    assert "<b>丁" not in page
    assert "http" not in page
    assert page.count("<details") == page.count("<tr><td>") == 6
    assert OWN.removesuffix("。") in page


def test_two_files_as_a_page_show_both_sides(files, tmp_path):
    out = tmp_path / "two.html"
    assert main(["compare", *files(a=OTHER + "\n" + OWN, b=OWN), "--out", str(out)]) == 1
    assert out.read_text(encoding="utf-8").count(OWN.removesuffix("。")) == 2


def test_one_unreadable_file_does_not_hide_the_others(folder, capsys):
    (folder / "坏.docx").write_bytes(b"PK\x03\x04 broken")
    assert main(["compare", str(folder)]) == 2
    captured = capsys.readouterr()
    assert "一组 2 篇" in captured.out
    assert "坏.docx" in captured.err


def test_an_output_of_another_kind_is_refused(files, capsys):
    assert main(["compare", *files(a=OWN, b=OWN), "--out", "x.docx"]) == 2
    assert ".html" in capsys.readouterr().err


def test_a_corpus_is_kept_and_compared_with(folder, files, tmp_path, capsys):
    corpus = str(tmp_path / "资料.db")
    added = ["corpus", "add", str(folder), "--corpus", corpus, "--owner", "某支部", "--year", "2024"]
    assert main([*added, "--visibility", "sister"]) == 0
    assert "共 4 篇" in capsys.readouterr().out
    (report,) = files(report=OWN)
    assert main(["compare", report, "--corpus", corpus, "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert {each["source"].rsplit("/", 1)[-1] for each in found} == {"甲.txt", "乙.txt"}
    assert {(each["owner"], each["year"], each["visibility"]) for each in found} == {("某支部", 2024, "sister")}
    assert main(["compare", report, "--corpus", str(folder)]) == 1


def test_a_corpus_lists_and_removes_its_texts(folder, tmp_path, capsys):
    corpus = str(tmp_path / "资料.db")
    main(["corpus", "add", str(folder), "--corpus", corpus])
    capsys.readouterr()
    assert main(["corpus", "list", "--corpus", corpus, "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [set(row) for row in rows] == [{"name", "owner", "year", "visibility", "characters"}] * 4
    assert main(["corpus", "remove", rows[0]["name"], "--corpus", corpus]) == 0
    assert main(["corpus", "remove", rows[0]["name"], "--corpus", corpus]) == 2
    assert "没有" in capsys.readouterr().err
    assert main(["corpus", "rebuild", "--corpus", corpus]) == 0
    assert main(["corpus", "list", "--corpus", corpus]) == 0
    assert rows[0]["name"] not in capsys.readouterr().out


def test_a_large_corpus_that_grew_bit_by_bit_asks_to_be_counted_anew(folder, files, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("zhibu.trace.corpus.EASY", 1)
    corpus = str(tmp_path / "资料.db")
    assert main(["corpus", "add", str(folder), "--corpus", corpus]) == 0
    assert main(["corpus", "rebuild", "--corpus", corpus]) == 0
    capsys.readouterr()
    for k in range(4):
        assert "rebuild" not in capsys.readouterr().out
        main(["corpus", "add", *files(**{f"后来{k}": OWN + str(k)}), "--corpus", corpus])
    assert "zhibu corpus rebuild" in capsys.readouterr().out


def test_without_a_corpus_the_commands_say_so(tmp_path, capsys):
    for action in (["list"], ["rebuild"], ["remove", "甲"]):
        assert main(["corpus", *action, "--corpus", str(tmp_path / "没有.db")]) == 2
        assert "找不到资料库" in capsys.readouterr().err
    assert not (tmp_path / "没有.db").exists()
