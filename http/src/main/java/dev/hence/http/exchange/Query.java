package dev.hence.http.exchange;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a query, {@code ?prefix=a%2F&limit=10}. Values are bytes; {@code +} is a space, as in
 * the forms that most clients encode their queries like.
 *
 * <p>Immutable.
 */
public final class Query {

    private static final Query NONE = new Query(Map.of());

    private final Map<String, byte[]> values;

    private Query(Map<String, byte[]> values) {
        this.values = values;
    }

    /**
     * Reads a query.
     *
     * @param raw what follows the question mark; null for no query
     * @param known the parameters that may occur
     * @throws HttpProblem if another occurs, one occurs twice, or the encoding is malformed
     */
    static Query parse(@Nullable String raw, Set<String> known) {
        if (raw == null || raw.isEmpty()) {
            return NONE;
        }
        Map<String, byte[]> values = new HashMap<>();
        for (int start = 0; start <= raw.length(); ) {
            int ampersand = raw.indexOf('&', start);
            int end = ampersand < 0 ? raw.length() : ampersand;
            if (end > start) {
                parseOne(raw.substring(start, end), known, values);
            }
            start = end + 1;
        }
        return new Query(values);
    }

    private static void parseOne(String pair, Set<String> known, Map<String, byte[]> values) {
        int equals = pair.indexOf('=');
        String name = text(
                "parameter name", PercentCoding.decode("query", equals < 0 ? pair : pair.substring(0, equals), true));
        if (!known.contains(name)) {
            throw HttpProblem.badRequest("parameter " + name + ": unknown (expected: "
                    + (known.isEmpty() ? "none" : String.join(", ", new TreeSet<>(known))) + ")");
        }
        byte[] value = equals < 0 ? new byte[0] : PercentCoding.decode(name, pair.substring(equals + 1), true);
        if (values.put(name, value) != null) {
            throw HttpProblem.badRequest("parameter " + name + ": occurs twice (expected: once)");
        }
    }

    /** The bytes of a parameter; null if it is absent. */
    public byte @Nullable [] bytes(String name) {
        return values.get(name);
    }

    /**
     * The text of a parameter; null if it is absent.
     *
     * @throws HttpProblem if it is not UTF-8
     */
    public @Nullable String text(String name) {
        byte[] value = values.get(name);
        return value == null ? null : text(name, value);
    }

    /**
     * A number.
     *
     * @throws HttpProblem if it is something else or out of range
     */
    public int number(String name, int min, int max, int absent) {
        String value = text(name);
        if (value == null) {
            return absent;
        }
        try {
            int number = Integer.parseInt(value);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException notOne) {
            // Refused below, like a number out of range.
        }
        throw HttpProblem.badRequest(name + ": \"" + value + "\" (expected: " + min + " to " + max + ")");
    }

    /**
     * A switch: on when it is there without a value.
     *
     * @throws HttpProblem if its value is neither {@code true} nor {@code false}
     */
    public boolean flag(String name, boolean absent) {
        String value = text(name);
        return switch (value) {
            case null -> absent;
            case "", "true" -> true;
            case "false" -> false;
            default -> throw HttpProblem.badRequest(name + ": \"" + value + "\" (expected: true or false)");
        };
    }

    private static String text(String name, byte[] value) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value))
                    .toString();
        } catch (CharacterCodingException notText) {
            throw HttpProblem.badRequest(name + ": not UTF-8 (expected: text)");
        }
    }
}
