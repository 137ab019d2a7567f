#!/usr/bin/env bash
# Takes the free FangSong (FandolFang) out of Debian's texlive-lang-chinese, without installing the 49 MB package.
# The font files stay in the state folder of this machine and are never part of the repository.
set -euo pipefail
cd "$(dirname "$0")/.."
fonts=${ZHIBU_HOME:-./var}/fonts
ls "$fonts"/FandolFang-Regular.otf >/dev/null 2>&1 && exit 0
find /usr/share -name 'FandolFang-Regular.otf' 2>/dev/null | grep -q . && exit 0
command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || exit 1
mkdir -p "$fonts"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo "Fetching the FangSong font …"
chmod 755 "$work"
(cd "$work" && apt-get download -qq texlive-lang-chinese >/dev/null 2>&1) \
  || { apt-get update -qq >/dev/null 2>&1; (cd "$work" && apt-get download -qq texlive-lang-chinese >/dev/null 2>&1); } || exit 1
dpkg-deb --fsys-tarfile "$work"/texlive-lang-chinese_*.deb \
  | tar -x -C "$work" --wildcards '*/fonts/opentype/public/fandol/*.otf'
find "$work" -name 'FandolFang-Regular.otf' -exec cp {} "$fonts"/ \;
ls "$fonts"/FandolFang-Regular.otf >/dev/null
