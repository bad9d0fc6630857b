package dev.hence.redis.commands;

import dev.hence.core.crdt.Bytes;
import dev.hence.node.store.Store;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A key picked at random, without counting them: a descent through the tree that the keys are by their bytes, with an
 * equal chance for each way at every fork. So each key may be picked, and the time is that of a look-up for each byte
 * that occurs at each fork on the way.
 */
final class RandomKey {

    private static final int BYTE_MAX = 255;

    private final Store store;

    private RandomKey(Store store) {
        this.store = store;
    }

    /**
     * One of the keys that show; null if there are none.
     *
     * @param random answers a number from 0 to below the one that it is given
     */
    static @Nullable Bytes of(Store store, IntUnaryOperator random) {
        return new RandomKey(store).pick(random);
    }

    private @Nullable Bytes pick(IntUnaryOperator random) {
        Bytes prefix = Bytes.EMPTY;
        while (true) {
            List<Bytes> ways = waysFrom(prefix);
            if (ways.isEmpty()) {
                // What began so a moment ago has gone, or nothing was there at all.
                return first();
            }
            Bytes way = ways.get(random.applyAsInt(ways.size()));
            if (way.equals(prefix)) {
                return prefix;
            }
            Bytes only = ways.size() == 1 ? onlyKey(prefix) : null;
            if (only != null) {
                return only;
            }
            prefix = way;
        }
    }

    /** The one key that begins with a prefix but is longer; null if there are several. */
    private @Nullable Bytes onlyKey(Bytes prefix) {
        Bytes first = firstAfter(prefix, prefix);
        return first == null || firstAfter(prefix, first) != null ? null : first;
    }

    /** The prefix itself if it is a key, and it with each byte that keys have behind it. */
    private List<Bytes> waysFrom(Bytes prefix) {
        List<Bytes> ways = new ArrayList<>();
        if (shows(prefix)) {
            ways.add(prefix);
        }
        Bytes next = firstAfter(prefix, prefix);
        while (next != null) {
            int value = next.array()[prefix.length()] & 0xff;
            ways.add(extended(prefix, value));
            if (value == BYTE_MAX) {
                break;
            }
            Bytes sibling = extended(prefix, value + 1);
            next = shows(sibling) ? sibling : firstAfter(prefix, sibling);
        }
        return ways;
    }

    private boolean shows(Bytes key) {
        return store.read(key).value().type() != null;
    }

    private @Nullable Bytes first() {
        return shows(Bytes.EMPTY) ? Bytes.EMPTY : firstAfter(Bytes.EMPTY, Bytes.EMPTY);
    }

    /** The first key that shows, begins with a prefix, and is greater than another; null if there is none. */
    private @Nullable Bytes firstAfter(Bytes prefix, Bytes after) {
        Bytes from = after;
        while (true) {
            Store.Page page = store.scan(prefix, from, 1, 1).value();
            if (!page.entries().isEmpty()) {
                return page.entries().getFirst().key();
            }
            if (page.next() == null) {
                return null;
            }
            from = page.next();
        }
    }

    private static Bytes extended(Bytes prefix, int value) {
        byte[] bytes = Arrays.copyOf(prefix.array(), prefix.length() + 1);
        bytes[prefix.length()] = (byte) value;
        return Bytes.wrap(bytes);
    }
}
