package dev.hence.simulator.history;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request of a client as the client saw it: what it read and what it wrote, all at once.
 *
 * @param session the session that it belongs to; a request outside any session is alone in one of its own
 * @param node the node that was asked
 * @param startMicros when the client asked, in microseconds since some moment that the whole history shares
 * @param endMicros when the client learnt the outcome; null if it never did
 * @param reads the keys that were read, with the value that was seen. All are of one moment, before the writes
 * @param writes the keys that were written; of one key that is written twice only the last one counts
 */
public record Transaction(
        String session,
        Status status,
        String node,
        long startMicros,
        @Nullable Long endMicros,
        List<Access> reads,
        List<Access> writes) {

    /** What the client knows of the outcome. What was certainly not carried out is not part of a history. */
    public enum Status {
        /** It was carried out. */
        OK,
        /** It may have been carried out. */
        UNKNOWN
    }

    /**
     * A key with a value.
     *
     * @param value null if the key was absent, or is removed
     */
    public record Access(String key, @Nullable String value) {
        @Override
        public String toString() {
            return key + "=" + value;
        }
    }

    /** Copies the lists. */
    public Transaction {
        reads = List.copyOf(reads);
        writes = List.copyOf(writes);
    }

    /** Whether the client knows that it was carried out. */
    public boolean isOk() {
        return status == Status.OK;
    }
}
