package dev.hence.server;

import dev.hence.server.runtime.HealthIssue;
import dev.hence.server.runtime.Store;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** What is wrong with the node, as numbers to raise alarms by. */
final class HealthMetrics {

    private HealthMetrics() {}

    static void register(Store store, MeterRegistry meters) {
        Gauge.builder("hence.ready", store, s -> unready(s) ? 0 : 1)
                .description("1 if clients should use this node, otherwise 0")
                .register(meters);
        for (HealthIssue.Kind kind : HealthIssue.Kind.values()) {
            Gauge.builder("hence.health.issues", store, s -> count(s, kind))
                    .tag("code", kind.code())
                    .description("Conditions that the operators of this node need to know of")
                    .register(meters);
        }
    }

    private static boolean unready(Store store) {
        return store.health().stream().anyMatch(issue -> issue.kind().unready());
    }

    private static long count(Store store, HealthIssue.Kind kind) {
        return store.health().stream().filter(issue -> issue.kind() == kind).count();
    }
}
