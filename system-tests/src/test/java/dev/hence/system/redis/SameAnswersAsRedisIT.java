package dev.hence.system.redis;

import static dev.hence.property.Eventually.eventually;

import dev.hence.property.Eventually;
import dev.hence.property.Property;
import dev.hence.system.cluster.ClusterExtension;
import dev.hence.system.cluster.FreePorts;
import dev.hence.system.cluster.Processes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.commands.ProtocolCommand;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.util.SafeEncoder;

/**
 * One node answers random requests as redis-server does, where that is installed; required in continuous integration.
 *
 * <p>Errors have the same text, except those of {@link #ACCEPTED}. Numbers are compared as numbers, because versions of
 * redis-server write them with more or fewer digits.
 */
final class SameAnswersAsRedisIT {

    private static final int TRACES = 300;
    private static final int REQUESTS_MAX = 100;
    private static final int TIMEOUT_MILLIS = (int) Eventually.LIMIT.toMillis();

    /**
     * Errors that differ on purpose.
     *
     * @param why why Hence differs
     */
    private record Accepted(String redis, String hence, String why) {}

    private static final List<Accepted> ACCEPTED = List.of(new Accepted(
            "WRONGTYPE Operation against a key holding the wrong kind of value",
            "ERR LIMIT can't be negative",
            "a request is parsed before a key is read; both are wrong"));

    @RegisterExtension
    final ClusterExtension clusters = new ClusterExtension();

    private final RandomCommands commands = new RandomCommands();

    @BeforeEach
    void requireServer() {
        RedisPrograms.require("redis-server");
    }

    @Test
    void randomRequests_oneAfterAnother_areAnsweredAsByRedis() throws Exception {
        int port = FreePorts.pick(1).getFirst();
        Path log = clusters.logs().resolve("redis-server.log");
        Process server = Processes.start(
                new ProcessBuilder("redis-server", "--port", String.valueOf(port), "--bind", "127.0.0.1", "--save", "")
                        .directory(clusters.directory().toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile()));
        try {
            int hencePort = clusters.start(1, "--fsync", "never").node(1).redisPort();
            eventually("redis-server listens", () -> !FreePorts.isFree(port));
            try (Connection redis = connect(port);
                    Connection hence = connect(hencePort)) {
                new Property<RandomCommands.Request>(
                                "a request is answered as by redis-server",
                                Property.steps(REQUESTS_MAX, commands::next),
                                trace -> check(trace, redis, hence))
                        .holdsFor(TRACES);
            }
        } finally {
            server.destroyForcibly();
            server.waitFor();
        }
    }

    private static Connection connect(int port) {
        return new Connection(
                new HostAndPort("127.0.0.1", port),
                DefaultJedisClientConfig.builder()
                        .timeoutMillis(TIMEOUT_MILLIS)
                        .serverDefaultProtocol()
                        .build());
    }

    private static void check(List<RandomCommands.Request> trace, Connection redis, Connection hence) {
        for (Connection each : List.of(redis, hence)) {
            // State left by the previous trace.
            ask(each, List.of("RESET"));
            ask(each, List.of("FLUSHALL"));
        }
        boolean queued = false;
        for (RandomCommands.Request request : trace) {
            if (queued && request.onlyOutsideTransactions()) {
                continue;
            }
            Object theirs = ask(redis, request.words());
            Object ours = ask(hence, request.words());
            if (!isSame(theirs, ours, request.anyOrder())) {
                throw new AssertionError("%s: %s (expected, as by redis-server: %s)"
                        .formatted(request, shown(ours, false), shown(theirs, false)));
            }
            queued = switch (request.words().getFirst()) {
                case "MULTI" -> true;
                case "EXEC", "DISCARD" -> false;
                default -> queued;
            };
        }
    }

    /** An error. */
    private record Refusal(String text) {}

    private static @Nullable Object ask(Connection connection, List<String> words) {
        byte[][] arguments = words.stream()
                .skip(1)
                .map(word -> word.getBytes(StandardCharsets.ISO_8859_1))
                .toArray(byte[][]::new);
        ProtocolCommand command = () -> SafeEncoder.encode(words.getFirst());
        connection.sendCommand(command, arguments);
        try {
            return reply(connection.getOne());
        } catch (JedisDataException refused) {
            return new Refusal(String.valueOf(refused.getMessage()));
        }
    }

    private static @Nullable Object reply(@Nullable Object raw) {
        return switch (raw) {
            case byte[] bytes -> new String(bytes, StandardCharsets.ISO_8859_1);
            case List<?> list -> {
                List<@Nullable Object> replies = new ArrayList<>();
                list.forEach(each -> replies.add(reply(each)));
                yield replies;
            }
            case JedisDataException refused -> new Refusal(String.valueOf(refused.getMessage()));
            case null -> null;
            default -> raw;
        };
    }

    private static boolean isSame(@Nullable Object theirs, @Nullable Object ours, boolean anyOrder) {
        if (theirs instanceof Refusal their && ours instanceof Refusal our) {
            return their.equals(our)
                    || ACCEPTED.stream()
                            .anyMatch(pair -> pair.redis().equals(their.text())
                                    && pair.hence().equals(our.text()));
        }
        if (!anyOrder && theirs instanceof List<?> theirList && ours instanceof List<?> ourList) {
            return theirList.size() == ourList.size()
                    && IntStream.range(0, theirList.size())
                            .allMatch(at -> isSame(theirList.get(at), ourList.get(at), false));
        }
        return shown(theirs, anyOrder).equals(shown(ours, anyOrder));
    }

    private static String shown(@Nullable Object reply, boolean anyOrder) {
        if (reply instanceof List<?> list) {
            List<String> parts = new ArrayList<>();
            list.forEach(each -> parts.add(shown(each, anyOrder)));
            return (anyOrder ? parts.stream().sorted() : parts.stream()).collect(Collectors.joining(", ", "[", "]"));
        }
        return String.valueOf(reply instanceof String text ? canonical(text) : reply);
    }

    /**
     * A string, in quotes so that it is not a number; fractions in one form, and zero without the sign that scores
     * keep.
     */
    private static String canonical(String text) {
        boolean fraction = text.matches("-?[0-9]+\\.[0-9]+");
        return '"' + (fraction ? String.valueOf(Double.parseDouble(text)) : text.equals("-0") ? "0" : text) + '"';
    }
}
