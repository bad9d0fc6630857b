package dev.hence.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A node of one: it keeps keys in memory and counts its updates. Session tokens are {@code s} and how many
 * updates they stand for. It can be told to fail in the ways nodes fail. Thread-safe.
 */
public final class FakeNode implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String name;
    private final HttpServer server;
    private final SortedMap<String, List<String>> store = new TreeMap<>();
    private final List<ObjectNode> members = new ArrayList<>();
    private final List<ObjectNode> buffered = new ArrayList<>();
    private final Map<String, Long> othersClock = new TreeMap<>();
    private long updates;
    private boolean isLab;
    private boolean losesAnswers;
    private @Nullable String problemCode;
    private int problemStatus;

    public FakeNode(String name) throws IOException {
        this.name = name;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    /** Where it listens. */
    public String url() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    /** Is gone: nobody listens any more. */
    public void stop() {
        server.stop(0);
    }

    /** Answers every request with a problem. */
    public synchronized void refuseAll(int status, String code) {
        problemStatus = status;
        problemCode = code;
    }

    /** Does what it is asked, and closes the connection instead of answering. */
    public synchronized void loseAnswers() {
        losesAnswers = true;
    }

    /** Has {@code /lab/links}. */
    public synchronized void openLab() {
        isLab = true;
    }

    /** Puts concurrent values under a key, the winner first. */
    public synchronized void hold(String key, String... values) {
        store.put(key, List.of(values));
    }

    /** Knows another node, of which it has applied some updates and lacks some. */
    public synchronized void member(String other, long applied, boolean connected, String state, long behind) {
        othersClock.put(other, applied);
        ObjectNode member = JSON.createObjectNode()
                .put("node_id", other)
                .put("replica", other + "~00000000000000aa")
                .put("address", other + ":5000")
                .put("self", false)
                .put("connected", connected)
                .put("state", state);
        member.putObject("applied").put(other, applied + behind);
        member.putObject("durable").put(other, applied + behind);
        members.add(member.put("updates_behind", behind).put("heard_millis_ago", 5));
    }

    /** Has received an update of another node that waits for one of a third. */
    public synchronized void buffer(String origin, long counter, String key, String cause, long causeCounter) {
        ObjectNode update = JSON.createObjectNode().put("node_id", origin);
        update.putObject("dot").put("replica", origin + "~00000000000000aa").put("counter", counter);
        update.putObject("waiting_for")
                .put("replica", cause + "~00000000000000aa")
                .put("node_id", cause)
                .put("counter", causeCounter);
        update.put("since_millis", System.currentTimeMillis() - 1_500);
        update.putArray("operations").addObject().put("op", "put").put("key", key);
        buffered.add(update);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            Answer answer = answer(exchange, body);
            if (answer.isLost()) {
                return;
            }
            byte[] bytes = answer.body().toString().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Hence-Session", "s" + updates());
            exchange.getResponseHeaders()
                    .set("Content-Type", answer.status() < 400 ? "application/json" : "application/problem+json");
            exchange.sendResponseHeaders(answer.status(), bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private record Answer(int status, JsonNode body, boolean isLost) {}

    private synchronized long updates() {
        return updates;
    }

    private synchronized Answer answer(HttpExchange exchange, byte[] body) throws IOException {
        if (problemCode != null) {
            return problem(problemStatus, problemCode);
        }
        String path = exchange.getRequestURI().getPath();
        Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
        long wanted = wanted(exchange);
        if (wanted > updates && !path.equals("/status")) {
            Answer behind = problem(503, "session-behind");
            ((ObjectNode) behind.body())
                    .putArray("missing")
                    .addObject()
                    .put("replica", name + "~00000000000000aa")
                    .put("node_id", name)
                    .put("counter", wanted);
            return behind;
        }
        Answer answer = switch (path) {
            case "/batch" -> batch(JSON.readTree(body));
            case "/kv" -> scan(query);
            case "/status" -> ok(status());
            case "/lab/links" -> isLab ? ok(JSON.createObjectNode()) : problem(404, "not-found");
            default -> path.startsWith("/kv/") ? siblings(path.substring(4)) : problem(404, "not-found");
        };
        return losesAnswers ? new Answer(answer.status(), answer.body(), true) : answer;
    }

    private static long wanted(HttpExchange exchange) {
        String token = exchange.getRequestHeaders().getFirst("Hence-Session");
        return token == null ? 0 : Long.parseLong(token.substring(1));
    }

    private Answer batch(JsonNode request) {
        int written = 0;
        for (JsonNode operation : request.get("operations")) {
            String key = operation.get("key").asText();
            if (operation.get("op").asText().equals("put")) {
                store.put(key, List.of(operation.get("value").asText()));
                written++;
            } else if (store.remove(key) != null) {
                written++;
            }
        }
        updates += written > 0 ? 1 : 0;
        ObjectNode answer = JSON.createObjectNode().put("written", written).put("node_id", name);
        answer.set("vector_clock", clock());
        return ok(answer);
    }

    private Answer scan(Map<String, String> query) {
        int limit = Integer.parseInt(query.getOrDefault("limit", "100"));
        String after = query.getOrDefault("after", "");
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode items = answer.putArray("items");
        List<Map.Entry<String, List<String>>> found = store.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(query.getOrDefault("prefix", "")))
                .filter(entry -> entry.getKey().compareTo(after) > 0)
                .toList();
        found.stream()
                .limit(limit)
                .forEach(entry -> items.addObject()
                        .put("key", entry.getKey())
                        .put("type", "string")
                        .put("value", entry.getValue().getFirst())
                        .put("etag", "t"));
        answer.put("next", found.size() > limit ? found.get(limit - 1).getKey() : null);
        answer.set("vector_clock", clock());
        return ok(answer);
    }

    private Answer siblings(String key) {
        List<String> found = store.get(key);
        if (found == null) {
            return problem(404, "key-absent");
        }
        ObjectNode answer = JSON.createObjectNode().put("key", key).put("etag", "t");
        ArrayNode values = answer.putArray("values");
        for (String value : found) {
            ObjectNode sibling = values.addObject().put("value", value).put("node_id", name);
            sibling.putObject("dot").put("replica", name + "~00000000000000aa").put("counter", values.size());
            sibling.put("timestamp_millis", 1_760_000_000_000L).put("winner", values.size() == 1);
        }
        answer.set("vector_clock", clock());
        return ok(answer);
    }

    private ObjectNode status() {
        ObjectNode status = JSON.createObjectNode()
                .put("node_id", name)
                .put("replica", name + "~00000000000000aa")
                .put("cluster", "hence")
                .put("version", "0.1.0")
                .put("fsync", "always")
                .put("started_millis", System.currentTimeMillis() - 61_500)
                .put("keys", store.size());
        status.set("vector_clock", clock());
        status.set("durable_clock", clock());
        ObjectNode self = status.putArray("members")
                .addAll(members)
                .addObject()
                .put("node_id", name)
                .put("self", true)
                .put("connected", false)
                .put("state", "connected")
                .put("updates_behind", 0);
        self.set("applied", clock());
        self.set("durable", clock());
        status.putArray("follows");
        status.put("buffered_count", buffered.size());
        status.putArray("buffered").addAll(buffered);
        return status;
    }

    private ObjectNode clock() {
        Map<String, Long> clock = new TreeMap<>(othersClock);
        clock.put(name, updates);
        ObjectNode node = JSON.createObjectNode();
        clock.forEach(node::put);
        return node;
    }

    private static Answer ok(JsonNode body) {
        return new Answer(200, body, false);
    }

    private static Answer problem(int status, String code) {
        return new Answer(
                status,
                JSON.createObjectNode()
                        .put("type", "https://hence.dev/errors/" + code)
                        .put("title", code)
                        .put("status", status)
                        .put("detail", "made up for a test")
                        .put("code", code)
                        .put("definite", true),
                false);
    }

    private static Map<String, String> query(@Nullable String raw) {
        Map<String, String> query = new HashMap<>();
        for (String part : raw == null ? new String[0] : raw.split("&", -1)) {
            int equals = part.indexOf('=');
            query.put(
                    equals < 0 ? part : part.substring(0, equals),
                    equals < 0 ? "" : URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return query;
    }

    @Override
    public void close() {
        stop();
    }
}
