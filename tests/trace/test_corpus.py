"""The corpus: kept as texts come and go, its index written anew when it must be."""

import multiprocessing
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from zhibu.errors import UserError
from zhibu.trace import Corpus, Text, compare, corpus, index, known
from zhibu.trace.grams import grams
from zhibu.trace.normal import normalise

WATER = "三月五日我到青石社区清点了冬修水渠的全部阀门，当场换下漏水的九个，请村民代表签字验收。"
TEMPLATE = WATER + "汛期前我们请退休的桥梁工程师看了下湾便桥，按他的意见加了护栏，又立了限重牌。"
"""Long enough to be no formula, however many write it."""
WORDS = ["渡口", "茶山", "砖厂", "苗圃", "夜校", "冷库", "驿站", "染坊", "磨房", "鱼塘", "戏台", "窑洞"]


def texts(count=12):
    return [
        Text(
            f"{word}{k}",
            f"我在{word}守了{k}天，把{word * 3}的账目都看过，{word[::-1] * 4}的人也见了。",
            f"支部{k}",
            2024,
        )
        for k, word in ((k, WORDS[k % len(WORDS)] + chr(0x4E00 + 7 * k)) for k in range(count))
    ]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "资料.db"


@pytest.fixture
def filled(path):
    with Corpus(path, create=True) as opened:
        opened.add([*texts(), Text("去年", WATER, "本支部", 2024, "own")])
    return path


def sources(path, text=WATER, **options):
    with Corpus(path) as opened:
        return [each.source for each in compare(text, opened, **options)]


def test_a_text_is_found_with_what_is_known_of_it(filled):
    with Corpus(filled) as opened:
        (source,) = compare("别的话在前面。" + WATER, opened)
    assert (source.source, source.owner, source.year, source.visibility) == ("去年", "本支部", 2024, "own")
    assert [each.kind for each in source.passages] == ["identical"]


def test_texts_come_and_go(filled):
    with Corpus(filled) as opened:
        assert opened.add([Text("后来", WATER)]) == 1
        assert {each.source for each in compare(WATER, opened)} == {"去年", "后来"}
        opened.remove(["去年"])
        assert [each.source for each in compare(WATER, opened)] == ["后来"]
        assert len(opened) == 13
    assert sources(filled) == ["后来"]


def test_the_same_text_again_changes_nothing_and_a_new_wording_takes_its_place(filled):
    with Corpus(filled) as opened:
        assert opened.add([Text("去年", WATER, "本支部", 2024, "own")]) == 0
        assert opened.add([Text("去年", "换成了完全不同的另一句话，与水渠毫无关系可言。", "本支部", 2024, "own")]) == 1
        assert len(opened) == 13
    assert sources(filled) == []


def test_a_report_is_not_compared_with_itself(filled):
    assert sources(filled, without=["去年"]) == []


def test_nothing_is_removed_when_one_name_is_wrong(filled):
    with Corpus(filled) as opened, pytest.raises(UserError) as refused:
        opened.remove(["去年", "没有的"])
    assert refused.value.code == "corpus-no-text"
    assert sources(filled) == ["去年"]


def test_what_came_since_is_merged_into_the_index(filled, monkeypatch):
    monkeypatch.setattr(corpus, "TAIL", 3)
    with Corpus(filled) as opened:
        opened.rebuild()
        for k in range(4):
            opened.add([Text(f"新{k}", WATER + texts(40)[20 + k].text)])
        found = index.read(opened.index_path)
        assert (found.last, found.counted, found.count) == (16, 13, 13)
    assert set(sources(filled)) == {"去年", "新0", "新1", "新2", "新3"}


@pytest.mark.parametrize(
    "damage",
    [
        lambda file: file.unlink(),
        lambda file: file.write_bytes(b""),
        lambda file: file.write_bytes(b"no index at all" * 9),
        lambda file: file.write_bytes(file.read_bytes()[:-20]),
        lambda file: file.write_bytes(file.read_bytes()[100:]),
        lambda file: file.write_bytes(bytes(200) + file.read_bytes()[200:]),
    ],
    ids=["gone", "empty", "other", "cut at the end", "cut at the beginning", "changed inside"],
)
def test_a_damaged_index_is_written_anew(filled, damage):
    file = filled.with_name("资料.db.index")
    damage(file)
    assert sources(filled) == ["去年"]
    assert index.read(file).count == 13


@pytest.mark.parametrize(
    "change",
    [lambda old: old | index.ID, lambda old: old[::-1], lambda old: np.where(old < np.median(old), old, 0)],
    ids=["unknown texts", "out of order", "half empty"],
)
def test_a_large_index_that_shows_its_damage_is_written_anew(filled, monkeypatch, change):
    monkeypatch.setattr(index, "CHECKED", 0)
    with Corpus(filled) as opened:
        opened.rebuild()
    file = filled.with_name("资料.db.index")
    old = index.read(file).postings.copy()
    file.write_bytes(file.read_bytes().replace(old.tobytes(), change(old).tobytes()))
    assert sources(filled) == ["去年"]
    assert index.read(file).postings.tolist() == old.tolist()


def test_who_may_read_the_corpus_may_read_its_index(filled):
    filled.chmod(0o640)
    with Corpus(filled) as opened:
        opened.rebuild()
        assert opened.index_path.stat().st_mode & 0o777 == 0o640


def test_the_index_of_another_corpus_is_not_used(filled, tmp_path):
    with Corpus(tmp_path / "b.db", create=True) as other:
        other.add(texts(30))
    (tmp_path / "b.db.index").replace(filled.with_name("资料.db.index"))
    assert sources(filled) == ["去年"]


def test_a_comparison_under_way_outlives_a_rebuild_and_sees_what_others_add(filled):
    with Corpus(filled) as opened, Corpus(filled) as other:
        before = opened.candidates(grams(normalise(WATER).codes), 12)
        other.add(texts(30))
        other.rebuild()
        assert [opened.text(key).name for key in before] == ["去年"]
        other.add([Text("后来", WATER)])
        assert {each.source for each in compare(WATER, opened)} == {"去年", "后来"}


def _rebuild(path, times):
    with Corpus(path) as opened:
        for _ in range(times):
            opened.rebuild()


def test_comparing_while_another_process_rebuilds(filled):
    process = multiprocessing.get_context("spawn").Process(target=_rebuild, args=(filled, 20))
    process.start()
    try:
        found = []
        while process.is_alive() or not found:
            found.append(sources(filled))
    finally:
        process.join()
    assert process.exitcode == 0
    assert all(each == ["去年"] for each in found)
    assert {file.name for file in filled.parent.iterdir()} == {"资料.db", "资料.db.index"}


def test_what_is_no_corpus_is_refused_and_left_as_it_was(path, tmp_path):
    with pytest.raises(UserError) as missing:
        Corpus(path)
    assert missing.value.code == "corpus-missing"
    path.write_bytes(b"a text file, no database" * 100)
    with pytest.raises(UserError) as damaged:
        Corpus(path, create=True)
    assert damaged.value.code == "corpus-damaged"
    with sqlite3.connect(tmp_path / "other.db") as connection:
        connection.execute("CREATE TABLE members (name TEXT)")
    with pytest.raises(UserError) as other:
        Corpus(tmp_path / "other.db", create=True)
    assert other.value.code == "corpus-other"
    with sqlite3.connect(tmp_path / "other.db") as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("members",)]


def test_a_name_that_is_no_text_is_kept_with_its_numbers(filled):
    odd = "2024\udc80.txt"
    with Corpus(filled) as opened:
        assert opened.add([Text(odd, TEMPLATE, "支部\udc80")]) == 1
        assert opened.add([Text(odd, TEMPLATE, "支部\udc80")]) == 0
        assert [each.source for each in compare(TEMPLATE, opened, without=["去年"])] == ["2024\\udc80.txt"]
        assert [each.source for each in compare(TEMPLATE, opened, without=[odd])] == ["去年"]
        assert len(compare(TEMPLATE, opened, only=[odd])) == 1
        assert opened.remove([odd]) == 1


def test_an_empty_corpus_and_empty_texts_give_nothing(path):
    with Corpus(path, create=True) as opened:
        assert compare(WATER, opened) == []
        opened.add([Text("空", ""), Text("空白", " \n")])
        assert compare(WATER, opened) == compare("", opened) == []


def test_only_some_texts_are_compared_with_and_some_are_not(filled):
    with Corpus(filled) as opened:
        opened.add(Text(f"新{k}", TEMPLATE + each.text) for k, each in enumerate(texts(40)[20:]))
        assert [each.source for each in compare(TEMPLATE, opened, only=["新3", "没有的"])] == ["新3"]
        assert compare(TEMPLATE, opened, only=[]) == compare(TEMPLATE, opened, only=["新3"], without=["新3"]) == []
        many = [f"新{k}" for k in range(18)]
        found = {each.source for each in compare(TEMPLATE, opened, most=5, only=many, without=["新0"])}
        assert len(found) == 5
        assert found < set(many) - {"新0"}


def test_a_list_is_brought_up_to_date_by_names_and_digests(filled):
    wanted = {each.name: each for each in [*texts(30)[10:], Text("去年", WATER + "改过。", "本支部", 2024, "own")]}
    with Corpus(filled) as opened:
        there = opened.digests()
        assert there["去年"] == Text("别的名称", WATER).digest
        assert opened.add(text for text in wanted.values() if there.get(text.name) != text.digest) == 19
        assert opened.remove([*(there.keys() - wanted.keys()), "没有的"], missing_ok=True) == 10
        assert opened.digests() == {name: text.digest for name, text in wanted.items()}


def test_an_index_is_read_once_however_often_the_corpus_is_opened(filled, monkeypatch):
    read, fetched = [], []
    monkeypatch.setattr(known.index, "read", lambda path, real=index.read: (read.append(path), real(path))[1])
    after = Corpus._after
    monkeypatch.setattr(Corpus, "_after", lambda self, *some: (fetched.append(some[0].last), after(self, *some))[1])
    for k in range(3):
        assert sources(filled) == ["去年"] + [f"新{n}" for n in range(k)]
        with Corpus(filled) as opened:
            opened.add([Text(f"新{k}", WATER + texts(40)[20 + k].text)])
    assert len(read) == 1
    assert len(fetched) == len(set(fetched))


def test_an_older_copy_of_the_texts_is_known_for_one(filled):
    with Corpus(filled) as opened:
        opened.rebuild()
    copy = filled.read_bytes()
    with Corpus(filled) as opened:
        opened.add([Text("后来", WATER), *texts(30)[20:22]])
    assert set(sources(filled)) == {"去年", "后来"}
    filled.write_bytes(copy)
    assert sources(filled) == ["去年"]
    with Corpus(filled) as opened:
        opened.add([*texts(30)[20:22], Text("另外", WATER)])
    assert set(sources(filled)) == {"去年", "另外"}


def test_formulas_are_counted_anew_when_a_large_corpus_doubled_at_once_and_else_when_asked(filled, monkeypatch):
    monkeypatch.setattr(corpus, "EASY", 10)
    with Corpus(filled) as opened:
        opened.rebuild()
        for text in texts(40)[12:]:
            opened.add([text])
        assert opened.rebuild_due
        assert set(sources(filled)) == {"去年"}
        opened.rebuild()
        assert not opened.rebuild_due
        opened.add(replace(text, text=text.text[::-1]) for text in texts(41))
        assert index.read(opened.index_path).counted == 13 + 28 + 41


def test_merging_leaves_out_what_was_removed(filled, monkeypatch):
    monkeypatch.setattr(corpus, "TAIL", 3)
    with Corpus(filled) as opened:
        opened.rebuild()
        opened.remove(["去年"])
        opened.add(texts(40)[20:23])
        assert not (index.read(opened.index_path).postings & index.ID == 13).any()


def test_postings_come_in_order_whatever_their_number(tmp_path, monkeypatch):
    monkeypatch.setattr(index, "_BUCKET", 3)
    monkeypatch.setattr(index, "_BLOCK", 50)
    chance = np.random.default_rng(3)
    parts = [chance.integers(0, 1 << 60, 40, np.uint64) << np.uint64(4) | np.uint64(key) for key in range(12)]
    whole = np.sort(np.concatenate(parts))
    assert np.concatenate(list(index.in_order(parts, 12, tmp_path))).tolist() == whole.tolist()
    there = np.ones(12, bool)
    monkeypatch.setattr(index, "ID", np.uint64(15))
    for cut in (0, 1, 50, 100, 479, 480):
        chosen = chance.permutation(whole)
        merged = index.merged(np.sort(chosen[:cut]), np.sort(chosen[cut:]), there)
        assert np.concatenate(list(merged)).tolist() == whole.tolist()
    there[5] = False
    left = np.concatenate(list(index.merged(whole, index.NONE, there)))
    assert left.tolist() == [each for each in whole.tolist() if each & 15 != 5]


@pytest.fixture
def template(filled):
    with Corpus(filled) as opened:
        opened.add([Text("范文", TEMPLATE)])
    return filled


def _add(path, count):
    for k in range(count):
        with Corpus(path) as opened:
            opened.add([Text(f"新{k}", TEMPLATE + f"第{chr(0x5000 + k)}{chr(0x6000 + k)}份")])


def _compare(path, times):
    seen = {"范文"}
    for _ in range(times):
        found = _with_template(path)
        assert found >= seen
        seen = found


def _with_template(path):
    """... the sentence alone becomes formula as more texts have it."""
    with Corpus(path) as opened:
        return {each.source for each in compare(TEMPLATE, opened, most=100)} - {"去年"}


def test_several_processes_compare_while_one_adds_and_one_rebuilds(template):
    spawn = multiprocessing.get_context("spawn")
    jobs = [(_compare, 60), (_compare, 60), (_add, 40), (_rebuild, 20)]
    processes = [spawn.Process(target=job, args=(template, times)) for job, times in jobs]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0, 0]
    assert _with_template(template) == {"范文", *(f"新{k}" for k in range(40))}
    assert {file.name for file in template.parent.iterdir()} == {"资料.db", "资料.db.index"}


def test_several_threads_of_one_process_compare_while_another_adds(template):
    with ThreadPoolExecutor(4) as pool:
        adding = pool.submit(_add, template, 20)
        comparing = [pool.submit(_compare, template, 20) for _ in range(3)]
    for each in (adding, *comparing):
        each.result()
    assert _with_template(template) == {"范文", *(f"新{k}" for k in range(20))}
