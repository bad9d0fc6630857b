package dev.hence.node.visibility;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.update.Lineage;
import dev.hence.core.update.Update;
import dev.hence.engine.codec.EncodedFrame;
import dev.hence.engine.storage.Storage;
import dev.hence.node.memory.MemoryHolder;
import dev.hence.node.store.UpdatesGoneException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The updates of this node and of its peers, as they are served to followers and feeds.
 *
 * <p>Thread-safe.
 */
public final class PublishedUpdates implements Lineage.Log {

    private final Storage storage;
    private final VisibleClock published;

    public PublishedUpdates(Storage storage, VisibleClock published) {
        this.storage = storage;
        this.published = published;
    }

    /**
     * Updates of one origin in their order, those after a counter.
     *
     * @param upTo the counter of the last one, which must be published. An update that is stored but not yet published
     *     must not be sent: a peer that had it would find this node's clock behind the updates it has seen from it, and
     *     conclude that the node lost updates
     * @param bytesMax approximate maximum size of keys and values, in bytes
     * @throws dev.hence.engine.storage.NoRoomException if they are not in shared memory and the reader has no memory
     *     for them, see {@link Storage#updatesOf}
     * @throws dev.hence.engine.storage.DeletedUpdatesException if the first one was deleted
     */
    public List<Update> of(ReplicaId origin, long afterCounter, long upTo, long bytesMax) {
        return storage.updatesOf(origin, afterCounter, bytesMax).stream()
                .takeWhile(update -> update.dot().counter() <= upTo)
                .toList();
    }

    /**
     * The same as frames, as they are to be sent: {@link Storage#framesOf}.
     *
     * @param upTo as for {@link #of}
     * @param whole whether the first one must have its whole context
     */
    public List<EncodedFrame> frames(ReplicaId origin, long afterCounter, long upTo, long bytesMax, boolean whole) {
        return storage.framesOf(origin, afterCounter, upTo, bytesMax, whole);
    }

    /** As {@link Storage#eachNaming}. */
    public void eachNaming(ReplicaId origin, long afterCounter, Bytes text, Consumer<Update> reader) {
        storage.eachNaming(origin, afterCounter, text, reader);
    }

    @Override
    public @Nullable Integer checksum(Dot dot) {
        return storage.checksum(dot);
    }

    @Override
    public long deletedThrough(ReplicaId replica) {
        return storage.deletedThrough(replica);
    }

    /** The first updates that a reader has not seen and that were deleted; empty if there are none. */
    public Optional<UpdatesGoneException> gone(VersionVector seen) {
        VersionVector clock = published.view().clock();
        for (ReplicaId origin : clock.replicas()) {
            long deleted = storage.deletedThrough(origin);
            if (seen.get(origin) < deleted) {
                return Optional.of(new UpdatesGoneException(seen.next(origin), deleted + 1));
            }
        }
        return Optional.empty();
    }

    /**
     * A feed of everything that a reader has not seen.
     *
     * @param memory of the reader's connection, see {@link dev.hence.node.memory.FeedMemory}
     * @throws dev.hence.node.store.UpdatesGoneException if some of it was deleted
     */
    public LogFeed feedAfter(VersionVector seen, MemoryHolder memory) {
        return new LogFeed(storage, published, seen, memory);
    }
}
