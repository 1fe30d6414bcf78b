# The ML stub of HMA: Node, the packages that the stub imports, and the stub. Its base is the locked upstream image or its stand-in.
# Context: package.json, package-lock.json, ml-stub/, docker/health.sh, and host/ with ca-certificates.crt and environment (a shell
# file that exports what npm needs on the building machine). Nothing of host/ reaches the final stage; scripts/images.sh writes it.
ARG BASE
FROM ${BASE} AS dependencies
ARG INPUTS
LABEL hma.stage=${INPUTS}
WORKDIR /app
COPY package.json host* /host/
COPY package.json package-lock.json ./
# Installs the lock file as it is, then removes the packages that only the rest of the project imports.
# ml-stub/image.test.ts compares this list with what the stub imports.
ARG IMPORTS="@fastify/swagger fastify pg zod"
RUN if [ -f /host/environment ]; then . /host/environment; fi \
  && npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund --loglevel=error \
  && node -e 'const kept = process.env.IMPORTS.split(" "); const { dependencies } = require("./package.json"); \
    const manifest = { dependencies: Object.fromEntries(kept.map((name) => [name, dependencies[name]])) }; \
    require("fs").writeFileSync("package.json", JSON.stringify(manifest))' \
  && npm prune --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund --offline --loglevel=error

FROM ${BASE}
ENV NODE_ENV=production HMA_ML_HOST=0.0.0.0 HMA_ML_PORT=8090
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json ./
COPY ml-stub ./ml-stub
COPY docker/health.sh ./
# What Node compiles is kept in the image, which halves the time of a start: the program is started once, without settings.
ENV NODE_COMPILE_CACHE=/app/compiled
RUN install --directory --owner 1000 --group 1000 compiled
# Runs with a read-only root file system and without capabilities.
USER 1000:1000
RUN node ml-stub/main.ts >/dev/null 2>&1 || true; test -n "$(ls compiled)"
EXPOSE 8090
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s --retries=3 CMD bash health.sh "$HMA_ML_PORT"
ENTRYPOINT ["node"]
CMD ["ml-stub/main.ts"]
