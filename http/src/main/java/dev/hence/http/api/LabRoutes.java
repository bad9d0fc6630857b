package dev.hence.http.api;

import static dev.hence.http.exchange.Route.Method.GET;
import static dev.hence.http.exchange.Route.Method.PUT;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.hence.core.clock.VersionVector;
import dev.hence.http.exchange.Answer;
import dev.hence.http.exchange.Bounds;
import dev.hence.http.exchange.ErrorCode;
import dev.hence.http.exchange.Exchange;
import dev.hence.http.exchange.HttpProblem;
import dev.hence.http.exchange.Route;
import dev.hence.http.json.Json;
import dev.hence.http.json.JsonRequest;
import dev.hence.node.peers.FaultInjector;
import dev.hence.node.peers.FaultInjector.Link;
import dev.hence.node.peers.FaultInjector.Mode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code /lab/links}: disturbing the links through which updates come, on nodes started as a lab. */
public final class LabRoutes {

    private static final int DELAY_MILLIS_MAX = 60_000;
    private static final String MODES =
            Arrays.stream(Mode.values()).map(LabRoutes::text).collect(Collectors.joining(", "));

    /** The body of a change. */
    private record Setting(Mode mode, int delayMillis) {}

    private final FaultInjector lab;
    private final Bounds bounds;

    public LabRoutes(FaultInjector lab, Bounds bounds) {
        this.lab = lab;
        this.bounds = bounds;
    }

    /** What is answered here. */
    public List<Route> routes() {
        return List.of(
                Route.of(GET, "/lab/links", "Show the links from peers", this::list),
                Route.of(PUT, "/lab/links/{node_id}", "Hold, delay, reorder, cut or open a link", this::set));
    }

    private Answer list(Exchange exchange) {
        return Json.answer(200, VersionVector.EMPTY, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("links");
            for (Link link : lab.links()) {
                write(json, link);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private Answer set(Exchange exchange) throws IOException, InterruptedException {
        String from = new String(exchange.pathParameter(), StandardCharsets.UTF_8);
        Setting setting = JsonRequest.read(exchange.body(bounds.body()), LabRoutes::setting);
        Link link = lab.set(from, setting.mode(), setting.delayMillis()).orElseThrow(() -> unknown(from));
        return Json.answer(200, VersionVector.EMPTY, json -> write(json, link));
    }

    private HttpProblem unknown(String from) {
        String known = lab.links().stream().map(Link::from).collect(Collectors.joining(", "));
        return new HttpProblem(
                ErrorCode.NOT_FOUND,
                "link from " + from + ": does not exist (expected: " + (known.isEmpty() ? "no peers yet" : known)
                        + ")");
    }

    private static Setting setting(JsonRequest json) throws IOException {
        @Nullable Mode[] mode = new @Nullable Mode[1];
        int[] delayMillis = {0};
        json.object("", "mode, delay_millis", (name, path) -> {
            switch (name) {
                case "mode" -> mode[0] = mode(path, json.text(path));
                case "delay_millis" -> delayMillis[0] = json.number(path, 1, DELAY_MILLIS_MAX);
                default -> {
                    return false;
                }
            }
            return true;
        });
        Mode given = mode[0];
        if (given == null) {
            throw JsonRequest.missing("mode");
        }
        if ((given == Mode.DELAY) != (delayMillis[0] > 0)) {
            throw HttpProblem.badRequest("delay_millis: "
                    + (given == Mode.DELAY
                            ? "missing (expected: 1 to " + DELAY_MILLIS_MAX + ")"
                            : delayMillis[0] + " (expected: only with mode delay)"));
        }
        return new Setting(given, delayMillis[0]);
    }

    private static Mode mode(String path, String text) {
        for (Mode mode : Mode.values()) {
            if (text(mode).equals(text)) {
                return mode;
            }
        }
        throw HttpProblem.badRequest(path + ": \"" + text + "\" (expected: one of " + MODES + ")");
    }

    private static String text(Mode mode) {
        return mode.name().toLowerCase(Locale.ROOT);
    }

    private static void write(JsonGenerator json, Link link) throws IOException {
        json.writeStartObject();
        json.writeStringField("from", link.from());
        json.writeStringField("mode", text(link.mode()));
        json.writeNumberField("delay_millis", link.delayMillis());
        json.writeNumberField("held", link.held());
        json.writeEndObject();
    }
}
