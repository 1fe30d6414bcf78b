# shellcheck shell=bash
# Installing and starting an engine. Sourced by scripts/engine.sh.

ENGINE_STATE=/run/hma

# What can be done here is done; elsewhere the next act is named.
get_engine() {
  if command -v docker >/dev/null && engine_is_configured && [[ -z "${HMA_DOCKERD_OPTIONS:-}" ]]; then
    die 3 "the engine at ${DOCKER_HOST:-the docker context $(current_context)} gives no answer." \
      'start it, or take the choice back (unset DOCKER_HOST; docker context use default).'
  fi
  refuse_without_membership
  has_dockerd || install_engine
  start_engine
  local seconds=0
  until find_engine; do
    refuse_without_membership
    ((++seconds <= 60)) || die 124 'the engine was started but gives no answer within a minute.' "read $ENGINE_STATE/dockerd.log"
    sleep 1
  done
}

has_dockerd() { PATH=$PATH:/usr/sbin:/sbin command -v dockerd >/dev/null; }

refuse_without_membership() {
  [[ -S /var/run/docker.sock && ! -w /var/run/docker.sock ]] || return 0
  die 3 "an engine is there, but user $(id -un) may not use it." "sudo usermod -aG docker $(id -un), then log in again."
}

install_engine() {
  case "$(uname -s)" in
    Linux) command -v apt-get >/dev/null || die 3 'there is no container engine, or no docker command.' \
      'install Docker Engine (Fedora: dnf install moby-engine docker-compose), start it, and run this again.' ;;
    *) die 3 'there is no container engine, or no docker command.' 'install and start Docker Desktop, OrbStack or Colima, and run this again.' ;;
  esac
  local packages=(docker.io iptables ca-certificates)
  # Where the client is a package of its own (Debian 13), and where the kernel has what the engine then insists on.
  [[ -z "$(apt_candidate docker-cli)" ]] || packages+=(docker-cli)
  [[ "$(cat /sys/module/apparmor/parameters/enabled 2>/dev/null)" != Y ]] || packages+=(apparmor)
  [[ -d /run/systemd/system ]] || mountpoint --quiet /sys/fs/cgroup || packages+=(cgroupfs-mount)
  # A daemon that its package starts must not hold what the caller holds (lib.sh: alone).
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

# In a session of its own, so that neither Ctrl-C nor the end of this script ends it. The start time beside the process id
# tells it from a later process that got the same id.
start_dockerd() {
  local options started=$SECONDS
  read -ra options <<<"${HMA_DOCKERD_OPTIONS:-}"
  mkdir -p "$ENGINE_STATE"
  # Of two scripts that find no engine at once, the second finds that of the first.
  exec 9>"$ENGINE_STATE/lock"
  flock --wait 90 9 || die 124 'another start of the engine does not end.' "read $ENGINE_STATE/dockerd.log"
  ! find_engine || return 0
  PATH=$PATH:/usr/sbin:/sbin setsid dockerd "${options[@]}" </dev/null >"$ENGINE_STATE/dockerd.log" 2>&1 9>&- &
  local pid=$!
  printf '%s %s\n' "$pid" "$(started_at "$pid")" >"$ENGINE_STATE/dockerd.pid"
  until find_engine; do
    kill -0 "$pid" 2>/dev/null || die_of_dockerd 'ended at once'
    ((SECONDS - started < 60)) || die_of_dockerd 'gives no answer within a minute'
    sleep 0.2
  done
  say "  dockerd (process $pid, log $ENGINE_STATE/dockerd.log): $((SECONDS - started)) s"
}

die_of_dockerd() {
  grep -E 'level=(error|fatal)|^failed|dockerd:' "$ENGINE_STATE/dockerd.log" | tail -n 3 >&2
  die 3 "dockerd $1." "read $ENGINE_STATE/dockerd.log"
}

started_at() { cut -d' ' -f22 "/proc/$1/stat" 2>/dev/null || true; }

stop_dockerd() {
  local pid='' started='' seconds=0
  [[ -f "$ENGINE_STATE/dockerd.pid" ]] && read -r pid started <"$ENGINE_STATE/dockerd.pid"
  if [[ -z "$pid" || "$(started_at "$pid")" != "$started" || "$(cat "/proc/$pid/comm" 2>/dev/null)" != dockerd ]]; then
    say '  no engine that this script started'
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
