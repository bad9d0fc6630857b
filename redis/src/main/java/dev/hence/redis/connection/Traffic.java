package dev.hence.redis.connection;

import java.util.concurrent.atomic.LongAdder;

/** The bytes received and sent by the connections of a node. Thread-safe. */
public final class Traffic {

    private final LongAdder received = new LongAdder();
    private final LongAdder sent = new LongAdder();

    /** Records bytes received from a client. */
    public void received(long bytes) {
        received.add(bytes);
    }

    /** Records bytes sent to a client. */
    public void sent(long bytes) {
        sent.add(bytes);
    }

    /** Bytes received from clients. */
    public long receivedBytes() {
        return received.sum();
    }

    /** Bytes sent to clients. */
    public long sentBytes() {
        return sent.sum();
    }

    /** Resets the counters to zero. */
    public void reset() {
        received.reset();
        sent.reset();
    }
}
