"""The derived file: kept up with the database step by step, written anew when it is missing, damaged or not its own."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django_tasks_db.models import DBTaskResult

from tests.corpus.texts import ARCHIVES, AT, HONEST, HYDROLOGY, add, new
from zhibu.corpus import file, jobs, services
from zhibu.corpus.comparing import compared
from zhibu.corpus.models import CorpusText
from zhibu.errors import UserError
from zhibu.org.models import Organization
from zhibu.trace import compare


def names(cast):
    return file.ask(cast.committee, lambda corpus: {text.name for text, _ in corpus.texts()})[0]


def found(cast, text):
    return [source.source for source in file.ask(cast.committee, lambda corpus: compare(text, corpus))[0]]


def test_texts_come_and_go(cast):
    first, second = add(cast.secretary, cast.branch, new(), new("范文", ARCHIVES, visibility="template"))
    assert names(cast) == {f"text/{first.pk}", f"text/{second.pk}"}
    assert found(cast, HYDROLOGY) == [f"text/{first.pk}"]
    services.remove_text(cast.secretary, first)
    assert names(cast) == {f"text/{second.pk}"}
    assert found(cast, HYDROLOGY) == []


def test_nothing_is_read_again_while_nothing_changes(cast, django_assert_num_queries):
    add(cast.secretary, cast.branch)
    assert found(cast, HYDROLOGY)
    with django_assert_num_queries(len(file.feeds())):  # one mark a feed
        assert found(cast, HYDROLOGY)


def test_one_tree_does_not_meet_another(cast):
    values = {"code": "XQ", "name": "溪桥县县直机关工委", "kind": "organs-work-committee", "founded": "2012-03-01"}
    elsewhere = Organization.objects.add_root(values)
    add(cast.secretary, cast.branch)
    assert file.ask(elsewhere, lambda corpus: compare(HYDROLOGY, corpus))[0] == []
    assert file.place_of(elsewhere) != file.place_of(cast.committee)


@pytest.mark.parametrize("harm", ["gone", "garbage", "cut", "index", "state", "other"])
def test_a_harmed_file_is_written_anew(cast, harm):
    (row,) = add(cast.secretary, cast.branch)
    assert found(cast, HYDROLOGY)
    place = file.place_of(cast.committee)
    if harm == "gone":
        place.unlink()
    elif harm == "garbage":
        place.write_bytes(b"no database at all" * 500)
    elif harm == "cut":
        place.write_bytes(place.read_bytes()[:5000])
    elif harm == "index":
        place.with_name(place.name + ".index").write_bytes(b"?")
    elif harm == "state":
        place.with_suffix(".json").write_text('{"marks": 3}')
    else:
        place.write_bytes(b"")
    assert found(cast, HYDROLOGY) == [f"text/{row.pk}"]
    assert names(cast) == {f"text/{row.pk}"}


def test_a_file_from_elsewhere_is_brought_in_line(cast):
    """The file of an older backup: one text too many, one too few."""
    kept, dropped = add(cast.secretary, cast.branch, new(), new("另一篇", ARCHIVES))
    names(cast)
    place = file.place_of(cast.committee)
    older = {path.name: path.read_bytes() for path in place.parent.iterdir()}
    services.remove_text(cast.secretary, dropped)
    (later,) = add(cast.secretary, cast.branch, new("后来的", HONEST))
    assert names(cast) == {f"text/{kept.pk}", f"text/{later.pk}"}
    for name in (place.name, place.name + ".index"):
        (place.parent / name).write_bytes(older[name])
    services.remove_text(cast.secretary, kept)
    assert names(cast) == {f"text/{later.pk}"}


def test_many_texts_are_taken_in_over_several_requests(cast, monkeypatch):
    monkeypatch.setattr(file, "AT_ONCE", 2)
    rows = add(cast.secretary, cast.branch, *(new(f"第{n}篇", HYDROLOGY + "第" + "一" * n + "段") for n in range(5)))
    waiting = [file.ask(cast.committee, len)[1].waiting for _ in range(4)]
    assert waiting == [3, 1, 0, 0]
    assert names(cast) == {f"text/{row.pk}" for row in rows}


def test_a_rebuild_takes_everything_in_and_is_noted(cast, monkeypatch):
    monkeypatch.setattr(file, "AT_ONCE", 2)
    add(cast.secretary, cast.branch, *(new(f"第{n}篇", HYDROLOGY + "第" + "一" * n + "段") for n in range(5)))
    assert services.rebuild(cast.secretary, cast.branch) == 5
    entry = cast.branch.journal.first()
    assert (entry.verb, entry.account) == ("rebuild-corpus", cast.secretary)
    assert file.ask(cast.committee, len)[1].waiting == 0


def test_a_corpus_that_doubled_is_indexed_anew_behind_the_pages(cast, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr("zhibu.trace.corpus.EASY", 0)
    texts = [new(f"第{n}篇", HYDROLOGY + "第" + "一" * n + "段") for n in range(16)]
    add(cast.secretary, cast.branch, *texts[:8])
    for text in texts[8:]:
        assert not file.ask(cast.committee, len)[1].due
        add(cast.secretary, cast.branch, text)

    def asked():
        with django_capture_on_commit_callbacks(execute=True):
            return compared(HYDROLOGY, cast.branch, cast.secretary, AT.date())

    before = asked()
    asked()
    job = DBTaskResult.objects.get()  # one, however often it is asked for
    assert job.args_kwargs["args"] == [cast.committee.pk]
    assert jobs.rebuild_corpus.call(*job.args_kwargs["args"]) == 16
    assert not file.ask(cast.committee, len)[1].due
    assert file.ask(cast.committee, lambda corpus: corpus.rebuild_due)[0] is False
    job.delete()
    assert [one.origin.name for one in asked().seen] == [one.origin.name for one in before.seen]
    assert not DBTaskResult.objects.exists()
    assert jobs.rebuild_corpus.call(cast.committee.pk) == 16  # run again, it does nothing


@pytest.mark.django_db(transaction=True)
def test_several_at_once_leave_one_whole_file(cast):
    from django.db import connection

    rows = add(cast.secretary, cast.branch, *(new(f"第{n}篇", HYDROLOGY + "第" + "一" * n + "段") for n in range(6)))

    def one(_):
        try:
            return found(cast, HYDROLOGY), names(cast)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(one, range(8)))
    wanted = {f"text/{row.pk}" for row in rows}
    assert all(seen == wanted and sources for sources, seen in answers)
    assert json.loads(file.place_of(cast.committee).with_suffix(".json").read_text())["waiting"] == 0


def test_a_folder_that_cannot_be_written_is_a_sentence(cast, settings, tmp_path):
    (tmp_path / "file").write_text("")
    settings.CORPUS = tmp_path / "file" / "corpus"
    with pytest.raises(UserError, match="无法写入资料库文件夹"):
        names(cast)
    assert not CorpusText.objects.exists()
