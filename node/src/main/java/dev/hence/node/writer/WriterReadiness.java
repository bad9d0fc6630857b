package dev.hence.node.writer;

import dev.hence.core.clock.Dot;
import dev.hence.node.clocks.ClockWatch;
import dev.hence.node.failure.NodeFailure;
import dev.hence.node.store.WriteRefusedException;
import dev.hence.node.store.WriteRefusedException.Reason;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why the writer accepts nothing, or nothing from clients: the node has failed or is shutting down, the disk is full, the
 * data directory has forked, the wall clock is wrong.
 *
 * <p>Thread-safe.
 */
public final class WriterReadiness {

    private static final String CLOSING = "the node is shutting down";

    private final NodeFailure failure;
    private final DiskSpace disk;
    private final ClockWatch clocks;
    private final Committer committer;
    private volatile boolean closing;

    public WriterReadiness(NodeFailure failure, DiskSpace disk, ClockWatch clocks, Committer committer) {
        this.failure = failure;
        this.disk = disk;
        this.clocks = clocks;
        this.committer = committer;
    }

    /** Records that the node shuts down: nothing more is accepted. */
    void closing() {
        closing = true;
    }

    /** Whether the disk is asked the next time, which may take long. */
    boolean isToBeAsked() {
        return disk.isToBeAsked();
    }

    /** Why local writes are rejected now; empty if they are accepted. */
    Optional<WriteRefusedException> unready() {
        return untaking().or(this::forked).or(clocks::refusal);
    }

    /** Why nothing is accepted now, including updates of other nodes; empty if something is. */
    Optional<WriteRefusedException> untaking() {
        WriteRefusedException ended = ended();
        return ended != null ? Optional.of(ended) : disk.refusal();
    }

    /** Why nothing is accepted any more; null if the writer runs. */
    @Nullable
    WriteRefusedException ended() {
        if (failure.hasHappened()) {
            return failure.refusal();
        }
        return closing ? new WriteRefusedException(Reason.CLOSING, CLOSING) : null;
    }

    private Optional<WriteRefusedException> forked() {
        Dot dot = committer.identity().forked();
        return dot == null ? Optional.empty() : Optional.of(forked(forkedAt(dot)));
    }

    private static String forkedAt(Dot dot) {
        return "data directory: forked, other nodes have another update " + dot
                + " (expected: every name is used once; stop the node and run hence rescue)";
    }

    static WriteRefusedException forked(String message) {
        return new WriteRefusedException(Reason.FORKED, message);
    }

    /** @throws WriteRefusedException if nothing is accepted now */
    void requireTaking() {
        Optional<WriteRefusedException> reason = untaking();
        if (reason.isPresent()) {
            throw again(reason.get());
        }
    }

    /** @throws WriteRefusedException if client writes are rejected for good; the clock is checked in each batch */
    void requireTakingWrites() {
        requireTaking();
        forked().ifPresent(refusal -> {
            throw refusal;
        });
    }

    /** A new exception for each caller, with its own stack trace. */
    static WriteRefusedException again(WriteRefusedException reason) {
        return new WriteRefusedException(reason.reason(), String.valueOf(reason.getMessage()));
    }
}
