package dev.hence.engine.codec;

import dev.hence.core.crdt.Bytes;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Exact numbers as their canonical text, {@link dev.hence.core.crdt.Decimals#canonical}. */
final class DecimalCodec {

    /** A total may have a few digits more than the numbers it adds up; no honest one comes near this. */
    private static final int DIGITS_MAX = 10_000;

    private DecimalCodec() {}

    /** @throws MalformedRecordException if it is no number, or one whose digits would fill the memory */
    static BigDecimal decode(Bytes text) {
        if (text.length() > DIGITS_MAX) {
            throw malformed(text, null);
        }
        BigDecimal number;
        try {
            number = new BigDecimal(new String(text.array(), StandardCharsets.US_ASCII));
        } catch (NumberFormatException none) {
            throw malformed(text, none);
        }
        if (Math.abs((long) number.scale()) > DIGITS_MAX) {
            throw malformed(text, null);
        }
        // Whole numbers are calculated without a power of ten, and come back so.
        return number.scale() < 0 ? number.setScale(0) : number;
    }

    private static MalformedRecordException malformed(Bytes text, @Nullable Throwable cause) {
        String message =
                "decimal: " + text.length() + " bytes (expected: a number of at most " + DIGITS_MAX + " digits)";
        return cause == null ? new MalformedRecordException(message) : new MalformedRecordException(message, cause);
    }
}
