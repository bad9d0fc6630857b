package dev.hence.node.writer;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replica.IdentityRule.Confirmation;
import dev.hence.node.store.WriteRefusedException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What has to hold before a write of a client reaches the writer: no rescue is under way, and a peer has confirmed this
 * node's identity, or the wait for one is over ({@link FirstWrite}).
 *
 * <p>Thread-safe.
 */
public final class WriteGate {

    private final Writer writer;
    private final WriterIdentity identity;
    private final ReplicaId recovered;
    private final Confirmation confirmation;
    private final FirstWrite firstWrite;
    private volatile @Nullable String rescuing;

    /**
     * @param recovered the replica that the storage was written by
     * @param confirmation whether a peer has to confirm it
     */
    public WriteGate(
            Writer writer,
            WriterIdentity identity,
            ReplicaId recovered,
            Confirmation confirmation,
            FirstWrite firstWrite) {
        this.writer = writer;
        this.identity = identity;
        this.recovered = recovered;
        this.confirmation = confirmation;
        this.firstWrite = firstWrite;
    }

    /**
     * Lets a write pass, after a wait for the first ones.
     *
     * @throws WriteRefusedException while a rescue is under way
     */
    public void pass() throws InterruptedException {
        if (rescuing != null) {
            writer.unready().or(this::rescue).ifPresent(refusal -> {
                throw refusal;
            });
        }
        if (!firstWrite.isOver() && !firstWrite.await()) {
            if (confirmation == Confirmation.NEEDED) {
                identity.renew(
                        recovered,
                        "the machine was rebooted, and no peer has confirmed that it has seen no later updates of it");
            }
            firstWrite.over();
        }
    }

    /** A peer knew more of this node than itself, and that was acted on: writes need not wait for a peer any more. */
    public void heardPeer() {
        firstWrite.heard();
    }

    /**
     * A peer was met that knows no more of this node than the node itself.
     *
     * @param self this node's identity, read before the peer was asked or answered
     * @param applied what the peer has
     * @param own what this node has
     */
    public void heardFrom(ReplicaId self, VersionVector applied, VersionVector own) {
        if (!firstWrite.isOver()) {
            firstWrite.heardFrom(applied.get(self), own.get(self));
        }
    }

    /** Sets what a rescue is doing: writes of clients are rejected until it is over, which null says. */
    public void rescuing(@Nullable String doing) {
        rescuing = doing;
    }

    /** Why writes are rejected while a rescue is under way; empty if there is no rescue. */
    public Optional<WriteRefusedException> rescue() {
        return Optional.ofNullable(rescuing)
                .map(doing -> new WriteRefusedException(WriteRefusedException.Reason.RESCUING, "rescue: " + doing));
    }
}
