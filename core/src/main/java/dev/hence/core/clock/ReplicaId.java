package dev.hence.core.clock;

import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * One writer of the store: a node's name plus the incarnation of that node.
 *
 * <p>The incarnation is 64 random bits, generated whenever a node cannot prove that its update log is whole (a new or a
 * restored data directory). Updates of an earlier incarnation then belong to another replica, so a counter lost with a
 * disk is never reused.
 *
 * <p>Replicas are ordered by name, then by incarnation as an unsigned number. The order only makes clocks canonical and
 * breaks exact timestamp ties.
 *
 * @param name 1 to 64 characters of {@code A-Z a-z 0-9 . _ -}, not beginning with a dot or a dash
 * @param incarnation any 64 bits
 */
public record ReplicaId(String name, long incarnation) implements Comparable<ReplicaId> {

    /** The longest name, in characters. */
    public static final int NAME_LENGTH_MAX = 64;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,63}");

    /** @throws IllegalArgumentException if the name does not have the form given above */
    public ReplicaId {
        if (!isName(name)) {
            throw new IllegalArgumentException("replica name: \"" + name
                    + "\" (expected: 1 to 64 of A-Z a-z 0-9 . _ -, not beginning with . or -)");
        }
    }

    /** Whether this is a valid replica name. */
    public static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    // The incarnation decides almost every comparison, so it is compared before the name.
    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof ReplicaId that && incarnation == that.incarnation && name.equals(that.name));
    }

    @Override
    public int hashCode() {
        return Long.hashCode(incarnation * 0x9E3779B97F4A7C15L) ^ name.hashCode();
    }

    @Override
    public int compareTo(ReplicaId other) {
        int byName = name.compareTo(other.name);
        return byName != 0 ? byName : Long.compareUnsigned(incarnation, other.incarnation);
    }

    /** The whole identity as text: {@code node1~00c0ffee00c0ffee}. */
    @Override
    public String toString() {
        return name + "~" + incarnationHex();
    }

    /** The incarnation as 16 hexadecimal digits. */
    public String incarnationHex() {
        return HexFormat.of().toHexDigits(incarnation);
    }

    /**
     * Parses the form that {@link #toString} writes.
     *
     * @throws IllegalArgumentException if the text has another form
     */
    public static ReplicaId parse(String text) {
        int tilde = text.lastIndexOf('~');
        if (tilde < 0 || text.length() - tilde != 17) {
            throw new IllegalArgumentException(
                    "replica: \"" + text + "\" (expected: a name, ~ and 16 hexadecimal digits)");
        }
        try {
            return new ReplicaId(
                    text.substring(0, tilde), HexFormat.fromHexDigitsToLong(text, tilde + 1, text.length()));
        } catch (NumberFormatException malformed) {
            throw new IllegalArgumentException(
                    "replica: \"" + text + "\" (expected: a name, ~ and 16 hexadecimal digits)", malformed);
        }
    }
}
