package dev.hence.server;

import dev.hence.redis.node.Usage;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Locale;
import java.util.function.IntSupplier;

/**
 * The Redis protocol in numbers: the same counters as those of {@code INFO}, read when they are asked for. A command and
 * a kind of error appear when they were met first, so there are at most as many series as commands and kinds.
 *
 * <p>{@code CONFIG RESETSTAT} sets them to zero, which is what a restart looks like to whom reads counters.
 *
 * <p>Thread-safe.
 */
final class RedisMetrics implements MultiCollector {

    private static final double MICROS_PER_SECOND = 1_000_000;

    private final Usage usage;
    private final IntSupplier clients;

    /** @param clients how many are connected */
    RedisMetrics(Usage usage, IntSupplier clients) {
        this.usage = usage;
        this.clients = clients;
    }

    @Override
    public MetricSnapshots collect() {
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        commands(all);
        errors(all);
        all.metricSnapshot(GaugeSnapshot.builder()
                .name("hence_redis_clients")
                .help("Connected Redis clients")
                .dataPoint(GaugeDataPointSnapshot.builder()
                        .value(clients.getAsInt())
                        .build())
                .build());
        total(all, "hence_redis_connections", "Redis clients that have connected", usage.connections());
        total(
                all,
                "hence_redis_connections_rejected",
                "Redis clients rejected because the maximum was reached",
                usage.connectionsRejected());
        total(
                all,
                "hence_redis_received_bytes",
                "Bytes received from Redis clients",
                usage.traffic().receivedBytes());
        total(
                all,
                "hence_redis_sent_bytes",
                "Bytes sent to Redis clients",
                usage.traffic().sentBytes());
        total(all, "hence_redis_keyspace_hits", "Key lookups of commands that found the key", usage.hits());
        total(
                all,
                "hence_redis_keyspace_misses",
                "Key lookups of commands whose key was absent or expired",
                usage.misses());
        return all.build();
    }

    private void commands(MetricSnapshots.Builder all) {
        CounterSnapshot.Builder calls =
                CounterSnapshot.builder().name("hence_redis_commands").help("Commands processed");
        CounterSnapshot.Builder seconds = CounterSnapshot.builder()
                .name("hence_redis_command_seconds")
                .help("Time from reading a command until its reply was ready");
        CounterSnapshot.Builder failures =
                CounterSnapshot.builder().name("hence_redis_command_failures").help("Commands answered with an error");
        usage.byCommand().forEach((name, used) -> {
            Labels command = Labels.of("command", name.toLowerCase(Locale.ROOT));
            calls.dataPoint(point(command, (double) used.calls()));
            seconds.dataPoint(point(command, used.micros() / MICROS_PER_SECOND));
            failures.dataPoint(point(command, (double) used.failures()));
        });
        all.metricSnapshot(calls.build());
        all.metricSnapshot(seconds.build());
        all.metricSnapshot(failures.build());
    }

    private void errors(MetricSnapshots.Builder all) {
        CounterSnapshot.Builder errors =
                CounterSnapshot.builder().name("hence_redis_errors").help("Error replies by their first word");
        usage.errors().forEach((kind, count) -> errors.dataPoint(point(Labels.of("kind", kind), count.doubleValue())));
        all.metricSnapshot(errors.build());
    }

    private static void total(MetricSnapshots.Builder all, String name, String help, long value) {
        all.metricSnapshot(CounterSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(point(Labels.EMPTY, (double) value))
                .build());
    }

    private static CounterDataPointSnapshot point(Labels labels, double value) {
        return CounterDataPointSnapshot.builder().labels(labels).value(value).build();
    }
}
