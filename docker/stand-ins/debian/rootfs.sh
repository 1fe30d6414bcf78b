#!/usr/bin/env bash
# Usage: docker/stand-ins/debian/rootfs.sh > rootfs.tar
#
# The ground every stand-in is built on: Debian 13 "trixie" as one tar stream, made by mmdebstrap from signed packages.
# What dpkg and apt are told here stays in the image, so that every later installation in it is as small.
set -Eeuo pipefail

exec mmdebstrap --quiet --variant=minbase --include=ca-certificates \
  --aptopt='Acquire::Languages "none"' \
  --aptopt='Acquire::Retries "3"' \
  --aptopt='APT::Install-Recommends "false"' \
  --dpkgopt=force-unsafe-io \
  --dpkgopt='path-exclude=/usr/share/man/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' \
  --dpkgopt='path-exclude=/usr/share/doc/*' \
  --dpkgopt='path-include=/usr/share/doc/*/copyright' \
  trixie -
