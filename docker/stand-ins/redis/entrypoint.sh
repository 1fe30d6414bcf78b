#!/usr/bin/env bash
# Starts Redis in a container the way the official image does: options or a .conf file alone mean redis-server, the server
# runs as redis and not as root, and it accepts other hosts. Reads SKIP_FIX_PERMS and SKIP_DROP_PRIVS.
set -Eeuo pipefail

[[ ${1-} == -* || ${1-} == *.conf ]] && set -- redis-server "$@"

is_server() {
  case ${1##*/} in redis-server | redis-sentinel) return 0 ;; esac
  return 1
}

may_switch_user() {
  local bounds
  bounds=$(setpriv --dump | grep 'Capability bounding set:')
  [[ $EUID == 0 && $bounds == *setuid* && $bounds == *setgid* ]]
}

# Changes the owner only of a folder that contains nothing but files of Redis: any other may be mounted by mistake.
chown_data() {
  local other
  other=$(find . -mindepth 1 -maxdepth 1 ! -name '*.rdb' ! -name appendonlydir -print -quit)
  if [[ -n $other ]]; then
    printf 'redis entrypoint: %s is no file of Redis; the owners in %s are not changed.\n' "$other" "$PWD"
    return
  fi
  find . ! -user redis -exec chown redis '{}' + || printf 'redis entrypoint: the owners in %s could not be changed.\n' "$PWD"
}

if is_server "${1-}" && [[ -z ${SKIP_DROP_PRIVS-} ]] && may_switch_user; then
  [[ -n ${SKIP_FIX_PERMS-} ]] || chown_data
  exec setpriv --reuid=redis --regid=redis --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all \
    "${BASH_SOURCE[0]}" "$@"
fi
mask=$(umask)
[[ $mask != 0022 ]] || umask 0077

# Upstream compiles its server without protected mode, because a container without published ports is private. For Debian's it
# is turned off by the first option, which later options override; with a .conf file nothing is added.
if [[ ${1##*/} == redis-server ]] && [[ -z ${2-} || ${2-} == -* ]] && [[ ${2-} != --version && ${2-} != -v && ${2-} != --help ]]; then
  set -- "$1" --protected-mode no "${@:2}"
fi
exec "$@"
