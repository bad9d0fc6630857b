package dev.hence.node.writer;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Makes the first writes of a run wait for a peer, at most for a short time.
 *
 * <p><b>Why.</b> A disk restored to an earlier state looks unchanged. Writes to it, before a peer has reported what is
 * missing, would take dots that other nodes know already. Usually a peer is present and answers within milliseconds. No
 * write ever depends on it: after the timeout writes continue, under a new incarnation if so decided
 * ({@link dev.hence.core.replica.IdentityRule.Confirmation}).
 *
 * <p>Thread-safe.
 */
public final class FirstWrite {

    private final CountDownLatch heard = new CountDownLatch(1);
    private final long untilNanos;
    private volatile boolean over;

    /** An instance that never blocks. */
    public FirstWrite() {
        this(Duration.ZERO);
        over = true;
    }

    /** @param atMost counted from now */
    public FirstWrite(Duration atMost) {
        this.untilNanos = System.nanoTime() + atMost.toNanos();
    }

    /** Records that a peer was heard, and that its information was acted on. */
    public void heard() {
        over = true;
        heard.countDown();
    }

    /**
     * Records a peer that knows no more of this node than the node itself. That is a confirmation only if the peer has
     * all of it: a peer that has less, or nothing, cannot tell whether there was more.
     *
     * @param applied how many updates of this node's incarnation the peer has
     * @param own how many this node has
     */
    public void heardFrom(long applied, long own) {
        if (applied >= own) {
            heard();
        }
    }

    /** Whether writes no longer wait. */
    public boolean isOver() {
        return over;
    }

    /** Blocks; returns whether a peer was heard. */
    public boolean await() throws InterruptedException {
        return heard.await(Math.max(0, untilNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    /** Ends the wait on timeout, after the action for that case was taken. */
    public void over() {
        heard();
    }
}
