package dev.hence.http.exchange;

import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.node.memory.MemoryBudget;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.jspecify.annotations.Nullable;

/**
 * The response of a handler; it is sent when the handler has returned.
 *
 * @param status the HTTP status
 * @param clock all that the answer could reflect: it becomes part of the session that goes with it
 * @param headers further headers
 * @param content what is sent
 */
public record Answer(int status, VersionVector clock, List<HttpField> headers, Content content) {

    /** What an answer carries. */
    public sealed interface Content {

        /** Nothing. */
        record Empty() implements Content {}

        /** Bytes that are there. */
        record Whole(String type, Bytes bytes) implements Content {}

        /**
         * Bytes that are made while they are sent.
         *
         * @param memory what the stream claims from; null for that of all clients
         */
        record Streamed(
                String type, Stream stream, @Nullable MemoryBudget memory) implements Content {}
    }

    /** Makes a body while it is sent, for as long as the client reads. */
    @FunctionalInterface
    public interface Stream {
        /**
         * Writes the body, and returns when it is complete.
         *
         * @throws ClientGoneException as the output threw it
         */
        void write(ResponseStream output) throws Exception;
    }

    private static final Content EMPTY = new Content.Empty();

    /** Copies the list. */
    public Answer {
        headers = List.copyOf(headers);
    }

    /** An answer without a body. */
    public static Answer empty(int status, VersionVector clock) {
        return new Answer(status, clock, List.of(), EMPTY);
    }

    /** An answer with a body. */
    public static Answer whole(int status, VersionVector clock, String type, Bytes bytes) {
        return new Answer(status, clock, List.of(), new Content.Whole(type, bytes));
    }

    /** An answer whose body is made while it is sent. */
    public static Answer streamed(VersionVector clock, String type, Stream stream) {
        return new Answer(200, clock, List.of(), new Content.Streamed(type, stream, null));
    }

    /** The same, claiming from a memory of its own. */
    public static Answer streamed(VersionVector clock, String type, Stream stream, MemoryBudget memory) {
        return new Answer(200, clock, List.of(), new Content.Streamed(type, stream, memory));
    }

    /** The same answer with a header more. */
    public Answer with(HttpField header) {
        if (headers.isEmpty()) {
            return new Answer(status, clock, List.of(header), content);
        }
        List<HttpField> more = new ArrayList<>(headers);
        more.add(header);
        return new Answer(status, clock, more, content);
    }
}
