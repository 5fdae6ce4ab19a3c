/*
 * /trust.sh: makes a Linux machine without Genkan trust the root. It carries the root inside itself, asks
 * no network anything, and compares the fingerprint its person typed before it does anything else.
 * POSIX sh (dash, busybox). Names of files and entries are those of `genkan trust`, so that
 * `genkan untrust` finds them.
 */
import type { RootSource } from "./needs.ts";

export function trustScript({ der }: Pick<RootSource, "der">): string {
  return SCRIPT.replace("PEM", pemOf(der));
}

/** RFC 7468, from the very bytes the fingerprint is of: nothing in it could end the quotes around it. */
function pemOf(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----"].join("\n");
}

const SCRIPT = `#!/bin/sh
#
# Makes this machine trust the root certificate of a Genkan door.
#
#   sh trust.sh FINGERPRINT
#
# FINGERPRINT is what "genkan root fingerprint" shows on the door's own machine. Read this script
# before you run it: it came over a network that may belong to anybody, and one that somebody else
# put in its place would not check anything.
#
# Run it as yourself: it uses sudo for what belongs to the system. With DESTDIR=/some/folder
# everything is put below that folder instead, and the system is told nothing.
set -eu

root='PEM'

say() { printf '%s\\n' "$*"; }
stop() { printf 'trust.sh: %s\\nNothing was installed.\\n' "$*" >&2; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }
any() { for file in "$@"; do [ ! -e "$file" ] || return 0; done; return 1; }

# --- Is it the root you mean? Nothing is touched before this is sure.

meant=$(printf %s "$*" | tr -d ': ' | tr abcdef ABCDEF)
case $meant in
  '') stop "say which root you mean: sh trust.sh FINGERPRINT" ;;
  *[!0-9A-F]*) stop "this is no fingerprint: $*" ;;
esac
[ \${#meant} -eq 64 ] || stop "a fingerprint has 64 digits; this has \${#meant}."

decode() { if has base64; then base64 -d; else openssl base64 -d; fi; }
sum() { if has sha256sum; then sha256sum; else openssl dgst -sha256 -r; fi; }
got=$(say "$root" | sed '/^-----/d' | decode | sum | cut -c1-64 | tr abcdef ABCDEF)

if [ "$got" != "$meant" ]; then
  say "*** THIS IS NOT THE ROOT YOU MEAN ***" >&2
  say "you mean     $meant" >&2
  say "this one is  $got" >&2
  stop "somebody may be answering in the door's place, or the fingerprint is of another door."
fi
say "The fingerprint is right: $got"

# --- From here on it is installed.

at=\${DESTDIR-}
short=$(printf %s "$got" | cut -c1-16 | tr ABCDEF abcdef)
[ "$(uname -s)" = Linux ] || stop "this script is for Linux; the door's page has a way for your system."
if [ -z "$at" ] && [ "$(id -u)" -ne 0 ]; then
  has sudo || stop "the system's store needs root, and there is no sudo here."
  as_root() { sudo "$@"; }
else
  as_root() { "$@"; }
fi
put() { # FILE, from standard input, for everybody to read
  as_root mkdir -p "$(dirname "$1")"
  as_root tee "$1" >/dev/null
  as_root chmod 644 "$1"
}

# Chromium and its kin: the databases of the person who runs this.
data=$at\${XDG_DATA_HOME:-$HOME/.local/share}/pki/nssdb
old=$at$HOME/.pki/nssdb
if has certutil; then
  if [ ! -f "$data/cert9.db" ] && [ ! -f "$old/cert9.db" ]; then
    mkdir -p "$data"
    certutil -N --empty-password -d "sql:$data"
  fi
  for folder in "$data" "$old"; do
    [ -f "$folder/cert9.db" ] || continue
    say "$root" | certutil -A -a -t C,, -n "Genkan root $short" -d "sql:$folder" -f /dev/null
    say "ok    $folder"
  done
else
  say "skip  Chromium: it needs certutil (on Debian: sudo apt install libnss3-tools); run this again then"
fi

# The system: what curl, wget, git and most programs read.
system() { # FOLDER ENDING COMMAND...
  [ -d "$at$1" ] || return 1
  say "$root" | put "$at$1/genkan-root-$short$2"
  say "ok    $at$1/genkan-root-$short$2"
  shift 2
  [ -n "$at" ] || as_root "$@"
}
system /usr/local/share/ca-certificates .crt update-ca-certificates ||
  system /etc/pki/ca-trust/source/anchors .pem update-ca-trust extract ||
  system /etc/ca-certificates/trust-source/anchors .pem trust extract-compat ||
  system /etc/pki/trust/anchors .pem update-ca-certificates ||
  say "skip  the system: no folder for roots was found"

# Firefox, for everybody on this machine: by its policies, unless there are some already.
policies=$at/etc/firefox/policies
if any "$policies/policies.json" "$at"/usr/lib*/firefox*/distribution/policies.json; then
  say "skip  Firefox: it has policies already; import the root by hand (Settings, View Certificates)"
elif has firefox || has firefox-esr; then
  say "$root" | put "$policies/genkan-root-$short.pem"
  printf '{"policies":{"Certificates":{"Install":["%s"]}}}\\n' \\
    "/etc/firefox/policies/genkan-root-$short.pem" | put "$policies/policies.json"
  say "ok    $policies/policies.json"
fi
say "Done. Browsers that are open may need a restart."
`;
