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
 * The end of a node that has lost something it cannot do without: a thread that it owns ended by a throwable, or what
 * it writes is no longer kept. Such a node cannot serve, so it must not look alive.
 *
 * <p><b>Invariant.</b> A failure is final, and the first one counts. From the moment {@link #fail} is entered the node
 * is not ready; when it returns, the parts of the node have answered what waited for them, and those that watch
 * {@link #future} know.
 *
 * <p>A failure is often one of memory, and telling of it takes some: what throws on the way is tried again, as memory
 * comes back when others give up.
 *
 * <p>Thread-safe.
 */
public final class NodeFailure {

    private static final Logger log = LoggerFactory.getLogger(NodeFailure.class);
    private static final int ATTEMPTS_MAX = 200;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** What a thread of the node does until it is interrupted. */
    @FunctionalInterface
    public interface Body {
        /**
         * Returns when there is nothing more to do.
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
    // Made beforehand, for when there is no memory for one that says more.
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

    /** What the node does at once when it fails; it may be run again if it throws. */
    public void reacts(Runnable reaction) {
        this.reaction = reaction;
    }

    /** Whether the node has failed. */
    public boolean hasHappened() {
        return failed;
    }

    /** Completed with what happened when the node has failed; never by an exception. */
    public CompletableFuture<NodeFailedException> future() {
        return future.copy();
    }

    /**
     * A thread's work: if it ends by anything but an interrupt or its own return, the node has failed.
     *
     * @param name of the thread
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
     * Ends the node's service. Calls after the first do nothing.
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
        // Telling twice is better than not at all.
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
            // The exit code still says it.
        }
        while (!future.isDone()) {
            try {
                future.complete(failure);
            } catch (Throwable noMemory) {
                pause();
            }
        }
    }

    /** Why writes are refused from now on. */
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
