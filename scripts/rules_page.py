"""Write docs/rules/README.md from the lint rules."""

from pathlib import Path

from zhibu.checks.explain import page

target = Path(__file__).resolve().parent.parent / "docs" / "rules" / "README.md"
target.write_text(page(), "utf-8")
