# Millrace in a container: nothing but Node, the package and what it needs; no shell, no package manager.
#
#   docker build -t millrace .
#   docker run -d --name millrace -p 127.0.0.1:4567:4567 -v millrace:/data millrace
#   docker logs millrace          the access key of the root user, once, and then the address
#
# Options are MILLRACE_* variables, or words after the image: docker run … millrace serve --memory

ARG NODE_VERSION=26.10.0

FROM node:${NODE_VERSION}-trixie-slim AS build
WORKDIR /source
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN node scripts/build.mjs

# What runs: the packages of package.json, and the client of Kafka that is its optional peer.
FROM node:${NODE_VERSION}-trixie-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
  && npm install --no-save --ignore-scripts --no-audit --no-fund \
    "@platformatic/kafka@$(node -p "require('./package.json').peerDependencies['@platformatic/kafka']")" \
  && mkdir /empty

FROM gcr.io/distroless/cc-debian13:nonroot
COPY --from=packages /usr/local/bin/node /usr/local/bin/node
COPY --from=packages /app /app
COPY --from=build /source/dist /app/dist
COPY deploy/health.mjs /app/health.mjs
COPY LICENSE /app/LICENSE
# A new volume takes the owner of what is there: the user below, who has no name in the image.
COPY --from=packages --chown=65532:65532 /empty /data

# Flags and variables are those of `npm start`; docs/decisions.md says why.
ENV MALLOC_MMAP_THRESHOLD_=4194304 \
  MALLOC_TRIM_THRESHOLD_=16777216 \
  NODE_ENV=production \
  MILLRACE_HOST=0.0.0.0 \
  MILLRACE_PORT=4567 \
  MILLRACE_DATA=/data
USER 65532:65532
WORKDIR /data
VOLUME /data
EXPOSE 4567
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["/usr/local/bin/node", "/app/health.mjs"]
ENTRYPOINT ["/usr/local/bin/node", "--max-semi-space-size=8", "--initial-old-space-size=128", "--expose-gc", "/app/dist/cli/main.js"]
CMD ["serve"]
