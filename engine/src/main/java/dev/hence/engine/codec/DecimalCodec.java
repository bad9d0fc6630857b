package dev.hence.engine.codec;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Decimals;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Exact numbers as their canonical text, {@link Decimals#canonical}. */
final class DecimalCodec {

    /** A total may have a few more digits than its summands; no valid one comes near this limit. */
    private static final int DIGITS_MAX = 10_000;

    private DecimalCodec() {}

    /** @throws MalformedRecordException if it is not a number, or one with enough digits to exhaust memory */
    static BigDecimal decode(Bytes text) {
        if (text.length() > DIGITS_MAX) {
            throw malformed(text, null);
        }
        OptionalLong whole = Decimals.parseLong(text);
        if (whole.isPresent()) {
            return BigDecimal.valueOf(whole.getAsLong());
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
        // Integers are computed without an exponent, and are read back without one.
        return number.scale() < 0 ? number.setScale(0) : number;
    }

    private static MalformedRecordException malformed(Bytes text, @Nullable Throwable cause) {
        String message =
                "decimal: " + text.length() + " bytes (expected: a number of at most " + DIGITS_MAX + " digits)";
        return cause == null ? new MalformedRecordException(message) : new MalformedRecordException(message, cause);
    }
}
