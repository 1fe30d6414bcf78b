#!/usr/bin/env bash
# Runs a command with the newest container engine and Compose, beside the running engine. Both are built from their Go modules; the
# engine has its own network namespace and data, which are removed at the end. The stack must work with the oldest supported
# engine, which scripts/engine.sh installs on Debian 12 (20.10 with Compose 2.26), and with the newest.
# Usage: scripts/newest-engine.sh COMMAND...     Linux, as root, with Go
#   scripts/newest-engine.sh npx vitest run a1- f1-
# It gets copies of the images built here (scripts/images.sh ensure), and has no access to other networks.
# Exit codes: the command's own · 2 wrong use · 3 the machine lacks something · 124 out of time.
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/engine/newest.sh
source "$HMA_ROOT/scripts/engine/newest.sh"

[[ "${1:-}" == --help ]] && print_help "${BASH_SOURCE[0]}" && exit 0
(($# > 0)) || die 2 'no command is given.' 'scripts/newest-engine.sh --help'
kernel=$(uname -s)
[[ "$kernel" == Linux ]] || die 3 'this script starts an engine on Linux only.' 'update Docker Desktop, OrbStack or Colima.'
((EUID == 0)) || die 3 'starting an engine needs root.' "sudo scripts/newest-engine.sh $*"
for tool in docker ip nsenter; do
  command -v "$tool" >/dev/null || die 3 "$tool is missing." 'scripts/engine.sh; apt-get install iproute2 util-linux'
done

finish() {
  local code=$? tenths=0
  trap - EXIT
  if [[ -f $work/docker.pid ]]; then
    kill "$(<"$work/docker.pid")" || true
    while [[ -f $work/docker.pid ]] && ((++tenths <= 300)); do sleep 0.1; done
  fi
  ip netns delete "$name" 2>/dev/null || true
  rm -rf "$work"
  exit "$code"
}

bin=$HMA_ROOT/.hma/newest-engine work=$(mktemp -d) name=hma-newest-$$
trap finish EXIT
build_newest "$bin" "$work/build"
mkdir -p "$work/config/cli-plugins"
ln -s "$bin/docker-compose" "$work/config/cli-plugins/docker-compose"
ip netns add "$name"
ip -n "$name" link set lo up

# nsenter, because `ip netns exec` hides the control groups.
inside=(nsenter "--net=/run/netns/$name" env)
socket=unix://$work/docker.sock
"${inside[@]}" "PATH=$bin:$PATH" setsid dockerd --data-root "$work/data" --exec-root "$work/exec" --pidfile "$work/docker.pid" \
  --host "$socket" --cgroup-parent "/$name" </dev/null >"$work/dockerd.log" 2>&1 &
started=$SECONDS
until docker --host "$socket" version >/dev/null 2>&1; do
  if ((SECONDS - started > 60)) || ! kill -0 $!; then
    tail -n 3 "$work/dockerd.log" >&2
    die 3 'the newest engine does not start here.' 'read the lines above.'
  fi
  sleep 0.2
done
all=$(docker images --format '{{.Repository}}:{{.Tag}}')
mapfile -t images < <(grep '^localhost/' <<<"$all" || true)
((${#images[@]} == 0)) || docker save "${images[@]}" | docker --host "$socket" load --quiet >/dev/null
version=$(docker --host "$socket" version --format '{{.Server.Version}}, API {{.Server.APIVersion}}')
say "  engine $version, compose $COMPOSE, ${#images[@]} images: $((SECONDS - started)) s"
"${inside[@]}" "DOCKER_HOST=$socket" "DOCKER_CONFIG=$work/config" "$@"
