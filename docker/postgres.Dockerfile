# The database of HMA: Postgres 17 with PostGIS at hand. Its base is the locked upstream image, whose own package source
# carries PostGIS, or its stand-in, where Debian's does. The extension is created by a migration, not here.
ARG BASE
FROM ${BASE}

# plpgsql_check reads the bodies of functions as the static gate needs them read.
RUN export DEBIAN_FRONTEND=noninteractive && apt-get update \
  && apt-get install -y --no-install-recommends postgresql-17-postgis-3 postgresql-17-plpgsql-check \
  && apt-get clean && rm -rf /var/lib/apt/lists/*

COPY entrypoint.sh /usr/local/bin/refuse-to-lose-data
ENTRYPOINT ["refuse-to-lose-data"]
CMD ["postgres"]
