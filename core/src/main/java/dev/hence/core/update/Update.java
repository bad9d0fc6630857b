package dev.hence.core.update;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.HybridLogicalClock;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One atomic group of operations, as its origin made it and as every replica delivers it.
 *
 * @param dot its unique name
 * @param context the origin's clock before the update, without the update's own dot: everything in it
 *     happened before. Its entry for the origin is therefore one less than the dot's counter
 * @param timestamp hybrid logical time at the origin; larger than that of every update in the context
 * @param operations at least one, unless the update carries a request; at most one of a key, of its deadline, and of
 *     each element
 * @param past the {@link Lineage digest} of the updates that the context names, as its origin had them; 0 if the origin
 *     did not know all of them, and for an empty context
 * @param request the id under which a client may retry the request that this update executes, and its answer; empty
 *     for none. It is stored and relayed, but it is not part of the state and is never shown: its content belongs to
 *     the front end
 * @param checksum {@link UpdateChecksum} of the other components; it travels with the update and distinguishes two
 *     updates under one dot. Because it covers the digest of the past, the later updates of the origin differ as well,
 *     at every later counter
 */
public record Update(
        Dot dot,
        VersionVector context,
        long timestamp,
        List<Operation> operations,
        int past,
        Bytes request,
        int checksum) {

    /** @throws IllegalArgumentException if a component is not as described above */
    public Update {
        operations = List.copyOf(operations);
        if (operations.isEmpty() && request.length() == 0) {
            throw new IllegalArgumentException("update " + dot + ": no operations (expected: at least one)");
        }
        requireDistinctTargets(dot, operations);
        if (timestamp < 1 || timestamp > HybridLogicalClock.TIMESTAMP_MAX) {
            throw new IllegalArgumentException("update " + dot + ": timestamp " + timestamp + " (expected: 1 to "
                    + HybridLogicalClock.TIMESTAMP_MAX + ")");
        }
        long before = context.get(dot.replica());
        if (before != dot.counter() - 1) {
            throw new IllegalArgumentException("update " + dot + ": its context has " + before
                    + " for its origin (expected: " + (dot.counter() - 1) + ")");
        }
    }

    private static void requireDistinctTargets(Dot dot, List<Operation> operations) {
        if (operations.size() == 1) {
            return;
        }
        Set<Object> targets = HashSet.newHashSet(operations.size());
        for (Operation operation : operations) {
            Object target = operation.target();
            if (target != null && !targets.add(target)) {
                throw new IllegalArgumentException("update " + dot + ": several operations on key \"" + operation.key()
                        + "\" (expected: at most one of the key, of its deadline and of each element)");
            }
        }
    }

    /**
     * Returns the update of these components, with its checksum, for an origin that does not know the updates its
     * context names.
     */
    public static Update of(Dot dot, VersionVector context, long timestamp, List<Operation> operations) {
        return of(dot, context, timestamp, operations, 0);
    }

    /** Returns the update of these components, with its checksum. */
    public static Update of(Dot dot, VersionVector context, long timestamp, List<Operation> operations, int past) {
        return of(dot, context, timestamp, operations, past, Bytes.EMPTY);
    }

    /** Returns the update of these components, with its checksum, for an update that executes a client's request. */
    public static Update of(
            Dot dot, VersionVector context, long timestamp, List<Operation> operations, int past, Bytes request) {
        return of(dot, context, timestamp, operations, past, request, new UpdateChecksum());
    }

    /** As {@link #of(Dot, VersionVector, long, List, int, Bytes)}, with an object that computes checksums. */
    public static Update of(
            Dot dot,
            VersionVector context,
            long timestamp,
            List<Operation> operations,
            int past,
            Bytes request,
            UpdateChecksum checksum) {
        int computed = checksum.of(dot, context, timestamp, operations, past, request);
        return new Update(dot, context, timestamp, operations, past, request, computed);
    }

    /** Whether the checksum matches the other components: false for an update damaged in transit. */
    public boolean isIntact() {
        return checksum == new UpdateChecksum().of(dot, context, timestamp, operations, past, request);
    }

    /** The update's vector clock as shown to people: its context plus its dot. */
    public VersionVector clock() {
        return context.with(dot);
    }

    /** The size in bytes of all keys, elements and values, and of the request. */
    public long sizeBytes() {
        return Operation.sizeBytes(operations) + request.length();
    }
}
