#!/bin/sh
# Arguments are the server's, as in the locked image, whose binary has another name: `server /data` works with both.
case ${1-} in
  minio) ;;
  silo) shift && set -- minio "$@" ;;
  *) set -- minio "$@" ;;
esac
exec "$@"
