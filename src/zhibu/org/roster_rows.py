"""One row of a roster, read into what would be saved, with what is wrong with it in the user's words. No database."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from zhibu.errors import Sentence, UserError
from zhibu.org.fields import life_in_order, not_future
from zhibu.org.identity import Identity, identity_of
from zhibu.org.models import Status, Title
from zhibu.org.workbook import Cell


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the roster: our key, the header in our form, other headers it goes by, a hint for the form."""

    key: str
    header: str
    aliases: tuple[str, ...] = ()
    hint: str = ""
    required: bool = False


COLUMNS = (
    Column("number", "编号", ("党员编号", "党员号"), "不填则接着现有编号"),
    Column("name", "姓名", ("党员姓名", "名字"), required=True),
    Column("gender", "性别", (), "男 或 女"),
    Column("born", "出生日期", ("出生年月", "出生年月日", "生日"), "1985-03-05"),
    Column("identity", "身份证号", ("身份证", "身份证号码", "公民身份号码"), "文本格式，18位；只保存后四位"),
    Column("education", "学历", ("文化程度", "最高学历")),
    Column("joined", "入党日期", ("入党时间", "入党年月", "加入党组织日期", "加入中共组织日期"), "2012-07-01"),
    Column("confirmed", "转正日期", ("转正时间", "转为正式党员日期"), "2013-07-01"),
    Column("status", "人员类别", ("党员类别", "党员类型", "类别", "党员身份"), "正式党员 或 预备党员", required=True),
    Column("branch", "所在支部", ("所在党支部", "党支部", "支部", "支部名称", "所属支部", "所在党组织")),
    Column(
        "since", "转入日期", ("转入时间", "进入本支部日期", "转入本支部日期", "组织关系转入日期"), "进入本支部的日期"
    ),
    Column("cell", "党小组", ("所在党小组", "小组"), "没有的会新建"),
    Column("posts", "党内职务", ("职务", "支部职务", "党组织职务"), "书记、副书记、组织委员……"),
    Column("post_since", "任职日期", ("任职时间", "任党内职务日期"), "有职务的填写"),
    Column("term_ends", "任期届满", ("届满日期", "任期届满日期"), "有职务的填写"),
    Column("job", "工作岗位", ("岗位", "工作单位及职务", "行政职务", "单位职务")),
)
WORDS = {header: column.key for column in COLUMNS for header in (column.header, *column.aliases)}
HEADER_OF = {column.key: column.header for column in COLUMNS}
GENDERS = {"男": "m", "女": "f"}
STATUSES = {
    "正式党员": Status.FULL,
    "正式": Status.FULL,
    "预备党员": Status.PROBATIONARY,
    "预备": Status.PROBATIONARY,
}
TITLES = {
    "书记": Title.SECRETARY,
    "副书记": Title.DEPUTY_SECRETARY,
    "组织委员": Title.ORGANIZATION_MEMBER,
    "宣传委员": Title.PUBLICITY_MEMBER,
    "纪检委员": Title.DISCIPLINE_MEMBER,
    "纪律检查委员": Title.DISCIPLINE_MEMBER,
    "委员": Title.COMMITTEE_MEMBER,
    "党小组组长": Title.CELL_LEADER,
    "党小组长": Title.CELL_LEADER,
    "小组长": Title.CELL_LEADER,
    "党务干事": Title.CLERK,
    "党务工作者": Title.CLERK,
}
NO_POST = {"", "无", "党员", "普通党员", "群众", "/", "-", "—"}
EXAMPLE = "示例"
"""A name that begins so is the form's example row."""
Given = Mapping[str, Cell]


@dataclass
class Row:
    """`values` are what would be saved (dates as ISO text, so that a preview can keep them as JSON)."""

    line: int
    values: dict[str, object] = field(default_factory=dict)
    errors: list[Sentence] = field(default_factory=list)
    warnings: list[Sentence] = field(default_factory=list)
    known: bool = False
    """The very person is on the roster already, as in a file exported, added to and brought back: passed over."""


def word(cell: Cell) -> str:
    """A header as it is compared: without blanks, marks and remarks in brackets."""
    return re.sub(r"[（(].*?[)）]|[\s*＊：:　]", "", str(cell), flags=re.S)


def find_header(table: Sequence[Sequence[Cell]]) -> tuple[int, dict[int, str], list[str]]:
    """Row of the header among the first ten, column → key, and the headers not understood. UserError without one."""
    best = max(range(min(10, len(table))), key=lambda at: len({WORDS.get(word(c)) for c in table[at]}), default=None)
    if best is None:
        raise UserError("sheet-empty", "表格是空的。")
    columns: dict[int, str] = {}
    unknown = []
    for at, cell in enumerate(table[best]):
        key = WORDS.get(word(cell))
        if key and key in columns.values():
            raise UserError("column-twice", "有两列都是“{header}”，请只留一列。", header=HEADER_OF[key])
        if key:
            columns[at] = key
        elif word(cell):
            unknown.append(word(cell)[:20])
    missing = [column.header for column in COLUMNS if column.required and column.key not in columns.values()]
    if missing:
        found = "、".join(unknown[:12] + [HEADER_OF[key] for key in columns.values()]) or "没有文字"
        raise UserError(
            "column-missing",
            "没有找到{missing}这一列。前10行里应有表头；现在最像表头的是第{line}行：{found}。请下载空白表对照列名。",
            missing="、".join(f"“{name}”" for name in missing),
            line=best + 1,
            found=found,
        )
    return best, columns, unknown


_DAY = re.compile(r"(\d{4})\s*[年./\-]\s*(\d{1,2})(?:\s*[月./\-]\s*(\d{1,2})\s*日?|\s*月?)\s*")


def read_day(cell: Cell) -> tuple[date, bool] | None:
    """The day a cell means, and whether the day itself was given (2019.07 names a month: its first day)."""
    if isinstance(cell, datetime):
        return cell.date(), True
    if isinstance(cell, date):
        return cell, True
    text = (
        str(int(cell)) if isinstance(cell, int | float) and cell == int(cell) and cell > 10_000 else str(cell).strip()
    )
    if re.fullmatch(r"\d{8}", text, re.ASCII):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    elif re.fullmatch(r"\d{6}", text, re.ASCII):
        text = f"{text[:4]}-{text[4:]}"
    match = _DAY.fullmatch(text)
    if not match:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3] or 1)), bool(match[3])
    except ValueError:
        return None


def read_row(line: int, given: Given, today: date) -> Row:
    """Everything one row says, alone. What depends on the branch or on other rows is checked by `roster`."""
    row = Row(line)
    text = {key: plain(cell) for key, cell in given.items()}
    for key in ("name", "number", "education", "job", "branch", "cell"):
        row.values[key] = re.sub(r"\s+", "" if key in ("name", "branch", "cell") else " ", text.get(key, ""))
    _limits(row)
    for key in ("born", "joined", "confirmed", "since", "post_since", "term_ends"):
        row.values[key] = _day(row, key, given.get(key, ""), today)
    row.values["gender"] = _choice(row, "gender", text.get("gender", ""), GENDERS)
    row.values["status"] = _choice(row, "status", text.get("status", ""), STATUSES)
    if not text.get("status"):
        row.errors.append(Sentence("status-empty", "没有填写“人员类别”，请写“正式党员”或“预备党员”。"))
    row.values["posts"] = _posts(row, text.get("posts", ""))
    _identity(row, given.get("identity", ""))
    _order(row, today)
    return row


def plain(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).strip()


LONGEST = {"name": 60, "number": 40, "education": 20, "job": 80, "branch": 120, "cell": 120}


def _limits(row: Row) -> None:
    if not row.values["name"]:
        row.errors.append(Sentence("name-empty", "没有填写姓名。"))
    for key, most in LONGEST.items():
        if len(str(row.values[key])) > most:
            row.errors.append(
                Sentence("too-long", "“{column}”超过{most}个字，请缩短。", column=HEADER_OF[key], most=most)
            )


def _day(row: Row, key: str, cell: Cell, today: date) -> str:
    if plain(cell) == "":
        return ""
    found = read_day(cell)
    data = {"column": HEADER_OF[key], "text": plain(cell)[:30]}
    if found is None:
        row.errors.append(Sentence("not-a-date", "{column}“{text}”不是日期，请写成 1990-01-05 这样。", **data))
        return ""
    day, whole = found
    if not whole:
        row.warnings.append(Sentence("month-only", "{column}“{text}”没有写到日，按当月1日计。", **data))
    if key != "term_ends" and day > today:
        row.errors.append(Sentence("day-ahead", "{column}“{text}”还没有到，请核对。", **data))
        return ""
    if day.year < 1900:
        row.errors.append(Sentence("day-too-early", "{column}“{text}”太早，请核对年份。", **data))
        return ""
    return day.isoformat()


def _choice(row: Row, key: str, text: str, choices: Mapping[str, str]) -> str:
    if text and text not in choices:
        row.errors.append(
            Sentence(
                "not-a-choice", "{column}“{text}”不能识别，可以写：{allowed}。", column=HEADER_OF[key], text=text[:30],
                allowed="、".join(choices),
            )
        )  # fmt: skip
    return str(choices.get(text, ""))


def _posts(row: Row, text: str) -> list[str]:
    found = []
    for piece in re.split(r"[、，,;；/\s兼]+", text):
        name = re.sub(r"^(党?支部|支委)(?=.)", "", piece)
        if name in NO_POST:
            continue
        if name not in TITLES:
            row.errors.append(
                Sentence(
                    "not-a-post", "党内职务“{text}”不能识别，可以写：{allowed}；没有职务请留空。", text=piece[:30],
                    allowed="、".join(TITLES),
                )
            )  # fmt: skip
        elif TITLES[name] not in found:
            found.append(str(TITLES[name]))
    if found and not row.values["post_since"]:
        row.warnings.append(
            Sentence("post-without-day", "有党内职务而没有“任职日期”，职务不会导入，请导入后在“职务”页补上。")
        )
        return []
    return found


def _identity(row: Row, cell: Cell) -> None:
    """Only the digest and the last four places go on. A number cell has lost its last digits: nothing to rescue."""
    row.values.update(identity_digest="", identity_tail="")
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        row.errors.append(
            Sentence(
                "identity-number",
                "身份证号存成了数字，Excel 只留15位，后几位已经丢失。请把这一列设为“文本”格式后重新填写。",
            )
        )
        return
    text = plain(cell)
    if not text:
        return
    if "*" in text or "＊" in text:
        row.warnings.append(Sentence("identity-masked", "身份证号已遮盖，这一项没有导入。"))
        return
    try:
        identity = identity_of(text)
    except UserError as error:
        row.errors.append(error.sentence)
        return
    row.values.update(identity_digest=identity.digest, identity_tail=identity.tail)
    _compare(row, identity)


def _compare(row: Row, identity: Identity) -> None:
    born, gender = row.values["born"], row.values["gender"]
    if born and born != identity.born.isoformat():
        row.warnings.append(
            Sentence(
                "born-differs", "出生日期{born}与身份证号里的{other}不一致，请核对。", born=born, other=identity.born
            )
        )
    if gender and gender != identity.gender:
        row.warnings.append(Sentence("gender-differs", "性别与身份证号不一致，请核对。"))


def _order(row: Row, today: date) -> None:
    days = {key: as_day(row.values[key]) for key in ("born", "joined", "confirmed", "since", "post_since", "term_ends")}
    try:
        life_in_order(days, today)
        not_future(days["since"], today)
    except UserError as error:
        row.errors.append(error.sentence)
    status, joined, confirmed = row.values["status"], days["joined"], days["confirmed"]
    if status == Status.PROBATIONARY and confirmed:
        row.errors.append(Sentence("probationary-confirmed", "人员类别是预备党员，却填了转正日期，请核对。"))
    if status == Status.FULL and joined and not confirmed:
        row.warnings.append(Sentence("confirmed-unknown", "没有“转正日期”，从登记之日起按正式党员计。"))
    if not joined and not days["since"] and not row.errors:
        row.errors.append(Sentence("since-unknown", "“入党日期”和“转入日期”至少填一项，否则不知从哪天起计入。"))
    if days["post_since"] and days["term_ends"] and days["term_ends"] <= days["post_since"]:
        row.errors.append(Sentence("term-before-post", "任期届满日期应在任职日期之后。"))


def as_day(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and value else None
