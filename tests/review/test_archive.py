"""A season's package: what is in it and what never is; checked by itself; damaged and forged ones are named."""

from __future__ import annotations

import json
import zipfile

import pytest

from tests.review.seasons import AT
from tests.review.test_letters import PROBLEM, sent
from zhibu.cli.main import main
from zhibu.errors import UserError
from zhibu.ledger.models import Snapshot
from zhibu.review import archive, jobs
from zhibu.review.models import Package, PackageState, Remark, Verb
from zhibu.review.package import MANIFEST, Writer, check_package


def packed(cast):
    cycle, entry, leader = sent(cast)
    made = archive.ask_package(leader, cycle, at=AT)
    jobs.make_package.func(made.pk)
    made.refresh_from_db()
    return made, entry, leader


def test_everything_is_in_it_and_it_checks(cast):
    made, entry, _leader = packed(cast)
    assert made.state == PackageState.READY, made.problem
    path = archive.path_of(made)
    found = check_package(path)
    assert (found.faults, found.whole, found.head["year"]) == ([], made.digest, 2025)
    with zipfile.ZipFile(path) as opened:
        names = opened.namelist()
        folder = next(name for name in names if name.endswith("GW-01-闻知远/entry.json")).rpartition("/")[0]
        for name in ("report.txt", "report.docx", "report.pdf", "letter.docx", "letter.pdf", "letter.txt"):
            assert f"{folder}/{name}" in names
        data = json.loads(opened.read(f"{folder}/entry.json"))
        assert data["problems"][0]["text"] == PROBLEM
        assert opened.read(f"{folder}/report.txt").decode() == entry.submissions.get().text
        assert data["submission"]["snapshot"] == Snapshot.objects.get().digest
    assert main(["archive", "verify", str(path)]) == 0


def test_no_record_of_a_body_no_reading_and_no_draft_is_in_it(cast):
    cycle, _entry, leader = sent(cast)
    other = cycle.entries.get(organization=cast.other)
    Remark.objects.create(organization=cast.other, entry=other, verb=Verb.COMMENT, text="审阅时的内部意见", at=AT)
    Remark.objects.create(
        organization=cast.other, entry=other, verb=Verb.SUPERIOR, text="还在打的字", key="w", at=AT, by=leader
    )
    other.letter = {"opinion": "没有发出的信", "problems": [], "asks": "", "until": ""}
    other.save()
    made = archive.ask_package(leader, cycle, at=AT)
    archive.build(made.pk)
    with zipfile.ZipFile(archive.path_of(made)) as opened:
        texts = b"\n".join(opened.read(name) for name in opened.namelist() if name.endswith((".json", ".txt")))
    for secret in ("审阅时的内部意见", "还在打的字", "没有发出的信"):
        assert secret.encode() not in texts, secret


def test_one_at_a_time_and_failure_is_told(cast, monkeypatch):
    cycle, _entry, leader = sent(cast)
    made = archive.ask_package(leader, cycle, at=AT)
    with pytest.raises(UserError, match="正在整理"):
        archive.ask_package(leader, cycle, at=AT)

    def full(*_given):
        raise OSError("no space left")

    monkeypatch.setattr(Writer, "add", full)
    archive.build(made.pk)
    made.refresh_from_db()
    assert (made.state, made.problem) == (PackageState.FAILED, "磁盘写不进去，请检查空间后再导出。")
    assert not list(archive.path_of(made).parent.glob("*.part"))


# --- the package alone -----------------------------------------------------------------------------------------------


@pytest.fixture
def package(tmp_path):
    path = tmp_path / "season.zip"
    with path.open("wb") as file:
        writer = Writer(file)
        writer.add("a.txt", "甲".encode() * 100)
        writer.add("b/c.json", b"{}")
        writer.finish({"title": "述职评议", "committee": "工委", "year": 2025})
    return path


def rewritten(path, change):
    """The package with its files as `change` (a dict of name → bytes, in place) leaves them."""
    with zipfile.ZipFile(path) as opened:
        files = {name: opened.read(name) for name in opened.namelist()}
    change(files)
    with zipfile.ZipFile(path, "w") as target:
        for name, data in files.items():
            target.writestr(name, data)
    return path


def forge_whole(files):
    data = json.loads(files[MANIFEST])
    data["files"][0]["sha256"] = "0" * 64
    files[MANIFEST] = json.dumps(data).encode()


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        (lambda files: files.update({"a.txt": "乙".encode() * 100}), ["archive-changed"]),
        (lambda files: files.update({"a.txt": b"x" * 10_000_000}), ["archive-changed"]),
        (lambda files: files.pop("b/c.json"), ["archive-missing"]),
        (lambda files: files.update({"../extra.txt": b"x"}), ["archive-extra"]),
        (forge_whole, ["archive-changed", "archive-whole"]),
    ],
)
def test_what_was_changed_is_named(package, change, codes, capsys):
    assert check_package(package).faults == []
    rewritten(package, change)
    assert [one.code for one in check_package(package).faults] == codes
    assert main(["archive", "verify", str(package), "--format", "json"]) == 1
    assert len(json.loads(capsys.readouterr().out)["faults"]) == len(codes)


@pytest.mark.parametrize(
    "change",
    [
        lambda files: files.pop(MANIFEST), lambda files: files.update({MANIFEST: b"[]"}),
        lambda files: files.update({MANIFEST: b'{"format": "zhibu-archive/1", "files": [1]}'}),
        lambda files: files.update({MANIFEST: b"[" * 100_000}),
    ],
)  # fmt: skip
def test_what_is_no_package_is_refused(package, change):
    rewritten(package, change)
    assert main(["archive", "verify", str(package)]) == 2


def test_damaged_bytes_never_raise(package):
    whole = package.read_bytes()
    for place in range(0, len(whole), 7):
        package.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        assert main(["archive", "verify", str(package)]) in (0, 1, 2)
    package.write_bytes(whole[: len(whole) // 2])
    assert main(["archive", "verify", str(package)]) == 2


# --- pages -----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_asked_for_and_taken_without_script(cast, as_):
    cycle, _entry, leader = sent(cast)
    client, address = as_(leader), f"/review/GW/{cycle.pk}/archive/"
    assert "导出档案包" in client.get(address).content.decode()
    assert client.post(address).status_code == 302
    assert client.post(address).status_code == 422
    made = Package.objects.get()
    assert client.get(f"{address}{made.pk}.zip").status_code == 404  # not made yet
    archive.build(made.pk)
    made.refresh_from_db()
    assert made.digest in client.get(address).content.decode()
    answer = client.get(f"{address}{made.pk}.zip")
    assert len(b"".join(answer.streaming_content)) == made.size


@pytest.mark.parametrize("who", ["secretary", "member", "outsider"])
def test_only_who_leads_the_season(cast, as_, who):
    made, _entry, _leader = packed(cast)
    client, address = as_(getattr(cast, who)), f"/review/GW/{made.cycle_id}/archive/"
    for path in (address, f"{address}{made.pk}.zip"):
        assert client.get(path).status_code in (403, 404)
    assert client.post(address).status_code in (403, 404)
    assert Package.objects.count() == 1


def test_a_closed_season_is_read_and_not_changed(cast, as_):
    made, entry, leader = packed(cast)
    type(made.cycle).objects.filter(pk=made.cycle_id).update(state="closed")
    client = as_(leader)
    for page in ("", "hearing/", "grades/", "letters/", "archive/", f"{entry.pk}/letter/"):
        assert client.get(f"/review/GW/{made.cycle_id}/{page}").status_code == 200
    assert client.post(f"/review/GW/{made.cycle_id}/letters/").status_code == 422
    assert client.post(f"/review/GW/{made.cycle_id}/hearing/", {"act": "begin", "entry": entry.pk}).status_code == 422
