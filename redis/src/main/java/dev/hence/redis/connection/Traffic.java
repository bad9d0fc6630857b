package dev.hence.redis.connection;

import java.util.concurrent.atomic.LongAdder;

/** How many bytes the connections of a node have received and sent. Thread-safe. */
public final class Traffic {

    private final LongAdder received = new LongAdder();
    private final LongAdder sent = new LongAdder();

    /** Bytes have come from a client. */
    public void received(long bytes) {
        received.add(bytes);
    }

    /** Bytes were sent to a client. */
    public void sent(long bytes) {
        sent.add(bytes);
    }

    /** How many bytes came from clients. */
    public long receivedBytes() {
        return received.sum();
    }

    /** How many bytes were sent to clients. */
    public long sentBytes() {
        return sent.sum();
    }

    /** Counts from zero again. */
    public void reset() {
        received.reset();
        sent.reset();
    }
}
