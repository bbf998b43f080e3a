# One binary on a slim Debian. Everything that belongs to you lives in /data: config.yaml, keys/, data/.

FROM oven/bun:1.4.5 AS build
WORKDIR /src
COPY package.json bun.lock bunfig.toml tsconfig.json ./
RUN bun install --frozen-lockfile
COPY src src
COPY views views
COPY public public
COPY flows flows
COPY config.example.yaml ./
RUN bun run build

FROM debian:bookworm-slim
# Calls to your own APIs (`sources:` in the config) go over TLS.
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
COPY --from=build /src/dist/screentrail /usr/local/bin/screentrail
WORKDIR /data
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["screentrail"]
CMD ["serve"]
