package dev.hence.node.writer;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Makes the first writes of a run wait until a peer is heard, for a short time at most.
 *
 * <p><b>Why.</b> A disk that was set back in place looks like the one it was, and what is written to it before a peer
 * has told what is missing takes names that others know. Most often a peer is there and tells within milliseconds. No
 * write ever depends on it: when the time is up writes go on, under a new incarnation if so decided ({@link
 * dev.hence.core.replica.IdentityRule.Confirmation}).
 *
 * <p>Thread-safe.
 */
public final class FirstWrite {

    private final CountDownLatch heard = new CountDownLatch(1);
    private final long untilNanos;
    private volatile boolean over;

    /** One that never blocks. */
    public FirstWrite() {
        this(Duration.ZERO);
        over = true;
    }

    /** @param atMost counted from now */
    public FirstWrite(Duration atMost) {
        this.untilNanos = System.nanoTime() + atMost.toNanos();
    }

    /** A peer was heard, and what it told was acted on. */
    public void heard() {
        over = true;
        heard.countDown();
    }

    /**
     * A peer was heard that knows no more of this node than the node itself. That says something only if it has all of
     * that: one that has less, or nothing, cannot tell whether there was more.
     *
     * @param applied how many updates of this node's incarnation the peer has
     * @param own how many this node has
     */
    public void heardFrom(long applied, long own) {
        if (applied >= own) {
            heard();
        }
    }

    /** Whether writes go on without further ado. */
    public boolean isOver() {
        return over;
    }

    /** Waits; whether a peer was heard. */
    public boolean await() throws InterruptedException {
        return heard.await(Math.max(0, untilNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    /** The time is up, and what is done without a peer was done. */
    public void over() {
        heard();
    }
}
