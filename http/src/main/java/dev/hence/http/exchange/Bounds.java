package dev.hence.http.exchange;

import dev.hence.core.crdt.Bytes;
import dev.hence.node.config.Limits;

/**
 * The limits of requests, and the errors for exceeding them.
 *
 * @param limits the numbers
 */
public record Bounds(Limits limits) {

    /**
     * A key.
     *
     * @param what its name, for the message
     * @throws HttpProblem if it is empty or too large
     */
    public Bytes key(String what, byte[] bytes) {
        if (bytes.length == 0) {
            throw HttpProblem.badRequest(what + ": 0 bytes (expected: 1 to " + limits.keyBytesMax() + ")");
        }
        if (bytes.length > limits.keyBytesMax()) {
            throw tooLarge(ErrorCode.KEY_TOO_LARGE, what, bytes.length, limits.keyBytesMax());
        }
        return Bytes.wrap(bytes);
    }

    /**
     * A value.
     *
     * @param what its name, for the message
     * @throws HttpProblem if it is too large
     */
    public Bytes value(String what, byte[] bytes) {
        if (bytes.length > limits.valueBytesMax()) {
            throw tooLarge(ErrorCode.VALUE_TOO_LARGE, what, bytes.length, limits.valueBytesMax());
        }
        return Bytes.wrap(bytes);
    }

    /** The longest body that is a value. */
    public BodyLimit valueBody() {
        // The body of any request is bounded, whatever is allowed for values.
        return limits.valueBytesMax() <= limits.bodyBytesMax()
                ? new BodyLimit(ErrorCode.VALUE_TOO_LARGE, "value", limits.valueBytesMax())
                : body();
    }

    /** The longest body of other requests. */
    public BodyLimit body() {
        return new BodyLimit(ErrorCode.BODY_TOO_LARGE, "body", limits.bodyBytesMax());
    }

    /** How many bytes a body may have, and the error of one that has more. */
    public record BodyLimit(ErrorCode code, String what, int bytesMax) {

        /** A value is stored as it came; of other bodies there are the texts and the bytes that they stand for too. */
        private static final int COPIES_OF_PARSED = 3;

        /** About how much memory a body takes, in its own sizes. */
        int copies() {
            return code == ErrorCode.VALUE_TOO_LARGE ? 1 : COPIES_OF_PARSED;
        }

        /** @param memoryBytesMax what large requests and answers may take together */
        HttpProblem noMemory(long bytes, long memoryBytesMax) {
            return HttpProblem.tooLarge(
                            ErrorCode.TOO_MANY_LARGE_REQUESTS,
                            what + ": no memory for " + bytes
                                    + " bytes (expected: large requests and answers of at most " + memoryBytesMax
                                    + " bytes at a time)",
                            memoryBytesMax)
                    .withHeader(HttpProblem.RETRY_AFTER);
        }

        /** @param bytes what was announced, or what came so far if {@code bytesMax} was just exceeded */
        HttpProblem exceeded(long bytes, boolean announced) {
            String amount = announced ? String.valueOf(bytes) : "more than " + bytesMax;
            return HttpProblem.tooLarge(
                    code, what + ": " + amount + " bytes (expected: at most " + bytesMax + ")", bytesMax);
        }
    }

    private static HttpProblem tooLarge(ErrorCode code, String what, long bytes, long bytesMax) {
        return HttpProblem.tooLarge(
                code, what + ": " + bytes + " bytes (expected: at most " + bytesMax + ")", bytesMax);
    }
}
