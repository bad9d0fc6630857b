package dev.hence.engine.codec;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.update.Frame;
import dev.hence.core.update.Lineage;
import dev.hence.core.update.Operation;
import dev.hence.core.update.Update;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Encodes updates as frames, {@link Frame}: runs of consecutive updates of one origin between which the origin
 * delivered nothing else, so that dots, contexts, digests of the past and checksums of all but the first follow from the
 * first: metadata is paid once per frame, and costs a byte or two per update.
 *
 * <p>Layout, numbers as varints unless stated otherwise:
 *
 * <table>
 *   <caption>A frame</caption>
 *   <tr><td>version</td><td>1 byte, {@value #VERSION}</td></tr>
 *   <tr><td>flags</td><td>1 byte: {@value #WHOLE} the context is whole, {@value #PAST} the origin knew its past,
 *       {@value #TIMES} the timestamps are not consecutive</td></tr>
 *   <tr><td>replicas</td><td>their number, and each with the length of its name (1 byte), its name and its incarnation
 *       (8 bytes); the first is the origin. Below, replicas are indexes into this list</td></tr>
 *   <tr><td>first counter, number of updates</td></tr>
 *   <tr><td>first timestamp</td><td>8 bytes</td></tr>
 *   <tr><td>context</td><td>the number of entries, and each as replica and counter: all but the origin's own, or those
 *       that changed since the origin's previous frame</td></tr>
 *   <tr><td>past</td><td>if known: the digest of the first update's past and, in a frame of several updates that are not
 *       the origin's first, the checksum of the update before the frame; 4 bytes each</td></tr>
 *   <tr><td>updates</td><td>each the difference from the previous timestamp (only with {@value #TIMES}, and not for the
 *       first); twice the number of operations, plus 1 if there is a request; the request; the operations</td></tr>
 * </table>
 *
 * <p>An encoder remembers the last frame of each origin, so that it can leave out what did not change. Until {@link
 * #restart} its frames are decoded in the same order by one {@link FrameDecoder}.
 *
 * <p>Not thread-safe.
 */
public final class FrameEncoder {

    static final int VERSION = 1;
    static final int WHOLE = 1;
    static final int PAST = 2;
    static final int TIMES = 4;

    /** The maximum number of updates in a frame: a reader of one decodes all of them. */
    static final int UPDATES_MAX = 512;

    /** The size in bytes of keys and values beyond which a frame accepts no more updates. */
    private static final long BYTES_MAX = 64L << 10;

    private static final int FRAME_BYTES = 256;

    /** The last update of each origin, for the checksum that the next frame may need. */
    private final Map<ReplicaId, Update> last = new HashMap<>();

    /** The clock after each origin's last frame since {@link #restart}. */
    private final Map<ReplicaId, VersionVector> clocks = new HashMap<>();

    // Of the frame that is being encoded: what it names, what follows the names, and all of it.
    private final FrameReplicas named = new FrameReplicas();
    private final RowOutput rest = new RowOutput(FRAME_BYTES, named::number);
    private final RowOutput frame = new RowOutput(FRAME_BYTES, named::number);

    /** Makes the next frame of every origin have its whole context. */
    public void restart() {
        clocks.clear();
    }

    /** Receives encoded frames. */
    @FunctionalInterface
    public interface Sink {
        /**
         * @param before the clock of the origin's update before the frame, of which the frame's context has only the
         *     changes; empty if the context is whole
         */
        void accept(EncodedFrame frame, VersionVector before);
    }

    /** Encodes updates in delivery order as frames in the same order. */
    public void encode(List<Update> updates, Sink frames) {
        int from = 0;
        while (from < updates.size()) {
            int end = runEnd(updates, from);
            VersionVector before = clocks.get(updates.get(from).dot().replica());
            EncodedFrame frame = frame(updates.subList(from, end));
            frames.accept(frame, before == null || frame.header().whole() ? VersionVector.EMPTY : before);
            from = end;
        }
    }

    /**
     * Encodes updates in delivery order, some of which arrived encoded: these frames are taken over byte for byte where
     * their context can be decoded, and all others are encoded.
     *
     * @param encoded the frames of some of the updates, in the same order
     */
    public void encode(List<Update> updates, List<Frame> encoded, Sink frames) {
        int from = 0;
        for (Frame arrived : encoded) {
            int place = from;
            while (!isFirst(updates.get(place), arrived)) {
                place++;
            }
            encode(updates.subList(from, place), frames);
            takeOver(arrived, frames);
            from = place + arrived.size();
        }
        encode(updates.subList(from, updates.size()), frames);
    }

    // The same object: the frame's updates are those delivered.
    @SuppressWarnings("ReferenceEquality")
    private static boolean isFirst(Update update, Frame frame) {
        return update == frame.first();
    }

    private void takeOver(Frame arrived, Sink frames) {
        FrameHeader header = FrameHeader.of(arrived);
        VersionVector previous = clocks.get(header.origin());
        if (!header.whole() && (previous == null || previous.get(header.origin()) != header.first() - 1)) {
            encode(arrived.updates(), frames);
            return;
        }
        last.put(header.origin(), arrived.last());
        clocks.put(header.origin(), arrived.last().clock());
        frames.accept(
                new EncodedFrame(header, arrived.encoded()),
                previous == null || header.whole() ? VersionVector.EMPTY : previous);
    }

    /** Returns the index after the last update of the run that begins at an index. */
    private int runEnd(List<Update> updates, int from) {
        Update first = updates.get(from);
        Update before = last.get(first.dot().replica());
        boolean beforeKnown = first.dot().counter() == 1
                || first.past() == 0
                || (before != null && before.dot().next().equals(first.dot()));
        int end = from + 1;
        long bytes = first.sizeBytes();
        while (beforeKnown && end < updates.size() && end - from < UPDATES_MAX && bytes < BYTES_MAX) {
            Update next = updates.get(end);
            if (!follows(next, updates.get(end - 1), before)) {
                break;
            }
            before = updates.get(end - 1);
            bytes += next.sizeBytes();
            end++;
        }
        return end;
    }

    /**
     * Whether an update can follow another one in a frame.
     *
     * @param before the update of the same origin before these two; null if there is none, or if it is not needed
     */
    private static boolean follows(Update next, Update previous, @Nullable Update before) {
        return next.dot().replica().equals(previous.dot().replica())
                && next.dot().counter() == previous.dot().counter() + 1
                && next.timestamp() > previous.timestamp()
                && next.past() == Lineage.following(previous, before == null ? 0 : before.checksum())
                && next.context().isWith(previous.context(), previous.dot());
    }

    private EncodedFrame frame(List<Update> run) {
        Update first = run.getFirst();
        ReplicaId origin = first.dot().replica();
        VersionVector previous = clocks.get(origin);
        boolean whole = previous == null || previous.get(origin) != first.dot().counter() - 1;
        boolean consecutive = hasConsecutiveTimes(run);
        boolean past = first.past() != 0;

        named.clear();
        named.number(origin);
        rest.clear(bodyBytes(run));
        rest.varint(first.dot().counter());
        rest.varint(run.size());
        rest.time(first.timestamp());
        context(first, whole || previous == null ? VersionVector.EMPTY : previous, rest);
        if (past) {
            rest.number(first.past());
            if (run.size() > 1 && first.dot().counter() > 1) {
                rest.number(checksumBefore(origin));
            }
        }
        updates(run, consecutive, rest);

        frame.clear(FRAME_BYTES + rest.length());
        frame.tag(VERSION);
        frame.tag((whole ? WHOLE : 0) | (past ? PAST : 0) | (consecutive ? 0 : TIMES));
        frame.varint(named.size());
        for (int i = 0; i < named.size(); i++) {
            frame.name(named.replica(i));
        }
        frame.append(rest);
        Update ended = run.getLast();
        last.put(origin, ended);
        clocks.put(origin, ended.clock());
        return new EncodedFrame(
                new FrameHeader(origin, first.dot().counter(), run.size(), whole), Bytes.wrap(frame.copy()));
    }

    private int checksumBefore(ReplicaId origin) {
        Update before = last.get(origin);
        if (before == null) {
            throw new AssertionError("frame of " + origin
                    + ": the update before it is unknown (expected: runEnd ensures" + " that it is known)");
        }
        return before.checksum();
    }

    private static int bodyBytes(List<Update> run) {
        long bytes = FRAME_BYTES;
        for (int i = 0; i < run.size(); i++) {
            bytes += run.get(i).sizeBytes();
        }
        return (int) Math.min(bytes, Integer.MAX_VALUE / 2);
    }

    private static boolean hasConsecutiveTimes(List<Update> run) {
        for (int i = 1; i < run.size(); i++) {
            if (run.get(i).timestamp() != run.get(i - 1).timestamp() + 1) {
                return false;
            }
        }
        return true;
    }

    private static void context(Update first, VersionVector base, RowOutput out) {
        ReplicaId origin = first.dot().replica();
        int[] changed = {0};
        first.context().forEach((replica, counter) -> {
            if (counter != base.get(replica) && !replica.equals(origin)) {
                changed[0]++;
            }
        });
        out.varint(changed[0]);
        first.context().forEach((replica, counter) -> {
            if (counter != base.get(replica) && !replica.equals(origin)) {
                out.replica(replica);
                out.varint(counter);
            }
        });
    }

    private static void updates(List<Update> run, boolean consecutive, RowOutput out) {
        for (int i = 0; i < run.size(); i++) {
            Update update = run.get(i);
            if (i > 0 && !consecutive) {
                out.varint(update.timestamp() - run.get(i - 1).timestamp());
            }
            Bytes request = update.request();
            out.varint(2L * update.operations().size() + (request.length() > 0 ? 1 : 0));
            if (request.length() > 0) {
                out.bytes(request);
            }
            for (Operation operation : update.operations()) {
                FrameOperations.write(operation, out);
            }
        }
    }
}
