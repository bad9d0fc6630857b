package dev.hence.node.visibility;

import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.keyspace.View;
import dev.hence.engine.storage.Storage;
import dev.hence.node.store.Store.KeyEntry;
import dev.hence.node.store.Store.Page;
import dev.hence.node.store.Store.Reading;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads of committed rows, each with a clock that covers what was read ({@link VisibleClock#reaching}). They never pass
 * through the writer.
 *
 * <p>Thread-safe.
 */
public final class Reads {

    private static final int AGAIN_MAX = 3;
    private static final Storage.Scan NO_SCAN = new Storage.Scan(List.of(), false, 0);

    private final Storage storage;
    private final VisibleClock published;
    private final LongSupplier wallMillis;

    /** @param wallMillis the wall clock, by which keys expire */
    public Reads(Storage storage, VisibleClock published, LongSupplier wallMillis) {
        this.storage = storage;
        this.published = published;
        this.wallMillis = wallMillis;
    }

    /**
     * Reads a key's head. A head that must wait for its clock is dropped meanwhile, because many large values would add
     * up, and read again; the last one is kept.
     */
    public Reading<KeyHead> read(Bytes key) {
        for (int again = 0; ; again++) {
            KeyHead head = storage.head(key);
            long position = storage.position();
            if (again == AGAIN_MAX || published.hasReached(position)) {
                VersionVector clock = published.reaching(position).clock();
                return new Reading<>(head.visibleAt(wallMillis.getAsLong()), clock);
            }
            head = KeyHead.EMPTY;
            published.reaching(position);
        }
    }

    /**
     * Reads rows of one commit.
     *
     * @param reader may be run again from its beginning
     */
    public <R> Reading<R> read(Function<View, R> reader) {
        // What is read is rarely newer than this, so that it is not held while its clock is awaited.
        published.reaching(storage.position());
        Storage.At<R> read = storage.read(rows -> reader.apply(View.of(rows, wallMillis.getAsLong())));
        return new Reading<>(read.value(), published.reaching(read.position()).clock());
    }

    /**
     * Same as {@link #read(Function)}, without waiting.
     *
     * @return empty if that is not possible now
     */
    public <R> Optional<Reading<R>> tryRead(Function<View, R> reader) {
        if (!published.hasReached(storage.position())) {
            return Optional.empty();
        }
        Optional<Storage.At<R>> read = storage.tryRead(rows -> reader.apply(View.of(rows, wallMillis.getAsLong())));
        VisibleClock.View view = published.view();
        return read.isPresent() && view.position() >= read.get().position()
                ? Optional.of(new Reading<>(read.get().value(), view.clock()))
                : Optional.empty();
    }

    /** The visible keys with a prefix, in order. */
    public Reading<Page> scan(Bytes prefix, @Nullable Bytes after, int limit, long bytesMax) {
        return scan(prefix, after, limit, bytesMax, entry -> entry.head().type() != null);
    }

    /** All stored keys, in order, including expired and emptied ones. */
    public Reading<Page> scanHeld(@Nullable Bytes after, int limit, long bytesMax) {
        return scan(Bytes.EMPTY, after, limit, bytesMax, any -> true);
    }

    private Reading<Page> scan(
            Bytes prefix, @Nullable Bytes after, int limit, long bytesMax, Predicate<KeyEntry> wanted) {
        Storage.Scan scan = scanPublished(prefix, after, limit, bytesMax);
        long nowMillis = wallMillis.getAsLong();
        List<KeyEntry> entries = scan.rows().stream()
                .map(row -> new KeyEntry(row.key(), row.head().visibleAt(nowMillis)))
                .filter(wanted)
                .toList();
        Bytes next = scan.more() ? scan.rows().getLast().key() : null;
        return new Reading<>(
                new Page(entries, next), published.reaching(scan.position()).clock());
    }

    /** A scan that must wait for its clock is dropped meanwhile and repeated; the last one is kept. */
    private Storage.Scan scanPublished(Bytes prefix, @Nullable Bytes after, int limit, long bytesMax) {
        Storage.Scan scan = storage.scan(prefix, after, limit, bytesMax);
        for (int again = 0; again < AGAIN_MAX && !published.hasReached(scan.position()); again++) {
            long position = scan.position();
            scan = NO_SCAN;
            published.reaching(position);
            scan = storage.scan(prefix, after, limit, bytesMax);
        }
        return scan;
    }
}
