from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Edit, Hit
from zhibu.checks.outline import Outline
from zhibu.checks.words import matches
from zhibu.errors import Sentence


@rule(
    "WO04",
    "wrong-word",
    severity="warning",
    label="错别字",
    label_en="Wrong word",
    message=Sentence("wrong-word", "“{excerpt}”应为“{replacement}”。"),
    why=Sentence("wrong-word-why", "同音、形近的字输入法常常选错。"),
    fix=Sentence("wrong-word-fix", "请改为“{replacement}”。"),
)
def wrong_word(report: Outline, context: Context) -> Iterator[Hit]:
    """按词表查找错别字和用错的近义词。词表在 wording/wrong_words.yaml，可以增补。

    不好：切合点、布署、一如继往
    好：契合点、部署、一如既往
    """
    for found, word in matches("wrong_words", report.text):
        edits = (Edit(found.start(), found.end(), word.replacement),) if word.certain else ()
        yield Hit(found.start(), found.end(), {"replacement": word.replacement}, edits=edits)
