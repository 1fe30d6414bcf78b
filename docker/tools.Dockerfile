# The tools of HMA that work on the database from inside of the stack: migrations and their runner, seeds, jobs of ops/.
# Context: package.json, package-lock.json, what is copied below, and host/ as for the ML stub (docker/ml-stub.Dockerfile).
ARG BASE
FROM ${BASE} AS dependencies
ARG INPUTS
LABEL hma.stage=${INPUTS}
WORKDIR /app
COPY package.json host* /host/
COPY package.json package-lock.json ./
# stack/images/build-inputs.test.ts compares this list with what the programs import.
ARG IMPORTS="commander croner pg umzug write-file-atomic zod"
RUN if [ -f /host/environment ]; then . /host/environment; fi \
  && npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund --loglevel=error \
  && node -e 'const kept = process.env.IMPORTS.split(" "); const { dependencies } = require("./package.json"); \
    const manifest = { type: "module", dependencies: Object.fromEntries(kept.map((name) => [name, dependencies[name]])) }; \
    require("fs").writeFileSync("package.json", JSON.stringify(manifest))' \
  && npm prune --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund --offline --loglevel=error

FROM ${BASE}
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json ./
COPY config ./config
COPY migrations ./migrations
COPY seeds ./seeds
COPY ops ./ops
COPY docker/health.sh ./
# What Node compiles is kept in the image, which halves the time of a start: each program is started once with an option that
# it refuses.
ENV NODE_COMPILE_CACHE=/app/compiled
RUN install --directory --owner 1000 --group 1000 compiled
# Runs with a read-only root file system and without capabilities.
USER 1000:1000
RUN for program in migrations/runner/main.ts seeds/main.ts ops/audit/job.ts ops/schedule/main.ts ops/stats/disk.ts; do \
    node "$program" --load >/dev/null 2>&1 || true; \
  done && test -n "$(ls compiled)"
ENTRYPOINT ["node"]
CMD ["migrations/runner/main.ts", "apply"]
