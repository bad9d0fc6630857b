package dev.hence.node.failure;

import dev.hence.node.store.NodeFailedException;
import dev.hence.node.store.WriteRefusedException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The failure of a node that has lost something indispensable: one of its threads ended with a throwable, or its writes
 * are no longer stored. Such a node cannot serve, so it must not look alive.
 *
 * <p><b>Invariant.</b> A failure is final, and the first one counts. From the moment {@link #fail} is entered the node
 * is not ready; when it returns, the parts of the node have answered all pending requests, and the observers of
 * {@link #future} are notified.
 *
 * <p>A failure is often an out-of-memory error, and reporting it takes memory. A step that throws is therefore retried,
 * because memory becomes available as other work is abandoned.
 *
 * <p>Thread-safe.
 */
public final class NodeFailure {

    private static final Logger log = LoggerFactory.getLogger(NodeFailure.class);
    private static final int ATTEMPTS_MAX = 200;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** The work of one of the node's threads until it is interrupted. */
    @FunctionalInterface
    public interface Body {
        /**
         * Returns when there is nothing left to do.
         *
         * @throws InterruptedException if the node closes
         */
        void run() throws InterruptedException;
    }

    private static final class First {
        private final String part;
        private final Throwable cause;

        private First(String part, Throwable cause) {
            this.part = part;
            this.cause = cause;
        }
    }

    private final String nodeId;
    private final CompletableFuture<NodeFailedException> future = new CompletableFuture<>();
    // Allocated in advance, for when there is no memory for a more detailed one.
    private final NodeFailedException unexplained;
    private final WriteRefusedException unexplainedRefusal;
    private final AtomicReference<@Nullable First> first = new AtomicReference<>();
    private volatile boolean failed;
    private volatile Runnable reaction = () -> {};

    public NodeFailure(String nodeId) {
        this.nodeId = nodeId;
        this.unexplained = new NodeFailedException(nodeId + " has failed", null);
        this.unexplainedRefusal = new WriteRefusedException(WriteRefusedException.Reason.FAILED, "node: failed");
    }

    /** Registers the node's immediate reaction to a failure; it may be run again if it throws. */
    public void reacts(Runnable reaction) {
        this.reaction = reaction;
    }

    /** Whether the node has failed. */
    public boolean hasHappened() {
        return failed;
    }

    /** Completed with the failure when the node has failed; never completed exceptionally. */
    public CompletableFuture<NodeFailedException> future() {
        return future.copy();
    }

    /**
     * Wraps a thread's work: if it ends other than by an interrupt or its own return, the node has failed.
     *
     * @param name the name of the thread
     */
    public Runnable unlessItFails(String name, Body body) {
        return () -> {
            try {
                body.run();
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
            } catch (Throwable failure) {
                fail(name, failure);
            }
        };
    }

    /**
     * Fails the node. Calls after the first do nothing.
     *
     * @param part what failed
     */
    public void fail(String part, Throwable cause) {
        failed = true;
        if (remember(part, cause)) {
            react();
            tell(part, cause);
        }
    }

    private boolean remember(String part, Throwable cause) {
        for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
            try {
                return first.compareAndSet(null, new First(part, cause));
            } catch (Throwable noMemory) {
                pause();
            }
        }
        // Notifying twice is better than not at all.
        return true;
    }

    private void react() {
        for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
            try {
                reaction.run();
                return;
            } catch (Throwable noMemory) {
                pause();
            }
        }
    }

    private void tell(String part, Throwable cause) {
        NodeFailedException failure = unexplained;
        try {
            failure = new NodeFailedException(nodeId + " has failed and ends: " + part + ": " + cause, cause);
            log.error("{}", failure.getMessage(), cause);
        } catch (Throwable noMemory) {
            // The exit code still reports it.
        }
        while (!future.isDone()) {
            try {
                future.complete(failure);
            } catch (Throwable noMemory) {
                pause();
            }
        }
    }

    /** Why writes are rejected from now on. */
    public WriteRefusedException refusal() {
        try {
            First known = first.get();
            String why = known == null ? "" : " (" + known.part + ": " + known.cause.getMessage() + ")";
            return new WriteRefusedException(
                    WriteRefusedException.Reason.FAILED, "node: failed" + why + "; it must be restarted");
        } catch (Throwable noMemory) {
            return unexplainedRefusal;
        }
    }

    public static void pause() {
        LockSupport.parkNanos(PAUSE_NANOS);
    }
}
