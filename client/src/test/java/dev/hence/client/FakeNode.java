package dev.hence.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A made-up node: see {@link FakeCluster}. Its faults are asked for one request at a time, or for all. */
final class FakeNode {

    static final int VALUE_BYTES_MAX = 1 << 20;

    /** A request as it arrived. */
    record Request(String method, String path, List<String> tokens, long waitMillis) {}

    private record Entry(FakeCluster.Update update, Bytes value) {}

    private record Delivered(FakeCluster.Update update, Map<String, Long> clock) {}

    private static final ObjectMapper JSON = new ObjectMapper();

    private final FakeCluster cluster;
    private final String name;
    private final Map<Bytes, List<Entry>> store = new TreeMap<>();
    private final List<FakeCluster.Update> buffered = new ArrayList<>();
    private final List<Delivered> delivered = new ArrayList<>();
    private Map<String, Long> clock = new TreeMap<>();
    private boolean lags;

    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Queue<Fault> nextFaults = new ConcurrentLinkedQueue<>();
    private volatile @Nullable Fault standingFault;
    private volatile boolean feedsSilent;
    private volatile int feedGeneration;
    private volatile CountDownLatch gate = new CountDownLatch(0);

    private final int port;
    private HttpServer server;
    private ExecutorService threads;
    private CountDownLatch stopped = new CountDownLatch(1);

    FakeNode(FakeCluster cluster, String name) {
        this.cluster = cluster;
        this.name = name;
        this.threads = Executors.newVirtualThreadPerTaskExecutor();
        this.server = listen(0);
        this.port = server.getAddress().getPort();
    }

    private HttpServer listen(int port) {
        try {
            HttpServer listening = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            listening.setExecutor(threads);
            listening.createContext("/", this::handle);
            listening.start();
            return listening;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String name() {
        return name;
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    List<Request> requests() {
        return requests;
    }

    /** What happens to the next request, and after it to the one after, if this is called again. */
    void failNext(Fault fault) {
        nextFaults.add(fault);
    }

    /** What happens to every request; null for nothing. */
    void failAlways(@Nullable Fault fault) {
        standingFault = fault;
    }

    /** Holds back all answers until as many requests as given have been carried out. */
    void holdAnswersUntil(int count) {
        gate = new CountDownLatch(count);
    }

    /** Whether the feeds send nothing any more, not even empty lines. */
    void silenceFeeds(boolean silent) {
        feedsSilent = silent;
    }

    /** Breaks all feeds within their next line. */
    void breakFeeds() {
        synchronized (cluster) {
            feedGeneration++;
            cluster.notifyAll();
        }
    }

    /** Ends the process, so to speak: connections break and further ones are refused. */
    void stop() {
        stopped.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    /** Comes back on the same port with what it had stored. */
    void restart() {
        stopped = new CountDownLatch(1);
        threads = Executors.newVirtualThreadPerTaskExecutor();
        server = listen(port);
    }

    Map<String, Long> clock() {
        synchronized (cluster) {
            return new TreeMap<>(clock);
        }
    }

    /** From now on, updates of others are not applied here. */
    void lag() {
        synchronized (cluster) {
            lags = true;
        }
    }

    /** Applies what was held back. */
    void catchUp() {
        synchronized (cluster) {
            lags = false;
            buffered.forEach(this::apply);
            buffered.clear();
            cluster.notifyAll();
        }
    }

    void receive(FakeCluster.Update update) {
        if (lags) {
            buffered.add(update);
        } else {
            apply(update);
        }
    }

    void apply(FakeCluster.Update update) {
        for (Operation operation : update.operations()) {
            List<Entry> left = new ArrayList<>(store.getOrDefault(operation.key(), List.of()));
            left.removeIf(entry -> entry.update().isIn(update.context()));
            if (operation instanceof Operation.Put(Bytes key, Bytes value)) {
                left.add(new Entry(update, value));
            }
            left.sort(Comparator.comparingLong((Entry entry) -> entry.update().timestampMillis())
                    .reversed());
            if (left.isEmpty()) {
                store.remove(operation.key());
            } else {
                store.put(operation.key(), left);
            }
        }
        clock = FakeCluster.join(clock, Map.of(update.node(), update.counter()));
        delivered.add(new Delivered(update, new TreeMap<>(clock)));
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            Request request = requestOf(exchange);
            requests.add(request);
            Fault next = nextFaults.poll();
            Fault fault = next == null ? standingFault : next;
            switch (fault) {
                case Fault.Refuse(int status, String code, boolean definite) ->
                    problem(exchange, request, status, code, definite, List.of());
                case Fault.Page(int status) ->
                    send(exchange, status, "text/html", "<p>Oh.\n".getBytes(StandardCharsets.UTF_8));
                case Fault.Hang hang -> stopped.await();
                case Fault.CloseAfterwards close -> new Answering(exchange, request, body, false).run();
                case null -> new Answering(exchange, request, body, true).run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Request requestOf(HttpExchange exchange) {
        List<String> tokens = exchange.getRequestHeaders().getOrDefault("Hence-Session", List.of()).stream()
                .flatMap(header -> List.of(header.split(",", -1)).stream())
                .toList();
        String wait = exchange.getRequestHeaders().getFirst("Hence-Wait");
        return new Request(
                exchange.getRequestMethod(),
                exchange.getRequestURI().toString(),
                tokens,
                wait == null ? 1_000 : Long.parseLong(wait));
    }

    private void problem(
            HttpExchange exchange,
            Request request,
            int status,
            String code,
            boolean definite,
            List<Map.Entry<String, Long>> missing)
            throws IOException {
        ObjectNode problem = JSON.createObjectNode();
        problem.put("type", "https://hence.dev/errors/" + code)
                .put("title", code)
                .put("status", status);
        problem.put("detail", name + ": " + code).put("code", code).put("definite", definite);
        if (status == 413) {
            problem.put("limit", VALUE_BYTES_MAX);
        }
        if (!missing.isEmpty()) {
            ArrayNode list = problem.putArray("missing");
            missing.forEach(entry -> list.addObject()
                    .put("replica", replica(entry.getKey()))
                    .put("node_id", entry.getKey())
                    .put("counter", entry.getValue()));
        }
        // Covers what the request was sent with, and is ahead of it: the most that the API allows.
        Map<String, Long> session = FakeCluster.join(clock(), FakeCluster.clockOf(String.join(",", request.tokens())));
        exchange.getResponseHeaders().set("Hence-Session", FakeCluster.token(session));
        send(exchange, status, "application/problem+json", JSON.writeValueAsBytes(problem));
    }

    private static String replica(String node) {
        return node + "~00c0ffee00c0ffee";
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        boolean hasBody = body.length > 0 && !exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, hasBody ? body.length : -1);
        if (hasBody) {
            exchange.getResponseBody().write(body);
        }
    }

    /** One request being carried out. */
    private final class Answering {
        private final HttpExchange exchange;
        private final Request request;
        private final byte[] body;
        private final boolean answers;
        private final String path;
        private final Map<String, String> query = new TreeMap<>();

        Answering(HttpExchange exchange, Request request, byte[] body, boolean answers) {
            this.exchange = exchange;
            this.request = request;
            this.body = body;
            this.answers = answers;
            URI uri = exchange.getRequestURI();
            this.path = uri.getRawPath();
            if (uri.getRawQuery() != null) {
                for (String pair : uri.getRawQuery().split("&", -1)) {
                    int equals = pair.indexOf('=');
                    query.put(
                            equals < 0 ? pair : pair.substring(0, equals),
                            equals < 0 ? "" : pair.substring(equals + 1));
                }
            }
        }

        void run() throws IOException, InterruptedException {
            if (waitForSession()) {
                if (path.startsWith("/kv/")) {
                    key(Bytes.wrap(decode(path.substring(4))));
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
                Request tokenless = new Request(request.method(), request.path(), List.of(), 0);
                problem(exchange, tokenless, 400, "session-token", true, List.of());
                return false;
            }
            long until = System.nanoTime() + request.waitMillis() * 1_000_000;
            List<Map.Entry<String, Long>> missing = new ArrayList<>();
            synchronized (cluster) {
                while (!FakeCluster.descends(clock, session) && System.nanoTime() < until) {
                    cluster.wait(Math.max(1, (until - System.nanoTime()) / 1_000_000));
                }
                session.forEach((node, counter) -> {
                    if (clock.getOrDefault(node, 0L) < counter) {
                        missing.add(Map.entry(node, counter));
                    }
                });
            }
            if (!missing.isEmpty()) {
                problem(exchange, request, 503, "session-behind", true, missing);
            }
            return missing.isEmpty();
        }

        private void key(Bytes key) throws IOException, InterruptedException {
            List<Entry> entries;
            synchronized (cluster) {
                entries = List.copyOf(store.getOrDefault(key, List.of()));
            }
            boolean isRead = request.method().equals("GET") || request.method().equals("HEAD");
            if (isRead ? entries.isEmpty() : !meetsConditions(entries)) {
                refuse(isRead ? 404 : 412, isRead ? "key-absent" : "precondition-failed");
            } else if (query.containsKey("siblings")) {
                siblings(key, entries);
            } else if (isRead) {
                exchange.getResponseHeaders().set("ETag", tag(entries));
                answer(
                        200,
                        "application/octet-stream",
                        entries.getFirst().value().toByteArray());
            } else if (request.method().equals("PUT") && body.length > VALUE_BYTES_MAX) {
                refuse(413, "value-too-large");
            } else if (request.method().equals("PUT")) {
                FakeCluster.Update update = cluster.write(FakeNode.this, List.of(Operation.put(key, Bytes.of(body))));
                exchange.getResponseHeaders().set("ETag", tag(List.of(new Entry(update, key))));
                answer(204, "text/plain", new byte[0]);
            } else if (entries.isEmpty()) {
                refuse(404, "key-absent");
            } else {
                cluster.write(FakeNode.this, List.of(Operation.delete(key)));
                answer(204, "text/plain", new byte[0]);
            }
        }

        private boolean meetsConditions(List<Entry> entries) {
            String match = exchange.getRequestHeaders().getFirst("If-Match");
            String noneMatch = exchange.getRequestHeaders().getFirst("If-None-Match");
            boolean matches =
                    match == null || (!entries.isEmpty() && (match.equals("*") || match.equals(tag(entries))));
            return matches && (noneMatch == null || entries.isEmpty());
        }

        private String tag(List<Entry> entries) {
            List<String> dots = entries.stream()
                    .map(entry -> entry.update().node() + "." + entry.update().counter())
                    .toList();
            return '"' + String.join("+", dots) + '"';
        }

        private void siblings(Bytes key, List<Entry> entries) throws IOException, InterruptedException {
            ObjectNode answer = JSON.createObjectNode();
            put(answer, "key", key);
            answer.put("etag", tag(entries));
            ArrayNode values = answer.putArray("values");
            for (Entry entry : entries) {
                ObjectNode value = values.addObject();
                put(value, "value", entry.value());
                putDot(value, entry.update());
                value.put("timestamp_millis", entry.update().timestampMillis());
                value.put("winner", entry.equals(entries.getFirst()));
            }
            putClock(answer, "vector_clock", clock());
            answer(200, "application/json", JSON.writeValueAsBytes(answer));
        }

        private void scan() throws IOException, InterruptedException {
            Bytes prefix = Bytes.wrap(decode(query.getOrDefault("prefix", "")));
            String after = query.get("after");
            int limit = Integer.parseInt(query.getOrDefault("limit", "100"));
            ObjectNode answer = JSON.createObjectNode();
            ArrayNode items = answer.putArray("items");
            String next = null;
            synchronized (cluster) {
                for (Map.Entry<Bytes, List<Entry>> entry : store.entrySet()) {
                    Bytes key = entry.getKey();
                    boolean isAfter = after == null || key.compareTo(Bytes.wrap(decode(decodeText(after)))) > 0;
                    if (isAfter && startsWith(key, prefix)) {
                        if (items.size() == limit) {
                            break;
                        }
                        ObjectNode item = items.addObject();
                        put(item, "key", key);
                        put(item, "value", entry.getValue().getFirst().value());
                        item.put("etag", tag(entry.getValue()));
                        next = items.size() == limit ? Paths.key(key).substring(4) : null;
                    }
                }
                putClock(answer, "vector_clock", clock);
            }
            answer.put("next", next);
            answer(200, "application/json", JSON.writeValueAsBytes(answer));
        }

        private void batch() throws IOException, InterruptedException {
            List<Operation> operations = new ArrayList<>();
            for (JsonNode operation : JSON.readTree(body).get("operations")) {
                Bytes key = bytes(operation.get("key"));
                operations.add(
                        operation.get("op").asText().equals("put")
                                ? Operation.put(key, bytes(operation.get("value")))
                                : Operation.delete(key));
            }
            cluster.write(FakeNode.this, operations);
            ObjectNode answer = JSON.createObjectNode();
            answer.put("written", operations.size()).put("node_id", name);
            putClock(answer, "vector_clock", clock());
            answer(200, "application/json", JSON.writeValueAsBytes(answer));
        }

        private void status() throws IOException, InterruptedException {
            ObjectNode answer = JSON.createObjectNode();
            answer.put("node_id", name)
                    .put("replica", replica(name))
                    .put("cluster", "hence")
                    .put("version", "0.1.0");
            answer.put("fsync", "always").put("started_millis", 1_760_000_000_000L);
            putClock(answer, "vector_clock", clock());
            putClock(answer, "durable_clock", clock());
            answer.put("keys_estimate", store.size());
            ArrayNode members = answer.putArray("members");
            for (FakeNode node : cluster.nodes()) {
                boolean self = node == FakeNode.this;
                ObjectNode member = members.addObject();
                member.put("node_id", node.name()).put("replica", replica(node.name()));
                member.put("address", self ? null : node.url())
                        .put("self", self)
                        .put("connected", !self);
                member.put("state", "connected").put("updates_behind", 0);
                putClock(member, "applied", node.clock());
                putClock(member, "durable", node.clock());
                member.put("heard_millis_ago", self ? null : 12L);
            }
            answer.putArray("follows")
                    .addObject()
                    .put("origin", replica("node2"))
                    .put("through", replica("node2"))
                    .put("state", "following")
                    .put("received", 3)
                    .put("last_counter", 3);
            answer.put("buffered_count", buffered.size());
            ArrayNode waiting = answer.putArray("buffered");
            synchronized (cluster) {
                for (FakeCluster.Update update : buffered) {
                    ObjectNode item = waiting.addObject();
                    putDot(item, update);
                    item.putObject("waiting_for")
                            .put("replica", replica("node1"))
                            .put("node_id", "node1")
                            .put("counter", 1);
                    item.put("since_millis", 1_760_000_000_000L);
                    ArrayNode keys = item.putArray("operations");
                    update.operations()
                            .forEach(operation -> put(keys.addObject().put("op", "put"), "key", operation.key()));
                }
            }
            answer(200, "application/json", JSON.writeValueAsBytes(answer));
        }

        private void feed() throws IOException, InterruptedException {
            Map<String, Long> after = FakeCluster.clockOf(decodeText(query.getOrDefault("after", "")));
            boolean follow = !query.getOrDefault("follow", "true").equals("false");
            int generation = feedGeneration;
            exchange.getResponseHeaders().set("Content-Type", "application/x-ndjson");
            exchange.sendResponseHeaders(200, 0);
            OutputStream output = exchange.getResponseBody();
            output.flush();
            int at = 0;
            while (stopped.getCount() > 0) {
                Delivered next;
                synchronized (cluster) {
                    if (at == delivered.size() && follow && generation == feedGeneration) {
                        cluster.wait(100);
                    }
                    next = at < delivered.size() ? delivered.get(at) : null;
                }
                if (generation != feedGeneration) {
                    output.write("{\"dot\":".getBytes(StandardCharsets.UTF_8));
                    output.flush();
                    throw new IOException("the feed breaks");
                }
                if (next == null && !follow) {
                    return;
                }
                if (feedsSilent) {
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

        private byte[] line(Delivered next, Map<String, Long> after) throws IOException {
            ObjectNode line = JSON.createObjectNode();
            putDot(line, next.update());
            putClock(line, "vector_clock", next.update().clock());
            line.put("timestamp_millis", next.update().timestampMillis());
            ArrayNode operations = line.putArray("operations");
            for (Operation operation : next.update().operations()) {
                ObjectNode item = operations.addObject();
                switch (operation) {
                    case Operation.Put(Bytes key, Bytes value) -> {
                        put(item.put("op", "put"), "key", key);
                        put(item, "value", value);
                    }
                    case Operation.Delete(Bytes key) -> put(item.put("op", "delete"), "key", key);
                }
            }
            line.put("token", FakeCluster.token(FakeCluster.join(after, next.clock())));
            return (JSON.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8);
        }

        private void refuse(int status, String code) throws IOException {
            if (answers) {
                problem(exchange, request, status, code, true, List.of());
            }
        }

        private void answer(int status, String type, byte[] content) throws IOException, InterruptedException {
            Map<String, Long> session =
                    FakeCluster.join(clock(), FakeCluster.clockOf(String.join(",", request.tokens())));
            gate.countDown();
            gate.await();
            if (answers) {
                exchange.getResponseHeaders().set("Hence-Session", FakeCluster.token(session));
                send(exchange, status, type, content);
            }
        }
    }

    private static boolean startsWith(Bytes key, Bytes prefix) {
        return key.length() >= prefix.length()
                && key.asReadOnlyBuffer().slice(0, prefix.length()).equals(prefix.asReadOnlyBuffer());
    }

    private static void putDot(ObjectNode object, FakeCluster.Update update) {
        object.putObject("dot").put("replica", replica(update.node())).put("counter", update.counter());
        object.put("node_id", update.node());
    }

    private static void putClock(ObjectNode object, String member, Map<String, Long> clock) {
        ObjectNode entries = object.putObject(member);
        clock.forEach(entries::put);
    }

    private static void put(ObjectNode object, String member, Bytes bytes) {
        bytes.text()
                .ifPresentOrElse(
                        text -> object.put(member, text),
                        () -> object.putObject(member).put("base64", bytes.base64()));
    }

    private static Bytes bytes(JsonNode value) {
        return value.isTextual()
                ? Bytes.utf8(value.asText())
                : Bytes.of(Base64.getDecoder().decode(value.get("base64").asText()));
    }

    private static String decodeText(String encoded) {
        return new String(decode(encoded), StandardCharsets.UTF_8);
    }

    private static byte[] decode(String encoded) {
        ByteArrayOutputStream decoded = new ByteArrayOutputStream();
        for (int at = 0; at < encoded.length(); at++) {
            if (encoded.charAt(at) == '%') {
                decoded.write(Integer.parseInt(encoded.substring(at + 1, at + 3), 16));
                at += 2;
            } else {
                decoded.write(encoded.charAt(at));
            }
        }
        return decoded.toByteArray();
    }
}
