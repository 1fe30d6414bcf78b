# shellcheck shell=bash
# Which engine is there. Sourced by scripts/engine.sh; stack/engine/find.ts looks in the same places.

engine_answers() { bounded 5 docker version --format '{{.Server.Version}}' &>/dev/null; }

# A choice somebody made (DOCKER_HOST, a context) is the only place looked at; without one, the usual sockets in order.
find_engine() {
  command -v docker >/dev/null || return 1
  if engine_was_chosen; then
    engine_answers
    return
  fi
  local run=${XDG_RUNTIME_DIR:-/run/user/$UID} socket
  for socket in /var/run/docker.sock "$run/docker.sock" ~/.docker/run/docker.sock ~/.docker/desktop/docker.sock \
    "$run/podman/podman.sock" /run/podman/podman.sock; do
    if [[ -S "$socket" ]] && DOCKER_HOST=unix://$socket engine_answers; then
      [[ "$socket" == /var/run/docker.sock ]] || export DOCKER_HOST=unix://$socket
      return 0
    fi
  done
  return 1
}

engine_was_chosen() { [[ -n "${DOCKER_HOST:-}" || "$(current_context)" != default ]]; }

current_context() { docker context inspect --format '{{.Name}}' 2>/dev/null || echo default; }

describe_engine() {
  local host format='{{.ServerVersion}} ({{.OSType}}/{{.Architecture}}, {{.Driver}}, cgroup v{{.CgroupVersion}}'
  host=${DOCKER_HOST:-$(docker context inspect --format '{{.Endpoints.docker.Host}}')}
  printf '%s, API %s) at %s' "$(bounded 10 docker info --format "$format" 2>/dev/null)" \
    "$(bounded 5 docker version --format '{{.Server.APIVersion}}')" "$host"
}
