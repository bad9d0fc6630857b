package dev.hence.http.exchange;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Percent-encoding of bytes (RFC 3986, section 2.1): what stands in a path or a query is any sequence of
 * bytes, not text.
 */
final class PercentCoding {

    private PercentCoding() {}

    /**
     * The bytes that a part of a URI stands for. Characters beyond ASCII, which have no place in a URI but
     * which people type, stand for their UTF-8.
     *
     * @param what the name of the part, for the message
     * @param plusIsSpace whether {@code +} is a space, as in the query of an HTML form
     * @throws HttpProblem if a percent sign is not followed by two hexadecimal digits
     */
    static byte[] decode(String what, String encoded, boolean plusIsSpace) {
        byte[] bytes = encoded.getBytes(StandardCharsets.UTF_8);
        int length = 0;
        for (int i = 0; i < bytes.length; i++) {
            byte next = bytes[i];
            if (next == '%') {
                int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
                int low = i + 2 < bytes.length ? Character.digit(bytes[i + 2], 16) : -1;
                if (high < 0 || low < 0) {
                    throw malformed(what, bytes, i);
                }
                next = (byte) (high << 4 | low);
                i += 2;
            } else if (next == '+' && plusIsSpace) {
                next = ' ';
            }
            bytes[length++] = next;
        }
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }

    private static HttpProblem malformed(String what, byte[] bytes, int at) {
        String shown = new String(bytes, at, Math.min(3, bytes.length - at), StandardCharsets.UTF_8);
        return HttpProblem.badRequest(what + ": \"" + shown + "\" (expected: % and two hexadecimal digits)");
    }
}
