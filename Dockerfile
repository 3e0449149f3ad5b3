# docker build --tag terrace .
# docker run --detach --name terrace --stop-timeout 45 --publish 127.0.0.1:8080:8080 --volume terrace:/data terrace
# docker exec terrace terrace admin create --username admin

FROM rust:1.95-slim-trixie AS build
WORKDIR /src
COPY . .
# The image comes with the C compiler that SQLite and the PostgreSQL client are built with.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --locked --release && cp target/release/terrace /terrace

FROM debian:trixie-slim
RUN useradd --uid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin terrace \
    && install --directory --owner terrace --group terrace --mode 0700 /data
COPY --from=build /terrace /usr/local/bin/terrace
COPY LICENSE data/README.md data/longnan_divisions.csv /usr/local/share/terrace/
USER terrace
# The database and the key: DATABASE_URL and TERRACE_KEY_FILE name other places.
WORKDIR /data
VOLUME /data
ENV TERRACE_LISTEN=0.0.0.0:8080
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /readyz HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q '^ready' <&3"]
ENTRYPOINT ["terrace"]
CMD ["serve"]
