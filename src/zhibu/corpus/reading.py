"""Files on their way into the corpus: read, and what they seem to be. Nothing is kept; pure but for the reader."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from zhibu.checks.outline import parse
from zhibu.documents.paragraphs import clean
from zhibu.documents.read import read_document
from zhibu.errors import UserError

MOST_FILES = 20
LONGEST = 200_000
"""Characters of one text: forty ordinary reports."""
LONGEST_TOGETHER = 1_000_000
SHORTEST = 30
"""Signs; shorter ones carry no passage worth telling of."""
ACCEPT = ".docx,.doc,.wps,.rtf,.odt,.pdf,.txt,.md"


@dataclass(frozen=True, slots=True)
class Upload:
    """One file: what was read and guessed, or why it could not be."""

    file_name: str
    title: str = ""
    owner: str = ""
    year: int | None = None
    text: str = ""
    problem: UserError | None = None

    @property
    def characters(self) -> int:
        return len(self.text)


def read_uploads(files: Sequence[tuple[str, bytes]]) -> list[Upload]:
    """What each file holds, in their order; `files` are names and bytes. UserError when there are too many."""
    if len(files) > MOST_FILES:
        raise UserError("corpus-many-files", "一次最多{most}个文件，请分几次添加。", most=MOST_FILES)
    uploads = [_read(name, data) for name, data in files]
    if sum(each.characters for each in uploads) > LONGEST_TOGETHER:
        raise UserError("corpus-much-text", "这些文件合起来超过{limit}字，请分几次添加。", limit=LONGEST_TOGETHER)
    return uploads


def _read(name: str, data: bytes) -> Upload:
    name = PurePath(name.replace("\\", "/")).name[:200] or "文件"
    try:
        return guessed(name, checked(read_document(data, name, convert=True).text, name))
    except UserError as error:
        return Upload(name, problem=error)


def checked(text: str, name: str) -> str:
    """A text fit for the corpus. UserError when it is too short to share anything, or too long to be one report."""
    text = clean(text).strip("\n")
    if len("".join(text.split())) < SHORTEST:
        raise UserError(
            "corpus-short-text", "“{name}”不到{least}字，对照不出什么，没有收入。", name=name, least=SHORTEST
        )
    if len(text) > LONGEST:
        raise UserError(
            "corpus-long-text", "“{name}”超过{limit}字，像是合集。请拆成一篇一个文件。", name=name, limit=LONGEST
        )
    return text


def guessed(name: str, text: str) -> Upload:
    """Title, owner and year as the text itself gives them; a person looks them over."""
    outline = parse(text)
    title = "".join(line.text for line in outline.lines("title"))
    owner = next(iter(line.text for line in [*outline.lines("byline"), *outline.lines("signature")]), "")
    return Upload(name, (title or PurePath(name).stem)[:200], owner[:120], outline.year, text)


def titles(uploads: Iterable[Upload]) -> str:
    """The titles in one sentence: 《…》《…》等5篇."""
    names = [f"《{each.title}》" for each in uploads]
    return "".join(names[:3]) + (f"等{len(names)}篇" if len(names) > 3 else "")
