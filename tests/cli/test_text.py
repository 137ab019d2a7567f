import json
import subprocess
import sys

from zhibu.cli.main import main


def test_prints_the_text_and_nothing_else(tmp_path, capsys):
    file = tmp_path / "报告.txt"
    file.write_bytes("述职报告\r\n一、履职".encode("gb18030"))
    assert main(["text", str(file)]) == 0
    assert capsys.readouterr().out == "述职报告\n一、履职\n"


def test_json_gives_the_paragraphs_with_offsets(tmp_path, capsys):
    file = tmp_path / "报告.txt"
    file.write_text("述职报告\n\n一、履职", encoding="utf-8")
    main(["text", str(file), "--format", "json"])
    paragraphs = json.loads(capsys.readouterr().out)
    assert [(p["start"], p["end"], p["text"]) for p in paragraphs] == [(0, 4, "述职报告"), (6, 10, "一、履职")]


def test_a_bad_file_ends_with_code_2_and_one_sentence(tmp_path, capsys):
    assert main(["text", str(tmp_path / "没有.docx")]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "找不到文件" in captured.err


def test_neither_django_nor_the_readers_of_other_formats_are_loaded(tmp_path):
    (tmp_path / "a.txt").write_text("述职报告", encoding="utf-8")
    script = (
        "import sys; from zhibu.cli.main import main; main(['text', sys.argv[1]]);"
        "assert not {'django', 'lxml', 'pypdfium2', 'typst'} & set(sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, tmp_path / "a.txt"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
