# Redis Commander, the Redis browser of profile tools: the npm package on the locked Node image or its stand-in. Upstream's
# own image is not used: no second source confirms its digest, and its start script passes the password on a command line.
# Same port and variables as upstream's: REDIS_HOSTS, REDIS_HOST, REDIS_PORT, REDIS_USERNAME, REDIS_PASSWORD, REDIS_DB, HTTP_USER,
# HTTP_PASSWORD, HTTP_PASSWORD_HASH (the secret ones also as ..._FILE), READ_ONLY, PORT, URL_PREFIX and the rest of its config.
ARG BASE
FROM ${BASE} AS dependencies
ARG INPUTS
LABEL hma.stage=${INPUTS}
WORKDIR /app
COPY package.json host* /host/
COPY package.json package-lock.json ./
RUN if [ -f /host/environment ]; then . /host/environment; fi \
  && npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund --loglevel=error

FROM ${BASE}
# Read-only by default; never saves connections and never logs values.
ENV NODE_ENV=production SUPPRESS_STRICTNESS_CHECK=1 READ_ONLY=true NOSAVE=true NO_LOG_DATA=true
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json start.ts ./
# Runs with a read-only root file system and without capabilities.
USER 1000:1000
EXPOSE 8081
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s --retries=3 \
  CMD ["node", "node_modules/redis-commander/bin/healthcheck.js"]
ENTRYPOINT ["node"]
CMD ["start.ts"]
