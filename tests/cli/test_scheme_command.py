"""`zhibu scheme`, and that it needs neither Django nor a database."""

import subprocess
import sys

from zhibu.cli.main import main
from zhibu.scoring.reading import FOLDER

SAMPLE = FOLDER / "standard-branch"


def test_the_cases_hold(capsys):
    assert main(["scheme", "test"]) == 0
    assert "0例不符" in capsys.readouterr().out


def test_shows_what_a_scheme_asks(capsys):
    assert main(["scheme", "show"]) == 0
    assert "standard-branch" in capsys.readouterr().out
    assert main(["scheme", "show", "standard-branch"]) == 0
    out = capsys.readouterr().out
    assert "本地办法，未与文件核对。" in out
    assert "branch-work/general-meeting" in out


def test_an_own_scheme_and_its_cases(tmp_path, capsys):
    file, cases = tmp_path / "mine.yaml", tmp_path / "cases.yaml"
    file.write_text((SAMPLE / "scheme.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    cases.write_text("- {name: 算错, records: {lecture: 2}, expect: {lecture: 3}}", encoding="utf-8")
    assert main(["scheme", "test", str(file)]) == 0
    assert main(["scheme", "test", str(file), "--cases", str(cases)]) == 1
    assert "“lecture”应为3，算出来是2。" in capsys.readouterr().out
    assert main(["scheme", "show", str(file)]) == 0


def test_what_cannot_be_read_is_said(tmp_path, capsys):
    broken = tmp_path / "broken.yaml"
    broken.write_bytes(b"\xff")
    for name in ("nothing", str(tmp_path / "none.yaml"), str(broken)):
        assert main(["scheme", "show", name]) == 2
    broken.write_text("title: [1", encoding="utf-8")
    assert main(["scheme", "test", str(broken)]) == 2
    assert "第2行" in capsys.readouterr().err


def test_needs_no_django():
    code = "import sys; from zhibu.cli.main import main; main(['scheme', 'test']); sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0
