package dev.hence.node.writer;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replica.IdentityRule.Confirmation;
import dev.hence.node.store.WriteRefusedException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The preconditions for passing a client's write to the writer: no rescue is under way, and a peer has confirmed this
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
     * @param recovered the replica that wrote the storage
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
     * Admits a write; the first ones may block.
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

    /** Whether {@link #pass} would neither wait nor reject. */
    public boolean isOpen() {
        return rescuing == null && firstWrite.isOver();
    }

    /**
     * Records that a peer knew more of this node than the node itself, and that this was acted on: writes need not wait
     * for a peer any more.
     */
    public void heardPeer() {
        firstWrite.heard();
    }

    /**
     * Records a peer that knows no more of this node than the node itself.
     *
     * @param self this node's identity, read before the peer was asked or responded
     * @param applied what the peer has
     * @param own what this node has
     */
    public void heardFrom(ReplicaId self, VersionVector applied, VersionVector own) {
        if (!firstWrite.isOver()) {
            firstWrite.heardFrom(applied.get(self), own.get(self));
        }
    }

    /** Sets the state of a rescue: client writes are rejected until it is over, which null signals. */
    public void rescuing(@Nullable String doing) {
        rescuing = doing;
    }

    /** Why writes are rejected while a rescue is under way; empty if there is no rescue. */
    public Optional<WriteRefusedException> rescue() {
        return Optional.ofNullable(rescuing)
                .map(doing -> new WriteRefusedException(WriteRefusedException.Reason.RESCUING, "rescue: " + doing));
    }
}
