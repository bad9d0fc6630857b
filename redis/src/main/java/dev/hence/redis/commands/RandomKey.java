package dev.hence.redis.commands;

import dev.hence.core.crdt.Bytes;
import dev.hence.node.store.Store;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Picks a random key without counting the keys. It descends the trie of the keys' bytes and chooses uniformly among the
 * branches at every fork. So every key can be picked, and the cost is one look-up per byte value at each fork on the
 * path.
 */
final class RandomKey {

    private static final int BYTE_MAX = 255;

    private final Store store;

    private RandomKey(Store store) {
        this.store = store;
    }

    /**
     * A random visible key; null if there are none.
     *
     * @param random returns a number from 0 (inclusive) to its argument (exclusive)
     */
    static @Nullable Bytes of(Store store, IntUnaryOperator random) {
        return new RandomKey(store).pick(random);
    }

    private @Nullable Bytes pick(IntUnaryOperator random) {
        Bytes prefix = Bytes.EMPTY;
        while (true) {
            List<Bytes> ways = waysFrom(prefix);
            if (ways.isEmpty()) {
                // The keys with this prefix were removed in the meantime, or the store is empty.
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

    /** The only key that begins with a prefix and is longer; null if there are several. */
    private @Nullable Bytes onlyKey(Bytes prefix) {
        Bytes first = firstAfter(prefix, prefix);
        return first == null || firstAfter(prefix, first) != null ? null : first;
    }

    /** The prefix itself if it is a key, and the prefix extended by each byte that occurs next. */
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

    /**
     * The first visible key that begins with a prefix and is greater than another key; null if there is no such key.
     */
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
