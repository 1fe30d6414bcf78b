# shellcheck shell=bash
# Installs and starts an engine. Sourced by scripts/engine.sh.

ENGINE_STATE=/run/hma

# Where this machine allows neither, the error names the next step.
provide_engine() {
  local context seconds=0
  if command -v docker >/dev/null && engine_is_configured && [[ -z "${HMA_DOCKERD_OPTIONS:-}" ]]; then
    context=$(current_context)
    die 3 "the engine at ${DOCKER_HOST:-the docker context $context} does not reply." \
      'start it, or use another (unset DOCKER_HOST; docker context use default).'
  fi
  require_docker_group
  has_dockerd || install_engine
  start_engine
  until find_engine; do
    require_docker_group
    ((++seconds <= 60)) || die 124 'the engine was started but does not reply within a minute.' "read $ENGINE_STATE/dockerd.log"
    sleep 1
  done
}

has_dockerd() { PATH=$PATH:/usr/sbin:/sbin command -v dockerd >/dev/null; }

require_docker_group() {
  [[ -S /var/run/docker.sock && ! -w /var/run/docker.sock ]] || return 0
  local user
  user=$(id -un)
  die 3 "an engine is running, but user $user has no access to it." "sudo usermod -aG docker $user, then log in again."
}

install_engine() {
  case "$(uname -s)" in
    Linux) command -v apt-get >/dev/null || die 3 'there is no container engine, or no docker command.' \
      'install Docker Engine (Fedora: dnf install moby-engine docker-compose), start it, and run this again.' ;;
    *) die 3 'there is no container engine, or no docker command.' 'install and start Docker Desktop, OrbStack or Colima, and run this again.' ;;
  esac
  local packages=(docker.io iptables ca-certificates) client apparmor
  # Debian 13 packages the client separately; with AppArmor in the kernel the engine needs its tools.
  client=$(apt_candidate docker-cli)
  apparmor=$(cat /sys/module/apparmor/parameters/enabled 2>/dev/null || true)
  [[ -z "$client" ]] || packages+=(docker-cli)
  [[ "$apparmor" != Y ]] || packages+=(apparmor)
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

# Of two scripts that start an engine at the same time, the second waits and finds the engine of the first.
start_dockerd() {
  mkdir -p "$ENGINE_STATE"
  exec 9>"$ENGINE_STATE/lock"
  flock --wait 90 9 || die 124 'another process has been starting the engine for 90 s.' "read $ENGINE_STATE/dockerd.log"
  ! find_engine || return 0
  launch_dockerd || { set_networks_aside && launch_dockerd; } || die_with_dockerd_log 'ended at once'
}

# In its own session, so that neither Ctrl-C nor the end of this script stops it. Beside the process id its start time is stored,
# because ids are reused. Fails where the process ends before it replies.
launch_dockerd() {
  local options started=$SECONDS pid began
  read -ra options <<<"${HMA_DOCKERD_OPTIONS:-}"
  PATH=$PATH:/usr/sbin:/sbin setsid dockerd "${options[@]}" </dev/null >"$ENGINE_STATE/dockerd.log" 2>&1 9>&- &
  pid=$!
  began=$(started_at "$pid")
  printf '%s %s\n' "$pid" "$began" >"$ENGINE_STATE/dockerd.pid"
  until find_engine; do
    kill -0 "$pid" 2>/dev/null || return 1
    ((SECONDS - started < 60)) || die_with_dockerd_log 'does not reply within a minute'
    sleep 0.2
  done
  say "  dockerd (process $pid, log $ENGINE_STATE/dockerd.log): $((SECONDS - started)) s"
}

# An engine before 24.0 that is killed while it makes a network cannot read its list of networks at the next start
# (moby/moby issue 45057, seen with Debian 12's 20.10). Compose makes its networks anew; the list is kept beside the new one.
set_networks_aside() {
  local file=/var/lib/docker now
  grep -q 'libnetwork.*reservePools' "$ENGINE_STATE/dockerd.log" || return 1
  [[ ! "${HMA_DOCKERD_OPTIONS:-}" =~ --data-root[=\ ]([^ ]+) ]] || file=${BASH_REMATCH[1]}
  file+=/network/files/local-kv.db
  [[ -f "$file" ]] || return 1
  now=$(date -u +%Y%m%dT%H%M%SZ)
  mv "$file" "$file.broken-$now"
  say "  dockerd was killed while it made a network and cannot read $file: set aside, its networks are made anew"
}

die_with_dockerd_log() {
  grep -E 'level=(error|fatal)|^failed|^panic:|dockerd:' "$ENGINE_STATE/dockerd.log" | tail -n 3 >&2 || true
  die 3 "dockerd $1." "read $ENGINE_STATE/dockerd.log"
}

started_at() { cut -d' ' -f22 "/proc/$1/stat" 2>/dev/null || true; }

stop_dockerd() {
  local pid='' started='' seconds=0 began program
  [[ -f "$ENGINE_STATE/dockerd.pid" ]] && read -r pid started <"$ENGINE_STATE/dockerd.pid"
  began=$(started_at "$pid")
  program=$(cat "/proc/$pid/comm" 2>/dev/null || true)
  if [[ -z "$pid" || "$began" != "$started" || "$program" != dockerd ]]; then
    say '  no engine was started by this script'
    return 0
  fi
  as_root 'Stopping the container engine' kill "$pid"
  while [[ "$began" == "$started" ]]; do
    ((++seconds <= 150)) || die 124 "dockerd (process $pid) did not end within 30 s." "kill -9 $pid"
    sleep 0.2
    began=$(started_at "$pid")
  done
  as_root 'Stopping the container engine' rm -f "$ENGINE_STATE/dockerd.pid"
  say "  dockerd (process $pid) stopped"
}
