#!/usr/bin/env bash
# Starts Postgres in a container the way the official image does: an empty PGDATA becomes a cluster with the given user,
# password and database, /docker-entrypoint-initdb.d runs once against a server without TCP, and then the real server
# starts. Reads POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB, POSTGRES_INITDB_ARGS (each also as ..._FILE),
# POSTGRES_INITDB_WALDIR, POSTGRES_HOST_AUTH_METHOD and PGDATA.
set -Eeuo pipefail

refuse() {
  printf 'postgres entrypoint: %s\n' "$1" >&2
  exit 1
}

# setting NAME DEFAULT: the value of NAME, or the content of the file that NAME_FILE points to, or the default.
setting() {
  local name=$1 file_name=$1_FILE
  if [[ -n ${!name-} && -n ${!file_name-} ]]; then
    refuse "$name and $file_name are both set. Next: keep one of them."
  elif [[ -n ${!file_name-} ]]; then
    [[ -r ${!file_name} ]] || refuse "$file_name names ${!file_name}, which cannot be read. Next: mount that file."
    printf '%s' "$(<"${!file_name}")"
  else
    printf '%s' "${!name:-$2}"
  fi
}

read_settings() {
  user=$(setting POSTGRES_USER postgres)
  password=$(setting POSTGRES_PASSWORD '')
  database=$(setting POSTGRES_DB "$user")
  initdb_arguments=$(setting POSTGRES_INITDB_ARGS '')
  auth_method=${POSTGRES_HOST_AUTH_METHOD:-}
}

require_password() {
  [[ -n $password || $auth_method == trust ]] ||
    refuse 'no superuser password. Next: set POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE.'
}

prepare_folders() {
  mkdir -p "$PGDATA" /var/run/postgresql
  chmod 00700 "$PGDATA" || true
  chmod 03775 /var/run/postgresql || true
  ((EUID == 0)) || return 0
  find "$PGDATA" /var/run/postgresql \! -user postgres -exec chown postgres '{}' +
}

make_cluster() {
  local arguments=(--username="$user") password_argument='' file_system
  # Expanded inside the command that reads it, because bash closes it afterwards. No file, so nothing to delete.
  # shellcheck disable=SC2016 # expanded by the eval below
  [[ -z $password ]] || password_argument='--pwfile=<(printf "%s\n" "$password")'
  [[ -z ${POSTGRES_INITDB_WALDIR:-} ]] || arguments+=(--waldir "$POSTGRES_INITDB_WALDIR")
  # tmpfs has no disk to sync to; on a disk the sync lets the new cluster survive a power failure.
  file_system=$(stat --file-system --format=%T "$PGDATA")
  [[ $file_system != tmpfs ]] || arguments+=(--no-sync)
  # The arguments in POSTGRES_INITDB_ARGS may be quoted, as on a command line.
  eval "initdb -D \"\$PGDATA\" \"\${arguments[@]}\" $password_argument $initdb_arguments"
  [[ -n $auth_method ]] || auth_method=$(postgres -D "$PGDATA" -C password_encryption "$@")
  printf '\nhost all all all %s\n' "$auth_method" >>"$PGDATA/pg_hba.conf"
}

# Quoted as an SQL identifier.
quoted() { printf '"%s"' "${1//\"/\"\"}"; }

# A single-user backend creates a database in a third of the time that starting and stopping a server takes.
create_database_alone() {
  [[ $database == postgres ]] && return
  local name
  name=$(quoted "$database")
  printf 'create database %s\n' "$name" | postgres --single -D "$PGDATA" postgres >/dev/null
}

sql() { PGHOST='' PGHOSTADDR='' psql --no-psqlrc --set ON_ERROR_STOP=1 --no-password --username "$user" "$@"; }

run_init_files() {
  local file
  for file in "${init_files[@]}"; do
    printf 'postgres entrypoint: %s\n' "$file"
    # shellcheck disable=SC1090 # whatever was mounted
    case $file in
      *.sh) if [[ -x $file ]]; then "$file"; else . "$file"; fi ;;
      *.sql) sql --dbname "$database" --file "$file" ;;
      *.sql.gz) gunzip --stdout "$file" | sql --dbname "$database" ;;
      *.sql.xz) xzcat "$file" | sql --dbname "$database" ;;
      *) printf 'postgres entrypoint: %s is ignored: no .sh, .sql or compressed .sql file\n' "$file" ;;
    esac
  done
}

# Listens on the socket only, so that no TCP client sees a database that is not complete yet.
initialise_with_server() {
  local arguments=("$@") name
  [[ ${arguments[0]-} == postgres ]] && arguments=("${arguments[@]:1}")
  pg_ctl -D "$PGDATA" -w -o "$(printf '%q ' "${arguments[@]}" -c listen_addresses='' -p "${PGPORT:-5432}")" start
  export POSTGRES_USER=$user POSTGRES_PASSWORD=$password POSTGRES_DB=$database
  name=$(quoted "$database")
  [[ $database == postgres ]] || sql --dbname postgres --command "create database $name"
  run_init_files
  pg_ctl -D "$PGDATA" -m fast -w stop
}

initialise() {
  read_settings
  require_password
  make_cluster "${@:2}"
  shopt -s nullglob
  init_files=(/docker-entrypoint-initdb.d/*)
  if ((${#init_files[@]} == 0)); then create_database_alone; else initialise_with_server "$@"; fi
  printf 'postgres entrypoint: the new cluster is ready; starting the server.\n'
}

wants_only_information() {
  local argument
  for argument in "$@"; do
    case $argument in -'?' | --help | --describe-config | -V | --version | -C) return 0 ;; esac
  done
  return 1
}

[[ ${1-} == -* ]] && set -- postgres "$@"
if [[ ${1-} == postgres ]] && ! wants_only_information "$@"; then
  prepare_folders
  if ((EUID == 0)); then
    exec setpriv --reuid=postgres --regid=postgres --init-groups env HOME=/var/lib/postgresql "${BASH_SOURCE[0]}" "$@"
  fi
  [[ -s $PGDATA/PG_VERSION ]] || initialise "$@"
fi
exec "$@"
