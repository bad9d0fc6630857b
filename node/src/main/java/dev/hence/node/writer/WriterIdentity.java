package dev.hence.node.writer;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.engine.storage.DataDirectory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The replica under which this node writes. It changes to a new incarnation when the node learns that it lost updates,
 * and ends in a fork when a peer has other updates under its dots.
 *
 * <p>Thread-safe.
 */
public final class WriterIdentity {

    private static final Logger log = LoggerFactory.getLogger(WriterIdentity.class);

    private final Writer writer;

    public WriterIdentity(Writer writer) {
        this.writer = writer;
    }

    /** The identity of the last commit. */
    public ReplicaId self() {
        return writer.self();
    }

    /** A dot under which a peer has another update than this node; null if the data directory has not forked. */
    public @Nullable Dot forked() {
        return writer.identity().forked();
    }

    /** Changes to a new incarnation because a peer has seen updates that this node lost; idempotent. */
    public void renew(ReplicaId old, String why) throws InterruptedException {
        ReplicaId fresh = DataDirectory.newIncarnation(old.name());
        if (writer.renew(old, fresh).equals(fresh)) {
            log.warn("{} takes a new incarnation, {}: {}", old, fresh, why);
        }
    }

    /**
     * Records that a peer has another update than this node under a dot. If this node wrote under the dot's replica
     * itself, it has forked: it rejects writes from now on, also after a restart.
     */
    public void differing(Dot dot) throws InterruptedException {
        if (forked() == null && writer.identity().wrote(dot.replica())) {
            writer.differing(dot);
            log.error(
                    "{} has forked: other nodes have another update under the name {}. It accepts no more writes;"
                            + " stop it and run hence rescue to bring its acknowledged writes to the other nodes",
                    self(),
                    dot);
        }
    }
}
