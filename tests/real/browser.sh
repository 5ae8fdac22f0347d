#!/usr/bin/env bash
# Audits a real single-page application, The Lounge, on loopback, without and with a browser. Needs npm, Chromium and a built program.
# bash tests/real/browser.sh FOLDER: FOLDER is made, and keeps what was installed.
set -euo pipefail
program=$(realpath "${PROGRAM:-target/debug/chatons-audit}")
mkdir -p "$1/audits/lounge" && cd "$1"
[ -d node_modules/thelounge ] || { echo '{}' >package.json; npm install --no-audit --no-fund --ignore-scripts thelounge; }
THELOUNGE_HOME=$PWD/home node node_modules/thelounge/index.js start >lounge.log 2>&1 &
trap 'kill $!' EXIT
sleep 5
printf 'name = "The Lounge"\nwebsite = "http://127.0.0.1:9000/"\nedition = "2023"\n' >audits/lounge/hoster.toml
for mode in "" --browser; do
    echo "== run $mode"
    "$program" run lounge --allow-private --dry-run --only A3,R16 --format json ${mode:+"$mode"} --lang en | grep -E '"(code|en)"' || true
done
