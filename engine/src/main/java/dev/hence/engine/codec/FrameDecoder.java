package dev.hence.engine.codec;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.update.Frame;
import dev.hence.core.update.Operation;
import dev.hence.core.update.Update;
import dev.hence.core.update.UpdateChecksum;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Decodes frames that a {@link FrameEncoder} wrote since its last restart, in the same order. It may skip origins, and
 * frames of an origin before one with a whole context.
 *
 * <p>For any input it returns updates or throws {@link MalformedRecordException}, and allocates no more memory than a
 * small multiple of the input. It does not detect changed bytes that are a valid frame: containers have checksums.
 *
 * <p>Not thread-safe.
 */
public final class FrameDecoder {

    private static final int KNOWN_FLAGS = FrameEncoder.WHOLE | FrameEncoder.PAST | FrameEncoder.TIMES;

    /** The clock after each origin's last frame. */
    private final Map<ReplicaId, VersionVector> clocks = new HashMap<>();

    /** One object for each replica, however many frames name it. */
    private final Map<Long, ReplicaId> replicas = new HashMap<>();

    private final UpdateChecksum checksum = new UpdateChecksum();

    /** Makes the next frame of an origin the one after its update at which its clock was this one. */
    public void begin(ReplicaId origin, VersionVector clock) {
        clocks.put(origin, clock);
    }

    /** Forgets all contexts, like {@link FrameEncoder#restart}. */
    public void restart() {
        clocks.clear();
    }

    /** The beginning of a frame. */
    private final class Start {
        private final RowInput in;
        private final boolean past;
        private final boolean consecutive;
        private final FrameHeader header;

        Start(byte[] bytes, int from, int end) {
            FrameReplicas named = new FrameReplicas();
            in = new RowInput(bytes, from, end, named::replica);
            int version = in.tag();
            if (version != FrameEncoder.VERSION) {
                throw new MalformedRecordException("frame: version " + version + " (expected: " + FrameEncoder.VERSION
                        + "; it may have been written by a later version of Hence)");
            }
            int flags = in.tag();
            if ((flags & ~KNOWN_FLAGS) != 0) {
                throw new MalformedRecordException(
                        "frame: flags " + flags + " (expected: at most " + KNOWN_FLAGS + ")");
            }
            past = (flags & FrameEncoder.PAST) != 0;
            consecutive = (flags & FrameEncoder.TIMES) == 0;
            for (int left = in.count(); left > 0; left--) {
                int next = named.size();
                if (named.number(name()) != next) {
                    throw new MalformedRecordException("frame: names a replica twice (expected: once)");
                }
            }
            long first = in.varint();
            long count = in.varint();
            if (first < 1 || count < 1 || count > FrameEncoder.UPDATES_MAX || first > Long.MAX_VALUE - count) {
                throw new MalformedRecordException("frame: " + count + " updates from counter " + first
                        + " on (expected: 1 to " + FrameEncoder.UPDATES_MAX + ", from at least 1)");
            }
            header = new FrameHeader(named.replica(0), first, (int) count, (flags & FrameEncoder.WHOLE) != 0);
        }

        private ReplicaId name() {
            Bytes name = in.shortBytes();
            long incarnation = in.time();
            String text = new String(name.array(), StandardCharsets.ISO_8859_1);
            ReplicaId known = replicas.get(incarnation);
            if (known != null && known.name().equals(text)) {
                return known;
            }
            try {
                ReplicaId replica = new ReplicaId(text, incarnation);
                replicas.put(incarnation, replica);
                return replica;
            } catch (IllegalArgumentException malformed) {
                throw new MalformedRecordException(String.valueOf(malformed.getMessage()), malformed);
            }
        }
    }

    /** Reads what a frame holds. */
    public FrameHeader header(byte[] bytes, int from, int end) {
        return new Start(bytes, from, end).header;
    }

    /**
     * Decodes a frame that arrived, and keeps its bytes with it.
     *
     * @throws MalformedRecordException as {@link #decode(byte[], int, int)}
     */
    public Frame decode(Bytes encoded) {
        return decode(encoded.array(), 0, encoded.length(), encoded);
    }

    /**
     * Decodes a frame.
     *
     * @param from the index of its first byte
     * @param end the index after its last byte
     * @throws MalformedRecordException if it is not a frame; or needs an earlier one of its origin that was not decoded
     */
    public Frame decode(byte[] bytes, int from, int end) {
        return decode(bytes, from, end, Bytes.EMPTY);
    }

    private Frame decode(byte[] bytes, int from, int end, Bytes encoded) {
        Start start = new Start(bytes, from, end);
        FrameHeader header = start.header;
        RowInput in = start.in;
        try {
            long timestamp = in.time();
            VersionVector context = context(header, in);
            int past = start.past ? in.number() : 0;
            boolean chained = start.past && header.count() > 1 && header.first() > 1;
            int checksumBefore = chained ? in.number() : 0;
            Dot first = new Dot(header.origin(), header.first());
            long head = in.varint();
            Bytes request = request(head, in);
            Update update = Update.of(first, context, timestamp, operations(head, in), past, request, checksum);
            int countMax = Math.min(header.count(), in.left() + 1);
            Frame.Builder frame = new Frame.Builder(update, checksumBefore, countMax, checksum);
            for (int left = header.count() - 1; left > 0; left--) {
                timestamp += start.consecutive ? 1 : positive(in.varint());
                head = in.varint();
                request = request(head, in);
                frame.add(timestamp, operations(head, in), request);
            }
            in.end();
            clocks.put(header.origin(), frame.last().clock());
            return frame.build(encoded);
        } catch (IllegalArgumentException malformed) {
            throw new MalformedRecordException(
                    "frame of " + header.origin() + ":" + header.first() + ": " + malformed.getMessage(), malformed);
        }
    }

    private static long positive(long difference) {
        if (difference < 1) {
            throw new MalformedRecordException("frame: timestamps differ by " + difference + " (expected: at least 1)");
        }
        return difference;
    }

    private VersionVector context(FrameHeader header, RowInput in) {
        VersionVector context = header.whole() ? VersionVector.EMPTY : clocks.get(header.origin());
        if (context == null || (!header.whole() && context.get(header.origin()) != header.first() - 1)) {
            throw new MalformedRecordException("frame of " + header.origin() + ":" + header.first()
                    + ": only the changes of its context (expected: after the frame before it)");
        }
        if (header.first() > 1) {
            context = context.with(header.origin(), header.first() - 1);
        }
        for (int left = in.count(); left > 0; left--) {
            Dot entry = in.dot();
            if (entry.replica().equals(header.origin()) || entry.counter() <= context.get(entry.replica())) {
                throw new MalformedRecordException("frame of " + header.origin() + ":" + header.first()
                        + ": context entry " + entry + " (expected: of another replica, and larger than before)");
            }
            context = context.with(entry);
        }
        return context;
    }

    /** @param head twice the number of operations, plus 1 if there is a request */
    private static Bytes request(long head, RowInput in) {
        return (head & 1) == 0 ? Bytes.EMPTY : in.bytes();
    }

    private static List<Operation> operations(long head, RowInput in) {
        long count = head >>> 1;
        if (count > in.left()) {
            throw new MalformedRecordException(
                    "update: " + count + " operations (expected: at most the " + in.left() + " bytes left)");
        }
        if (count == 1) {
            return List.of(FrameOperations.read(in));
        }
        List<Operation> operations = new ArrayList<>((int) Math.min(count, 64));
        for (long i = 0; i < count; i++) {
            operations.add(FrameOperations.read(in));
        }
        return operations;
    }
}
