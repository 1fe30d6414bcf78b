#!/usr/bin/env bash
# Provides a container engine and Compose v2. Uses a running engine (DOCKER_HOST, docker context, a usual socket); on Debian and
# Ubuntu installs docker.io and starts it, also without systemd. Returns at once when both are available.
# Usage: scripts/engine.sh [--yes] | --check | --stop | --help
#   --yes     does not ask before sudo
#   --check   changes nothing: prints engine and Compose; 0 when both are available, else 3
#   --stop    stops the dockerd that this script started, and no other
# Environment: HMA_DOCKERD_OPTIONS, more options for the dockerd that this script starts (--data-root FOLDER).
# Exit codes: 0 done · 2 wrong use · 3 this machine lacks something (named in one line) · 124 out of time.
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/engine/find.sh
source "$HMA_ROOT/scripts/engine/find.sh"
# shellcheck source=scripts/engine/start.sh
source "$HMA_ROOT/scripts/engine/start.sh"
# shellcheck source=scripts/engine/compose.sh
source "$HMA_ROOT/scripts/engine/compose.sh"

action=ensure
for option in "$@"; do
  case "$option" in
    --yes) export HMA_YES=1 ;;
    --check | --stop) action=${option#--} ;;
    --help) print_help "${BASH_SOURCE[0]}" && exit 0 ;;
    *) die 2 "unknown option '$option'." 'scripts/engine.sh --help' ;;
  esac
done

check() {
  local engine compose
  if ! find_engine; then
    require_docker_group
    die 3 "no container engine replies${DOCKER_HOST:+ at $DOCKER_HOST}." 'scripts/engine.sh'
  fi
  engine=$(describe_engine)
  say "  engine   $engine"
  has_compose || die 3 "docker has no Compose v2 (docker compose version)." 'scripts/engine.sh'
  compose=$(docker compose version --short)
  say "  compose  $compose"
}

case "$action" in
  check) check ;;
  stop) stop_dockerd ;;
  ensure)
    find_engine || provide_engine
    has_compose || provide_compose
    check
    ;;
esac
