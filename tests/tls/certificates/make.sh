#!/bin/bash
# Makes the good and bad certificates of tests/tls and tests/real/tls.sh, with openssl 3:
#
#   tests/tls/certificates/make.sh [FOLDER [DAY]]      default: its own folder, and the day on which the tests live
#
# Each file is named after its host, NAME.test, and holds a leaf, what is served after it, and the leaf's key. Libraries no longer sign what
# is weak here, and a leaf made while a test runs would have the date of the run.
set -eu
folder=$(realpath "${1:-$(dirname "$0")}"); day=${2:-2026-11-22}; mkdir -p "$folder"; cd "$(mktemp -d)"
p256=EC:ec_paramgen_curve:P-256; rsa=RSA:rsa_keygen_bits
key() { openssl genpkey -algorithm "${2%%:*}" -pkeyopt "${2#*:}" -out "$1.key" 2>/dev/null; }
when() { date -ud "$day 12:00 UTC $1 days" +%y%m%d%H%M%SZ; }
certificate() { # certificate NAME SIGNER DIGEST FROM UNTIL EXTENSIONS [SUBJECT]: signed by itself when SIGNER is NAME; the key is there
  openssl req -new -key "$1.key" -out csr -subj "/CN=${7:-$1}"
  : > index; printf '[ca]\ndefault_ca=d\n[d]\ndatabase=index\nnew_certs_dir=.\nrand_serial=yes\npolicy=p\nunique_subject=no\n[p]\ncommonName=supplied\n[x]\n%b\n' "$6" > cnf
  local by="-cert $2.pem -keyfile $2.key"; [ "$1" = "$2" ] && by="-selfsign -keyfile $1.key"
  openssl ca -batch -notext -config cnf -extensions x -md "$3" $by -in csr -out "$1.pem" -startdate "$(when "$4")" -enddate "$(when "$5")" 2>/dev/null
}
authority() { # authority NAME SIGNER DIGEST KEY UNTIL SUBJECT
  key "$1" "$4"; certificate "$1" "$2" "$3" -900 "$5" 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign' "$6"
}
site() { # site NAME SIGNER FROM UNTIL [HOSTS [DIGEST [KEY [MORE]]]]: `above`, unless said otherwise, is served too
  key "$1" "${7:-$p256}"
  local names=''; for host in ${5-$1.test}; do names="$names,DNS:$host"; done
  certificate "$1" "$2" "${6:-sha256}" "$3" "$4" "${names:+subjectAltName=${names#,}\n}extendedKeyUsage=serverAuth${8:+\n$8}" "$1.test"
  local above=''; case $2 in above|late|sha1-authority|short-authority) above=$2.pem;; esac; [ -n "${8:-}" ] && above=''
  cat "$1.pem" $above "$1.key" > "$folder/$1.pem"
}
aia='authorityInfoAccess=caIssuers;URI:http://ca.test/above.der'

authority root root sha256 $rsa:2048 +3000 'Test Root'; cp root.pem "$folder/root.pem"
authority stranger stranger sha256 $rsa:2048 +3000 'Stranger'
authority forger forger sha256 $rsa:2048 +3000 'Test Root'
authority above root sha256 $rsa:2048 +2000 'Test Intermediate'
authority late root sha256 $p256 -3 'Late Intermediate'
authority sha1-authority root sha1 $p256 +2000 'SHA-1 Intermediate'
authority short-authority root sha256 $rsa:1024 +2000 'Short Intermediate'

site good above -10 +80 good.test,DNS:*.good.test
site short-lived above -3 +3
site soon above -85 +5
site expired above -100 -5
site early above +5 +80
site wrong above -10 +80 other.test
site nameless above -10 +80 ''
site self self -10 +80
site stranger-signed stranger -10 +80
site incomplete above -10 +80 incomplete.test sha256 $p256 "$aia"
site late-above late -10 +80

site sha1 root -10 +80 sha1.test sha1
site md5 root -10 +80 md5.test md5
site short root -10 +80 short.test sha256 $rsa:1024
site sha1-above sha1-authority -10 +80
site short-above short-authority -10 +80
site forged forger -10 +80 forged.test sha1

site expired-wrong above -100 -5 other.test
site early-incomplete above +5 +80 early-incomplete.test sha256 $p256 "$aia"
site wrong-incomplete above -10 +80 other.test sha256 $p256 "$aia"
site soon-stranger stranger -85 +5
site expired-wrong-self expired-wrong-self -100 -5 other.test
site everything stranger -100 -5 other.test sha1 $rsa:1024
