package dev.hence.http;

import dev.hence.http.exchange.Route;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A route with its timers, one for each class of status that it has answered: a scrape has no series of what was never
 * asked for, and at most five of them a route.
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
    private final MeterRegistry meters;
    private final AtomicReferenceArray<@Nullable Timer> timers = new AtomicReferenceArray<>(CLASSES);

    MeteredRoute(Route route, MeterRegistry meters) {
        this.route = route;
        this.meters = meters;
    }

    /** The timer of requests that are for no route. */
    static Supplier<Timer> unrouted(MeterRegistry meters) {
        return () -> timer("-", "-", "4xx", meters);
    }

    private static Timer timer(String method, String path, String status, MeterRegistry meters) {
        return Timer.builder("hence.http.requests")
                .description("Time from the start of a request until its response was determined")
                .tags("method", method, "route", path, "status", status)
                .serviceLevelObjectives(BUCKETS)
                .register(meters);
    }

    Route route() {
        return route;
    }

    void record(int status, long nanos) {
        int place = Math.clamp(status / 100 - 1, 0, CLASSES - 1);
        Timer timer = timers.get(place);
        if (timer == null) {
            // Registering is idempotent, so two requests that come here together get the same timer.
            timer = timer(route.method().name(), route.path(), (place + 1) + "xx", meters);
            timers.set(place, timer);
        }
        timer.record(nanos, TimeUnit.NANOSECONDS);
    }
}
