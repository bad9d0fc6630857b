package dev.hence.http.exchange;

import dev.hence.node.memory.MemoryBudget;
import dev.hence.node.memory.MemoryHolder;
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
     * shown itself to be. So is a large one for which there is no memory, after a wait.
     *
     * @param grace after which time it has to come at a minimum rate
     * @throws HttpProblem if it is refused, or comes too slowly
     */
    static byte[] read(Request request, Bounds.BodyLimit limit, Duration grace, MemoryHolder memory)
            throws IOException, InterruptedException {
        long announced = request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
        if (announced > limit.bytesMax()) {
            discard(request, limit.bytesMax(), grace);
            throw limit.exceeded(announced, true);
        }
        try (InputStream input = new PacedInput(Content.Source.asInputStream(request), grace)) {
            if (announced >= 0) {
                requireMemory(request, announced, limit, memory, grace);
                return exactly(input, (int) announced, memory);
            }
            return atMost(request, input, limit, grace, memory);
        } finally {
            memory.clientServed();
        }
    }

    private static byte[] exactly(InputStream input, int length, MemoryHolder memory) throws IOException {
        byte[] body = new byte[length];
        int read = 0;
        while (read < length) {
            int more = read(input, body, read, memory);
            if (more < 0) {
                throw HttpProblem.badRequest("body: " + read + " bytes (expected: " + length + " as announced)");
            }
            read += more;
        }
        return body;
    }

    private static byte[] atMost(
            Request request, InputStream input, Bounds.BodyLimit limit, Duration grace, MemoryHolder memory)
            throws IOException, InterruptedException {
        byte[] body = new byte[Math.min(FIRST_BYTES, limit.bytesMax() + 1)];
        int length = 0;
        for (int read = 0; read >= 0; read = read(input, body, length, memory)) {
            length += read;
            if (length > limit.bytesMax()) {
                discard(request, limit.bytesMax(), grace);
                throw limit.exceeded(length, false);
            }
            if (length == body.length) {
                int larger = (int) Math.min(2L * length, limit.bytesMax() + 1L);
                if (larger > MemoryBudget.SMALL_BYTES && memory.heldBytes() == 0) {
                    // At once for the longest there may be: bodies that each hold a part and wait for the rest would
                    // keep each other from ending.
                    requireMemory(request, limit.bytesMax(), limit, memory, grace);
                }
                body = Arrays.copyOf(body, larger);
            }
        }
        memory.giveBack(memory.heldBytes() - (long) length * limit.copies());
        return Arrays.copyOf(body, length);
    }

    private static int read(InputStream input, byte[] body, int at, MemoryHolder memory) throws IOException {
        memory.awaitsClient();
        int read = input.read(body, at, body.length - at);
        memory.transferred(read);
        return read;
    }

    /** Takes memory for a body of this size and for what is decoded from it, unless it is small. */
    private static void requireMemory(
            Request request, long bytes, Bounds.BodyLimit limit, MemoryHolder memory, Duration grace)
            throws IOException, InterruptedException {
        if (bytes <= MemoryBudget.SMALL_BYTES) {
            return;
        }
        memory.clientServed();
        long wanted = Math.min(bytes * limit.copies(), memory.bytesMax());
        if (!memory.take(wanted - memory.heldBytes(), MemoryBudget.WAIT_MAX)) {
            memory.close();
            discard(request, limit.bytesMax(), grace);
            throw limit.noMemory(bytes, memory.bytesMax());
        }
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
