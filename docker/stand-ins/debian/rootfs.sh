#!/usr/bin/env bash
# Usage: docker/stand-ins/debian/rootfs.sh > rootfs.tar
#
# The base of every stand-in: Debian 13 "trixie" as one tar stream, made by mmdebstrap from signed packages.
# The options of dpkg and apt stay in the image, so that later installations leave out the same files.
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
