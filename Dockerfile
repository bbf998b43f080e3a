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
# With it, RSA takes half the time on many processors: see `meta.rsa` in docs/config.md.
RUN apt-get update && apt-get install -y --no-install-recommends libssl3 && rm -rf /var/lib/apt/lists/*
COPY --from=build /src/dist/screentrail /usr/local/lib/screentrail/screentrail
COPY docker/screentrail docker/health /usr/local/bin/
# A new volume gets the owner of this folder, and the server runs as the owner of /data: docker/screentrail says more.
RUN install -d -o 1000 -g 1000 /data
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --start-period=30s --start-interval=1s --interval=10s --timeout=6s CMD ["health"]
ENTRYPOINT ["screentrail"]
CMD ["serve"]
