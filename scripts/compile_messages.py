"""Compile the message catalogues (.po to .mo) with Babel, so that no system gettext is needed. Only what changed."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parent.parent / "src" / "zhibu" / "locale"

for source in LOCALE.glob("*/LC_MESSAGES/*.po"):
    target = source.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
        continue
    with source.open("rb") as lines, target.open("wb") as out:
        write_mo(out, read_po(lines))
