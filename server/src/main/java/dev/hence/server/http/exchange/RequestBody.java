package dev.hence.server.http.exchange;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/** The body of a request, read as a whole within a limit. */
final class RequestBody {

    private static final int FIRST_BYTES = 8 << 10;

    private RequestBody() {}

    /**
     * Reads the body. One that is too long is refused by what its head announces, or as soon as it has
     * shown itself to be.
     *
     * @param grace after which time it has to come at a minimum rate
     * @throws HttpProblem if it is too long or comes too slowly
     */
    static byte[] read(Request request, Bounds.BodyLimit limit, Duration grace) throws IOException {
        long announced = request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
        if (announced > limit.bytesMax()) {
            discard(request, limit.bytesMax(), grace);
            throw limit.exceeded(announced, true);
        }
        try (InputStream input = new PacedInput(Content.Source.asInputStream(request), grace)) {
            return announced >= 0 ? exactly(input, (int) announced) : atMost(request, input, limit, grace);
        }
    }

    private static byte[] exactly(InputStream input, int length) throws IOException {
        byte[] body = new byte[length];
        int read = input.readNBytes(body, 0, length);
        if (read < length) {
            throw HttpProblem.badRequest("body: " + read + " bytes (expected: " + length + " as announced)");
        }
        return body;
    }

    private static byte[] atMost(Request request, InputStream input, Bounds.BodyLimit limit, Duration grace)
            throws IOException {
        byte[] body = new byte[Math.min(FIRST_BYTES, limit.bytesMax() + 1)];
        int length = 0;
        for (int read = 0; read >= 0; read = input.read(body, length, body.length - length)) {
            length += read;
            if (length > limit.bytesMax()) {
                discard(request, limit.bytesMax(), grace);
                throw limit.exceeded(length, false);
            }
            if (length == body.length) {
                body = Arrays.copyOf(body, (int) Math.min(2L * length, limit.bytesMax() + 1L));
            }
        }
        return Arrays.copyOf(body, length);
    }

    /**
     * Reads on without keeping anything, but not for ever: most clients look at the answer only when they
     * have sent their request, and closing the connection before that would destroy the answer.
     */
    private static void discard(Request request, long bytesMax, Duration grace) throws IOException {
        if (request.getHeaders().contains(HttpHeader.EXPECT)) {
            return;
        }
        try (InputStream input = new PacedInput(Content.Source.asInputStream(request), grace)) {
            byte[] dropped = new byte[FIRST_BYTES];
            for (long left = bytesMax; left > 0; ) {
                int read = input.read(dropped);
                if (read < 0) {
                    return;
                }
                left -= read;
            }
        }
    }
}
