"""`zhibu ballots`: a record checked without a database, a proof judged, the booth of a site compared."""

import json
import subprocess
import sys

import pytest
from tests.ballots.papers import Box, proof_of
from tests.ballots.staging import staged

from zhibu.ballots import queries
from zhibu.ballots.record import record_text
from zhibu.cli.main import main


def saved(tmp_path, record):
    path = tmp_path / "record.json"
    path.write_text(record_text([one.text() for one in record]), encoding="utf-8")
    return str(path)


def test_a_record_that_agrees(tmp_path, capsys):
    box = Box(votes=[(0, 1)] * 6 + [(None, None)])
    box.mix_all()
    assert main(["ballots", "verify", saved(tmp_path, box.record())]) == 0
    told = capsys.readouterr().out
    assert "校验值、次序、签名和计票一致。" in told
    assert "好6，较好0，一般0，差0，弃权1，无效0" in told
    assert "监票人1" in told


def test_a_record_that_was_changed(tmp_path, capsys):
    box = Box(votes=[(0, 1)] * 6)
    box.mix_all()
    record = box.record(lambda body: body.update(invalid=1))
    assert main(["ballots", "verify", saved(tmp_path, record), "--format", "json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert [one["code"] for one in told["faults"]] == ["record-result"]
    assert told["result"]["collected"] == 6


def test_a_proof_names_who_is_to_answer(tmp_path, capsys):
    box = Box(votes=[(0, 1)] * 6)
    box.mix(1)
    box.post(2, box.mixed(2)[1:])
    box.mix(3)
    (lost, layer), *_none = box.losses()
    path = tmp_path / "proof.json"
    path.write_text(json.dumps(proof_of(box, lost, layer)))
    record = saved(tmp_path, box.record())
    assert main(["ballots", "verify", record, "--proof", str(path)]) == 1
    assert "监票人2（第2层）手里被换掉或去掉" in capsys.readouterr().out
    path.write_text("[]")
    assert main(["ballots", "verify", record, "--proof", str(path)]) == 2


@pytest.mark.parametrize("text", ["", "{}", "not json", '{"format":"zhibu-ballot/1","artefacts":[1]}'])
def test_a_file_that_is_no_record(tmp_path, capsys, text):
    path = tmp_path / "x.json"
    path.write_text(text)
    assert main(["ballots", "verify", str(path)]) == 2
    assert main(["ballots", "verify", str(tmp_path / "missing.json")]) == 2
    assert capsys.readouterr().err.count("zhibu:") == 2


def test_it_needs_neither_django_nor_a_database(tmp_path):
    box = Box(votes=[(0, 1)] * 5)
    box.mix_all()
    code = (
        "import sys; from zhibu.cli.main import main; main(['ballots', 'verify', sys.argv[1]]); "
        "sys.exit('django' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, saved(tmp_path, box.record())], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


# --- the booth --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_booth_of_a_site(cast, live_server, tmp_path, capsys, monkeypatch):
    stage = staged(cast)
    stage.open()
    path = tmp_path / "record.json"
    path.write_text(queries.record_file(stage.ballot), encoding="utf-8")
    url = f"{live_server.url}/vote/{stage.ballot.uid}/"
    assert main(["ballots", "verify-booth", url, "--record", str(path)]) == 0
    assert "与封存的一致" in capsys.readouterr().out
    assert main(["ballots", "verify-booth", f"{live_server.url}/nothing/", "--record", str(path)]) == 2
    assert main(["ballots", "verify-booth", "http://example.org/", "--record", str(path)]) == 2
    assert main(["ballots", "verify-booth", "file:///etc/passwd", "--record", str(path)]) == 2


@pytest.mark.parametrize(
    ("page", "script", "wrong"),
    [
        ('<script src="/s/booth.0123456789ab.js" defer></script>', b"sealed", []),
        ('<script src="/s/booth.js"></script>', b"altered", ["booth.js"]),
        ('<script src="/s/booth.js"></script><script>steal()</script>', b"sealed", ["<script>"]),
        ('<script src="/s/booth.js"></script><script src="/s/more.js"></script>', b"sealed", ["more.js"]),
        ('<script src="https://elsewhere.example/booth.js"></script>', b"sealed", ["booth.js"]),
        ("", b"sealed", ["booth.js"]),
    ],
)
def test_what_is_not_as_sealed(monkeypatch, page, script, wrong):
    from hashlib import sha256

    from zhibu.ballots import visiting

    monkeypatch.setattr(visiting, "_get", lambda url: script if url.endswith(".js") else page.encode())
    manifest = Box(votes=[(0, 0)]).manifest
    object.__setattr__(manifest, "booth", {"booth.js": sha256(b"sealed").hexdigest()})
    assert visiting.changed_scripts("https://example.org/vote/x/", manifest) == wrong
