#!/usr/bin/env bash
# Every check and every test: style, types, import order, then the tests on SQLite and on PostgreSQL.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
step() { printf '== %s\n' "$*"; }

step style
$bin/ruff format --check -q .
$bin/ruff check -q .
step imports;      $bin/lint-imports >/tmp/zhibu-imports.log || { cat /tmp/zhibu-imports.log; exit 1; }
step types;        $bin/mypy --strict -p zhibu.rulebook -p zhibu.checks -p zhibu.trace -p zhibu.documents -m zhibu.borrowing -m zhibu.periods -m zhibu.workdays -m zhibu.errors -m zhibu.environment -m zhibu.ledger.standing -m zhibu.ballots.record -m zhibu.ballots.plan
step migrations;   DJANGO_SETTINGS_MODULE=tests.settings PYTHONPATH=. $bin/django-admin makemigrations --check --dry-run -v0
step rules;        $bin/zhibu rules test
step "tests on PostgreSQL"
$bin/python -m tests.postgres $bin/pytest -n 2 -m "not browser" tests/org tests/duties tests/activities tests/ledger tests/reports tests/web tests/hostile tests/demo tests/notices tests/reminders tests/disclosure tests/tasks tests/plans tests/meetings tests/handbook tests/scoring tests/corpus tests/rectify tests/review tests/ballots tests/api
step "tests on SQLite, and in the browser"
$bin/pytest -n 2
