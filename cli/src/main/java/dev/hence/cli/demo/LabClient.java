package dev.hence.cli.demo;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** The links from peers to one node, disturbed on purpose: the node's {@code /lab/links}. Thread-safe. */
public final class LabClient {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int NOT_FOUND = 404;

    private final URI links;
    private final HttpClient http;

    LabClient(URI node, HttpClient http) {
        this.links = node.resolve("/lab/links");
        this.http = http;
    }

    /** Whether the node is a lab; otherwise links cannot be disturbed. */
    boolean isOpen() throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(links).GET()).statusCode() != NOT_FOUND;
    }

    /** Keeps the updates that come from a node in the link; the connection lives on. */
    void hold(String from) throws IOException, InterruptedException {
        set(from, "hold");
    }

    /** Lets the updates of a node pass, those that were held first. */
    void open(String from) throws IOException, InterruptedException {
        set(from, "open");
    }

    private void set(String from, String mode) throws IOException, InterruptedException {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("mode", mode);
        HttpResponse<String> response = send(HttpRequest.newBuilder(URI.create(links + "/" + from))
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(body.toString())));
        if (response.statusCode() / 100 != 2) {
            throw new IOException(links + "/" + from + ": " + response.statusCode() + " " + response.body()
                    + " (expected: 200, the link)");
        }
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.timeout(TIMEOUT).build(), BodyHandlers.ofString());
    }
}
