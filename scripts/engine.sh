#!/usr/bin/env bash
# Makes a container engine and Compose v2 work on this machine. Uses the engine that is there (DOCKER_HOST, docker context,
# a usual socket); on Debian and Ubuntu installs docker.io and starts it, without systemd by itself. Instant when all is there.
# Usage: scripts/engine.sh [--yes] | --check | --stop | --help
#   --yes     does not ask before sudo
#   --check   changes nothing: prints what is there, 0 when all is, else 3
#   --stop    ends the dockerd that this script started, and no other
# Environment: HMA_DOCKERD_OPTIONS, more words for the dockerd that this script starts (--data-root FOLDER).
# Exit codes: 0 done · 2 wrong use · 3 this machine lacks something (said in one line) · 124 out of time.
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/engine/find.sh
source "$HMA_ROOT/scripts/engine/find.sh"
# shellcheck source=scripts/engine/start.sh
source "$HMA_ROOT/scripts/engine/start.sh"
# shellcheck source=scripts/engine/compose.sh
source "$HMA_ROOT/scripts/engine/compose.sh"

act=ensure
for option in "$@"; do
  case "$option" in
    --yes) export HMA_YES=1 ;;
    --check | --stop) act=${option#--} ;;
    --help) print_help "${BASH_SOURCE[0]}" && exit 0 ;;
    *) die 2 "unknown option '$option'." 'scripts/engine.sh --help' ;;
  esac
done

check() {
  if ! find_engine; then
    refuse_without_membership
    die 3 "no container engine answers${DOCKER_HOST:+ at $DOCKER_HOST}." 'scripts/engine.sh'
  fi
  say "  engine   $(describe_engine)"
  has_compose || die 3 "docker has no Compose v2 (docker compose version)." 'scripts/engine.sh'
  say "  compose  $(docker compose version --short)"
}

case "$act" in
  check) check ;;
  stop) stop_dockerd ;;
  ensure)
    find_engine || get_engine
    has_compose || get_compose
    check
    ;;
esac
