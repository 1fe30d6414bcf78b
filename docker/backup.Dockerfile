# The backups of HMA: ops/backup on Node, with Postgres 17 and PostGIS from Debian: pg_dump and pg_restore, and the server that a
# restore test starts. Not a part of the tools image, which is half as large. Context: as for docker/tools.Dockerfile.
ARG BASE
FROM ${BASE} AS dependencies
ARG INPUTS
LABEL hma.stage=${INPUTS}
WORKDIR /app
COPY package.json host* /host/
COPY package.json package-lock.json ./
# stack/images/build-inputs.test.ts compares this list with what the programs import.
ARG IMPORTS="@aws-sdk/client-s3 @aws-sdk/lib-storage commander croner pg umzug write-file-atomic zod"
RUN if [ -f /host/environment ]; then . /host/environment; fi \
  && npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund --loglevel=error \
  && node -e 'const kept = process.env.IMPORTS.split(" "); const { dependencies } = require("./package.json"); \
    const manifest = { type: "module", dependencies: Object.fromEntries(kept.map((name) => [name, dependencies[name]])) }; \
    require("fs").writeFileSync("package.json", JSON.stringify(manifest))' \
  && npm prune --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund --offline --loglevel=error

FROM ${BASE}
# create_main_cluster: the package must not create a cluster. /backups belongs to the user: a new volume there takes that over.
RUN mkdir -p /etc/postgresql-common && echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.conf \
  && export DEBIAN_FRONTEND=noninteractive && apt-get update \
  && apt-get install -y --no-install-recommends postgresql-17-postgis-3 pgbackrest \
  && apt-get clean && rm -rf /var/lib/apt/lists/* \
  && install --directory --owner 1000 --group 1000 --mode 700 /backups
ENV NODE_ENV=production PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/postgresql/17/bin
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json ./
COPY config ./config
COPY migrations ./migrations
COPY ops ./ops
COPY docker/health.sh ./
# What Node compiles is kept in the image, which halves the time of a start: each program is started once with an option that
# it refuses. With a small space for new objects (in MiB), chunks of a stream are freed sooner: a restore peaks at 110 MiB, not 180.
ENV NODE_COMPILE_CACHE=/app/compiled NODE_OPTIONS=--max-semi-space-size=1
RUN install --directory --owner 1000 --group 1000 compiled
# Runs with a read-only root file system and without capabilities.
USER 1000:1000
RUN for program in ops/backup/main.ts ops/archive/main.ts ops/schedule/main.ts; do \
    node "$program" --load >/dev/null 2>&1 || true; \
  done && test -n "$(ls compiled)"
ENTRYPOINT ["node"]
CMD ["ops/backup/main.ts", "backup"]
