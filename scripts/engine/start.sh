# shellcheck shell=bash
# Installs and starts an engine. Sourced by scripts/engine.sh.

ENGINE_STATE=/run/hma

# Where this machine allows neither, the error names the next step.
provide_engine() {
  if command -v docker >/dev/null && engine_is_configured && [[ -z "${HMA_DOCKERD_OPTIONS:-}" ]]; then
    die 3 "the engine at ${DOCKER_HOST:-the docker context $(current_context)} does not reply." \
      'start it, or use another (unset DOCKER_HOST; docker context use default).'
  fi
  require_docker_group
  has_dockerd || install_engine
  start_engine
  local seconds=0
  until find_engine; do
    require_docker_group
    ((++seconds <= 60)) || die 124 'the engine was started but does not reply within a minute.' "read $ENGINE_STATE/dockerd.log"
    sleep 1
  done
}

has_dockerd() { PATH=$PATH:/usr/sbin:/sbin command -v dockerd >/dev/null; }

require_docker_group() {
  [[ -S /var/run/docker.sock && ! -w /var/run/docker.sock ]] || return 0
  die 3 "an engine is running, but user $(id -un) has no access to it." "sudo usermod -aG docker $(id -un), then log in again."
}

install_engine() {
  case "$(uname -s)" in
    Linux) command -v apt-get >/dev/null || die 3 'there is no container engine, or no docker command.' \
      'install Docker Engine (Fedora: dnf install moby-engine docker-compose), start it, and run this again.' ;;
    *) die 3 'there is no container engine, or no docker command.' 'install and start Docker Desktop, OrbStack or Colima, and run this again.' ;;
  esac
  local packages=(docker.io iptables ca-certificates)
  # Debian 13 packages the client separately; with AppArmor in the kernel the engine needs its tools.
  [[ -z "$(apt_candidate docker-cli)" ]] || packages+=(docker-cli)
  [[ "$(cat /sys/module/apparmor/parameters/enabled 2>/dev/null)" != Y ]] || packages+=(apparmor)
  [[ -d /run/systemd/system ]] || mountpoint --quiet /sys/fs/cgroup || packages+=(cgroupfs-mount)
  # A daemon started by its package must not inherit the caller's lock (lib.sh: take_lock).
  "$HMA_ROOT/scripts/packages.sh" "${packages[@]}" 9>&-
  hash -r
}

start_engine() {
  if [[ -d /run/systemd/system ]]; then
    find_engine || as_root 'Starting the container engine' systemctl start docker
  elif ((EUID == 0)); then
    start_dockerd
  else
    as_root 'Starting the container engine' "$HMA_ROOT/scripts/engine.sh"
  fi
}

# In its own session, so that neither Ctrl-C nor the end of this script stops it. Beside the process id its start time is stored,
# because ids are reused.
start_dockerd() {
  local options started=$SECONDS
  read -ra options <<<"${HMA_DOCKERD_OPTIONS:-}"
  mkdir -p "$ENGINE_STATE"
  # Of two scripts that start an engine at the same time, the second waits and finds the engine of the first.
  exec 9>"$ENGINE_STATE/lock"
  flock --wait 90 9 || die 124 'another process has been starting the engine for 90 s.' "read $ENGINE_STATE/dockerd.log"
  ! find_engine || return 0
  PATH=$PATH:/usr/sbin:/sbin setsid dockerd "${options[@]}" </dev/null >"$ENGINE_STATE/dockerd.log" 2>&1 9>&- &
  local pid=$!
  printf '%s %s\n' "$pid" "$(started_at "$pid")" >"$ENGINE_STATE/dockerd.pid"
  until find_engine; do
    kill -0 "$pid" 2>/dev/null || die_with_dockerd_log 'ended at once'
    ((SECONDS - started < 60)) || die_with_dockerd_log 'does not reply within a minute'
    sleep 0.2
  done
  say "  dockerd (process $pid, log $ENGINE_STATE/dockerd.log): $((SECONDS - started)) s"
}

die_with_dockerd_log() {
  grep -E 'level=(error|fatal)|^failed|dockerd:' "$ENGINE_STATE/dockerd.log" | tail -n 3 >&2
  die 3 "dockerd $1." "read $ENGINE_STATE/dockerd.log"
}

started_at() { cut -d' ' -f22 "/proc/$1/stat" 2>/dev/null || true; }

stop_dockerd() {
  local pid='' started='' seconds=0
  [[ -f "$ENGINE_STATE/dockerd.pid" ]] && read -r pid started <"$ENGINE_STATE/dockerd.pid"
  if [[ -z "$pid" || "$(started_at "$pid")" != "$started" || "$(cat "/proc/$pid/comm" 2>/dev/null)" != dockerd ]]; then
    say '  no engine was started by this script'
    return 0
  fi
  as_root 'Stopping the container engine' kill "$pid"
  while [[ "$(started_at "$pid")" == "$started" ]]; do
    ((++seconds <= 150)) || die 124 "dockerd (process $pid) did not end within 30 s." "kill -9 $pid"
    sleep 0.2
  done
  as_root 'Stopping the container engine' rm -f "$ENGINE_STATE/dockerd.pid"
  say "  dockerd (process $pid) stopped"
}
