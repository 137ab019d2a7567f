"""`compare` on small texts: what is found, where, and what is called what."""

from pathlib import Path

from zhibu.trace import Text, compare

WATER = "三月五日我到青石社区清点了冬修水渠的全部阀门，当场换下漏水的九个，请村民代表签字验收。"
LIBRARY = "六月里支部把闲置的仓库改成阅览室，党员捐书四百册，周末由青年党员轮流值守。"
BRIDGE = "汛期前我们请退休的桥梁工程师看了下湾便桥，按他的意见加了护栏，又立了限重牌。"
SCHOOL = "开学那一周，我带宣传委员在校门口守了五个早晨，数清了占道的摊位，再与市场商量挪到西街。"


def only(text, source):
    found = compare(text, {"去年": source})
    assert len(found) == 1
    return found[0]


def test_identical_texts_share_everything():
    source = only(WATER + LIBRARY, WATER + LIBRARY)
    assert source.share == 1.0
    assert [(each.start, each.end, each.kind) for each in source.passages] == [(0, 79, "identical")]


def test_a_passage_has_both_its_places():
    source = only(BRIDGE + WATER, LIBRARY + "\n" + WATER + SCHOOL)
    (passage,) = source.passages
    assert (BRIDGE + WATER)[passage.start : passage.end] == passage.excerpt == WATER.removesuffix("。")
    assert (LIBRARY + "\n" + WATER + SCHOOL)[passage.source_start : passage.source_end] == passage.excerpt
    assert 0.45 < source.share < 0.6


def test_texts_with_nothing_in_common_give_nothing():
    assert compare(WATER + LIBRARY, {"别的": BRIDGE + SCHOOL}) == []


def test_width_punctuation_spaces_and_hidden_characters_change_nothing():
    changed = "三月五日，我到青石社区 清点了冬修水渠的\u200b全部阀门;当场换下漏水的九个、请村民代表签字验收!"
    (passage,) = only(WATER, changed).passages
    assert passage.kind == "identical"


def test_only_numbers_and_dates_changed_is_named():
    changed = WATER.replace("三月五日", "11月29日").replace("九个", "14个")
    source = only(WATER, changed)
    assert source.share == 1.0
    assert [each.kind for each in source.passages] == ["values"]


def test_only_names_changed_is_named():
    (passage,) = only(WATER, WATER.replace("青石社区", "白云社区")).passages
    assert passage.kind == "values"


def test_other_words_changed_is_edited():
    (passage,) = only(WATER, WATER.replace("当场换下漏水的", "后来修好漏水的")).passages
    assert passage.kind == "edited"


def test_a_synonym_is_seen_through_and_is_an_edit():
    text = "我们每周推进一户困难党员的危房改造，由支部委员轮流到工地过问进度。"
    (passage,) = only(text, text.replace("推进", "推动")).passages
    assert (passage.start, passage.end, passage.kind) == (0, len(text) - 1, "edited")


def test_moved_passages_are_named():
    text, source = WATER + LIBRARY + BRIDGE, WATER + BRIDGE + LIBRARY
    kinds = {passage.excerpt[:2]: passage.kind for passage in only(text, source).passages}
    assert sorted(kinds.values()) == ["identical", "identical", "reordered"]


def test_official_wording_alone_gives_nothing():
    formula = "深入学习贯彻习近平新时代中国特色社会主义思想，增强“四个意识”、坚定“四个自信”、做到“两个维护”。"
    assert compare(formula + WATER, {"别的": formula + BRIDGE}) == []


def test_official_wording_inside_a_passage_does_not_end_it():
    formula = "深入学习贯彻习近平新时代中国特色社会主义思想，"
    (passage,) = only(WATER + formula + LIBRARY, SCHOOL + WATER + formula + LIBRARY).passages
    assert passage.end == len(WATER + formula + LIBRARY) - 1


def test_what_most_owners_write_gives_nothing_and_a_copy_still_shows():
    common = "按照年初与县委签订的责任书要求逐项抓好各项任务的落实。"
    own = ["渡口", "茶山", "砖厂", "苗圃", "夜校", "冷库", "驿站", "染坊", "磨房", "鱼塘"]
    texts = [
        Text(f"{k}", f"{common}我在{word}守了一天，{word * 4}的账目都看过了。", f"支部{k}")
        for k, word in enumerate(own)
    ]
    assert compare(common + WATER, texts) == []
    found = compare(common + WATER, [*texts, Text("抄", common + WATER, "支部抄")])
    assert [each.source for each in found] == ["抄"]


def test_a_template_that_most_owners_took_over_still_shows():
    template = BRIDGE + SCHOOL + LIBRARY
    own = ["渡口", "茶山", "砖厂", "苗圃", "夜校", "冷库", "驿站", "染坊", "磨房", "鱼塘"]
    texts = [Text(f"抄{k}", f"我在{word * 5}守了一天。{template}", f"支部{k}") for k, word in enumerate(own)]
    texts += [Text(f"无{k}", f"请{word[::-1] * 9}的人来。", f"别{k}") for k, word in enumerate(own)]
    found = compare(WATER + template, texts, most=20)
    assert {each.source for each in found} == {f"抄{k}" for k in range(len(own))}
    assert all(0.5 < each.share < 0.9 for each in found)


def test_the_larger_share_comes_first_and_a_text_can_be_left_out():
    texts = {"半": WATER + SCHOOL, "全": WATER + LIBRARY, "无": BRIDGE}
    assert [each.source for each in compare(WATER + LIBRARY, texts)] == ["全", "半"]
    assert [each.source for each in compare(WATER + LIBRARY, texts, without=["全"])] == ["半"]


def test_honest_reports_do_not_collide():
    folder = Path(__file__).parents[1] / "checks" / "honest"
    texts = {file.name: file.read_text(encoding="utf-8") for file in folder.glob("*.txt")}
    assert len(texts) >= 4
    for name, text in texts.items():
        assert compare(text, texts, without=[name]) == []


def test_empty_and_blank_texts_have_no_sources():
    for blank in ("", " \n", "。，！", "\u200b"):
        assert compare(blank, {"全": WATER}) == compare(WATER, {"空": blank}) == compare(blank, {"空": blank}) == []
    assert compare(WATER, {}) == []


def test_several_names_close_to_each_other_are_names():
    text = "三月里下雨之前我当面去请青石社区的老支书和渡口小组的人一起把冬修水渠的阀门清点了一遍。" + LIBRARY
    changed = text.replace("青石", "白云").replace("渡口", "茶山")
    assert [each.kind for each in only(text, changed).passages] == ["values"]
    assert [each.kind for each in only(text, changed.replace("老支书", "老会计")).passages] == ["edited"]


def test_a_phrase_makes_no_source_of_a_long_report_among_few_owners():
    phrase = "把会上定下的事项逐件写进台账。"
    own, others = WATER + BRIDGE, LIBRARY + SCHOOL
    known = [Text(str(k), chr(0x5000 + k) * 40, f"o{k}") for k in range(20)] + [Text("同", others + phrase, "p")]
    long = "".join(chr(0x6000 + k) for k in range(2000))
    assert compare(long + phrase, known) == []
    assert [each.source for each in compare(own + phrase, known)] == ["同"]
    assert [each.source for each in compare(long + phrase, known[-1:])] == ["同"]
    assert [each.source for each in compare(long + others + phrase, known)] == ["同"]
