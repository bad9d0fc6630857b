package dev.hence.simulator.history;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One atomic request of a client as the client saw it: its reads and writes.
 *
 * @param session its session; a request outside any session has a session of its own
 * @param node the node that received the request
 * @param startMicros when the client sent it, in microseconds since a moment common to the whole history
 * @param endMicros when the client learnt the outcome; null if it never did
 * @param reads the keys that were read, with the value that was seen. All reads are of one moment, before the writes
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

    /** The outcome as known to the client. A request that was certainly not executed is not part of a history. */
    public enum Status {
        /** It was executed. */
        OK,
        /** It may have been executed. */
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

    /** Whether the client knows that it was executed. */
    public boolean isOk() {
        return status == Status.OK;
    }
}
