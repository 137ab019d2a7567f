"""The corpus: kept as texts come and go, its index written anew when it must be."""

import multiprocessing
import sqlite3

import pytest

from zhibu.errors import UserError
from zhibu.trace import Corpus, Text, compare, corpus, index
from zhibu.trace.grams import grams
from zhibu.trace.normal import normalise

WATER = "三月五日我到青石社区清点了冬修水渠的全部阀门，当场换下漏水的九个，请村民代表签字验收。"
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
        assert index.read(opened.index_path).count == 16
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


def test_an_empty_corpus_and_empty_texts_give_nothing(path):
    with Corpus(path, create=True) as opened:
        assert compare(WATER, opened) == []
        opened.add([Text("空", ""), Text("空白", " \n")])
        assert compare(WATER, opened) == compare("", opened) == []
