# shellcheck shell=bash
# Finds the container engine before there is a Node: the docker command knows DOCKER_HOST and contexts, so only the usual
# sockets are listed here. Sourced by scripts/engine.sh; everything else uses stack/engine/find.ts.

engine_replies() { bounded 5 docker version --format '{{.Server.Version}}' &>/dev/null; }

# Sets DOCKER_HOST where docker alone would not find the socket. With DOCKER_HOST or a context, no other place is tried.
find_engine() {
  command -v docker >/dev/null || return 1
  if engine_is_configured; then
    engine_replies
    return
  fi
  local run=${XDG_RUNTIME_DIR:-/run/user/$UID} socket
  for socket in /var/run/docker.sock "$run/docker.sock" "$HOME/.docker/run/docker.sock" "$HOME/.docker/desktop/docker.sock" \
    "$run/podman/podman.sock" /run/podman/podman.sock; do
    if [[ -S "$socket" ]] && DOCKER_HOST=unix://$socket engine_replies; then
      [[ "$socket" == /var/run/docker.sock ]] || export DOCKER_HOST=unix://$socket
      return 0
    fi
  done
  return 1
}

engine_is_configured() {
  [[ -z "${DOCKER_HOST:-}" ]] || return 0
  local context
  context=$(current_context)
  [[ "$context" != default ]]
}

current_context() { docker context inspect --format '{{.Name}}' 2>/dev/null || echo default; }

describe_engine() {
  local host about api format='{{.ServerVersion}} ({{.OSType}}/{{.Architecture}}, {{.Driver}}, cgroup v{{.CgroupVersion}}'
  host=${DOCKER_HOST:-$(docker context inspect --format '{{.Endpoints.docker.Host}}' || true)}
  # A busy engine that does not tell about itself in time is no reason to stop.
  about=$(bounded 10 docker info --format "$format" 2>/dev/null || true)
  api=$(bounded 5 docker version --format '{{.Server.APIVersion}}' || true)
  printf '%s, API %s) at %s' "$about" "$api" "$host"
}
