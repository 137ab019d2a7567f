#!/usr/bin/env bash
# The made-up county, its report composed and checked, then the workbench. `ZHIBU_PORT` chooses another port.
set -euo pipefail
cd "$(dirname "$0")/.."
zhibu=.venv/bin/zhibu
port=${ZHIBU_PORT:-8000}

$zhibu demo --if-empty
year=$($zhibu org show ZB001 --format json | .venv/bin/python -c 'import json, sys; print(json.load(sys.stdin)["years"][0])')
mkdir -p out
for kind in docx pdf; do
  $zhibu compose --org ZB001 --year "$year" --out "out/述职报告-ZB001-$year.$kind" --annex || true
done
$zhibu compose --org ZB001 --year "$year" --out "out/述职报告-ZB001-$year.json" 2> "out/待补-ZB001-$year.txt" \
  || cat "out/待补-ZB001-$year.txt"
$zhibu check "out/述职报告-ZB001-$year.docx" --year "$year" --facts "out/述职报告-ZB001-$year.json" > "out/校核-ZB001-$year.txt" || true

printf '\n述职报告和校核结果在 out/：\n'
ls out | sed 's/^/  /'
$zhibu demo --accounts
echo
exec $zhibu serve --port "$port"
