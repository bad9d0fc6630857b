package dev.hence.http.api;

import static dev.hence.http.exchange.Route.Method.GET;

import dev.hence.http.exchange.Answer;
import dev.hence.http.exchange.ErrorCode;
import dev.hence.http.exchange.Exchange;
import dev.hence.http.exchange.HttpProblem;
import dev.hence.http.exchange.Route;
import dev.hence.http.json.Json;
import dev.hence.http.json.JsonClocks;
import dev.hence.node.config.NodeConfig;
import dev.hence.node.store.HealthIssue;
import dev.hence.node.store.NodeStatus;
import dev.hence.node.store.Store;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** {@code /status} and {@code /health/*}: the node as operators and their tools look at it. */
public final class StatusRoutes {

    private final NodeConfig config;
    private final Store store;

    public StatusRoutes(NodeConfig config, Store store) {
        this.config = config;
        this.store = store;
    }

    /** What is answered here. */
    public List<Route> routes() {
        return List.of(
                new Route(
                        GET,
                        "/status",
                        "Show identity, clocks, members, lag and buffered updates",
                        Set.of(JsonClocks.PARAMETER),
                        this::status),
                Route.of(GET, "/health/live", "Show whether the process is live", this::live),
                Route.of(GET, "/health/ready", "Show whether clients should use the node", this::ready));
    }

    private Answer status(Exchange exchange) {
        NodeStatus status = store.status();
        JsonClocks clocks = JsonClocks.of(exchange.query(), status.members());
        return Json.answer(200, status.clock(), json -> {
            json.writeStartObject();
            json.writeStringField("node_id", status.self().name());
            json.writeStringField("replica", status.self().toString());
            json.writeStringField("cluster", config.clusterName());
            json.writeStringField("version", ProductVersion.text());
            json.writeStringField("fsync", config.fsync().name().toLowerCase(Locale.ROOT));
            json.writeNumberField("started_millis", status.startedMillis());
            clocks.write(json, "vector_clock", status.clock());
            clocks.write(json, "durable_clock", status.durable());
            clocks.write(json, "stable", status.stable());
            json.writeNumberField("keys", status.keys());
            json.writeBooleanField("ready", status.ready());
            StatusJson.writeHealth(json, status.health());
            StatusJson.writeCatchingUp(json, status.catchingUp());
            StatusJson.writeClock(json, status.wallClock());
            StatusJson.writeMembers(json, status.members(), clocks);
            StatusJson.writeFollows(json, status.follows());
            StatusJson.writeHeld(json, status.held());
            StatusJson.writeGone(json, status.gone());
            StatusJson.writeLog(json, status.updateLog());
            StatusJson.writeMemory(json, status.memory());
            json.writeNumberField("buffered_count", status.bufferedCount());
            StatusJson.writeBuffered(json, status.buffered());
            json.writeEndObject();
        });
    }

    private Answer live(Exchange exchange) {
        requireNone(store.health(), issue -> issue.kind() == HealthIssue.Kind.FAILED);
        return Json.answer(200, store.clock(), json -> {
            json.writeStartObject();
            json.writeStringField("status", "live");
            json.writeEndObject();
        });
    }

    private Answer ready(Exchange exchange) {
        List<HealthIssue> issues = store.health();
        requireNone(issues, HealthIssue::unready);
        return Json.answer(200, store.clock(), json -> {
            json.writeStartObject();
            json.writeStringField("status", "ready");
            StatusJson.writeHealth(json, issues);
            json.writeEndObject();
        });
    }

    private static void requireNone(List<HealthIssue> issues, Predicate<HealthIssue> forbidden) {
        String found = issues.stream()
                .filter(forbidden)
                .map(issue -> issue.kind().title() + ": " + issue.detail())
                .collect(Collectors.joining("; "));
        if (!found.isEmpty()) {
            throw new HttpProblem(ErrorCode.NOT_READY, found);
        }
    }
}
