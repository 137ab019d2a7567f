from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import Pattern
from zhibu.errors import Sentence

POST = Pattern(r"由[^，。；、]{0,10}担任[^，。；、]{0,8}书记|(?:改选|调整)[^，。；、]{0,6}为?(?:支部)?书记")
PROCEDURE = Pattern(r"选举|推选|当选|改选|批准|批复|任命|指派|委派")


@rule(
    "FA14",
    "procedure-gap",
    severity="warning",
    confidence="likely",
    label="任职没有写明程序",
    label_en="A post without its procedure",
    message=Sentence("procedure-gap", "“{excerpt}”没有写明选举和批准。"),
    why=Sentence("procedure-gap-why", "支部书记由选举产生或上级指派，报上级批准；不写程序，任职就说不清。"),
    fix=Sentence("procedure-gap-fix", "请写明哪一天由党员大会（支委会）选举或由谁指派，哪个党组织批复。"),
)
def procedure_gap(report: Outline, context: Context) -> Iterator[Hit]:
    """履职部分说某人担任书记，同一句没有“选举”“批复”“任命”等词时报告。

    好：3月5日支部党员大会选举我为书记，3月12日机关工委批复。
    """
    for sentence in report.sentences_of("performance", "basic"):
        found = POST.search(sentence.text)
        if found and not PROCEDURE.search(sentence.text):
            yield Hit(sentence.start + found.start(), sentence.start + found.end())
