#!/bin/bash
# Makes hosts with deliberately bad TLS on 127.0.0.1, shows them to chatons-audit, testssl.sh and sslyze, and prints what each said and took.
#
#   tests/real/tls.sh [BINARY]             default: target/debug/chatons-audit
#
# Nothing starts it but you. Needed: openssl 3, nginx, testssl.sh (Debian's package), Python 3 with venv, and PyPI for sslyze. MINUTES
# (default: 20) is what testssl.sh may take, and EACH (default: 150) the seconds that it may take for one host; a host whose turn did not
# come is told as such. ONLY="relic mute" shows these hosts alone. All is kept in $WORK (default: a temporary folder); every server listens
# on 127.0.0.1 only and is stopped at the end.
set -u
BIN=$(realpath "${1:-target/debug/chatons-audit}"); ROOT=$(realpath "$(dirname "$0")/../.."); RULES=$ROOT/criteria
MINUTES=${MINUTES:-20}; EACH=${EACH:-150}; ONLY=${ONLY:-}; WORK=${WORK:-$(mktemp -d)}; mkdir -p "$WORK/said" "$WORK/audits/tls"; cd "$WORK" || exit 1
PIDS=(); stop() { kill "${PIDS[@]}" 2>/dev/null; [ -f nginx.pid ] && kill "$(cat nginx.pid)"; wait 2>/dev/null; }; trap stop EXIT
say() { echo "-- $*" >&2; }

say "certificates"
"$ROOT/tests/tls/certificates/make.sh" "$WORK/certificates" "$(date -u +%F)" || exit 1
rm -f ./*.leaf ./*.above ./*.key
split() { # split NAME: leaf, what is above it and key apart, as openssl wants them
  [ -f "$1.key" ] && return
  awk -v name="$1" '/BEGIN CERT/ { n++; file = name (n == 1 ? ".leaf" : ".above") } /BEGIN PRIVATE/ { file = name ".key" } { print > file }' "certificates/$1.pem"
}

say "servers"
printf '[openssl]\n' > openssl.cnf                               # no policy of the system
PORT=9100; HOSTS=()                                              # each as NAME:PORT
listen() { PORT=$((PORT + 1)); HOSTS+=("$1:$PORT"); }
domain() { if [ -f "certificates/${1%:*}.pem" ]; then echo "${1%:*}.test"; else echo "${1%:*}.good.test"; fi; }
served() { # served HOST CERTIFICATE OPTION...: openssl s_server
  local host=$1 name=$2; shift 2; listen "$host"; split "$name"; local above=(); [ -f "$name.above" ] && above=(-cert_chain "$name.above")
  OPENSSL_CONF=$WORK/openssl.cnf openssl s_server -quiet -www -accept "127.0.0.1:$PORT" -cert "$name.leaf" -key "$name.key" "${above[@]}" "$@" >"said/$host.server" 2>&1 </dev/null & PIDS+=($!)
}
before() { # before HOST PORT DEED: does DEED to who greets in TLS 1.0 or 1.1; others reach PORT
  listen "$1"; python3 - "$PORT" "$2" "$3" <<'P' & PIDS+=($!)
import asyncio, sys
port, behind, deed = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
async def pour(reader, writer):
    try:
        while data := await reader.read(65536): writer.write(data); await writer.drain()
    except OSError: pass
    writer.close()
async def serve(reader, writer):
    try: head = await reader.readexactly(11)
    except (asyncio.IncompleteReadError, OSError): return writer.close()
    if deed == "mute" or (head[0] == 22 and head[10] < 3 and deed == "swallow"):
        await reader.read(); return writer.close()
    if head[0] == 22 and head[10] < 3 and deed == "cut": return writer.close()
    other_reader, other = await asyncio.open_connection("127.0.0.1", behind)
    other.write(head); await asyncio.gather(pour(reader, other), pour(other_reader, writer))
async def main():
    async with await asyncio.start_server(serve, "127.0.0.1", port) as server: await server.serve_forever()
asyncio.run(main())
P
}
LOW=DEFAULT@SECLEVEL=0
for file in certificates/*.pem; do
  name=$(basename "$file" .pem); [ "$name" = root ] || served "$name" "$name" -cipher "$LOW" -min_protocol TLSv1.2
done
served no-newest good -tls1_2
served newest-only good -tls1_3
served ten good -cipher "$LOW" -min_protocol TLSv1 -no_tls1_1
served eleven good -cipher "$LOW" -min_protocol TLSv1.1
served both good -cipher "$LOW" -min_protocol TLSv1
served both-no-newest good -cipher "$LOW" -min_protocol TLSv1 -no_tls1_3
served relic good -cipher "$LOW" -tls1
served relic-eleven good -cipher "$LOW" -tls1_1
served relic-expired expired -cipher "$LOW" -tls1
served old-ciphers good -cipher "ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0" -tls1_2  # CBC: modern clients have given it up
served forbidden good -min_protocol TLSv1                        # offered by the server, forbidden by the library's level of security
listen nginx-forbidden; FORBIDDEN=$PORT; listen nginx-both; BOTH=$PORT
cat > nginx.conf <<CONF
pid nginx.pid; events { }
http {
  access_log off; client_body_temp_path tmp; proxy_temp_path tmp; fastcgi_temp_path tmp; uwsgi_temp_path tmp; scgi_temp_path tmp;
  ssl_certificate $WORK/nginx.pem; ssl_certificate_key $WORK/good.key; ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;
  server { listen 127.0.0.1:$FORBIDDEN ssl; location / { return 200 'hello'; } }
  server { listen 127.0.0.1:$BOTH ssl; ssl_ciphers $LOW; location / { return 200 'hello'; } }
}
CONF
cat good.leaf good.above > nginx.pem; nginx -p "$WORK" -c nginx.conf -e error.log
GOOD=$(printf '%s\n' "${HOSTS[@]}" | sed -n 's/^good://p')
before cut "$GOOD" cut; before swallow "$GOOD" swallow; before mute "$GOOD" mute
if [ -n "$ONLY" ]; then
  CHOSEN=(); for host in "${HOSTS[@]}"; do case " $ONLY " in *" ${host%:*} "*) CHOSEN+=("$host");; esac; done; HOSTS=("${CHOSEN[@]}")
fi
sleep 2

seconds() { # seconds FILE COMMAND...: how long it takes, in whole seconds
  local file=$1 begin=$SECONDS; shift; "$@"; echo $((SECONDS - begin)) > "$file"
}

say "chatons-audit"
{ printf 'name = "TLS"\nwebsite = "https://%s/"\nedition = "2023"\n' "$(domain "${HOSTS[0]}")"
  for host in "${HOSTS[@]}"; do printf '[[service]]\nid = "%s"\nname = "%s"\nurl = "https://%s/"\n' "${host%:*}" "${host%:*}" "$(domain "$host")"; done; } > audits/tls/hoster.toml
TO=(); for host in "${HOSTS[@]}"; do TO+=(--connect-to "$(domain "$host"):443:127.0.0.1:${host#*:}" --connect-to "$(domain "$host"):80:127.0.0.1:9"); done
ours() { "$BIN" --audits audits --criteria "$RULES" run tls --only N3,T2 --dry-run --lang en --format json --dns 127.0.0.1:9 --ca-file certificates/root.pem "${TO[@]}" -v > said/ours.json 2> said/ours.err; }
seconds said/ours.seconds ours
ours_answering() { "$BIN" --audits audits --criteria "$RULES" run tls --only N3,T2 --service "$(printf '%s\n' "${HOSTS[@]%:*}" | grep -vx 'mute\|swallow' | paste -sd,)" --dry-run --format json --dns 127.0.0.1:9 --ca-file certificates/root.pem "${TO[@]}" > /dev/null 2>&1; }
seconds said/ours-answering.seconds ours_answering

say "sslyze"
[ -x py/bin/sslyze ] || { python3 -m venv py && py/bin/pip install -q sslyze || exit 1; }
sslyze() { # sslyze OUTPUT HOST:PORT...: nothing is written before the last host has been heard or given up
  local output=$1 all=(); shift; for host; do all+=("$(domain "$host"):${host#*:}{127.0.0.1}"); done
  timeout 150 py/bin/sslyze --certinfo --certinfo_ca_file certificates/root.pem --tlsv1 --tlsv1_1 --tlsv1_2 --tlsv1_3 --mozilla_config disable --quiet --json_out "$output" "${all[@]}" > said/sslyze.log 2>&1
}
OTHERS=(); for host in "${HOSTS[@]}"; do case $host in mute:*|swallow:*) ;; *) OTHERS+=("$host");; esac; done
seconds said/sslyze.seconds sslyze said/sslyze.json "${OTHERS[@]}"

say "testssl.sh"
testssl_all() { # one after the other, and nothing more after $MINUTES: it works hard, and two at a time take twice as long
  local end=$((SECONDS + MINUTES * 60)) host what
  for host in "${HOSTS[@]}"; do
    rm -f "said/$host.testssl.json"; what=-p; [ -f "certificates/${host%:*}.pem" ] && what=-S   # versions or certificate: each host is made for one
    case $host in relic*|old-ciphers*) what='-p -S';; esac                                      # but these
    [ "$SECONDS" -lt "$end" ] || continue
    # shellcheck disable=SC2086
    timeout "$EACH" nice testssl --quiet --color 0 --warnings off --nodns none --ip 127.0.0.1 --openssl-timeout 5 --connect-timeout 5 --add-ca certificates/root.pem $what \
      --jsonfile "said/$host.testssl.json" "$(domain "$host"):${host#*:}" > "said/$host.testssl.log" 2>&1 </dev/null
  done
}
seconds said/testssl.seconds testssl_all

say "sslyze, with the mute hosts too"
rm -f said/sslyze-all.json; seconds said/sslyze-all.seconds sslyze said/sslyze-all.json "${HOSTS[@]}"

python3 "$ROOT/tests/real/tls.py" said "${HOSTS[@]}"
