# One binary on the few files of Debian that it needs. Everything that belongs to you lives in /data: config.yaml, keys/, data/.

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

FROM debian:bookworm-slim AS system
# With libssl3, RSA takes half the time on many processors: see `meta.rsa` in docs/config.md.
RUN apt-get update && apt-get install -y --no-install-recommends busybox-static libssl3
COPY --from=build /src/dist/screentrail /usr/local/lib/screentrail/screentrail
COPY docker/screentrail docker/health /usr/local/bin/
COPY docker/collect /
RUN /collect /system
# A new volume gets the owner of this folder, and the server runs as the owner of /data: docker/screentrail says more.
RUN install -d -o 1000 -g 1000 /system/data

FROM scratch
COPY --from=system /system /
# What is missing ends the build here.
RUN ["screentrail", "--version"]
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --start-period=30s --start-interval=1s --interval=10s --timeout=6s CMD ["health"]
ENTRYPOINT ["screentrail"]
CMD ["serve"]
