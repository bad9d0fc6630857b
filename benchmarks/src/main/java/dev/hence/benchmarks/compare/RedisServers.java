package dev.hence.benchmarks.compare;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** redis-server with an append-only file and replicas. */
final class RedisServers implements ServerSystem {

    private static final String PROGRAM = "redis-server";
    private static final Pattern PATH = Pattern.compile(Pattern.quote(File.pathSeparator));

    @Override
    public String name() {
        return "redis";
    }

    /** Whether a program can be started by its name. */
    static boolean onPath(String program) {
        for (String directory : PATH.split(System.getenv().getOrDefault("PATH", ""), -1)) {
            if (Files.isExecutable(Path.of(directory, program))) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void prepare() throws BenchmarkException {
        if (!onPath(PROGRAM)) {
            throw new BenchmarkException(
                    PROGRAM + ": not on the PATH (expected: the Debian package redis-server, or the "
                            + "like; --without-redis compares builds of Hence only)");
        }
    }

    @Override
    public Servers servers(int count, Policy policy, Path directory) throws IOException {
        List<Integer> ports = FreePorts.pick(count);
        List<ServerProcess> processes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = "redis" + (i + 1);
            Path data = Files.createDirectories(directory.resolve(name));
            List<String> command =
                    new ArrayList<>(List.of(PROGRAM, "--port", ports.get(i).toString()));
            command.addAll(List.of("--dir", data.toString(), "--save", "", "--appendonly", "yes"));
            command.addAll(List.of("--appendfsync", policy.toString()));
            if (i > 0) {
                command.addAll(List.of("--replicaof", "127.0.0.1 " + ports.getFirst()));
            }
            processes.add(new ServerProcess(name, ports.get(i), command, directory));
        }
        return new Redises(name(), processes);
    }

    private static final class Redises extends Servers {

        Redises(String system, List<ServerProcess> processes) {
            super(system, processes);
        }

        @Override
        boolean isReady(ServerProcess server) throws IOException {
            try (RespConnection connection = new RespConnection(server.port())) {
                return connection.call("PING").equals("PONG");
            }
        }

        @Override
        boolean isLinked() throws IOException {
            return info(origin()).contains("connected_slaves:" + (processes().size() - 1));
        }

        @Override
        boolean isCaughtUp(ServerProcess follower) throws IOException {
            String origin = info(origin());
            String copy = info(follower);
            return copy.contains("master_link_status:up")
                    && field(copy, "master_repl_offset:").equals(field(origin, "master_repl_offset:"))
                    && idle(origin)
                    && idle(copy);
        }

        /** A rewrite is done by a child, whose CPU time counts when it has ended. */
        private static boolean idle(String info) {
            return info.contains("rdb_bgsave_in_progress:0")
                    && info.contains("aof_rewrite_in_progress:0")
                    && info.contains("aof_rewrite_scheduled:0");
        }

        private static String field(String info, String name) {
            int start = info.indexOf(name);
            return start < 0 ? "" : info.substring(start, info.indexOf('\r', start));
        }

        private static String info(ServerProcess server) throws IOException {
            try (RespConnection connection = new RespConnection(server.port())) {
                return connection.call("INFO");
            }
        }

        @Override
        OptionalLong allocatedBytes() {
            return OptionalLong.empty();
        }
    }
}
