package dev.hence.engine.rows;

import java.util.Arrays;
import java.util.Objects;

/**
 * A few names in the order of unsigned bytes, one behind another in an array: a leaf of {@link OrderedNames}.
 *
 * <p>Not thread-safe.
 */
final class NameLeaf {

    /** Approximate size of the objects besides the content of the arrays. */
    private static final int OBJECT_BYTES = 64;

    private byte[] bytes;
    /** Where each name ends. */
    private int[] ends;

    private int count;

    /**
     * @param bytes the size of the names for which there is room at first
     * @param names their number
     */
    NameLeaf(int bytes, int names) {
        this.bytes = new byte[bytes];
        this.ends = new int[names];
    }

    int count() {
        return count;
    }

    /** The size of the names, in bytes. */
    int used() {
        return begin(count);
    }

    /** The memory in use, in bytes. */
    long memoryBytes() {
        return OBJECT_BYTES + bytes.length + (long) Integer.BYTES * ends.length;
    }

    private int begin(int index) {
        return index == 0 ? 0 : ends[index - 1];
    }

    byte[] name(int index) {
        int from = begin(index);
        int to = ends[index];
        // The copy would be padded with zeros, and as large as anything if another thread changes the leaf.
        Objects.checkFromToIndex(from, to, bytes.length);
        return Arrays.copyOfRange(bytes, from, to);
    }

    int compare(int index, byte[] name) {
        return Arrays.compareUnsigned(bytes, begin(index), ends[index], name, 0, name.length);
    }

    /** Returns the index of a name; if it is not there, {@code -index - 1} of the first greater one. */
    int find(byte[] name) {
        int low = 0;
        int high = count - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = compare(middle, name);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -low - 1;
    }

    void insert(int index, byte[] name) {
        int used = used();
        if (used + name.length > bytes.length) {
            bytes = Arrays.copyOf(bytes, larger(bytes.length, used + name.length));
        }
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, larger(ends.length, count + 1));
        }
        int from = begin(index);
        System.arraycopy(bytes, from, bytes, from + name.length, used - from);
        System.arraycopy(name, 0, bytes, from, name.length);
        System.arraycopy(ends, index, ends, index + 1, count - index);
        count++;
        ends[index] = from;
        move(index, name.length);
    }

    /** Up to the size of a leaf it doubles; a longer name gets as much as it takes. */
    private static int larger(int now, int least) {
        return Math.max(least, Math.min(2 * now, OrderedNames.LEAF_BYTES));
    }

    /** Moves the ends of the names from an index on. */
    private void move(int index, int by) {
        for (int i = index; i < count; i++) {
            ends[i] += by;
        }
    }

    void remove(int index) {
        int from = begin(index);
        int length = ends[index] - from;
        System.arraycopy(bytes, ends[index], bytes, from, used() - ends[index]);
        System.arraycopy(ends, index + 1, ends, index, count - index - 1);
        count--;
        move(index, -length);
    }

    /** Returns the index that divides the names into two parts of about the same size, neither of them empty. */
    int middle() {
        int half = used() / 2;
        int index = 1;
        while (index < count - 1 && ends[index] <= half) {
            index++;
        }
        return index;
    }

    /** Moves the names from an index on to a new leaf. */
    NameLeaf splitOff(int index) {
        int from = begin(index);
        NameLeaf right = new NameLeaf(bytes.length, ends.length);
        right.count = count - index;
        System.arraycopy(bytes, from, right.bytes, 0, used() - from);
        System.arraycopy(ends, index, right.ends, 0, right.count);
        right.move(0, -from);
        count = index;
        return right;
    }

    /** Adds the names of a leaf, which are all greater. */
    void append(NameLeaf right) {
        int used = used();
        int added = right.used();
        bytes = Arrays.copyOf(bytes, Math.max(bytes.length, used + added));
        ends = Arrays.copyOf(ends, Math.max(ends.length, count + right.count));
        System.arraycopy(right.bytes, 0, bytes, used, added);
        System.arraycopy(right.ends, 0, ends, count, right.count);
        int first = count;
        count += right.count;
        move(first, used);
    }
}
