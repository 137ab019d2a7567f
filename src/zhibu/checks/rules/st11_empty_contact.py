from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import HAN, Pattern
from zhibu.errors import Sentence

NAME = "群|QQ|电话|手机|微信|邮箱|联系人|联系方式|地址|时间|地点|姓名|职务|单位"
LABEL = Pattern(rf"[{HAN}A-Za-z]{{0,6}}(?:{NAME})[：:](?=[ \t　]{{0,80}}(?:$|\n)|[ \t　]{{3}}|\t)")


@rule(
    "ST11",
    "empty-contact",
    severity="warning",
    label="有栏目没有内容",
    label_en="A label without a value",
    message=Sentence("empty-contact", "“{excerpt}”后面是空的。"),
    why=Sentence("empty-contact-why", "空栏目是模板的痕迹。"),
    fix=Sentence("empty-contact-fix", "请填上内容，或删去这一栏。"),
)
def empty_contact(report: Outline, context: Context) -> Iterator[Hit]:
    """查找“联系人：”“电话：”“群：”这类后面没有内容的栏目。

    不好：联系人：　　电话：
    好：联系人：张三
    """
    for found in LABEL.finditer(report.text):
        yield Hit(found.start(), found.end())
