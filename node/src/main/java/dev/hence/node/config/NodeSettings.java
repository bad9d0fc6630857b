package dev.hence.node.config;

import dev.hence.core.clock.ReplicaId;
import dev.hence.engine.log.LogLimits;
import dev.hence.node.config.ConfigurationException.Problem;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The configuration of a node, with its sources.
 *
 * <p>Derives the defaults that depend on other settings, and rejects inconsistent values.
 *
 * @param config what the node runs with
 * @param effective the effective values and the source of each
 */
public record NodeSettings(NodeConfig config, EffectiveSettings effective) {

    /**
     * Reads the configuration of this process.
     *
     * @param flags the command line's values by key; a switch without a value is {@code true}
     * @param environment the environment variables of the process
     * @throws ConfigurationException with all problems
     */
    public static NodeSettings read(Map<String, String> flags, Map<String, String> environment)
            throws ConfigurationException {
        return read(flags, environment, hostName());
    }

    /**
     * Same as {@link #read(Map, Map)}, for a machine with a given name; empty if the machine has no name of its own.
     */
    static NodeSettings read(Map<String, String> flags, Map<String, String> environment, Optional<String> hostName)
            throws ConfigurationException {
        SettingsReader reader = new SettingsReader(Settings.ALL, flags, environment);
        EffectiveSettings effective = reader.read();
        List<Problem> problems = new ArrayList<>(reader.problems());
        deriveDefaults(effective, hostName, problems);
        if (problems.isEmpty()) {
            checkLimits(effective, problems);
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
        return new NodeSettings(config(effective), effective);
    }

    private static void deriveDefaults(EffectiveSettings effective, Optional<String> hostName, List<Problem> problems) {
        boolean refused = problems.stream().anyMatch(problem -> problem.key().equals(Settings.NODE_ID.key()));
        if (effective.find(Settings.NODE_ID) == null && !refused) {
            Optional<String> usable = hostName.filter(ReplicaId::isName).filter(name -> !name.startsWith("localhost"));
            usable.ifPresentOrElse(
                    name -> effective.put(Settings.NODE_ID, name, new Origin.Default()),
                    () -> problems.add(
                            new Problem(
                                    Settings.NODE_ID.key(),
                                    "not given",
                                    null,
                                    "a name, because this machine's host name is not a valid one; for example --node-id node1")));
        }
        String name = effective.find(Settings.NODE_ID);
        if (effective.find(Settings.DATA) == null && name != null) {
            effective.put(Settings.DATA, Path.of("data", name), new Origin.Default());
        }
    }

    private static void checkLimits(EffectiveSettings effective, List<Problem> problems) {
        checkAtLeast(effective, Settings.BODY_BYTES_MAX, List.of(Settings.VALUE_BYTES_MAX), problems);
        checkAtLeast(
                effective,
                Settings.UPDATE_BYTES_MAX,
                List.of(Settings.KEY_BYTES_MAX, Settings.VALUE_BYTES_MAX),
                problems);
        checkAtLeast(effective, Settings.BUFFER_BYTES_MAX, List.of(Settings.UPDATE_BYTES_MAX), problems);
    }

    private static void checkAtLeast(
            EffectiveSettings effective,
            Setting<? extends Number> large,
            List<Setting<? extends Number>> parts,
            List<Problem> problems) {
        long sum = 0;
        List<String> named = new ArrayList<>();
        for (Setting<? extends Number> part : parts) {
            sum += effective.get(part).longValue();
            named.add(part.key() + " (" + effective.shown(part) + ", " + effective.origin(part) + ")");
        }
        if (effective.get(large).longValue() < sum) {
            problems.add(new Problem(
                    large.key(),
                    effective.shown(large),
                    effective.origin(large),
                    "at least " + String.join(" plus ", named)));
        }
    }

    private static NodeConfig config(EffectiveSettings effective) {
        return new NodeConfig(
                effective.get(Settings.NODE_ID),
                effective.get(Settings.PEERS),
                effective.get(Settings.HOST),
                effective.get(Settings.PORT),
                effective.get(Settings.DATA),
                effective.get(Settings.FSYNC),
                effective.get(Settings.CLUSTER),
                effective.get(Settings.LAB),
                effective.get(Settings.LOG_UPDATES),
                limits(effective),
                log(effective),
                redis(effective),
                effective.get(Settings.READY_WHEN));
    }

    private static LogLimits log(EffectiveSettings effective) {
        Long bytesMax = effective.find(Settings.LOG_BYTES_MAX);
        Duration ageMax = effective.find(Settings.LOG_AGE_MAX);
        return new LogLimits(
                LogLimits.DEFAULT.keptBytes(),
                bytesMax == null ? Long.MAX_VALUE : bytesMax,
                ageMax == null ? Long.MAX_VALUE : ageMax.toMillis());
    }

    private static RedisConfig redis(EffectiveSettings effective) {
        return new RedisConfig(
                effective.get(Settings.REDIS_PORT),
                effective.find(Settings.REDIS_PASSWORD),
                effective.get(Settings.REDIS_CLIENTS_MAX),
                Duration.ofSeconds(effective.get(Settings.REDIS_IDLE_SECONDS)),
                Duration.ofSeconds(effective.get(Settings.REDIS_REQUEST_SECONDS)),
                Duration.ofSeconds(effective.get(Settings.REDIS_UNREAD_SECONDS)));
    }

    private static Limits limits(EffectiveSettings effective) {
        return new Limits(
                effective.get(Settings.KEY_BYTES_MAX),
                effective.get(Settings.VALUE_BYTES_MAX),
                effective.get(Settings.BODY_BYTES_MAX),
                effective.get(Settings.HEADER_BYTES_MAX),
                effective.get(Settings.UPDATE_BYTES_MAX),
                effective.get(Settings.CONNECTIONS_MAX),
                effective.get(Settings.BUFFER_UPDATES_MAX),
                effective.get(Settings.BUFFER_BYTES_MAX),
                effective.get(Settings.DISK_FREE_BYTES_MIN),
                effective.get(Settings.CLOCK_AHEAD_SECONDS_MAX));
    }

    private static Optional<String> hostName() {
        try {
            return Optional.of(InetAddress.getLocalHost().getHostName());
        } catch (UnknownHostException unresolvable) {
            return Optional.empty();
        }
    }
}
