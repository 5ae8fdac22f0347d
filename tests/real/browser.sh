#!/usr/bin/env bash
# Audits two real single-page applications on loopback, without and with a browser, and prints what was found of each.
#
#   bash tests/real/browser.sh FOLDER      FOLDER is made, and keeps what was installed
#
# Nothing starts it but you. Needed: npm and its registry, Python 3, curl, Chromium, and a built program (PROGRAM names
# another than target/debug/chatons-audit). Everything listens on 127.0.0.1 only and is stopped at the end.
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: bash tests/real/browser.sh FOLDER" >&2; exit 2; }
root=$(realpath "$(dirname "$0")/../..")
program=$(realpath "${PROGRAM:-$root/target/debug/chatons-audit}")
mkdir -p "$1" && cd "$1"
if [ ! -d node_modules/flood ]; then
    echo '{}' >package.json
    npm install --no-audit --no-fund --ignore-scripts flood@4.16.2 swagger-ui-dist@5.35.0
fi
servers=()
trap 'kill "${servers[@]}" 2>/dev/null || true' EXIT

# Their pages as they are published; nothing answers Flood's programs, which ask before they show who may log in.
python3 -m http.server --bind 127.0.0.1 --directory node_modules/flood/dist/assets 9032 >flood.log 2>&1 & servers+=($!)
python3 -m http.server --bind 127.0.0.1 --directory node_modules/swagger-ui-dist 9033 >swagger.log 2>&1 & servers+=($!)

for told in flood:9032 swagger:9033; do
    name=${told%:*} port=${told#*:}
    curl -sfo /dev/null --retry 60 --retry-delay 1 --retry-connrefused "http://127.0.0.1:$port/"
    mkdir -p "audits/$name"
    printf 'name = "%s"\nwebsite = "http://127.0.0.1:%s/"\nedition = "2023"\n' "$name" "$port" >"audits/$name/hoster.toml"
    for mode in "" --browser; do
        echo "== $name: run $mode"
        code=0
        "$program" --criteria "$root/criteria" run "$name" --allow-private --dry-run --only A3,N1 --format json --lang en ${mode:+"$mode"} >"$name$mode.json" 2>"$name$mode.err" || code=$?
        if [ ! -s "$name$mode.json" ]; then cat "$name$mode.err"; echo "exit $code"; continue; fi
        python3 - "$name$mode.json" "$code" <<'P'
import json, sys
for standing in json.load(open(sys.argv[1]))["standing"]:
    print(standing["criterion"], standing["standing"])
    for finding in standing.get("finding", []):
        print("  ", finding["check"], finding["code"], "(silent)" if finding.get("silent") else "", "|", finding["because"]["en"])
print("exit", sys.argv[2])
P
    done
done
