#!/bin/bash
# Takes a sheet of questions through a real LibreOffice and back, in every separator and encoding, and compares answers.toml.
#
#   tests/real/sheet.sh [BINARY]        default: target/debug/chatons-audit
#
# Nothing starts it but you. Needed: LibreOffice Calc (apt-get install --no-install-recommends libreoffice-calc), Python 3.
set -eu
BIN=$(realpath "${1:-target/debug/chatons-audit}"); cd "$(mktemp -d)"
run() { "$BIN" --lang fr "$@" --today 2026-11-22; }
run demo --into audits >/dev/null 2>&1 || true                  # its gaps are its own
run review chat-perche --audits audits --sheet q.csv >/dev/null
# What a person types: words, a note on two lines with quotation marks, one that looks like a formula, dates, a link.
python3 - <<'P'
import csv
rows = list(csv.reader(open("q.csv", encoding="utf-8-sig"), delimiter=";"))
head = next(i for i, row in enumerate(rows) if any("réponse" in cell.lower() for cell in row)); names = [cell.lower() for cell in rows[head]]
at = lambda word: next(i for i, name in enumerate(names) if name == word or name.startswith(word + " "))
said = [("respecté", 'Deux lignes,\n"entre guillemets" ; fin'), ("non respecté", "'=1+1 n'est pas une formule"), ("oui", "@tous, -5 % ; +3"), ("sans objet", "é à ç œ …")]
for row, (answer, note) in zip(rows[head + 1:], said):
    row[at("réponse")], row[at("note")], row[at("qui")] = answer, note, "Zoé d'Œuvre"
csv.writer(open("filled.csv", "w", encoding="utf-8-sig", newline=""), delimiter=";").writerows(rows)
P
import_into() { rm -rf copy; cp -r audits copy; cp "$2" sheet.csv; run review chat-perche --audits copy --sheet sheet.csv >/dev/null && cp copy/chat-perche/answers.toml "$1"; }
import_into straight.toml filled.csv
soffice --headless --convert-to ods:calc8 --infilter='CSV:59,34,UTF8,1' --outdir lo filled.csv >/dev/null 2>&1
failed=0
for separator in 59 44 9; do for encoding in 76 65535 1; do
  rm -rf out; soffice --headless --convert-to "csv:Text - txt - csv (StarCalc):$separator,34,$encoding,1,,0,false,true" --outdir out lo/filled.ods >/dev/null 2>&1
  if import_into back.toml out/filled.csv && cmp -s straight.toml back.toml; then echo "separator $separator, encoding $encoding: the same, $(grep -c '^\[\[answer' back.toml) answers"
  else echo "separator $separator, encoding $encoding: DIFFERS"; failed=1; diff straight.toml back.toml | head -5; fi
done; done
exit $failed
