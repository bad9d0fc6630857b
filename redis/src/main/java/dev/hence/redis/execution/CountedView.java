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
 * A view that counts how many of the keys that commands look up in it are there, as Redis does for commands that read.
 * One serves many commands, one after the other ({@link #over}), and what it counted is added up at their end ({@link
 * #addTo}), so that a command costs neither an object nor a shared counter.
 *
 * <p>A command may look at one key several times in a row; it is counted once, told by the very word that names it, so
 * that {@code EXISTS a a} counts two.
 *
 * <p>Not thread-safe; may be handed from one thread to another.
 */
final class CountedView implements View {

    private @Nullable View view;
    private @Nullable Bytes lastKey;
    private long found;
    private long absent;

    /** This view, over what the next command reads. */
    CountedView over(View next) {
        view = next;
        lastKey = null;
        return this;
    }

    /** Adds what was counted to what the node has counted, and lets go of what was read. */
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

    // The very word, not an equal one.
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
