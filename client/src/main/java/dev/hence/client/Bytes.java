package dev.hence.client;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An immutable sequence of bytes: a key or a value. Ordered as unsigned bytes, a prefix first, which is
 * the order of scans.
 */
public final class Bytes implements Comparable<Bytes> {

    /** No bytes. */
    public static final Bytes EMPTY = new Bytes(new byte[0]);

    private final byte[] array;

    private Bytes(byte[] array) {
        this.array = array;
    }

    /** A copy of the array. */
    public static Bytes of(byte... array) {
        return new Bytes(array.clone());
    }

    /**
     * The text in UTF-8.
     *
     * @throws IllegalArgumentException if the text has half of a surrogate pair, which UTF-8 cannot say
     */
    public static Bytes utf8(String text) {
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] array = new byte[encoded.remaining()];
            encoded.get(array);
            return new Bytes(array);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("text: half of a surrogate pair (expected: valid Unicode)", e);
        }
    }

    /** The array itself, which must not be modified. */
    static Bytes wrap(byte[] array) {
        return new Bytes(array);
    }

    /** The number of bytes. */
    public int length() {
        return array.length;
    }

    /** A copy of the bytes. */
    public byte[] toByteArray() {
        return array.clone();
    }

    /** A read-only view of the bytes. */
    public ByteBuffer asReadOnlyBuffer() {
        return ByteBuffer.wrap(array).asReadOnlyBuffer();
    }

    /** The bytes as UTF-8 text; empty if they are not valid UTF-8. */
    public Optional<String> text() {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(asReadOnlyBuffer())
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** The bytes in base64, as JSON bodies have them where they are not text. */
    public String base64() {
        return Base64.getEncoder().encodeToString(array);
    }

    /** The bytes themselves, for reading without a copy. */
    byte[] array() {
        return array;
    }

    @Override
    public int compareTo(Bytes other) {
        return Arrays.compareUnsigned(array, other.array);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof Bytes that && Arrays.equals(array, that.array));
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(array);
    }

    /** The bytes as UTF-8 text, with a replacement character for invalid bytes. */
    @Override
    public String toString() {
        return new String(array, StandardCharsets.UTF_8);
    }
}
