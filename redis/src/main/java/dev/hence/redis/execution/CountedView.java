package dev.hence.redis.execution;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.crdt.RowKind;
import dev.hence.core.keyspace.View;
import dev.hence.redis.node.Usage;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A view that counts how many of the looked-up keys exist, as Redis does for reading commands. One instance serves many
 * commands in turn ({@link #over}), and its counts are added to the node's at the end ({@link #addTo}), so a command
 * costs neither an allocation nor an update of a shared counter.
 *
 * <p>Consecutive look-ups of one key by one command count once. The key is compared by identity, so that
 * {@code EXISTS a a} counts two.
 *
 * <p>Not thread-safe; may be handed from one thread to another.
 */
final class CountedView implements View {

    private @Nullable View view;
    private @Nullable Bytes lastKey;
    private long found;
    private long absent;

    /** This view, over the data of the next command. */
    CountedView over(View next) {
        view = next;
        lastKey = null;
        return this;
    }

    long found() {
        return found;
    }

    long absent() {
        return absent;
    }

    /** Goes back to earlier counts: what was run since is run again. */
    void back(long foundBefore, long absentBefore) {
        found = foundBefore;
        absent = absentBefore;
        lastKey = null;
    }

    /** Drops the counts: the commands are run again. */
    void restart() {
        found = 0;
        absent = 0;
        lastKey = null;
    }

    /** Adds the counts to the node's counters and drops the reference to the data. */
    void addTo(Usage usage) {
        usage.lookedUp(found, absent);
        found = 0;
        absent = 0;
        view = null;
        lastKey = null;
    }

    private View view() {
        return Objects.requireNonNull(view, "view");
    }

    // Compares identity, not equality.
    @SuppressWarnings("ReferenceEquality")
    @Override
    public KeyHead visible(Bytes key) {
        KeyHead shown = view().visible(key);
        if (key != lastKey) {
            lastKey = key;
            if (shown.type() == null) {
                absent++;
            } else {
                found++;
            }
        }
        return shown;
    }

    @Override
    public long nowMillis() {
        return view().nowMillis();
    }

    @Override
    public KeyHead head(Bytes key) {
        return view().head(key);
    }

    @Override
    public Cell cell(Bytes key, RowKind kind, Bytes row) {
        return view().cell(key, kind, row);
    }

    @Override
    public boolean walk(Bytes key, RowKind kind, @Nullable Bytes from, Direction direction, Visitor visitor) {
        return view().walk(key, kind, from, direction, visitor);
    }
}
