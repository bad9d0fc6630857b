package dev.hence.system.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A node's complete response. */
public final class HttpAnswer {

    private final int status;
    private final Map<String, List<String>> headers;
    private final byte[] body;

    public HttpAnswer(int status, Map<String, List<String>> headers, byte[] body) {
        this.status = status;
        this.headers = Map.copyOf(headers);
        this.body = body.clone();
    }

    static HttpAnswer of(HttpResponse<byte[]> response) {
        return new HttpAnswer(response.statusCode(), response.headers().map(), response.body());
    }

    public int status() {
        return status;
    }

    /** The body as received. */
    public byte[] body() {
        return body.clone();
    }

    public boolean ok() {
        return status / 100 == 2;
    }

    public Optional<String> header(String name) {
        return headers.entrySet().stream()
                .filter(entry -> entry.getKey().equalsIgnoreCase(name))
                .map(entry -> entry.getValue().getFirst())
                .findFirst();
    }

    /** The session token; every response has one. */
    public String session() {
        return header("hence-session").orElseThrow(() -> new AssertionError("no Hence-Session in " + this));
    }

    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    public JsonNode json() {
        try {
            return Json.MAPPER.readTree(body);
        } catch (IOException malformed) {
            throw new UncheckedIOException("not JSON: " + this, malformed);
        }
    }

    /** The code of a problem; empty if the body is not a problem document. */
    public String code() {
        return header("content-type").orElse("").startsWith("application/problem+json")
                ? json().path("code").asText()
                : "";
    }

    /** Fails unless the request succeeded. */
    public HttpAnswer orFail() {
        if (!ok()) {
            throw new AssertionError("answered " + this);
        }
        return this;
    }

    @Override
    public String toString() {
        return status + " " + headers + " " + text();
    }
}
