"""The free fonts that stand for the official ones in PDF: where they are, and which characters they have.

They are looked for in `ZHIBU_FONTS`, `$ZHIBU_HOME/fonts` and the system's font folders, and are never part of this
project. An administrator's own 仿宋 is named by `ZHIBU_FANGSONG` (the path of a font file).
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from zhibu.errors import UserError

SYSTEM_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/share/texmf"), Path("/usr/share/texlive"))
REPLACEMENT = "〓"


@dataclass(frozen=True, slots=True)
class Font:
    """A font file, its family as typst calls it, and the Debian package it is in."""

    label: str
    family: str
    file: str
    package: str
    index: int = 0


FANGSONG = Font("仿宋（FandolFang）", "FandolFang R", "FandolFang-Regular.otf", "texlive-lang-chinese")
KAI = Font("楷体（AR PL UKai）", "AR PL UKai", "ukai.ttc", "fonts-arphic-ukai")
HEI = Font("黑体（Noto Sans CJK SC）", "Noto Sans CJK SC", "NotoSansCJK-Regular.ttc", "fonts-noto-cjk", 2)
SONG = Font("宋体（Noto Serif CJK SC）", "Noto Serif CJK SC", "NotoSerifCJK-Regular.ttc", "fonts-noto-cjk", 2)
BOLD_SONG = Font("小标宋（Noto Serif CJK SC Bold）", "Noto Serif CJK SC", "NotoSerifCJK-Bold.ttc", "fonts-noto-cjk", 2)


@dataclass(frozen=True, slots=True)
class FontSet:
    """The fonts of this machine: the folders they are in, and the families of each chain."""

    folders: tuple[str, ...]
    fangsong: str
    files: tuple[tuple[str, int], ...]

    def chains(self) -> dict[str, list[str]]:
        """Families in order of preference for each official font; every chain ends up with all of them."""
        rest = [SONG.family, HEI.family]
        chains = {
            "fang": [self.fangsong, KAI.family, *rest],
            "kai": [KAI.family, self.fangsong, *rest],
            "hei": [HEI.family, SONG.family, KAI.family, self.fangsong],
            "song": [SONG.family, KAI.family, HEI.family, self.fangsong],
        }
        return {name: list(dict.fromkeys(chain)) for name, chain in chains.items()}


def find_fonts() -> FontSet:
    """The fonts needed for a PDF. Raises UserError naming the missing font and its Debian package."""
    return _find(_folders(), os.environ.get("ZHIBU_FANGSONG", ""))


def _folders() -> tuple[Path, ...]:
    home = Path(os.environ.get("ZHIBU_HOME") or "var")
    own = [Path(folder) for folder in [os.environ.get("ZHIBU_FONTS", "")] if folder]
    return (*own, home / "fonts", *SYSTEM_FOLDERS)


@lru_cache(maxsize=4)
def _find(folders: tuple[Path, ...], fangsong: str) -> FontSet:
    files: list[tuple[str, int]] = []
    family = FANGSONG.family
    if fangsong:
        family = _family_of(Path(fangsong))
        files.append((fangsong, 0))
    for font in (KAI, HEI, SONG, BOLD_SONG) if fangsong else (FANGSONG, KAI, HEI, SONG, BOLD_SONG):
        found = _look_for(font.file, folders)
        if found is None:
            raise UserError(
                "font-missing",
                "缺少字体：{font}，无法生成 PDF。请安装软件包 {package}，或把 {file} 放入 ZHIBU_FONTS 指定的文件夹。",
                font=font.label,
                package=font.package,
                file=font.file,
            )
        files.append((str(found), font.index))
    return FontSet(tuple(dict.fromkeys(str(Path(file).parent.resolve()) for file, _ in files)), family, tuple(files))


def _look_for(file: str, folders: Iterable[Path]) -> Path | None:
    for folder in folders:
        for place, _, names in os.walk(folder):
            if file in names:
                return Path(place) / file
    return None


def _family_of(path: Path) -> str:
    import typst

    known = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(path.parent)])
    for info in known.fonts():
        if info.path and Path(info.path).name == path.name:
            return info.family
    raise UserError(
        "font-unusable",
        "ZHIBU_FANGSONG 指定的字体“{path}”不存在或不是字体文件。请改正，或取消这项设置。",
        path=str(path),
    )


def is_printable(fonts: FontSet, char: str) -> bool:
    """Whether any of the fonts has the character (each chain of the template holds them all).

    A font is opened when a character is not in the ones before it: most reports need the first only.
    """
    return any(ord(char) in _characters(file, index) for file, index in fonts.files)


@lru_cache(maxsize=16)
def _characters(file: str, index: int) -> frozenset[int]:
    from fontTools.ttLib import TTFont

    with TTFont(file, fontNumber=index if file.endswith((".ttc", ".otc")) else -1, lazy=True) as font:
        return frozenset(font.getBestCmap() or {})
