"""The regulations as shipped: one folder each under `regulations/`, with `regulation.yaml` and its `cases.yaml`."""

from __future__ import annotations

from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

from zhibu.errors import UserError
from zhibu.rulebook.duty import CONFIDENCES, Duty, Regulation
from zhibu.rulebook.fields import Fields
from zhibu.rulebook.parsing import duty_to_data, parse_duty
from zhibu.rulebook.yamlfile import read_yaml, shown

__all__ = ["FOLDER", "all_duties", "duty_to_data", "find_duty", "load_regulations", "parse_duty", "parse_regulation"]

FOLDER = Path(__file__).with_name("regulations")


@lru_cache(maxsize=8)
def load_regulations(folder: Path = FOLDER) -> tuple[Regulation, ...]:
    """All regulations, oldest first. Raises UserError naming file, duty and field when a file is wrong."""
    files = sorted(folder.glob("*/regulation.yaml"))
    return tuple(sorted((parse_regulation(file) for file in files), key=lambda one: (one.since, one.slug)))


def all_duties() -> tuple[Duty, ...]:
    """The duties of every regulation, in the order of the files."""
    return tuple(duty for regulation in load_regulations() for duty in regulation.duties)


def find_duty(id: str) -> Duty:
    """The duty `slug/key`; key or label alone will do where only one duty has it. UserError with near matches else."""
    duties = {duty.id: duty for duty in all_duties()}
    if id in duties:
        return duties[id]
    named = [duty for duty in duties.values() if id in (duty.key, duty.label)]
    if len(named) == 1:
        return named[0]
    near = _near(id, tuple(duties.values()))
    if near:
        raise UserError("duty-unknown", "没有编号为“{id}”的要求。相近的有：{near}。", id=id, near="、".join(near))
    raise UserError("duty-unknown", "没有编号为“{id}”的要求。用 zhibu rules list 查看全部。", id=id)


def _near(id: str, duties: tuple[Duty, ...]) -> list[str]:
    """Up to five ids: same key, the words in id or label, then similar spelling."""
    wanted = id.strip().lower()
    holding = [
        duty.id for duty in duties if wanted and (wanted in duty.id or wanted in duty.label or duty.label in wanted)
    ]
    keys = {duty.key: duty.id for duty in duties}
    similar = get_close_matches(wanted, [duty.id for duty in duties], n=5)
    similar += [keys[key] for key in get_close_matches(wanted.rpartition("/")[2], keys, n=5)]
    return list(dict.fromkeys(holding + similar))[:5]


def parse_regulation(file: Path) -> Regulation:
    """One `regulation.yaml`; its folder's name is the slug."""
    where, slug = shown(file), file.parent.name
    given = Fields.of(read_yaml(file), where)
    dates = given.fields("in_force")
    title, issuer, number = given.text("title"), given.text("issuer"), given.text("number", "")
    since, until = dates.day("from"), dates.maybe_day("until")
    dates.taken.add("until")
    dates.done()
    duties = tuple(
        parse_duty(
            f"{slug}/{key}",
            data,
            regulation=title,
            since=since,
            until=until,
            origin=issuer,
            number=number,
            where=f"{where}，{key}",
        )
        for key, data in given.fields("duties").data.items()
    )
    regulation = Regulation(
        slug=slug,
        title=title,
        title_en=given.text("title_en", ""),
        issuer=issuer,
        number=number,
        source=given.text("source"),
        since=since,
        until=until,
        duties=duties,
        articles=_articles(duties),
    )
    given.done()
    return regulation


def _articles(duties: tuple[Duty, ...]) -> dict[str, str]:
    """Article → the weakest confidence with which a duty citing it was read."""
    ranks = list(CONFIDENCES)
    articles: dict[str, str] = {}
    for duty in duties:
        for article in filter(None, duty.article.split("、")):
            articles[article] = max(articles.get(article, "V"), duty.confidence, key=ranks.index)
    return articles
