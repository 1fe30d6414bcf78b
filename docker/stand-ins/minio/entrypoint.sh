#!/bin/sh
# Passes its arguments to the server. The locked image's binary is called silo: `server /data` works with both images.
case ${1-} in
  minio) ;;
  silo) shift && set -- minio "$@" ;;
  *) set -- minio "$@" ;;
esac
exec "$@"
