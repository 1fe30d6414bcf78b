#!/usr/bin/env bash
# Installs missing packages of Debian or Ubuntu; returns at once when none is missing. Needs root, or asks for sudo.
# Usage: scripts/packages.sh [--yes] [--help] NAME...
#   --yes   does not ask before sudo
# Exit codes: 0 all installed · 2 wrong use · 3 no apt, no permission, or apt failed · 124 out of time.
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

names=()
for argument in "$@"; do
  case "$argument" in
    --yes) export HMA_YES=1 ;;
    --help) print_help "${BASH_SOURCE[0]}" && exit 0 ;;
    -*) die 2 "unknown option '$argument'." 'scripts/packages.sh --help' ;;
    *) names+=("$argument") ;;
  esac
done
((${#names[@]} > 0)) || die 2 'no package is named.' 'scripts/packages.sh --help'
command -v apt-get >/dev/null || die 3 "this machine has no apt to install ${names[*]} with." 'install them in the way of this system.'

missing=()
for name in "${names[@]}"; do
  status=$(dpkg-query --show --showformat '${db:Status-Status}' "$name" 2>/dev/null || true)
  [[ "$status" == installed ]] || missing+=("$name")
done
((${#missing[@]} > 0)) || exit 0

log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt() {
  bounded "$1" env DEBIAN_FRONTEND=noninteractive apt-get -qq --yes -o DPkg::Lock::Timeout=60 "${@:2}" >>"$log" 2>&1 && return
  local code=$?
  ((code != 124 && code != 137)) || die 124 "apt-get did not end within $1 s." "apt-get install ${missing[*]}"
  return "$code"
}
install_all() {
  # A failed update is ignored: a broken package source matters only if the installation then fails.
  apt 120 update || true
  apt 280 install --no-install-recommends "${missing[@]}"
}
if ((EUID == 0)); then
  started=$SECONDS
  install_all || {
    tail -n 5 "$log" >&2
    die 3 "apt could not install ${missing[*]}." "apt-get install ${missing[*]}"
  }
  say "  ${missing[*]} (apt): $((SECONDS - started)) s" >&2
else
  as_root "Installing ${missing[*]}" "$HMA_ROOT/scripts/packages.sh" "${missing[@]}"
fi
