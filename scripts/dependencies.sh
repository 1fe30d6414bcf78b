#!/usr/bin/env bash
# Installs the packages of package-lock.json into node_modules. Returns at once when they are installed.
# Usage: scripts/dependencies.sh [--help]
# Exit codes: 0 installed · 2 wrong use, or package-lock.json cannot be read · 3 npm is missing, or fails · 124 out of time.
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

only_help "$@"
cd "$HMA_ROOT"

# A link leads to the packages of another clone.
[[ -L node_modules ]] && exit 0

# The stored hash of the lock file shows whether node_modules were installed from it.
stamp=node_modules/.hma-lock
hash=$(git hash-object package-lock.json 2>/dev/null) || die 2 'package-lock.json cannot be read.' 'git checkout package-lock.json'
# A shell or an .npmrc that leaves development packages out is overruled; what such an npm has installed is not complete.
[[ -f "$stamp" && "$(<"$stamp")" == "$hash" && -x node_modules/.bin/vitest ]] && exit 0
command -v npm >/dev/null || die 3 'npm is missing.' 'install Node 24 or newer with npm.'
timed 'dependencies (npm ci)' 300 npm ci --ignore-scripts --include=dev --include=optional \
  --no-global --package-lock --bin-links --no-dry-run --install-strategy=hoisted --no-audit --no-fund --loglevel=error ||
  die 3 'the dependencies could not be installed.' 'npm ci --ignore-scripts'
printf '%s' "$hash" >"$stamp"
