# The database of HMA: Postgres 17 with the packages of PostGIS, from the package source of its base (the locked upstream image
# or its stand-in). A migration creates the extension.
ARG BASE
FROM ${BASE}

# plpgsql_check: the SQL check (scripts/check-sql.sh) analyses the bodies of functions with it. pgbackrest is Debian's, also where the
# base has a newer one from another source: the image of the backups has the same version.
RUN export DEBIAN_FRONTEND=noninteractive && apt-get update \
  && apt-get install -y --no-install-recommends \
    postgresql-17-postgis-3 postgresql-17-plpgsql-check pgbackrest/trixie \
  && apt-get clean && rm -rf /var/lib/apt/lists/*

COPY entrypoint.sh /usr/local/bin/refuse-to-lose-data
ENTRYPOINT ["refuse-to-lose-data"]
CMD ["postgres"]
