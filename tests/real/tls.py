"""Reads what three programs said of the same hosts, and prints a table of where they agree. Called by tls.sh."""
import datetime, json, os, sys

said, hosts = sys.argv[1], [host.split(":")[0] for host in sys.argv[2:]]
ports = dict(host.split(":") for host in sys.argv[2:])
NOW = datetime.datetime.now(datetime.timezone.utc)
# What each may say, in classes that all three know: they differ in finer grain.
KIND = {"expired": "dates", "not-yet-valid": "dates", "wrong-host": "name", "self-signed": "trust", "unknown-issuer": "trust", "incomplete-chain": "trust",
        "weak-key": "key", "weak-signature": "signature", "accepts-tls10": "1.0", "accepts-tls11": "1.1", "no-tls13": "no 1.3"}


def ours():
    told = {host: [] for host in hosts}
    for standing in json.load(open(f"{said}/ours.json"))["standing"]:
        if standing["subject"] in told:
            for finding in standing.get("finding", []):
                if finding["check"] in ("certificate-valid", "tls-modern"):
                    told[standing["subject"]].append(("~" if finding.get("silent") else "") + finding["code"])
    return {host: [code for code in codes if code not in ("ok", "expires-soon")] for host, codes in told.items()}


def testssl(host):
    try:
        entries = {entry["id"].split()[0]: entry for entry in json.load(open(f"{said}/{host}:{ports[host]}.testssl.json"))}
    except OSError:
        return ["~not run"]
    except ValueError:                       # cut off in the middle
        return ["~not finished"]
    if any("interrupted" in entry["finding"] for entry in entries.values()): return ["~not finished"]
    text = lambda name: entries.get(name, {}).get("finding", "")
    codes = []
    if any(word in text(name) for name in ("cert_expirationStatus", "cert_chain_of_trust") for word in ("expired", "not yet valid")): codes.append("dates")
    if "does not match" in text("cert_trust"): codes.append("name")
    if text("cert_chain_of_trust").startswith("failed") and not any(word in text("cert_chain_of_trust") for word in ("expired", "not yet")): codes.append("trust" + text("cert_chain_of_trust").removeprefix("failed"))
    if entries.get("cert_keySize", {}).get("severity") in ("MEDIUM", "HIGH", "CRITICAL"): codes.append("key")
    if entries.get("cert_signatureAlgorithm", {}).get("severity") in ("MEDIUM", "HIGH", "CRITICAL"): codes.append("signature")
    if text("TLS1").startswith("offered"): codes.append("1.0")
    if text("TLS1_1").startswith("offered"): codes.append("1.1")
    if text("TLS1_3") and not text("TLS1_3").startswith("offered"): codes.append("no 1.3")
    if not text("TLS1_2") and not text("cert_trust"): codes.append("~" + next((entry["finding"] for name, entry in entries.items() if entry["severity"] in ("WARN", "FATAL")), "no versions"))
    return codes


def sslyze(results):
    told = {}
    for result in results:
        name, codes = result["server_location"]["hostname"].removesuffix(".test").removesuffix(".good"), []
        scan = result["scan_result"]
        if not scan:
            told[name] = ["~" + result["connectivity_status"].lower()]
            continue
        certificates = scan["certificate_info"]["result"]
        if certificates:
            for deployment in certificates["certificate_deployments"][:1]:
                leaf = deployment["received_certificate_chain"][0]
                when = lambda key: datetime.datetime.fromisoformat(leaf[key].replace("Z", "+00:00")).replace(tzinfo=datetime.timezone.utc)
                if not when("not_valid_before") <= NOW <= when("not_valid_after"): codes.append("dates")
                mine = [v for v in deployment["path_validation_results"] if v["trust_store"]["name"] not in ("Android", "Apple", "Java", "Mozilla", "Windows")]
                error = (mine[0]["validation_error"] or "") if mine else "?"
                for sign, kind in [("subjectAltName", "name"), ("Forbidden signature", "signature"), ("too weak", "key"), ("no interior errors", "trust"),
                                   ("missing required extension", "trust"), ("not valid at validation time", "dates")]:
                    if sign in error and kind not in codes and not (kind == "trust" and codes): codes.append(kind); break
                size = leaf["public_key"].get("key_size") or 256
                if leaf["public_key"]["algorithm"].startswith("RSA") and size < 2048 and "key" not in codes: codes.append("(key: 1024, uncommented)")
        elif scan["certificate_info"]["error_reason"]:
            codes.append("~certificate: " + scan["certificate_info"]["error_reason"].lower())
        for field, code, wanted in [("tls_1_0", "1.0", True), ("tls_1_1", "1.1", True), ("tls_1_3", "no 1.3", False)]:
            answer = scan[f"{field}_cipher_suites"]
            if answer["result"] is None: codes.append(f"~{code.replace('no ', '')}: {(answer['error_reason'] or 'nothing').lower()}")
            elif answer["result"]["is_tls_version_supported"] is wanted: codes.append(code)
        told[name] = codes
    return told


def sslyze_all():
    try: return sslyze(json.load(open(f"{said}/sslyze.json"))["server_scan_results"])
    except (OSError, ValueError, KeyError): return {}


def verdict(mine, other):
    mine = {KIND.get(code, code) for code in mine if code != "unproven"}   # no fault, and the others do not ask
    plain = {code.split(" (")[0] for code in other if not code.startswith("(")}
    if any(code.startswith("~") for code in mine | plain): return "silence"
    if mine == plain: return "agrees"
    return "says less" if plain < mine else "says more" if mine < plain else "differs"


mine, theirs = ours(), sslyze_all()
print("| host | chatons-audit | testssl.sh | | sslyze | |\n| --- | --- | --- | --- | --- | --- |")
for host in hosts:
    first, second, third = mine[host], testssl(host), theirs.get(host, ["~nothing written"])
    show = lambda codes: ", ".join(codes) or "-"
    print(f"| {host} | {show(first)} | {show(second)} | {verdict(first, second)} | {show(third)} | {verdict(first, third)} |")
seconds = {name: open(f"{said}/{name}.seconds").read().strip() for name in ("ours", "ours-answering", "sslyze", "sslyze-all", "testssl") if os.path.exists(f"{said}/{name}.seconds")}
print(f"\nSeconds for {len(hosts)} hosts: {seconds}")
print("sslyze with the two mute hosts:", "an outcome" if os.path.exists(f"{said}/sslyze-all.json") else "nothing written")
