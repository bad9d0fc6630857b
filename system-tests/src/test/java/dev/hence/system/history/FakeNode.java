package dev.hence.system.history;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.hence.system.cluster.Json;
import dev.hence.system.cluster.NodeApi;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A single node that forgets nothing, as far as a {@link RecordingClient} can observe, and misbehaves on demand. Its
 * session token is the number of updates that it has applied.
 *
 * <p>It handles one request at a time.
 */
final class FakeNode implements AutoCloseable {

    /** Its treatment of requests. */
    enum Behaviour {
        /** Correct behaviour. */
        SOUND,
        /** Carries out a request, and closes the connection instead of answering. */
        MUTE,
        /** Answers reads with the previous value. */
        STALE
    }

    private final HttpServer server;
    private final Map<String, List<String>> values = new TreeMap<>();
    private int applied;
    private volatile Behaviour behaviour = Behaviour.SOUND;

    private FakeNode(HttpServer server) {
        this.server = server;
    }

    static FakeNode start() throws IOException {
        FakeNode node = new FakeNode(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        node.server.createContext("/", node::handle);
        node.server.start();
        return node;
    }

    NodeApi api() {
        return new NodeApi(URI.create("http://localhost:" + server.getAddress().getPort()));
    }

    void become(Behaviour behaviour) {
        this.behaviour = behaviour;
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String session = exchange.getRequestHeaders().getFirst("Hence-Session");
        if (session != null && Integer.parseInt(session) > applied) {
            answerProblem(exchange, 503, "session-behind");
            return;
        }
        String path = exchange.getRequestURI().getPath();
        switch (exchange.getRequestMethod()) {
            case "PUT" -> {
                apply(Map.of(path.substring("/kv/".length()), new String(body, StandardCharsets.UTF_8)));
                answer(exchange, 204, "");
            }
            case "POST" -> {
                apply(operations(new ObjectMapper().readTree(body)));
                answer(exchange, 200, "{}");
            }
            default -> {
                if (path.equals("/kv")) {
                    answer(exchange, 200, page());
                } else {
                    read(exchange, path.substring("/kv/".length()));
                }
            }
        }
    }

    private static Map<String, String> operations(JsonNode batch) {
        Map<String, String> writes = new TreeMap<>();
        batch.path("operations")
                .forEach(operation -> writes.put(
                        operation.path("key").asText(), operation.path("value").asText()));
        return writes;
    }

    private void apply(Map<String, String> writes) {
        applied++;
        writes.forEach((key, value) ->
                values.computeIfAbsent(key, absent -> new ArrayList<>()).add(value));
    }

    private void read(HttpExchange exchange, String key) throws IOException {
        if (values.containsKey(key)) {
            answer(exchange, 200, shown(key));
        } else {
            answerProblem(exchange, 404, "key-absent");
        }
    }

    private String page() {
        List<Map<String, String>> items = values.keySet().stream()
                .map(key -> Map.of("key", key, "value", shown(key)))
                .toList();
        Map<String, Object> page = new TreeMap<>(Map.of("items", items));
        page.put("next", null);
        return Json.write(page);
    }

    private String shown(String key) {
        List<String> written = values.getOrDefault(key, List.of());
        return written.get(Math.max(0, written.size() - (behaviour == Behaviour.STALE ? 2 : 1)));
    }

    private void answerProblem(HttpExchange exchange, int status, String code) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/problem+json");
        answer(exchange, status, Json.write(Map.of("code", code, "definite", true)));
    }

    private void answer(HttpExchange exchange, int status, String body) throws IOException {
        try (exchange) {
            if (behaviour == Behaviour.MUTE) {
                return;
            }
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Hence-Session", Integer.toString(applied));
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
