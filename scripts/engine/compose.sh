# shellcheck shell=bash
# Compose v2, the plugin behind `docker compose`. Sourced by scripts/engine.sh.

has_compose() {
  local version
  version=$(bounded 10 docker compose version --short 2>/dev/null) || return
  [[ "$version" =~ ^v?([2-9]|[1-9][0-9]+)\. ]]
}

# The version that apt would install; empty without one.
apt_candidate() {
  local policy
  policy=$(LC_ALL=C apt-cache policy "$1" 2>/dev/null || true)
  sed -n 's/^ *Candidate: \([^(]*\)$/\1/p' <<<"$policy"
}

provide_compose() {
  command -v apt-get >/dev/null ||
    die 3 'docker has no Compose v2.' 'install the Docker Compose plugin (Fedora: dnf install docker-compose), and run this again.'
  local of_ubuntu of_debian
  of_ubuntu=$(apt_candidate docker-compose-v2)
  of_debian=$(apt_candidate docker-compose)
  if [[ -n "$of_ubuntu" ]]; then
    "$HMA_ROOT/scripts/packages.sh" docker-compose-v2
  elif [[ "$of_debian" =~ ^([0-9]+:)?([2-9]|[1-9][0-9]+)\. ]]; then
    "$HMA_ROOT/scripts/packages.sh" docker-compose
  else
    download_compose
  fi
  has_compose || die 3 'Compose v2 was installed, but docker does not find it.' 'docker compose version'
}

# Debian 12 has no package of Compose v2, and the plugin in Debian 13's package is one static file: it is extracted from there,
# from the mirror that this machine uses, verified by the same keys. Nothing else of Debian 13 is installed.
download_compose() {
  local codename mirrors mirror keys=/usr/share/keyrings/debian-archive-keyring.gpg target started=$SECONDS
  target=$(plugin_folder)
  codename=$(source /etc/os-release && echo "$VERSION_CODENAME") || codename=''
  # shellcheck disable=SC2016 # apt's own placeholder
  mirrors=$(apt-get indextargets --format '$(REPO_URI)' 'Origin: Debian' "Codename: $codename" 'Identifier: Packages' || true)
  mirror=${mirrors%%$'\n'*}
  [[ -n "$mirror" && -f "$keys" ]] || die 3 'docker has no Compose v2.' 'install the Docker Compose plugin, and run this again.'
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/unpacked"
  printf 'deb [signed-by=%s target=Packages] %s trixie main\n' "$keys" "$mirror" >"$work/sources.list"
  local apt=(apt-get -qq -o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=/dev/null
    -o "Dir::State::lists=$work/lists" -o "Dir::Cache=$work/cache" -o APT::Sandbox::User=root)
  (cd "$work" && bounded 120 "${apt[@]}" update && bounded 120 "${apt[@]}" download docker-compose) >"$work/log" 2>&1 ||
    { tail -n 3 "$work/log" >&2 && die 3 'Compose v2 could not be downloaded from Debian 13.' 'install the Docker Compose plugin, and run this again.'; }
  dpkg-deb --extract "$work"/docker-compose_*.deb "$work/unpacked"
  install -D --mode 755 "$work/unpacked/usr/libexec/docker/cli-plugins/docker-compose" "$target/docker-compose"
  say "  docker compose (the plugin of Debian 13, in $target): $((SECONDS - started)) s"
}

plugin_folder() {
  if ((EUID == 0)); then echo /usr/local/lib/docker/cli-plugins; else echo "${DOCKER_CONFIG:-$HOME/.docker}/cli-plugins"; fi
}
