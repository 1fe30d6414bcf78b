#!/usr/bin/env bash
# Provides the browser in which a spec looks at the dashboard's page (E1.2.3): Debian's Chromium, or a Chrome that is installed.
# Usage: scripts/browser.sh [--help]
# Returns at once when one is there.
# Exit codes: 0 there · 2 wrong use · 3 there is none, and it cannot be installed · 124 out of time.
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

only_help "$@"
cd "$HMA_ROOT"

# The places where playwright-core looks for Chrome, after Debian's Chromium.
for browser in /usr/bin/chromium /opt/google/chrome/chrome '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'; do
  [[ -x "$browser" ]] && exit 0
done
if command -v apt-get >/dev/null; then
  scripts/packages.sh chromium && exit 0
fi
die 3 'there is no Chromium, and E1.2.3 looks at a page in one.' 'Debian: apt-get install chromium. Elsewhere: install Google Chrome.'
