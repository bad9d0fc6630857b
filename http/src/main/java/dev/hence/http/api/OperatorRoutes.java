package dev.hence.http.api;

import static dev.hence.http.exchange.Route.Method.GET;

import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.http.exchange.Answer;
import dev.hence.http.exchange.Exchange;
import dev.hence.http.exchange.Route;
import dev.hence.http.json.Json;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** {@code /metrics} and {@code /openapi.json}: what tools read to learn about the node and its API. */
public final class OperatorRoutes {

    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";
    private static final String DESCRIPTION = "/dev/hence/http/openapi.json";

    private final PrometheusMeterRegistry meters;
    private final Bytes description;

    public OperatorRoutes(PrometheusMeterRegistry meters) {
        this.meters = meters;
        this.description = description();
    }

    /** What is answered here. */
    public List<Route> routes() {
        return List.of(
                Route.of(GET, "/metrics", "Show metrics in the Prometheus text format", this::metrics),
                Route.of(GET, "/openapi.json", "Describe the API as OpenAPI 3.1", this::describe));
    }

    private Answer metrics(Exchange exchange) {
        return Answer.whole(200, VersionVector.EMPTY, METRICS_TYPE, Bytes.utf8(meters.scrape()));
    }

    private Answer describe(Exchange exchange) {
        return Answer.whole(200, VersionVector.EMPTY, Json.TYPE, description);
    }

    private static Bytes description() {
        try (InputStream resource = OperatorRoutes.class.getResourceAsStream(DESCRIPTION)) {
            if (resource == null) {
                throw new IllegalStateException(
                        "resource " + DESCRIPTION + ": missing (expected: in the server's jar)");
            }
            return Bytes.wrap(resource.readAllBytes());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
