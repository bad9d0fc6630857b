package dev.hence.cli.demo;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Three nodes of one cluster that are to run on this machine: their names, ports, and where their data goes.
 *
 * @param directory a new one, for all that they write
 * @param nodes in the order of names
 * @param claims what keeps other demos from the nodes' ports until they are released or the process ends
 */
public record DemoPlan(Path directory, List<PlannedNode> nodes, List<ClaimedPorts> claims) {

    private static final String HOST = "127.0.0.1";
    private static final int SIZE = 3;
    private static final int PORT_FIRST = 5001;
    private static final int REDIS_PORT_FIRST = 6379;

    /**
     * One of them.
     *
     * @param redisPort where it serves the Redis protocol
     * @param peers the addresses of all three, as {@code --peers} has them
     * @param directory that of the plan
     */
    public record PlannedNode(String name, int port, int redisPort, String peers, Path directory) {

        /** Where it will listen. */
        public String url() {
            return "http://" + HOST + ":" + port;
        }

        /** Where what it says goes. */
        Path log() {
            return directory.resolve(name + ".log");
        }

        /** The arguments of {@code hence} that run it. */
        public List<String> serveArguments() {
            return List.of(
                    "serve",
                    "--node-id",
                    name,
                    "--host",
                    HOST,
                    "--port",
                    String.valueOf(port),
                    "--redis-port",
                    String.valueOf(redisPort),
                    "--peers",
                    peers,
                    "--cluster",
                    "demo",
                    "--data",
                    directory.resolve(name).toString(),
                    "--lab",
                    "--log-updates");
        }
    }

    /**
     * Makes the directory and claims the ports: the wanted ones where all are free, others otherwise.
     *
     * @param portFirst the wanted ports are this and the next two; 0 for any
     */
    public static DemoPlan choose(int portFirst) throws IOException {
        List<ClaimedPorts> claims = new ArrayList<>();
        try {
            for (int first : portFirst == 0 ? new int[2] : new int[] {portFirst, REDIS_PORT_FIRST}) {
                claims.add(first == 0 ? ClaimedPorts.anywhere(SIZE) : ClaimedPorts.from(first, SIZE));
            }
            Path directory = Files.createTempDirectory("hence-demo-");
            List<PlannedNode> nodes =
                    nodes(claims.getFirst().ports(), claims.getLast().ports(), directory);
            return new DemoPlan(directory, nodes, List.copyOf(claims));
        } catch (IOException failed) {
            for (ClaimedPorts claimed : claims) {
                claimed.close();
            }
            throw failed;
        }
    }

    private static List<PlannedNode> nodes(List<Integer> ports, List<Integer> redisPorts, Path directory) {
        String peers = IntStream.range(0, SIZE)
                .mapToObj(i -> name(i) + "=" + HOST + ":" + ports.get(i))
                .collect(Collectors.joining(","));
        return IntStream.range(0, SIZE)
                .mapToObj(i -> new PlannedNode(name(i), ports.get(i), redisPorts.get(i), peers, directory))
                .toList();
    }

    /** On 5001 to 5003, if all of these are free. */
    static DemoPlan choose() throws IOException {
        return choose(PORT_FIRST);
    }

    /** Where they will listen. */
    public List<String> urls() {
        return nodes.stream().map(PlannedNode::url).toList();
    }

    /** Lets others have the ports: the nodes run no more, and will not be started again. */
    public void releasePorts() {
        for (ClaimedPorts each : claims) {
            try {
                each.close();
            } catch (IOException closed) {
                throw new UncheckedIOException(closed);
            }
        }
    }

    /** Removes the directory with all that is in it, as far as that is possible. */
    public void removeDirectory() {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException | UncheckedIOException gone) {
            // What cannot be listed any more needs no removing.
        }
    }

    private static String name(int index) {
        return "node" + (index + 1);
    }
}
