package dev.hence.node.peers;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * An input that measures how long its reader has been waiting for the next byte. A large frame that arrives slowly is
 * not silence, and neither is a reader that is busy elsewhere.
 *
 * <p>One thread reads; others may query it.
 */
final class WatchedInput extends FilterInputStream {

    private volatile long waitingSinceNanos;
    private volatile boolean waiting;

    WatchedInput(InputStream in) {
        super(in);
    }

    /** How long the reader has been waiting. */
    Duration silence() {
        long since = waitingSinceNanos;
        return waiting ? Duration.ofNanos(System.nanoTime() - since) : Duration.ZERO;
    }

    @Override
    public int read() throws IOException {
        begin();
        try {
            return in.read();
        } finally {
            waiting = false;
        }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        begin();
        try {
            return in.read(bytes, offset, length);
        } finally {
            waiting = false;
        }
    }

    private void begin() {
        waitingSinceNanos = System.nanoTime();
        waiting = true;
    }
}
