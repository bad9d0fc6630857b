package dev.hence.simulator.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hence.simulator.history.Transaction.Access;
import dev.hence.simulator.history.Transaction.Status;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The format of a history: JSON Lines, one transaction per line. {@code docs/histories.md} specifies it. */
public final class HistoryFile {
    private static final ObjectMapper JSON = new ObjectMapper();

    private HistoryFile() {}

    /** Formats a transaction as one line, without the line end. */
    public static String line(Transaction transaction) {
        ObjectNode line = JSON.createObjectNode();
        line.put("session", transaction.session());
        line.put("status", transaction.status().name().toLowerCase(Locale.ROOT));
        line.put("node", transaction.node());
        line.put("start", transaction.startMicros());
        if (transaction.endMicros() != null) {
            line.put("end", transaction.endMicros());
        }
        write(transaction.reads(), line.putArray("reads"));
        write(transaction.writes(), line.putArray("writes"));
        return line.toString();
    }

    private static void write(List<Access> accesses, ArrayNode array) {
        for (Access access : accesses) {
            array.addArray().add(access.key()).add(access.value());
        }
    }

    /**
     * Parses a transaction from its line. Members with other names are ignored.
     *
     * @throws IllegalArgumentException if the line is not a transaction
     */
    public static Transaction parse(String line) {
        JsonNode json;
        try {
            json = JSON.readTree(line);
        } catch (JsonProcessingException malformed) {
            throw new IllegalArgumentException("transaction: " + malformed.getOriginalMessage(), malformed);
        }
        return new Transaction(
                text(json, "session"),
                status(text(json, "status")),
                text(json, "node"),
                micros(json, "start"),
                json.hasNonNull("end") ? micros(json, "end") : null,
                accesses(json, "reads"),
                accesses(json, "writes"));
    }

    private static Status status(String text) {
        return switch (text) {
            case "ok" -> Status.OK;
            case "unknown" -> Status.UNKNOWN;
            default -> throw wrong("status", "\"" + text + "\"", "ok or unknown");
        };
    }

    private static String text(JsonNode json, String name) {
        JsonNode member = json.path(name);
        if (!member.isTextual()) {
            throw wrong(name, member.toString(), "a string");
        }
        return member.textValue();
    }

    private static long micros(JsonNode json, String name) {
        JsonNode member = json.path(name);
        if (!member.canConvertToLong() || !member.isIntegralNumber()) {
            throw wrong(name, member.toString(), "a number of microseconds");
        }
        return member.longValue();
    }

    private static List<Access> accesses(JsonNode json, String name) {
        JsonNode member = json.path(name);
        if (!member.isArray()) {
            throw wrong(name, member.toString(), "an array of [key, value]");
        }
        List<Access> accesses = new ArrayList<>(member.size());
        for (JsonNode pair : member) {
            JsonNode value = pair.path(1);
            if (pair.size() != 2 || !pair.path(0).isTextual() || !(value.isTextual() || value.isNull())) {
                throw wrong(name, pair.toString(), "[key, value], the value a string or null");
            }
            accesses.add(new Access(pair.path(0).textValue(), valueOrAbsent(value)));
        }
        return accesses;
    }

    private static @Nullable String valueOrAbsent(JsonNode value) {
        return value.isNull() ? null : value.textValue();
    }

    private static IllegalArgumentException wrong(String name, String found, String expected) {
        return new IllegalArgumentException(
                name + ": " + (found.isEmpty() ? "missing" : found) + " (expected: " + expected + ")");
    }

    /**
     * Reads a whole file. Empty lines are ignored.
     *
     * @throws IOException if it cannot be read, or a line is not a transaction
     */
    public static List<Transaction> read(Path file) throws IOException {
        List<Transaction> history = new ArrayList<>();
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            int number = 1;
            for (String line = lines.readLine(); line != null; line = lines.readLine(), number++) {
                if (!line.isBlank()) {
                    history.add(parse(file, number, line));
                }
            }
        }
        return history;
    }

    private static Transaction parse(Path file, int number, String line) throws IOException {
        try {
            return parse(line);
        } catch (IllegalArgumentException malformed) {
            throw new IOException(file + ", line " + number + ": " + malformed.getMessage(), malformed);
        }
    }
}
