package dev.hence.http.exchange;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.eclipse.jetty.http.HttpFields;

/**
 * The body of a request, which has to come at a minimum rate once a grace period is over, so that a client cannot keep
 * its connection and its buffer by sending a byte now and then. A body that stops altogether, or does not begin, is ended
 * by the timeout of silent connections. Only the time spent reading counts, from the first bytes on: what the node does
 * between two reads is not the client's, and a body that comes late but whole is not slow.
 *
 * <p>Belongs to one thread.
 */
final class PacedInput extends FilterInputStream {

    /** As slow as a modem: what is slower is no client that wants an answer. */
    static final long BYTES_PER_SECOND_MIN = 1_000;

    private static final double NANOS_PER_SECOND = 1e9;

    private final long graceNanos;
    private long nanos;
    private long bytes;

    PacedInput(InputStream body, Duration grace) {
        super(body);
        this.graceNanos = grace.toNanos();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    /** @throws HttpProblem if what came so far came too slowly */
    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        long startNanos = System.nanoTime();
        int read = super.read(into, offset, length);
        if (bytes > 0) {
            nanos += System.nanoTime() - startNanos;
        }
        if (read > 0) {
            bytes += read;
            if (nanos > graceNanos && bytes < BYTES_PER_SECOND_MIN * (nanos / NANOS_PER_SECOND)) {
                throw new HttpProblem(
                                ErrorCode.REQUEST_TIMEOUT,
                                "body: " + bytes + " bytes in " + nanos / 1_000_000 + " ms (expected: at least "
                                        + BYTES_PER_SECOND_MIN + " bytes a second)")
                        .withHeader(HttpFields.CONNECTION_CLOSE);
            }
        }
        return read;
    }
}
