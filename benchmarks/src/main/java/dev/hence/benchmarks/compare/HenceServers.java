package dev.hence.benchmarks.compare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Nodes of one build of Hence that follow each other. */
final class HenceServers implements ServerSystem {

    private final String name;
    private final Path launcher;

    /** @param home a checkout or an unpacked distribution */
    HenceServers(String name, Path home) throws BenchmarkException {
        this.name = name;
        Path checkout = home.resolve("hence");
        Path distribution = home.resolve("bin/hence");
        this.launcher = (Files.isExecutable(distribution) ? distribution : checkout).toAbsolutePath();
        if (!Files.isRegularFile(launcher) || !Files.isExecutable(launcher)) {
            throw new BenchmarkException(home + ": neither hence nor bin/hence in it (expected: a checkout or a "
                    + "distribution of Hence)");
        }
    }

    @Override
    public String name() {
        return name;
    }

    /** The launcher builds what is missing and creates its ahead-of-time cache. */
    @Override
    public void prepare() throws BenchmarkException, IOException, InterruptedException {
        Process version = new ProcessBuilder(launcher.toString(), "--version")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (version.waitFor() != 0) {
            throw new BenchmarkException(launcher + " --version: status " + version.exitValue());
        }
    }

    @Override
    public Servers servers(int count, Policy policy, Path directory) throws IOException {
        List<Integer> ports = FreePorts.pick(2 * count);
        Map<ServerProcess, URI> addresses = new ConcurrentHashMap<>();
        List<ServerProcess> processes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int self = i;
            String node = "node" + (i + 1);
            String peers = IntStream.range(0, count)
                    .filter(other -> other != self)
                    .mapToObj(other -> "node" + (other + 1) + "=localhost:" + ports.get(other))
                    .collect(Collectors.joining(","));
            List<String> command = new ArrayList<>(List.of(launcher.toString(), "serve", "--node-id", node));
            command.addAll(List.of("--port", ports.get(i).toString()));
            command.addAll(List.of("--redis-port", ports.get(count + i).toString()));
            command.addAll(List.of("--data", directory.resolve(node).toString(), "--fsync", policy.toString()));
            if (count > 1) {
                command.addAll(List.of("--peers", peers));
            }
            ServerProcess process = new ServerProcess(node, ports.get(count + i), command, directory);
            addresses.put(process, URI.create("http://127.0.0.1:" + ports.get(i)));
            processes.add(process);
        }
        return new Nodes(name, processes, addresses);
    }

    private static final class Nodes extends Servers {

        private static final HttpClient HTTP = HttpClient.newHttpClient();
        private static final JsonMapper JSON = new JsonMapper();

        private final Map<ServerProcess, URI> addresses;
        private @Nullable AllocationCounter allocation;

        Nodes(String system, List<ServerProcess> processes, Map<ServerProcess, URI> addresses) {
            super(system, processes);
            this.addresses = addresses;
        }

        @Override
        boolean isReady(ServerProcess server) throws IOException, InterruptedException {
            return get(server, "/health/ready").statusCode() == 200;
        }

        @Override
        boolean isLinked() throws IOException, InterruptedException {
            for (ServerProcess node : processes()) {
                JsonNode members = status(node).path("members");
                for (JsonNode member : members) {
                    if (!member.path("self").asBoolean()
                            && !member.path("connected").asBoolean()) {
                        return false;
                    }
                }
                if (members.size() < processes().size()) {
                    return false;
                }
            }
            return true;
        }

        @Override
        boolean isCaughtUp(ServerProcess follower) throws IOException, InterruptedException {
            JsonNode clock = status(origin()).path("vector_clock");
            JsonNode copy = status(follower);
            return clock.isObject()
                    && clock.equals(copy.path("vector_clock"))
                    && copy.path("buffered_count").asLong() == 0;
        }

        private JsonNode status(ServerProcess server) throws IOException, InterruptedException {
            return JSON.readTree(get(server, "/status").body());
        }

        private HttpResponse<String> get(ServerProcess server, String path) throws IOException, InterruptedException {
            URI address = addresses.get(server);
            if (address == null) {
                throw new IOException(server.name() + ": no address");
            }
            return HTTP.send(
                    HttpRequest.newBuilder(address.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
        }

        @Override
        OptionalLong allocatedBytes() throws BenchmarkException, IOException {
            if (allocation == null) {
                allocation = AllocationCounter.of(origin().pid());
            }
            return OptionalLong.of(allocation.bytes());
        }

        @Override
        public void close() {
            super.close();
            if (allocation != null) {
                allocation.close();
            }
        }
    }
}
