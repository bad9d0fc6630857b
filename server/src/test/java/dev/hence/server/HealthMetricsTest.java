package dev.hence.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.node.store.HealthIssue;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HealthMetricsTest {

    private static final HealthIssue HELD = new HealthIssue(HealthIssue.Kind.UPDATES_HELD, "update node3~1:1");
    private static final HealthIssue FULL = new HealthIssue(HealthIssue.Kind.DISK_FULL, "free: 0 bytes");

    private final List<HealthIssue> issues = new ArrayList<>();
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private int asked;

    HealthMetricsTest() {
        registry.register(new HealthMetrics(() -> {
            asked++;
            return List.copyOf(issues);
        }));
        asked = 0;
    }

    private List<MetricSnapshot> scrape() {
        return registry.scrape().stream().toList();
    }

    private static double ready(List<MetricSnapshot> scraped) {
        return points(scraped, "hence_ready").getFirst().getValue();
    }

    private static double count(List<MetricSnapshot> scraped, HealthIssue.Kind kind) {
        return points(scraped, "hence_health_issues").stream()
                .filter(point -> kind.code().equals(point.getLabels().get("code")))
                .findFirst()
                .orElseThrow()
                .getValue();
    }

    private static List<GaugeDataPointSnapshot> points(List<MetricSnapshot> scraped, String name) {
        return scraped.stream()
                .filter(GaugeSnapshot.class::isInstance)
                .map(GaugeSnapshot.class::cast)
                .filter(metric -> metric.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow()
                .getDataPoints();
    }

    @Test
    void scrape_noIssues_isReadyWithASeriesForEveryKind() {
        List<MetricSnapshot> scraped = scrape();
        assertThat(ready(scraped)).isEqualTo(1);
        assertThat(points(scraped, "hence_health_issues")).hasSize(HealthIssue.Kind.values().length);
    }

    @Test
    void scrape_issues_countsEachKindAndIsUnreadyOnlyForThoseThatMakeItSo() {
        issues.addAll(List.of(HELD, HELD));
        List<MetricSnapshot> held = scrape();
        assertThat(count(held, HealthIssue.Kind.UPDATES_HELD)).isEqualTo(2);
        assertThat(ready(held)).isEqualTo(1);

        issues.add(FULL);
        List<MetricSnapshot> full = scrape();
        assertThat(count(full, HealthIssue.Kind.DISK_FULL)).isEqualTo(1);
        assertThat(ready(full)).isEqualTo(0);
    }

    @Test
    void scrape_anyNumberOfKinds_gathersTheListOnce() {
        scrape();
        assertThat(asked).isEqualTo(1);
    }
}
