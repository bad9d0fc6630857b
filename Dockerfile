# The image of a Hence node: built with a JDK, run on a Java runtime of just the modules that Hence needs.
#
#   docker build -t hence .
#   docker run -e NODE_ID=node1 -p 127.0.0.1:5001:5000 -v node1-data:/data hence
#
# Three nodes: docker-compose.yml. The rest: docs/docker.md. Builds with and without BuildKit.

# The files that determine what Maven downloads. The protocol is included because Maven fetches the compiler's plugins
# and protoc only when it compiles something.
FROM eclipse-temurin:25-jdk AS downloads
COPY . /src/
RUN find /src -type f ! -path /src/mvnw ! -path '/src/.mvn/*' ! -name pom.xml ! -name '*.proto' -delete \
 && find /src -type d -empty -delete


FROM eclipse-temurin:25-jdk AS build
WORKDIR /src

# Docker compares what is copied here by content: while only code changes, the downloads come from its cache.
COPY --from=downloads /src/ ./
RUN ./mvnw -q -Dmaven.test.skip=true -pl cli -am package && rm -rf */target

COPY . .
RUN ./mvnw -q -Dmaven.test.skip=true -pl cli -am package && mv cli/target/hence /hence

# RocksDB's jar has its native library for every platform and unpacks one of them at every start. Here the one
# for this platform is taken out once and lies where the JVM looks for libraries, and the jar keeps the classes.
RUN set -eu; \
    case $(uname -m) in \
      x86_64) platform=linux64 ;; \
      *) platform=linux-$(uname -m) ;; \
    esac; \
    mkdir /native /rocksdb; \
    cd /rocksdb; \
    jar --extract --file /hence/lib/rocksdbjni-*.jar; \
    mv "librocksdbjni-$platform.so" /native/librocksdbjni.so; \
    jar --create --file /hence/lib/rocksdbjni-*.jar org

# The runtime has the modules that the jars use, determined again at every build - but not java.desktop, which only the
# metrics of Log4j use, and Log4j is not here - and jdk.net, which the JDK reaches by name, and the tools for looking
# into a running node (jcmd, flight recordings).
RUN set -eu; \
    modules=$(jdeps --multi-release 25 --ignore-missing-deps --print-module-deps \
      --class-path '/hence/lib/*' /hence/lib/*.jar | tail -n 1); \
    modules=$(printf %s "$modules" | tr , '\n' | grep -v '^java\.desktop$' | paste -s -d , -); \
    jlink --add-modules "$modules,jdk.net,jdk.jcmd,jdk.jfr" \
      --compress zip-6 --no-header-files --no-man-pages --output /runtime


FROM debian:trixie-slim

LABEL org.opencontainers.image.title="Hence" \
      org.opencontainers.image.description="A causally consistent, always-available, multi-writer key-value store" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="Apache-2.0"

# The user has a fixed id, so that the files of a volume belong to it wherever the volume goes.
RUN useradd --uid 10001 --user-group --home-dir /tmp --no-create-home --shell /usr/sbin/nologin hence \
 && install -d -o hence -g hence -m 0750 /data

ENV JAVA_HOME=/opt/java \
    PATH=/opt/hence/bin:/opt/java/bin:$PATH \
    LANG=C.UTF-8 \
    DATA_DIR=/data

# Half of the container's memory for the heap: RocksDB, threads and the page cache want the rest. Names of containers are looked up often: a container that
# was recreated has another address.
ENV HENCE_JAVA_OPTS="-XX:MaxRAMPercentage=50 -Dsun.net.inetaddr.ttl=5 -Dsun.net.inetaddr.negative.ttl=1"

COPY --from=build /native/ /usr/java/packages/lib/
COPY --from=build /runtime /opt/java/
COPY --from=build /hence /opt/hence/

# The first run leaves the ahead-of-time cache beside the jars, which are read-only later.
RUN hence --version && rm -r /tmp/hsperfdata_root

USER 10001:10001
VOLUME /data
EXPOSE 5000 6379
STOPSIGNAL SIGTERM

# As cheap as possible: uses only the shell.
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=3 \
  CMD ["bash", "-euc", "exec 3<>/dev/tcp/127.0.0.1/${PORT:-5000}; printf 'GET /health/ready HTTP/1.0\\r\\n\\r\\n' >&3; read -r _ status _ <&3; ((status == 200))"]

ENTRYPOINT ["/opt/hence/bin/hence"]
CMD ["serve"]
