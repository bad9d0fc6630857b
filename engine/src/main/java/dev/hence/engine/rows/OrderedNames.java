package dev.hence.engine.rows;

import dev.hence.core.keyspace.State.Direction;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A set of names in the order of unsigned bytes. Names are in leaves of about {@value #LEAF_BYTES} bytes, and the leaves in
 * an array: a B+ tree of two levels. There is no object per name, so even many names cost the garbage collector little.
 *
 * <p>A leaf that is full is divided in half; at the ends of the set another leaf begins instead, so leaves become full
 * where names are added in their order. A leaf that becomes small is merged with a neighbour.
 *
 * <p><b>Invariants.</b> No leaf is empty, and all names of a leaf are smaller than those of the next one.
 *
 * <p>Only one thread may change it. Other threads may {@link #copy} meanwhile; what they get or what is thrown then must be
 * dropped, so they need a way to know about changes.
 */
public final class OrderedNames {

    /** The size at which a leaf is divided. */
    static final int LEAF_BYTES = 4_096;

    /** A leaf is merged when its size falls below this, if both together are at most twice as large. */
    private static final int MERGED_BYTES = LEAF_BYTES / 4;

    private static final int FIRST_LEAF_BYTES = 64;
    private static final int FIRST_LEAF_NAMES = 4;

    private @Nullable NameLeaf[] leaves = new NameLeaf[1];
    private int leafCount;
    private long count;
    /** Of the leaves. */
    private long memoryBytes;

    /** The number of names. */
    public long count() {
        return count;
    }

    /** The memory in use, in bytes. */
    public long bytes() {
        return memoryBytes + (long) Integer.BYTES * leaves.length;
    }

    /** Adds a name; returns false if it was there. */
    public boolean put(byte[] name) {
        if (leafCount == 0) {
            return add(0, new NameLeaf(FIRST_LEAF_BYTES, FIRST_LEAF_NAMES), 0, name);
        }
        int at = leafOf(name);
        NameLeaf leaf = leaf(at);
        int found = leaf.find(name);
        if (found >= 0) {
            return false;
        }
        int index = -found - 1;
        if (leaf.used() + name.length <= LEAF_BYTES) {
            return insert(leaf, index, name);
        }
        if (index == leaf.count() && (at == leafCount - 1 || index == 1)) {
            return add(at + 1, likeIt(leaf), 0, name);
        }
        if (index == 0) {
            return add(at, likeIt(leaf), 0, name);
        }
        int middle = leaf.middle();
        NameLeaf right = leaf.splitOff(middle);
        memoryBytes += right.memoryBytes();
        addLeaf(at + 1, right);
        return index <= middle ? insert(leaf, index, name) : insert(right, index - middle, name);
    }

    /** Returns a new leaf for about as many names as are in a full one. */
    private static NameLeaf likeIt(NameLeaf full) {
        return new NameLeaf(LEAF_BYTES, full.count());
    }

    private boolean add(int at, NameLeaf leaf, int index, byte[] name) {
        memoryBytes += leaf.memoryBytes();
        insert(leaf, index, name);
        addLeaf(at, leaf);
        return true;
    }

    private boolean insert(NameLeaf leaf, int index, byte[] name) {
        memoryBytes -= leaf.memoryBytes();
        leaf.insert(index, name);
        memoryBytes += leaf.memoryBytes();
        count++;
        return true;
    }

    /** Removes a name; returns false if it was not there. */
    public boolean remove(byte[] name) {
        if (leafCount == 0) {
            return false;
        }
        int at = leafOf(name);
        NameLeaf leaf = leaf(at);
        int index = leaf.find(name);
        if (index < 0) {
            return false;
        }
        leaf.remove(index);
        count--;
        if (leaf.count() == 0) {
            removeLeaf(at);
        } else if (leaf.used() < MERGED_BYTES && !merge(at)) {
            merge(at - 1);
        }
        return true;
    }

    /** Merges a leaf with the next one if both are small enough. */
    private boolean merge(int at) {
        if (at < 0 || at + 1 >= leafCount) {
            return false;
        }
        NameLeaf left = leaf(at);
        NameLeaf right = leaf(at + 1);
        if (left.used() + right.used() > 2 * MERGED_BYTES) {
            return false;
        }
        memoryBytes -= left.memoryBytes();
        left.append(right);
        memoryBytes += left.memoryBytes();
        removeLeaf(at + 1);
        return true;
    }

    /** Removes all names. */
    public void clear() {
        leaves = new NameLeaf[1];
        leafCount = 0;
        count = 0;
        memoryBytes = 0;
    }

    private void addLeaf(int at, NameLeaf leaf) {
        if (leafCount == leaves.length) {
            leaves = Arrays.copyOf(leaves, 2 * leafCount);
        }
        System.arraycopy(leaves, at, leaves, at + 1, leafCount - at);
        leaves[at] = leaf;
        leafCount++;
    }

    private void removeLeaf(int at) {
        memoryBytes -= leaf(at).memoryBytes();
        leafCount--;
        System.arraycopy(leaves, at + 1, leaves, at, leafCount - at);
        leaves[leafCount] = null;
        if (leafCount > 0 && leafCount < leaves.length / 4) {
            leaves = Arrays.copyOf(leaves, leaves.length / 2);
        }
    }

    private NameLeaf leaf(int at) {
        NameLeaf leaf = leaves[at];
        if (leaf == null) {
            throw new IllegalStateException("names: no leaf " + at + " (expected: " + leafCount + " leaves)");
        }
        return leaf;
    }

    /** Returns the leaf in which a name is, or into which it is to be added: the last that begins with it or a smaller one. */
    private int leafOf(byte[] name) {
        int low = 1;
        int high = leafCount - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (leaf(middle).compare(0, name) <= 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return low - 1;
    }

    /**
     * Copies names in their order.
     *
     * @param from where to begin; null for the end at which the direction begins
     * @param inclusive whether that name is copied as well
     * @param into as many as fit
     * @return the number of copied names; less than fit if there are no more
     */
    public int copy(byte @Nullable [] from, boolean inclusive, Direction direction, byte[][] into) {
        if (leafCount == 0) {
            return 0;
        }
        return direction == Direction.UP ? copyUp(from, inclusive, into) : copyDown(from, inclusive, into);
    }

    private int copyUp(byte @Nullable [] from, boolean inclusive, byte[][] into) {
        int at = from == null ? 0 : leafOf(from);
        int index = 0;
        if (from != null) {
            int found = leaf(at).find(from);
            index = found < 0 ? -found - 1 : inclusive ? found : found + 1;
        }
        int copied = 0;
        for (; at < leafCount && copied < into.length; at++) {
            NameLeaf leaf = leaf(at);
            while (index < leaf.count() && copied < into.length) {
                into[copied++] = leaf.name(index++);
            }
            index = 0;
        }
        return copied;
    }

    private int copyDown(byte @Nullable [] from, boolean inclusive, byte[][] into) {
        int at = from == null ? leafCount - 1 : leafOf(from);
        int index = leaf(at).count() - 1;
        if (from != null) {
            int found = leaf(at).find(from);
            index = found < 0 ? -found - 2 : inclusive ? found : found - 1;
        }
        int copied = 0;
        while (copied < into.length) {
            if (index < 0) {
                if (--at < 0) {
                    return copied;
                }
                index = leaf(at).count() - 1;
            } else {
                into[copied++] = leaf(at).name(index--);
            }
        }
        return copied;
    }
}
