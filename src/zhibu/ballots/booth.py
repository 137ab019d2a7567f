"""The scripts a voter's device runs, and their hashes, which are sealed with the ballot."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

STATIC = Path(__file__).parent / "static" / "ballots"
SCRIPTS = ("hpke.js", "booth.js")
"""All the script of the booth and of the page that looks for one's vote."""


def booth_hashes() -> dict[str, str]:
    return {name: sha256((STATIC / name).read_bytes()).hexdigest() for name in SCRIPTS}


def integrity(name: str) -> str:
    """For the `integrity` of a script element: the browser runs this file and no other."""
    return "sha256-" + b64encode(sha256((STATIC / name).read_bytes()).digest()).decode()
