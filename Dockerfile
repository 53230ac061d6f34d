# One static binary and the certificates it trusts, nothing else. Run it read-only and without capabilities:
#   docker run --read-only --cap-drop ALL -p 8080:8080 -v nyckel:/data -e NYCKEL_PUBLIC_URL=… nyckel

# A tag may be moved. Whoever builds for good pins what they have looked at:
#   docker buildx imagetools inspect rust:1.95-bookworm      tells the digest
#   docker build --build-arg RUST=1.95-bookworm@sha256:… .   builds from that and nothing else
ARG RUST=1.95-bookworm
FROM rust:${RUST} AS build
WORKDIR /build
COPY . .
# Static glibc; a target that is named keeps the flag away from build scripts and macros.
ENV RUSTFLAGS="-C target-feature=+crt-static"
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/build/target \
    target="$(uname -m)-unknown-linux-gnu" \
    && cargo build --release --locked --bin nyckel --target "$target" \
    && install -D "target/$target/release/nyckel" /image/bin/nyckel \
    && install -D -m 0644 /etc/ssl/certs/ca-certificates.crt /image/etc/ssl/certs/ca-certificates.crt \
    && install -d -m 0700 /owned/data

FROM scratch
COPY --from=build /image /
# The folder above is copied, so that `data` keeps its mode; only it belongs to the panel.
COPY --from=build --chown=65532:65532 /owned /
USER 65532:65532
# `docker exec NAME nyckel …` finds it there.
ENV PATH=/bin NYCKEL_LISTEN=0.0.0.0:8080 NYCKEL_DATA_DIR=/data
VOLUME ["/data"]
# The second is for NYCKEL_PUBLIC_LISTEN=0.0.0.0:8081, which nothing listens on unless it is set.
EXPOSE 8080 8081
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=5s CMD ["/bin/nyckel", "healthcheck"]
ENTRYPOINT ["/bin/nyckel"]
CMD ["serve"]
