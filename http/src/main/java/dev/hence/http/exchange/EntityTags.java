package dev.hence.http.exchange;

import java.util.ArrayList;
import java.util.List;

/**
 * The value of {@code If-Match} or {@code If-None-Match}: {@code *}, or a list of entity tags (RFC 9110,
 * section 13.1).
 */
sealed interface EntityTags {

    /** {@code *}: whatever is there. */
    record Any() implements EntityTags {}

    /** {@code "a", W/"b"}. */
    record Listed(List<Tag> tags) implements EntityTags {}

    /** One tag, without its quotes. */
    record Tag(boolean weak, String opaque) {}

    /**
     * Reads a header.
     *
     * @param name its name, for the message
     * @param value its lines, joined by commas
     * @throws HttpProblem if it has another form
     */
    static EntityTags parse(String name, String value) {
        String text = value.strip();
        if (text.equals("*")) {
            return new Any();
        }
        List<Tag> tags = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            at = skipSeparators(text, at);
            if (at == text.length()) {
                break;
            }
            boolean weak = text.startsWith("W/", at);
            int open = weak ? at + 2 : at;
            int close = open < text.length() && text.charAt(open) == '"' ? text.indexOf('"', open + 1) : -1;
            if (close < 0 || !followedBySeparator(text, close + 1)) {
                throw malformed(name, value);
            }
            tags.add(new Tag(weak, text.substring(open + 1, close)));
            at = close + 1;
        }
        if (tags.isEmpty()) {
            throw malformed(name, value);
        }
        return new Listed(tags);
    }

    /** Strong comparison: weak tags never match. */
    default boolean matchesStrongly(String tag) {
        return switch (this) {
            case Any any -> true;
            case Listed listed ->
                listed.tags().stream().anyMatch(t -> !t.weak() && t.opaque().equals(tag));
        };
    }

    /** Weak comparison: whether a tag is weak does not matter. */
    default boolean matchesWeakly(String tag) {
        return switch (this) {
            case Any any -> true;
            case Listed listed ->
                listed.tags().stream().anyMatch(t -> t.opaque().equals(tag));
        };
    }

    private static int skipSeparators(String text, int from) {
        int at = from;
        while (at < text.length() && (text.charAt(at) == ',' || isSpace(text.charAt(at)))) {
            at++;
        }
        return at;
    }

    private static boolean followedBySeparator(String text, int from) {
        int at = from;
        while (at < text.length() && isSpace(text.charAt(at))) {
            at++;
        }
        return at == text.length() || text.charAt(at) == ',';
    }

    private static boolean isSpace(char character) {
        return character == ' ' || character == '\t';
    }

    private static HttpProblem malformed(String name, String value) {
        return HttpProblem.badRequest(name + ": " + value + " (expected: \"TAG\", a list of these, or *)");
    }
}
