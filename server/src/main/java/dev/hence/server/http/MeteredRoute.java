package dev.hence.server.http;

import dev.hence.server.http.exchange.Route;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A route with its timers, one for each class of status, looked up once when the node starts.
 *
 * <p>What is measured is the time until the answer is decided: for a feed, until it begins.
 */
final class MeteredRoute {

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(25),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofMillis(2_500),
        Duration.ofSeconds(10)
    };
    private static final int CLASSES = 5;

    private final Route route;
    private final Timer[] timers = new Timer[CLASSES];

    MeteredRoute(Route route, MeterRegistry meters) {
        this.route = route;
        for (int i = 0; i < CLASSES; i++) {
            timers[i] = timer(route.method().name(), route.path(), (i + 1) + "xx", meters);
        }
    }

    /** The timer of requests that are for no route. */
    static Timer unrouted(MeterRegistry meters) {
        return timer("-", "-", "4xx", meters);
    }

    private static Timer timer(String method, String path, String status, MeterRegistry meters) {
        return Timer.builder("hence.http.requests")
                .description("Requests until their answer was decided")
                .tags("method", method, "route", path, "status", status)
                .serviceLevelObjectives(BUCKETS)
                .register(meters);
    }

    Route route() {
        return route;
    }

    void record(int status, long nanos) {
        timers[Math.clamp(status / 100 - 1, 0, CLASSES - 1)].record(nanos, TimeUnit.NANOSECONDS);
    }
}
