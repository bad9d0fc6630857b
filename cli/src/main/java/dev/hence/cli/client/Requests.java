package dev.hence.cli.client;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hence.cli.command.CommandFailure;
import dev.hence.cli.command.ExitCode;
import dev.hence.cli.status.ClusterReport;
import dev.hence.cli.status.NodeReport;
import dev.hence.cli.terminal.BytesText;
import dev.hence.cli.terminal.ClockText;
import dev.hence.cli.terminal.Console;
import dev.hence.cli.terminal.Style;
import dev.hence.cli.terminal.TextTable;
import dev.hence.cli.terminal.TextTable.Cell;
import dev.hence.client.BatchResult;
import dev.hence.client.Bytes;
import dev.hence.client.HenceClient;
import dev.hence.client.KeyValue;
import dev.hence.client.NodeStatus;
import dev.hence.client.Operation;
import dev.hence.client.ScanPage;
import dev.hence.client.Siblings;
import dev.hence.client.Siblings.Sibling;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes requests and prints their answers, for people or as JSON. All share the client's session. Not
 * thread-safe.
 */
final class Requests {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final HenceClient client;
    private final Console console;
    private final boolean json;
    private final int keysMax;

    /**
     * @param keysMax how many keys a scan prints at most
     */
    Requests(HenceClient client, Console console, boolean json, int keysMax) {
        this.client = client;
        this.console = console;
        this.json = json;
        this.keysMax = keysMax;
    }

    /** Makes one request: a verb and its parameters. */
    ExitCode run(List<String> request) throws CommandFailure {
        return switch (Verb.of(request)) {
            case WRITE -> write(bytes(request.get(1)), bytes(request.get(2)));
            case READ -> read(bytes(request.get(1)));
            case DELETE -> delete(bytes(request.get(1)));
            case SCAN -> scan(bytes(request.size() > 1 ? request.get(1) : ""));
            case STATUS -> status();
        };
    }

    /** Prints the session, for {@code --session} of another call. */
    void session() {
        String token = client.sessionToken();
        if (json) {
            console.line(JSON.objectNode().put("session", token).toString());
        } else {
            console.line(console.styled(Style.DIM, "session " + (token.isEmpty() ? "(new)" : token)));
        }
    }

    // A batch of one rather than a put: its answer has the clock.
    private ExitCode write(Bytes key, Bytes value) {
        BatchResult written = client.batch(Operation.put(key, value));
        if (json) {
            ObjectNode answer = JSON.objectNode().put("status", "ok");
            answer.set("key", BytesText.json(key));
            answer.set("value", BytesText.json(value));
            answer.put("node_id", written.nodeId());
            print(answer, written.vectorClock());
        } else {
            console.line(assignment(key, value));
            clock(written.vectorClock());
        }
        return ExitCode.OK;
    }

    private ExitCode read(Bytes key) {
        Optional<Siblings> found = client.siblings(key);
        if (found.isEmpty()) {
            return absent(key, null);
        }
        Siblings siblings = found.get();
        Sibling winner = siblings.winner();
        List<Sibling> others = siblings.values().stream()
                .filter(sibling -> !sibling.equals(winner))
                .toList();
        if (json) {
            ObjectNode answer = JSON.objectNode();
            answer.set("key", BytesText.json(key));
            answer.set("value", BytesText.json(winner.value()));
            answer.put("etag", siblings.tag());
            ArrayNode concurrent = answer.putArray("siblings");
            others.forEach(sibling -> concurrent.add(json(sibling)));
            print(answer, siblings.vectorClock());
        } else {
            console.line(assignment(key, winner.value()));
            others.forEach(sibling -> console.line(console.styled(
                    Style.WAITING,
                    "written concurrently, by " + sibling.dot() + ": " + BytesText.shown(sibling.value()))));
            clock(siblings.vectorClock());
        }
        return ExitCode.OK;
    }

    private ExitCode delete(Bytes key) {
        BatchResult written = client.batch(Operation.delete(key));
        if (written.written() == 0) {
            return absent(key, written.vectorClock());
        }
        if (json) {
            ObjectNode answer = JSON.objectNode().put("status", "ok");
            answer.set("key", BytesText.json(key));
            answer.put("node_id", written.nodeId());
            print(answer, written.vectorClock());
        } else {
            console.line(BytesText.shown(key) + " deleted");
            clock(written.vectorClock());
        }
        return ExitCode.OK;
    }

    private ExitCode absent(Bytes key, @Nullable Map<String, Long> clock) {
        console.complain("hence: " + BytesText.shown(key) + ": absent (expected: a key with a value)");
        if (json) {
            ObjectNode answer = JSON.objectNode();
            answer.set("key", BytesText.json(key));
            answer.putObject("error").put("code", "key-absent").put("detail", "the key has no value");
            print(answer, clock == null ? Map.of() : clock);
        }
        return ExitCode.FAILED;
    }

    private ExitCode scan(Bytes prefix) {
        List<KeyValue> items = new ArrayList<>();
        @Nullable String next = null;
        Map<String, Long> clock;
        do {
            ScanPage page = client.scanPage(prefix, next, Math.min(keysMax - items.size(), HenceClient.PAGE_KEYS_MAX));
            items.addAll(page.items());
            next = page.next().orElse(null);
            clock = page.vectorClock();
        } while (next != null && items.size() < keysMax);
        if (json) {
            ObjectNode answer = JSON.objectNode();
            ArrayNode list = answer.putArray("items");
            items.forEach(item -> list.add(json(item)));
            answer.put("more", next != null);
            print(answer, clock);
        } else {
            TextTable table = new TextTable();
            items.forEach(item -> table.row(List.of(
                    new Cell(BytesText.shown(item.key()), Style.BOLD),
                    item.isString()
                            ? new Cell(BytesText.shown(item.value()), Style.PLAIN)
                            : new Cell("(" + item.type() + ")", Style.DIM))));
            table.lines(console).forEach(console::line);
            String more = next == null ? "" : "; there are more: raise --limit";
            console.line(console.styled(Style.DIM, items.size() + (items.size() == 1 ? " key" : " keys") + more));
            clock(clock);
        }
        return ExitCode.OK;
    }

    private ExitCode status() {
        NodeStatus status = client.status();
        if (json) {
            console.line(status.json());
        } else {
            String urls = client.nodes().stream().map(URI::toString).collect(Collectors.joining(","));
            new ClusterReport(List.of(NodeReport.of(urls, status)))
                    .lines(console)
                    .forEach(console::line);
        }
        return ExitCode.OK;
    }

    private void print(ObjectNode answer, Map<String, Long> clock) {
        ObjectNode counters = answer.putObject("vector_clock");
        clock.forEach(counters::put);
        console.line(answer.put("session", client.sessionToken()).toString());
    }

    private void clock(Map<String, Long> clock) {
        console.line(console.styled(Style.CLOCK, "clock " + ClockText.list(clock)) + "  "
                + console.styled(Style.DIM, ClockText.named(clock)));
    }

    private String assignment(Bytes key, Bytes value) {
        return console.styled(Style.BOLD, BytesText.shown(key)) + " = " + BytesText.shown(value);
    }

    private static ObjectNode json(Sibling sibling) {
        ObjectNode node = JSON.objectNode();
        node.set("value", BytesText.json(sibling.value()));
        node.put("node_id", sibling.dot().nodeId());
        return node.put("timestamp_millis", sibling.writtenAt().toEpochMilli());
    }

    private static ObjectNode json(KeyValue item) {
        ObjectNode node = JSON.objectNode();
        node.set("key", BytesText.json(item.key()));
        node.set("value", item.isString() ? BytesText.json(item.value()) : JSON.nullNode());
        return node.put("type", item.type()).put("etag", item.tag());
    }

    private static Bytes bytes(String text) throws CommandFailure {
        try {
            return Bytes.utf8(text);
        } catch (IllegalArgumentException malformed) {
            throw CommandFailure.usage(malformed.getMessage() + " (expected: text that is valid in UTF-8)");
        }
    }
}
