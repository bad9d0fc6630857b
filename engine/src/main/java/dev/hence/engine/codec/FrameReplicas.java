package dev.hence.engine.codec;

import dev.hence.core.clock.ReplicaId;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The replicas that one frame names, numbered in the order in which it first names them. Mostly there is one.
 *
 * <p>Not thread-safe.
 */
final class FrameReplicas {

    private @Nullable ReplicaId[] replicas = new ReplicaId[4];
    private int size;

    /** Forgets all. */
    void clear() {
        size = 0;
    }

    /** Returns the number of a replica, which may be a new one. */
    int number(ReplicaId replica) {
        for (int i = 0; i < size; i++) {
            if (replica.equals(replicas[i])) {
                return i;
            }
        }
        if (size == replicas.length) {
            replicas = Arrays.copyOf(replicas, 2 * size);
        }
        replicas[size] = replica;
        return size++;
    }

    /** Returns the replica of a number. */
    ReplicaId replica(int number) {
        ReplicaId replica = number < 0 || number >= size ? null : replicas[number];
        if (replica == null) {
            throw new MalformedRecordException(
                    "frame: replica " + number + " (expected: one of the " + size + " that it names)");
        }
        return replica;
    }

    int size() {
        return size;
    }
}
