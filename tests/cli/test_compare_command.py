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
