"""The `zhibu` command. Each command is a module of this package with SUMMARY, `add_arguments` and `run`.

Only the module that was asked for is imported, so that `zhibu check` starts without Django and without a database.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence

from zhibu.errors import UserError

COMMANDS = (
    "check",
    "outline",
    "compare",
    "corpus",
    "text",
    "rules",
    "scheme",
    "ledger",
    "compose",
    "handbook",
    "ballots",
    "archive",
    "org",
    "import",
    "demo",
    "serve",
    "remind",
    "live",
    "worker",
    "bench",
    "account",
)
"""In the order of the loop as a user meets it. `import` lives in `import_.py`, as the word is Python's."""

CLEAN, FINDINGS, COULD_NOT_RUN = 0, 1, 2


def main(argv: Sequence[str] | None = None) -> int:
    arguments = list(sys.argv[1:] if argv is None else argv)
    parser = argparse.ArgumentParser(prog="zhibu", description="支部：从制度到述职的工作台。")
    parser.add_argument("--version", action=_Version, nargs=0, help="显示版本")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    asked = next((word for word in arguments if not word.startswith("-")), None)
    modules = {}
    for name in [asked] if asked in COMMANDS else COMMANDS:
        module = importlib.import_module("zhibu.cli.import_" if name == "import" else f"zhibu.cli.{name}")
        modules[name] = module
        module.add_arguments(commands.add_parser(name, help=module.SUMMARY, description=module.SUMMARY))
    options = parser.parse_args(arguments)
    try:
        return int(modules[options.command].run(options) or CLEAN)
    except UserError as error:
        print(f"zhibu: {error}", file=sys.stderr)
        return COULD_NOT_RUN
    except BrokenPipeError:
        sys.stderr.close()
        return CLEAN
    except KeyboardInterrupt:
        print("zhibu: 已中断。", file=sys.stderr)
        return 130
    except Exception as error:
        if not _is_about_the_database(error):
            raise
        why = str(error).strip().splitlines()[0]
        sentence = UserError("no-database", _NO_DATABASE, why=why)
        print(f"zhibu: {sentence}", file=sys.stderr)
        return COULD_NOT_RUN


_NO_DATABASE = (
    "数据库用不了：{why}。请检查 ZHIBU_DATABASE_URL 和磁盘；新的数据库先运行 zhibu demo 或 zhibu serve --migrate。"
)


def _is_about_the_database(error: Exception) -> bool:
    """It cannot be reached, or has no tables yet; told without importing Django, which most errors never saw."""
    database = sys.modules.get("django.db")
    if database is None:
        return False
    no_table = isinstance(error, database.ProgrammingError) and getattr(error.__cause__, "sqlstate", "") == "42P01"
    return no_table or isinstance(error, database.OperationalError)


class _Version(argparse.Action):
    """Looked up when asked for: reading the package's metadata takes longer than many a command."""

    def __call__(self, parser: argparse.ArgumentParser, *_given: object) -> None:
        print(_version())
        parser.exit()


def _version() -> str:
    from importlib.metadata import version

    return f"zhibu {version('zhibu')}"


def use_django() -> None:
    """Load Django for a command that needs the database. Commands call this first in `run`, never at import."""
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhibu.settings")
    import django

    django.setup()


if __name__ == "__main__":
    sys.exit(main())
