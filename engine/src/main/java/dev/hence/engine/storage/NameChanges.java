package dev.hence.engine.storage;

import dev.hence.engine.rows.OrderedNames;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Names that were added and removed, in the order in which that happened: bytes only, because there may be many.
 *
 * <p>Not thread-safe.
 */
final class NameChanges {

    private static final int BYTES_MIN = 256;

    // Of each: the length of the name, negative and less 1 if it was removed; the name.
    private ByteBuffer changes = ByteBuffer.allocate(BYTES_MIN);
    private int count;

    int count() {
        return count;
    }

    /** The size of the changes, in bytes. */
    long bytes() {
        return changes.position();
    }

    void add(byte[] name, boolean present) {
        int needed = Integer.BYTES + name.length;
        if (changes.remaining() < needed) {
            int least = changes.position() + needed;
            byte[] larger = Arrays.copyOf(changes.array(), Math.max(least, 2 * changes.capacity()));
            changes = ByteBuffer.wrap(larger).position(changes.position());
        }
        changes.putInt(present ? name.length : -name.length - 1).put(name);
        count++;
    }

    void applyTo(OrderedNames names) {
        ByteBuffer left = changes.duplicate().flip();
        while (left.hasRemaining()) {
            int length = left.getInt();
            byte[] name = new byte[length < 0 ? -length - 1 : length];
            left.get(name);
            if (length < 0) {
                names.remove(name);
            } else {
                names.put(name);
            }
        }
    }
}
