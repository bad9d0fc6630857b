package dev.hence.system.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hence.property.Eventually;
import dev.hence.system.cluster.WriteOutcome.Acknowledged;
import dev.hence.system.cluster.WriteOutcome.Refused;
import dev.hence.system.cluster.WriteOutcome.Unknown;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * One node's HTTP API, as documented. Nothing is retried and no state is kept: a test specifies the session of each
 * request.
 *
 * <p>Thread-safe. Requests time out late, so that a write with a broken connection means that its node is gone.
 */
public final class NodeApi {

    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Eventually.LIMIT)
            .build();

    private final URI base;

    public NodeApi(URI base) {
        this.base = base;
    }

    /** The address of the node. */
    public URI base() {
        return base;
    }

    /**
     * Sends a request and reads the whole response.
     *
     * @param path with the query, percent-encoded
     * @param headers alternating names and values
     */
    public HttpAnswer send(String method, String path, byte[] body, String... headers)
            throws IOException, InterruptedException {
        return HttpAnswer.of(HTTP.send(request(method, path, body, headers), BodyHandlers.ofByteArray()));
    }

    /** Sends a request and returns the response's body as a stream; the reader closes it. */
    public HttpResponse<InputStream> open(String path, String... headers) throws IOException, InterruptedException {
        return HTTP.send(request("GET", path, new byte[0], headers), BodyHandlers.ofInputStream());
    }

    private HttpRequest request(String method, String path, byte[] body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(Eventually.LIMIT)
                .method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request.build();
    }

    public HttpAnswer get(String path, String... headers) throws IOException, InterruptedException {
        return send("GET", path, new byte[0], headers);
    }

    /** A key's value. */
    public HttpAnswer read(String key, String... headers) throws IOException, InterruptedException {
        return get(keyPath(key), headers);
    }

    /** Writes a value; fails unless it is acknowledged. */
    public HttpAnswer write(String key, String value, String... headers) throws IOException, InterruptedException {
        return send("PUT", keyPath(key), bytes(value), headers).orFail();
    }

    /** Writes several values as one update; fails unless it is acknowledged. */
    public HttpAnswer writeAll(Map<String, String> values, String... headers) throws IOException, InterruptedException {
        return send("POST", "/batch", batch(values), json(headers)).orFail();
    }

    /** Writes a value and returns the outcome. */
    public WriteOutcome tryWrite(String key, String value, String... headers) throws InterruptedException {
        return attempt("PUT", keyPath(key), bytes(value), headers);
    }

    /** Removes a key and returns the outcome; an absent key counts as refused. */
    public WriteOutcome tryDelete(String key, String... headers) throws InterruptedException {
        return attempt("DELETE", keyPath(key), new byte[0], headers);
    }

    /** Writes several values as one update and returns the outcome. */
    public WriteOutcome tryWriteAll(Map<String, String> values, String... headers) throws InterruptedException {
        return attempt("POST", "/batch", batch(values), json(headers));
    }

    private WriteOutcome attempt(String method, String path, byte[] body, String... headers)
            throws InterruptedException {
        HttpAnswer answer;
        try {
            answer = send(method, path, body, headers);
        } catch (ConnectException | HttpConnectTimeoutException neverSent) {
            return new Refused("not sent: " + neverSent);
        } catch (IOException broken) {
            return new Unknown(broken.toString());
        }
        if (answer.ok()) {
            return new Acknowledged(answer);
        }
        JsonNode definite = answer.json().path("definite");
        if (!definite.isBoolean()) {
            throw new AssertionError("an error that is neither definite nor not: " + answer);
        }
        return definite.asBoolean() ? new Refused(answer.code()) : new Unknown(answer.toString());
    }

    public JsonNode status() throws IOException, InterruptedException {
        return get("/status").orFail().json();
    }

    /** The clock that the node has applied, by the readable names of replicas. */
    public Map<String, Long> clock() throws IOException, InterruptedException {
        return Json.clock(status().path("vector_clock"));
    }

    /** The node's name and incarnation. */
    public String replica() throws IOException, InterruptedException {
        return status().path("replica").asText();
    }

    /** Whether it reports itself ready; an unreachable node does not. */
    public boolean isReady() throws InterruptedException {
        try {
            return get("/health/ready").status() == 200;
        } catch (IOException unreachable) {
            return false;
        }
    }

    /** All pages of a scan; each page is a snapshot. */
    public List<JsonNode> scan(String prefix) throws IOException, InterruptedException {
        return pages("/kv?prefix=" + encoded(prefix) + "&limit=1000");
    }

    /** All keys with a digest of their content. */
    List<JsonNode> fingerprints() throws IOException, InterruptedException {
        return pages("/fingerprints?limit=1000");
    }

    private List<JsonNode> pages(String path) throws IOException, InterruptedException {
        List<JsonNode> items = new ArrayList<>();
        String after = "";
        do {
            JsonNode page = get(path + after).orFail().json();
            page.path("items").forEach(items::add);
            JsonNode next = page.path("next");
            after = next.isNull() ? "" : "&after=" + encoded(next.asText());
        } while (!after.isEmpty());
        return items;
    }

    /** The concurrent values of a key. */
    public HttpAnswer siblings(String key) throws IOException, InterruptedException {
        return get(keyPath(key) + "?siblings");
    }

    /** Sets the link that carries a peer's updates to this node. */
    public HttpAnswer link(String from, Map<String, Object> setting) throws IOException, InterruptedException {
        return send("PUT", "/lab/links/" + from, bytes(Json.write(setting)), json())
                .orFail();
    }

    /** The path of a text key. */
    public static String keyPath(String key) {
        return "/kv/" + encoded(key);
    }

    /** Text encoded as a part of a URL. */
    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] batch(Map<String, String> values) {
        List<Map<String, String>> operations = values.entrySet().stream()
                .map(entry -> Map.of("op", "put", "key", entry.getKey(), "value", entry.getValue()))
                .toList();
        return bytes(Json.write(Map.of("operations", operations)));
    }

    private static String[] json(String... headers) {
        String[] all = Arrays.copyOf(headers, headers.length + 2);
        all[headers.length] = "Content-Type";
        all[headers.length + 1] = "application/json";
        return all;
    }
}
