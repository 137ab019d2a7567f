#!/usr/bin/env bash
# Sets up what `make run` (argument: run) or `make test` (argument: dev) needs. Quiet when all is there; can be run again.
set -euo pipefail
cd "$(dirname "$0")/.."
want=${1:-run}

say() { printf '%s\n' "$*"; }

# --- system packages: installed where this account may, named where it may not ---------------------------------
apt_updated=
apt_install() {  # apt_install WHY PACKAGE...
  local why=$1; shift
  local missing=()
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  local root=()
  if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then root=(sudo); else
      say "Missing system packages for $why: ${missing[*]}. Please ask an administrator to run: apt-get install ${missing[*]}"
      return 1
    fi
  fi
  command -v apt-get >/dev/null || { say "Missing for $why: ${missing[*]} (no apt-get on this system)."; return 1; }
  say "Installing for $why: ${missing[*]} …"
  if [ -z "$apt_updated" ]; then "${root[@]}" apt-get update -qq || true; apt_updated=yes; fi
  DEBIAN_FRONTEND=noninteractive "${root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/tmp/zhibu-apt.log 2>&1 \
    || { tail -n 5 /tmp/zhibu-apt.log; say "Could not install: ${missing[*]} (needed for $why)."; return 1; }
}

# --- Python ------------------------------------------------------------------------------------------------------
python=
for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11; do
  [ -n "$candidate" ] && command -v "$candidate" >/dev/null || continue
  "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { python=$candidate; break; }
done
[ -n "$python" ] || { say "Zhibu needs Python 3.11 or newer; none was found."; exit 1; }
"$python" -c 'import ensurepip, venv' 2>/dev/null || apt_install "the virtual environment" python3-venv || exit 1

stamp=.venv/.zhibu-$want
sum=$(cat requirements/"$want".txt pyproject.toml scripts/setup.sh | sha256sum | cut -d' ' -f1)
if [ "$(cat "$stamp" 2>/dev/null)" != "$sum" ]; then
  [ -x .venv/bin/python ] || { say "Making the virtual environment .venv …"; "$python" -m venv .venv; }
  say "Installing the pinned Python packages …"
  .venv/bin/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements/"$want".txt
  .venv/bin/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
  printf '%s' "$sum" > "$stamp"
fi

# --- fonts of the PDF writer (DOCX needs none) ---------------------------------------------------------------------
apt_install "the fonts of PDF files" fonts-noto-cjk fonts-arphic-ukai || say "PDF export waits for these fonts; everything else works."
scripts/fonts.sh || say "PDF export waits for FangSong (see docs/fonts.md); everything else works."

if [ "$want" = dev ]; then
  apt_install "the tests" chromium postgresql poppler-utils libreoffice-writer-nogui || exit 1
fi
.venv/bin/python scripts/compile_messages.py
