package dev.hence.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One request that a made-up node carries out, and answers if it is to. */
final class FakeAnswer {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final FakeNode node;
    private final FakeCluster cluster;
    private final HttpExchange exchange;
    private final FakeNode.Request request;
    private final byte[] body;
    private final boolean answers;
    private final String path;
    private final Map<String, String> query = new TreeMap<>();

    FakeAnswer(FakeNode node, HttpExchange exchange, FakeNode.Request request, byte[] body, boolean answers) {
        this.node = node;
        this.cluster = node.cluster;
        this.exchange = exchange;
        this.request = request;
        this.body = body;
        this.answers = answers;
        URI uri = exchange.getRequestURI();
        this.path = uri.getRawPath();
        if (uri.getRawQuery() != null) {
            for (String pair : uri.getRawQuery().split("&", -1)) {
                int equals = pair.indexOf('=');
                query.put(equals < 0 ? pair : pair.substring(0, equals), equals < 0 ? "" : pair.substring(equals + 1));
            }
        }
    }

    void run() throws IOException, InterruptedException {
        if (waitForSession()) {
            if (path.startsWith("/kv/")) {
                key(Bytes.wrap(FakeJson.decode(path.substring(4))));
            } else if (path.equals("/kv")) {
                scan();
            } else if (path.equals("/batch")) {
                batch();
            } else if (path.equals("/status")) {
                status();
            } else if (path.equals("/feed")) {
                feed();
            } else {
                refuse(404, "not-found");
            }
        }
    }

    private boolean waitForSession() throws IOException, InterruptedException {
        Map<String, Long> session;
        try {
            session = FakeCluster.clockOf(String.join(",", request.tokens()));
        } catch (IllegalArgumentException e) {
            FakeNode.Request tokenless = new FakeNode.Request(request.method(), request.path(), List.of(), 0);
            problem(exchange, node, tokenless, 400, "session-token", true, List.of());
            return false;
        }
        long until = System.nanoTime() + request.waitMillis() * 1_000_000;
        List<Map.Entry<String, Long>> missing = new ArrayList<>();
        synchronized (cluster) {
            while (!FakeCluster.descends(node.clock(), session) && System.nanoTime() < until) {
                cluster.wait(Math.max(1, (until - System.nanoTime()) / 1_000_000));
            }
            session.forEach((name, counter) -> {
                if (node.clock().getOrDefault(name, 0L) < counter) {
                    missing.add(Map.entry(name, counter));
                }
            });
        }
        if (!missing.isEmpty()) {
            problem(exchange, node, request, 503, "session-behind", true, missing);
        }
        return missing.isEmpty();
    }

    private void key(Bytes key) throws IOException, InterruptedException {
        List<FakeReplica.Entry> entries;
        synchronized (cluster) {
            entries = List.copyOf(node.store.getOrDefault(key, List.of()));
        }
        boolean isRead = request.method().equals("GET") || request.method().equals("HEAD");
        if (isRead ? entries.isEmpty() : !meetsConditions(entries)) {
            refuse(isRead ? 404 : 412, isRead ? "key-absent" : "precondition-failed");
        } else if (query.containsKey("siblings")) {
            siblings(key, entries);
        } else if (isRead) {
            exchange.getResponseHeaders().set("ETag", tag(entries));
            answer(200, "application/octet-stream", entries.getFirst().value().toByteArray());
        } else if (request.method().equals("PUT") && body.length > FakeNode.VALUE_BYTES_MAX) {
            refuse(413, "value-too-large");
        } else if (request.method().equals("PUT")) {
            FakeCluster.Update update = cluster.write(node, List.of(Operation.put(key, Bytes.of(body))));
            exchange.getResponseHeaders().set("ETag", tag(List.of(new FakeReplica.Entry(update, key))));
            answer(204, "text/plain", new byte[0]);
        } else if (entries.isEmpty()) {
            refuse(404, "key-absent");
        } else {
            cluster.write(node, List.of(Operation.delete(key)));
            answer(204, "text/plain", new byte[0]);
        }
    }

    private boolean meetsConditions(List<FakeReplica.Entry> entries) {
        String match = exchange.getRequestHeaders().getFirst("If-Match");
        String noneMatch = exchange.getRequestHeaders().getFirst("If-None-Match");
        boolean matches = match == null || (!entries.isEmpty() && (match.equals("*") || match.equals(tag(entries))));
        return matches && (noneMatch == null || entries.isEmpty());
    }

    private String tag(List<FakeReplica.Entry> entries) {
        List<String> dots = entries.stream()
                .map(entry -> entry.update().node() + "." + entry.update().counter())
                .toList();
        return '"' + String.join("+", dots) + '"';
    }

    private void siblings(Bytes key, List<FakeReplica.Entry> entries) throws IOException, InterruptedException {
        ObjectNode answer = JSON.createObjectNode();
        FakeJson.put(answer, "key", key);
        answer.put("etag", tag(entries));
        ArrayNode values = answer.putArray("values");
        for (FakeReplica.Entry entry : entries) {
            ObjectNode value = values.addObject();
            FakeJson.put(value, "value", entry.value());
            FakeJson.putDot(value, entry.update());
            value.put("timestamp_millis", entry.update().timestampMillis());
            value.put("winner", entry.equals(entries.getFirst()));
        }
        FakeJson.putClock(answer, "vector_clock", node.clock());
        answer(200, "application/json", JSON.writeValueAsBytes(answer));
    }

    private void scan() throws IOException, InterruptedException {
        Bytes prefix = Bytes.wrap(FakeJson.decode(query.getOrDefault("prefix", "")));
        String after = query.get("after");
        int limit = Integer.parseInt(query.getOrDefault("limit", "100"));
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode items = answer.putArray("items");
        String next = null;
        synchronized (cluster) {
            for (Map.Entry<Bytes, List<FakeReplica.Entry>> entry : node.store.entrySet()) {
                Bytes key = entry.getKey();
                boolean isAfter =
                        after == null || key.compareTo(Bytes.wrap(FakeJson.decode(FakeJson.decodeText(after)))) > 0;
                if (isAfter && startsWith(key, prefix)) {
                    if (items.size() == limit) {
                        break;
                    }
                    ObjectNode item = items.addObject().put("type", "string");
                    FakeJson.put(item, "key", key);
                    FakeJson.put(item, "value", entry.getValue().getFirst().value());
                    item.put("etag", tag(entry.getValue()));
                    next = items.size() == limit ? Paths.key(key).substring(4) : null;
                }
            }
            FakeJson.putClock(answer, "vector_clock", node.clock());
        }
        answer.put("next", next);
        answer(200, "application/json", JSON.writeValueAsBytes(answer));
    }

    private void batch() throws IOException, InterruptedException {
        List<Operation> operations = new ArrayList<>();
        for (JsonNode operation : JSON.readTree(body).get("operations")) {
            Bytes key = FakeJson.bytes(operation.get("key"));
            operations.add(
                    operation.get("op").asText().equals("put")
                            ? Operation.put(key, FakeJson.bytes(operation.get("value")))
                            : Operation.delete(key));
        }
        cluster.write(node, operations);
        ObjectNode answer = JSON.createObjectNode();
        answer.put("written", operations.size()).put("node_id", node.name());
        FakeJson.putClock(answer, "vector_clock", node.clock());
        answer(200, "application/json", JSON.writeValueAsBytes(answer));
    }

    private void status() throws IOException, InterruptedException {
        ObjectNode answer = JSON.createObjectNode();
        answer.put("node_id", node.name())
                .put("replica", FakeJson.replica(node.name()))
                .put("cluster", "hence")
                .put("version", "0.1.0");
        answer.put("fsync", "always").put("started_millis", 1_760_000_000_000L);
        FakeJson.putClock(answer, "vector_clock", node.clock());
        FakeJson.putClock(answer, "durable_clock", node.clock());
        answer.put("keys", node.store.size()).put("ready", true).putArray("issues");
        ArrayNode members = answer.putArray("members");
        for (FakeNode other : cluster.nodes()) {
            boolean self = other.equals(node);
            ObjectNode member = members.addObject();
            member.put("node_id", other.name()).put("replica", FakeJson.replica(other.name()));
            member.put("address", self ? null : other.url()).put("self", self).put("connected", !self);
            member.put("state", "connected").put("updates_behind", 0);
            FakeJson.putClock(member, "applied", other.clock());
            FakeJson.putClock(member, "durable", other.clock());
            member.put("heard_millis_ago", self ? null : 12L);
        }
        answer.putArray("follows")
                .addObject()
                .put("origin", FakeJson.replica("node2"))
                .put("through", FakeJson.replica("node2"))
                .put("state", "following")
                .put("received", 3)
                .put("last_counter", 3);
        answer.put("buffered_count", node.buffered.size());
        ArrayNode waiting = answer.putArray("buffered");
        synchronized (cluster) {
            for (FakeCluster.Update update : node.buffered) {
                ObjectNode item = waiting.addObject();
                FakeJson.putDot(item, update);
                item.putObject("waiting_for")
                        .put("replica", FakeJson.replica("node1"))
                        .put("node_id", "node1")
                        .put("counter", 1);
                item.put("since_millis", 1_760_000_000_000L);
                ArrayNode keys = item.putArray("operations");
                update.operations()
                        .forEach(operation -> FakeJson.put(keys.addObject().put("op", "put"), "key", operation.key()));
            }
        }
        answer(200, "application/json", JSON.writeValueAsBytes(answer));
    }

    private void feed() throws IOException, InterruptedException {
        if (query.getOrDefault("after", "").contains("%2C")) {
            refuse(400, "session-token");
            return;
        }
        Map<String, Long> after = FakeCluster.clockOf(FakeJson.decodeText(query.getOrDefault("after", "")));
        boolean follow = !query.getOrDefault("follow", "true").equals("false");
        int generation = node.feedGeneration;
        exchange.getResponseHeaders().set("Content-Type", "application/x-ndjson");
        exchange.sendResponseHeaders(200, 0);
        OutputStream output = exchange.getResponseBody();
        output.flush();
        int at = 0;
        while (node.stopped.getCount() > 0) {
            FakeReplica.Delivered next;
            synchronized (cluster) {
                boolean isIdle = at == node.delivered.size() && follow && generation == node.feedGeneration;
                if (isIdle || node.feedsSilent) {
                    cluster.wait(100);
                }
                next = at < node.delivered.size() ? node.delivered.get(at) : null;
            }
            if (generation != node.feedGeneration) {
                output.write("{\"dot\":".getBytes(StandardCharsets.UTF_8));
                output.flush();
                throw new IOException("the feed breaks");
            }
            if (next == null && !follow) {
                return;
            }
            if (node.feedsSilent) {
                continue;
            }
            if (next == null) {
                output.write('\n');
            } else {
                at++;
                if (!next.update().isIn(after)) {
                    output.write(line(next, after));
                }
            }
            output.flush();
        }
    }

    private byte[] line(FakeReplica.Delivered next, Map<String, Long> after) throws IOException {
        ObjectNode line = JSON.createObjectNode();
        FakeJson.putDot(line, next.update());
        FakeJson.putClock(line, "vector_clock", next.update().clock());
        line.put("timestamp_millis", next.update().timestampMillis());
        ArrayNode operations = line.putArray("operations");
        for (Operation operation : next.update().operations()) {
            ObjectNode item = operations.addObject();
            switch (operation) {
                case Operation.Put(Bytes key, Bytes value) -> {
                    FakeJson.put(item.put("op", "put"), "key", key);
                    FakeJson.put(item, "value", value);
                }
                case Operation.Delete(Bytes key) -> FakeJson.put(item.put("op", "delete"), "key", key);
                case Operation.Other(String kind, Bytes key) -> FakeJson.put(item.put("op", kind), "key", key);
            }
        }
        line.put("token", FakeCluster.token(FakeCluster.join(after, next.clock())));
        return (JSON.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private void refuse(int status, String code) throws IOException {
        if (answers) {
            problem(exchange, node, request, status, code, true, List.of());
        }
    }

    private void answer(int status, String type, byte[] content) throws IOException, InterruptedException {
        Map<String, Long> session =
                FakeCluster.join(node.clock(), FakeCluster.clockOf(String.join(",", request.tokens())));
        node.gate.countDown();
        node.gate.await();
        if (answers) {
            exchange.getResponseHeaders().set("Hence-Session", FakeCluster.token(session));
            send(exchange, status, type, content);
        }
    }

    static void problem(
            HttpExchange exchange,
            FakeNode node,
            FakeNode.Request request,
            int status,
            String code,
            boolean definite,
            List<Map.Entry<String, Long>> missing)
            throws IOException {
        ObjectNode problem = JSON.createObjectNode();
        problem.put("type", "https://hence.dev/errors/" + code)
                .put("title", code)
                .put("status", status);
        problem.put("detail", node.name() + ": " + code).put("code", code).put("definite", definite);
        if (status == 413) {
            problem.put("limit", FakeNode.VALUE_BYTES_MAX);
        }
        if (!missing.isEmpty()) {
            ArrayNode list = problem.putArray("missing");
            missing.forEach(entry -> list.addObject()
                    .put("replica", FakeJson.replica(entry.getKey()))
                    .put("node_id", entry.getKey())
                    .put("counter", entry.getValue()));
        }
        // Covers what the request was sent with, and is ahead of it: the most that the API allows.
        Map<String, Long> session =
                FakeCluster.join(node.clock(), FakeCluster.clockOf(String.join(",", request.tokens())));
        exchange.getResponseHeaders().set("Hence-Session", FakeCluster.token(session));
        send(exchange, status, "application/problem+json", JSON.writeValueAsBytes(problem));
    }

    static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        boolean hasBody = body.length > 0 && !exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, hasBody ? body.length : -1);
        if (hasBody) {
            exchange.getResponseBody().write(body);
        }
    }

    private static boolean startsWith(Bytes key, Bytes prefix) {
        return key.length() >= prefix.length()
                && key.asReadOnlyBuffer().slice(0, prefix.length()).equals(prefix.asReadOnlyBuffer());
    }
}
