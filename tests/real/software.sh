#!/bin/bash
# Starts real programs on 127.0.0.1, audits them, and prints which program was recognised in each.
#
#   tests/real/software.sh [BINARY]        default: target/debug/chatons-audit
#
# Nothing starts it but you. Needed: Debian 12 or newer and root (for apt-get; nothing is started by packages), Python 3 with
# venv, Node.js with npm. Everything is kept in $WORK (default: a temporary folder) and every program is stopped at the end.
set -u
BIN=$(realpath "${1:-target/debug/chatons-audit}"); RULES=$(realpath "$(dirname "$0")/../../criteria")
WORK=${WORK:-$(mktemp -d)}; mkdir -p "$WORK/deb" "$WORK/root" "$WORK/audits"; cd "$WORK" || exit 1
PIDS=(); stop() { for pid in "${PIDS[@]}"; do kill "$pid" 2>/dev/null; done; wait 2>/dev/null; }; trap stop EXIT
start() { "$@" >>"$WORK/$NAME.log" 2>&1 & PIDS+=($!); }        # start COMMAND...: in the background, stopped at the end
await() { for _ in $(seq 90); do curl -so /dev/null "http://127.0.0.1:$1/" && return; sleep 1; done; echo "$NAME does not answer" >&2; }
say() { echo "-- $*" >&2; }

say "packages"
if [ ! -e installed ]; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get install -y -qq --no-install-recommends php-cli php-xml php-mbstring php-gd php-sqlite3 php-mysql php-intl php-curl \
    php-phpseclib libphp-simplepie php-geshi php-pear php-net-smtp php-mail-mime php-masterminds-html5 php-net-sieve php-auth-sasl \
    php-bacon-qr-code php-crypt-gpg php-net-ldap2 mariadb-server-core mariadb-client-core lua5.4 lua-expat lua-filesystem lua-socket lua-sec lua-unbound >apt.log 2>&1
  (cd deb && apt-get download dokuwiki mediawiki mediawiki-classes roundcube-core roundcube wordpress wordpress-theme-twentytwentythree prosody >>../apt.log 2>&1; for d in *.deb; do dpkg -x "$d" ../root; done)
  # Absolute links of the packages lead into the extracted tree, where it holds their target.
  find root -type l | while read -r link; do to=$(readlink "$link"); [ "${to#/}" != "$to" ] && [ -e "root$to" ] && ln -sfn "$WORK/root$to" "$link"; done
  grep -rlI -e '/var/lib/roundcube' -e '/usr/share/roundcube' root/usr/share/roundcube --include=*.php |
    xargs sed -i "s#/var/lib/roundcube#$WORK/roundcube#g; s#/usr/share/roundcube#$WORK/roundcube#g"
  python3 -m venv py && py/bin/pip install -q matrix-synapse radicale >pip.log 2>&1
  mkdir -p etherpad && (cd etherpad && npm init -y >/dev/null && npm install --omit=dev --no-audit --no-fund ep_etherpad-lite@1.8.14 >npm.log 2>&1 &&
    mv node_modules/ep_etherpad-lite src && mv node_modules src/ && mkdir node_modules && ln -s ../src node_modules/ep_etherpad-lite && rm package*.json)
  touch installed
fi

say "programs"
U=$WORK/root/usr/share
PHP=(php -d include_path=".:$U/php:/usr/share/php" -d error_reporting=0 -d display_errors=0 -d session.save_path="$WORK")
copy() { [ -e "$1" ] || cp -rL "$2" "$1" 2>/dev/null; }          # Debian's packages link to /etc and /var/lib, which stay empty here

NAME=dokuwiki; copy dokuwiki "$U/dokuwiki"; rm -rf dokuwiki/conf dokuwiki/data
cp -r root/etc/dokuwiki dokuwiki/conf; cp -r root/var/lib/dokuwiki/data dokuwiki/ 2>/dev/null; mkdir -p dokuwiki/data/{pages,attic,cache,index,locks,media,media_attic,media_meta,meta,tmp}
echo '<?php $conf["title"]="Wiki"; $conf["useacl"]=0; $conf["savedir"]="./data";' > dokuwiki/conf/local.php; rm -f dokuwiki/inc/preload.php
start "${PHP[@]}" -S 127.0.0.1:7001 -t dokuwiki; await 7001

NAME=mediawiki; copy mediawiki "$U/mediawiki"; cp -rL root/var/lib/mediawiki/. mediawiki/ 2>/dev/null; rm -f mediawiki/LocalSettings.php; mkdir -p wikidata
"${PHP[@]}" mediawiki/maintenance/install.php --dbtype sqlite --dbpath "$WORK/wikidata" --scriptpath "" --server http://127.0.0.1:7002 --pass 'A-long-pass-2026' Wiki Admin >mediawiki.log 2>&1
start "${PHP[@]}" -S 127.0.0.1:7002 -t mediawiki; await 7002

NAME=roundcube; copy roundcube "$U/roundcube"; mkdir -p roundcube/{config,logs,temp}; cp -n root/etc/roundcube/* roundcube/config/ 2>/dev/null
cat > roundcube/config/config.inc.php <<P
<?php \$config["db_dsnw"]="sqlite:///$WORK/roundcube.db?mode=0646"; \$config["imap_host"]="localhost:143"; \$config["des_key"]="0123456789abcdef01234567"; \$config["plugins"]=[]; \$config["log_driver"]="stdout";
P
start "${PHP[@]}" -S 127.0.0.1:7003 -t roundcube; await 7003

NAME=wordpress; copy wordpress "$U/wordpress"; mkdir -p wordpress/wp-content/themes; cp -rL root/var/lib/wordpress/wp-content/. wordpress/wp-content/ 2>/dev/null
[ -d mysql ] || mariadb-install-db --no-defaults --datadir="$WORK/mysql" --auth-root-authentication-method=normal --user="$(id -un)" >mysql.log 2>&1
start mariadbd --no-defaults --datadir="$WORK/mysql" --socket="$WORK/mysql.sock" --port=7305 --bind-address=127.0.0.1 --user="$(id -un)"
for _ in $(seq 30); do mariadb --no-defaults -S "$WORK/mysql.sock" -u root -e 'CREATE DATABASE IF NOT EXISTS wp; CREATE USER IF NOT EXISTS wp@localhost IDENTIFIED BY "wp"; GRANT ALL ON wp.* TO wp@localhost' 2>/dev/null && break; sleep 1; done
cat > wordpress/wp-config.php <<P
<?php define("DB_NAME","wp"); define("DB_USER","wp"); define("DB_PASSWORD","wp"); define("DB_HOST","localhost:$WORK/mysql.sock"); define("DB_CHARSET","utf8mb4");
\$table_prefix="wp_"; define("WP_SITEURL","http://127.0.0.1:7005"); define("WP_HOME","http://127.0.0.1:7005"); define("WP_HTTP_BLOCK_EXTERNAL",true); define("DISABLE_WP_CRON",true); if(!defined("ABSPATH")) define("ABSPATH",__DIR__."/"); require_once ABSPATH."wp-settings.php";
P
start "${PHP[@]}" -S 127.0.0.1:7005 -t wordpress; await 7005
curl -so /dev/null -d 'weblog_title=Blog&user_name=admin&admin_password=A-long-pass-2026&admin_password2=A-long-pass-2026&pw_weak=on&admin_email=a@a.example&language=' 'http://127.0.0.1:7005/wp-admin/install.php?step=2'

NAME=radicale; start py/bin/python -m radicale --server-hosts 127.0.0.1:7006 --storage-filesystem-folder "$WORK/cal" --auth-type none; await 7006

NAME=synapse; [ -e synapse.yaml ] || (py/bin/python -m synapse.app.homeserver --server-name m.example -c synapse.yaml --generate-config --report-stats=no --data-directory "$WORK/synapse" &&
  sed -i 's/port: 8008/port: 7007/; s/enabled: true/enabled: false/' synapse.yaml && echo 'trusted_key_servers: []' >> synapse.yaml) >synapse.log 2>&1
start py/bin/python -m synapse.app.homeserver -c synapse.yaml; await 7007

NAME=etherpad; echo '{ "title": "Pads", "ip": "127.0.0.1", "port": 7008, "dbType": "dirty", "dbSettings": { "filename": "pads.db" }, "skinName": "no-skin" }' > etherpad/settings.json
start env -C etherpad NODE_ENV=production node src/node/server.js; await 7008

NAME=prosody; P=$WORK/root; mkdir -p prosody-data
cat > prosody.cfg.lua <<P
plugin_paths={}; modules_enabled={"bosh","http"}; modules_disabled={"c2s","s2s","admin_shell"}; data_path="$WORK/prosody-data"; interfaces={"127.0.0.1"}; http_interfaces={"127.0.0.1"}; http_ports={7009}; https_ports={}; pidfile="$WORK/prosody.pid"; http_default_host="x.example"; authentication="internal_hashed"; VirtualHost "x.example"
P
sed "s#CFG_SOURCEDIR *= *.*#CFG_SOURCEDIR='$P/usr/lib/prosody';#; s#CFG_CONFIGDIR *= *.*#CFG_CONFIGDIR='$WORK';#; s#CFG_PLUGINDIR *= *.*#CFG_PLUGINDIR='$P/usr/lib/prosody/modules/';#; s#CFG_DATADIR *= *.*#CFG_DATADIR='$WORK/prosody-data';#" root/usr/bin/prosody > prosody.lua
start lua5.4 prosody.lua --config "$WORK/prosody.cfg.lua" -F; await 7009

NAME=copy; mkdir -p copy; curl -sL http://127.0.0.1:7005/ > copy/index.html; start python3 -m http.server -b 127.0.0.1 -d copy 7010; await 7010

say "audits"
printf '| program | asks | said | code |\n| --- | --- | --- | --- |\n'
audit() { # audit NAME PORT: no claim is made, so the program must give itself away
  mkdir -p "audits/$1"
  printf 'name = "%s"\nwebsite = "http://127.0.0.1:%s/"\nedition = "2023"\n' "$1" "$2" > "audits/$1/hoster.toml"
  "$BIN" --audits audits --criteria "$RULES" run "$1" --only O1 --allow-private --lang en -v --format json > "$1.json" 2> "$1.err"
  python3 - "$1" <<'P'
import json, re, sys
name = sys.argv[1]
asked = re.search(r"(\d+) requests", open(f"{name}.err").read())
try: standings = json.load(open(f"{name}.json"))
except ValueError: print(f"| {name} | | no record | |"); sys.exit()
standings = standings.get("standing") or standings["hosters"][0]["standing"]
for finding in standings[0]["finding"]: print(f"| {name} | {asked.group(1) if asked else ''} | {finding['because']['en']} | {finding['code']} |")
P
}
for pair in dokuwiki:7001 mediawiki:7002 roundcube:7003 wordpress:7005 radicale:7006 synapse:7007 etherpad:7008 prosody:7009 copy:7010; do audit "${pair%:*}" "${pair#*:}"; done
