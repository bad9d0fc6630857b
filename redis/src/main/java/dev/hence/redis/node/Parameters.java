package dev.hence.redis.node;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Decimals;
import dev.hence.engine.storage.FsyncPolicy;
import dev.hence.node.config.NodeConfig;
import dev.hence.node.config.RedisConfig;
import dev.hence.node.config.Setting;
import dev.hence.node.config.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of CONFIG: the node's settings under their own names, and the names that Redis clients look for. The
 * only conflicting name, {@code port}, has its Redis meaning; the HTTP port is {@code http-port}.
 *
 * <p>Parameters fixed at startup cannot be set; setting one to its current value succeeds.
 *
 * <p>Thread-safe.
 */
public final class Parameters {

    /** The name of {@link Settings#PORT} in CONFIG. */
    static final String HTTP_PORT = "http-port";

    /** A setting of the node and its value in the configuration. */
    private record Own<T>(Setting<T> setting, Function<NodeConfig, @Nullable T> found) {
        String name() {
            return setting.equals(Settings.PORT) ? HTTP_PORT : setting.key();
        }

        String shown(NodeConfig config) {
            T value = found.apply(config);
            return value == null ? "" : setting.show(value);
        }
    }

    /** All settings except those of the process. */
    private static final List<Own<?>> OWN = List.of(
            new Own<>(Settings.NODE_ID, NodeConfig::nodeId),
            new Own<>(Settings.HOST, NodeConfig::host),
            new Own<>(Settings.PORT, NodeConfig::port),
            new Own<>(Settings.PEERS, NodeConfig::peers),
            new Own<>(Settings.CLUSTER, NodeConfig::clusterName),
            new Own<>(Settings.REDIS_PORT, config -> config.redis().port()),
            new Own<>(Settings.REDIS_PASSWORD, config -> config.redis().password()),
            new Own<>(Settings.REDIS_CLIENTS_MAX, config -> config.redis().clientsMax()),
            new Own<>(Settings.REDIS_IDLE_SECONDS, config ->
                    (int) config.redis().idle().toSeconds()),
            new Own<>(Settings.REDIS_REQUEST_SECONDS, config ->
                    (int) config.redis().halfRequest().toSeconds()),
            new Own<>(Settings.REDIS_UNREAD_SECONDS, config ->
                    (int) config.redis().unreadReply().toSeconds()),
            new Own<>(Settings.DATA, NodeConfig::dataDir),
            new Own<>(Settings.FSYNC, NodeConfig::fsync),
            new Own<>(Settings.LOG_BYTES_MAX, config -> limit(config.log().bytesMax())),
            new Own<>(Settings.LOG_AGE_MAX, config -> age(config.log().ageMillisMax())),
            new Own<>(Settings.LAB, NodeConfig::lab),
            new Own<>(Settings.READY_WHEN, NodeConfig::readyWhen),
            new Own<>(Settings.LOG_UPDATES, NodeConfig::logUpdates),
            new Own<>(Settings.KEY_BYTES_MAX, config -> config.limits().keyBytesMax()),
            new Own<>(Settings.VALUE_BYTES_MAX, config -> config.limits().valueBytesMax()),
            new Own<>(Settings.BODY_BYTES_MAX, config -> config.limits().bodyBytesMax()),
            new Own<>(Settings.HEADER_BYTES_MAX, config -> config.limits().headerBytesMax()),
            new Own<>(Settings.UPDATE_BYTES_MAX, config -> config.limits().updateBytesMax()),
            new Own<>(Settings.CONNECTIONS_MAX, config -> config.limits().connectionsMax()),
            new Own<>(Settings.BUFFER_UPDATES_MAX, config -> config.limits().bufferUpdatesMax()),
            new Own<>(Settings.BUFFER_BYTES_MAX, config -> config.limits().bufferBytesMax()),
            new Own<>(Settings.DISK_FREE_BYTES_MIN, config -> config.limits().diskFreeBytesMin()),
            new Own<>(
                    Settings.CLOCK_AHEAD_SECONDS_MAX, config -> config.limits().clockAheadSecondsMax()));

    private static @Nullable Long limit(long max) {
        return max == Long.MAX_VALUE ? null : Long.valueOf(max);
    }

    private static @Nullable Duration age(long millisMax) {
        return millisMax == Long.MAX_VALUE ? null : Duration.ofMillis(millisMax);
    }

    /** @param change accepts a number within bounds; null if only a restart can change it */
    private record Parameter(
            Supplier<String> value, @Nullable Change change) {}

    private record Change(long min, long max, Consumer<Long> take) {}

    /** Why nothing was set. */
    public sealed interface Refusal {
        /** There is no such parameter. */
        record Unknown(String name) implements Refusal {}

        /** It is fixed at startup. */
        record Fixed(String name) implements Refusal {}

        /** The value is out of range. */
        record Wrong(String name, long min, long max) implements Refusal {}
    }

    private final Map<String, Parameter> all = new TreeMap<>();

    Parameters(NodeConfig config, SlowLog slowLog) {
        for (Own<?> own : OWN) {
            fixed(own.name(), own.shown(config));
        }
        addRedisNames(config);
        all.put(
                "slowlog-log-slower-than",
                new Parameter(
                        () -> Long.toString(slowLog.thresholdMicros()),
                        new Change(-1, Long.MAX_VALUE, slowLog::thresholdMicros)));
        all.put(
                "slowlog-max-len",
                new Parameter(
                        () -> Integer.toString(slowLog.entriesMax()),
                        new Change(0, SlowLog.ENTRIES_MAX, max -> slowLog.entriesMax(max.intValue()))));
    }

    private void addRedisNames(NodeConfig config) {
        RedisConfig redis = config.redis();
        fixed("appendonly", "yes");
        fixed("appendfsync", appendFsync(config.fsync()));
        fixed("bind", config.host());
        fixed("cluster-enabled", "no");
        fixed("databases", "1");
        fixed("dir", config.dataDir().toAbsolutePath().toString());
        fixed("maxclients", Integer.toString(redis.clientsMax()));
        fixed("maxmemory", "0");
        fixed("maxmemory-policy", "noeviction");
        fixed("notify-keyspace-events", "");
        fixed("port", Integer.toString(redis.port()));
        fixed("proto-max-bulk-len", Integer.toString(config.limits().valueBytesMax()));
        fixed("requirepass", redis.password() == null ? "" : Settings.REDIS_PASSWORD.show(redis.password()));
        fixed("save", "");
        fixed("timeout", Long.toString(redis.idle().toSeconds()));
    }

    private static String appendFsync(FsyncPolicy policy) {
        return switch (policy) {
            case ALWAYS -> "always";
            case EVERYSEC -> "everysec";
            case NEVER -> "no";
        };
    }

    private void fixed(String name, String value) {
        all.put(name, new Parameter(() -> value, null));
    }

    /** The values of all parameters with matching names, ordered by name. */
    public Map<String, String> values(Predicate<Bytes> wanted) {
        Map<String, String> values = new LinkedHashMap<>();
        all.forEach((name, parameter) -> {
            if (wanted.test(Bytes.utf8(name))) {
                values.put(name, parameter.value().get());
            }
        });
        return values;
    }

    /**
     * Sets all of the parameters, or none.
     *
     * @return why none was set; null if all were
     */
    public @Nullable Refusal set(Map<String, String> values) {
        List<Runnable> changes = new ArrayList<>();
        for (Map.Entry<String, String> each : values.entrySet()) {
            String name = each.getKey().toLowerCase(Locale.ROOT);
            Parameter parameter = all.get(name);
            if (parameter == null) {
                return new Refusal.Unknown(each.getKey());
            }
            Change change = parameter.change();
            if (change == null) {
                if (!parameter.value().get().equals(each.getValue())) {
                    return new Refusal.Fixed(name);
                }
                continue;
            }
            OptionalLong number = Decimals.parseLong(Bytes.utf8(each.getValue()));
            if (number.isEmpty() || number.getAsLong() < change.min() || number.getAsLong() > change.max()) {
                return new Refusal.Wrong(name, change.min(), change.max());
            }
            changes.add(() -> change.take().accept(number.getAsLong()));
        }
        changes.forEach(Runnable::run);
        return null;
    }
}
