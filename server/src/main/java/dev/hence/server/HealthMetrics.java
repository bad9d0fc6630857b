package dev.hence.server;

import dev.hence.node.store.HealthIssue;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.function.Supplier;

/**
 * The health issues of the node as metrics for alerts. All of one scrape come from one list, so they agree with one
 * another.
 *
 * <p>Thread-safe.
 */
final class HealthMetrics implements MultiCollector {

    private final Supplier<List<HealthIssue>> health;

    /** @param health what is wrong now; asked once a scrape */
    HealthMetrics(Supplier<List<HealthIssue>> health) {
        this.health = health;
    }

    @Override
    public MetricSnapshots collect() {
        List<HealthIssue> issues = health.get();
        GaugeSnapshot.Builder counts = GaugeSnapshot.builder()
                .name("hence_health_issues")
                .help("Conditions that operators of this node need to know of");
        for (HealthIssue.Kind kind : HealthIssue.Kind.values()) {
            long count = issues.stream().filter(issue -> issue.kind() == kind).count();
            counts.dataPoint(point(Labels.of("code", kind.code()), (double) count));
        }
        GaugeSnapshot.Builder ready =
                GaugeSnapshot.builder().name("hence_ready").help("1 if clients should use this node, otherwise 0");
        ready.dataPoint(point(Labels.EMPTY, HealthIssue.allowReady(issues) ? 1 : 0));
        return MetricSnapshots.of(counts.build(), ready.build());
    }

    private static GaugeDataPointSnapshot point(Labels labels, double value) {
        return GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
    }
}
