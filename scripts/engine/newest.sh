# shellcheck shell=bash
# Builds the newest engine and Compose from their Go modules. Sourced by scripts/newest-engine.sh.

COMPOSE=v5.6.0 ENGINE=v2.0.0-beta.24 CONTAINERD=v2.4.2 RUNC=v1.5.2
moby=github.com/moby/moby/v2 containerd=github.com/containerd/containerd/v2

# build_newest FOLDER DRAFT: returns at once when FOLDER has these versions. Builds in DRAFT, which the caller removes.
build_newest() {
  local stamp="$COMPOSE $ENGINE $CONTAINERD $RUNC" tool built
  built=$(cat "$1/stamp" 2>/dev/null || true)
  [[ "$built" != "$stamp" ]] || return 0
  for tool in go gcc; do
    command -v "$tool" >/dev/null || die 3 "$tool is missing." 'install it (Debian: apt-get install golang gcc).'
  done
  [[ -f /usr/include/seccomp.h ]] || "$HMA_ROOT/scripts/packages.sh" libseccomp-dev pkg-config
  local draft=$2
  mkdir -p "$draft/module" "$(dirname "$1")"
  export COMPOSE ENGINE CONTAINERD RUNC moby containerd draft
  export -f compile
  # shellcheck disable=SC2016 # for the inner shell
  timed "engine $ENGINE and compose $COMPOSE, from their modules" 1500 bash -Eeuo pipefail -c 'compile 2>"$draft.log"' ||
    { tail -n 5 "$draft.log" >&2 && die 3 'the newest engine could not be built.' 'read the lines above.'; }
  rm -rf "$1" "$draft/module"
  mv "$draft" "$1"
  printf '%s' "$stamp" >"$1/stamp"
}

# In an empty module that requires theirs, so that the versions of their go.mod files are built.
compile() {
  cd "$draft/module" || exit
  go mod init newest-engine
  go get "github.com/docker/compose/v5/cmd@$COMPOSE" "$moby/cmd/dockerd@$ENGINE" "$containerd/cmd/containerd@$CONTAINERD" \
    "github.com/opencontainers/runc@$RUNC"
  local small=(-trimpath -ldflags)
  go build "${small[@]}" "-s -w -X github.com/docker/compose/v5/internal.Version=$COMPOSE" -o "$draft/docker-compose" \
    github.com/docker/compose/v5/cmd
  go build "${small[@]}" "-s -w -X $moby/dockerversion.Version=29-${ENGINE#*-}" -o "$draft/" "$moby"/cmd/{dockerd,docker-proxy}
  go build "${small[@]}" '-s -w' -o "$draft/" "$containerd"/cmd/containerd{,-shim-runc-v2}
  CGO_ENABLED=1 go build "${small[@]}" '-s -w' -tags seccomp -o "$draft/runc" github.com/opencontainers/runc
}
