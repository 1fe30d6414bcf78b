#!/usr/bin/env bash
# Starts Redis in a container the way the official image does: options or a .conf file alone mean redis-server, the server
# runs as redis and not as root, and it listens to other hosts. Reads SKIP_FIX_PERMS and SKIP_DROP_PRIVS.
set -Eeuo pipefail

[[ ${1-} == -* || ${1-} == *.conf ]] && set -- redis-server "$@"

is_server() {
  case ${1##*/} in redis-server | redis-sentinel) return 0 ;; esac
  return 1
}

may_become_another_user() {
  local bounds
  bounds=$(setpriv --dump | grep 'Capability bounding set:')
  [[ $(id -u) == 0 && $bounds == *setuid* && $bounds == *setgid* ]]
}

# Only what Redis itself writes is given to it: a folder that holds anything else may be somebody's, mounted by mistake.
own_the_data() {
  local stranger
  stranger=$(find . -mindepth 1 -maxdepth 1 ! -name '*.rdb' ! -name appendonlydir -print -quit)
  if [[ -n $stranger ]]; then
    printf 'redis entrypoint: %s is not of Redis; the owners in %s are left as they are.\n' "$stranger" "$PWD"
    return
  fi
  find . ! -user redis -exec chown redis '{}' + || printf 'redis entrypoint: %s stays with its owner.\n' "$PWD"
}

if is_server "${1-}" && [[ -z ${SKIP_DROP_PRIVS-} ]] && may_become_another_user; then
  [[ -n ${SKIP_FIX_PERMS-} ]] || own_the_data
  exec setpriv --reuid=redis --regid=redis --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all \
    "${BASH_SOURCE[0]}" "$@"
fi
[[ $(umask) != 0022 ]] || umask 0077

# A container without published ports is private already, so upstream's server is compiled without protected mode. Debian's
# is not: it is told so before anything that was asked for, which then still wins; a .conf file decides for itself.
if [[ ${1##*/} == redis-server ]] && [[ -z ${2-} || ${2-} == -* ]] && [[ ${2-} != --version && ${2-} != -v && ${2-} != --help ]]; then
  set -- "$1" --protected-mode no "${@:2}"
fi
exec "$@"
