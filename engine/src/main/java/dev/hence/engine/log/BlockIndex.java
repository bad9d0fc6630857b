package dev.hence.engine.log;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.engine.codec.Crc32c;
import dev.hence.engine.codec.FrameHeader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where the blocks of one segment begin, which sequences they hold, and which updates of each origin. It is sparse: one
 * entry per block, and one per block and origin.
 *
 * <p>Thread-safe.
 */
final class BlockIndex {

    /** The blocks that have updates of one origin. */
    private static final class Runs {
        private long[] first = new long[4];
        private int[] block = new int[4];
        private int size;
        private long last;

        void add(int in, FrameHeader frame) {
            if (size == 0 || block[size - 1] != in) {
                if (size == first.length) {
                    first = Arrays.copyOf(first, 2 * size);
                    block = Arrays.copyOf(block, 2 * size);
                }
                first[size] = frame.first();
                block[size++] = in;
            }
            last = frame.last();
        }

        /** The index of the last entry at or before a counter; -1 if there is none. */
        int floor(long counter) {
            int found = Arrays.binarySearch(first, 0, size, counter);
            return found >= 0 ? found : -found - 2;
        }
    }

    private final Map<ReplicaId, Runs> origins = new HashMap<>();
    private long[] offsets = new long[16];
    private long[] sequences = new long[16];
    private int blocks;

    /** Adds a block that begins after the present ones. */
    synchronized void begin(long offset, long sequence) {
        if (blocks == offsets.length) {
            offsets = Arrays.copyOf(offsets, 2 * blocks);
            sequences = Arrays.copyOf(sequences, 2 * blocks);
        }
        offsets[blocks] = offset;
        sequences[blocks++] = sequence;
    }

    /** Adds a frame to the last block. */
    synchronized void add(FrameHeader frame) {
        origins.computeIfAbsent(frame.origin(), origin -> new Runs()).add(blocks - 1, frame);
    }

    synchronized int blocks() {
        return blocks;
    }

    /** The replicas that have updates here. */
    synchronized Set<ReplicaId> origins() {
        return Set.copyOf(origins.keySet());
    }

    /** The offset of a block. */
    synchronized long offset(int block) {
        return offsets[block];
    }

    /** The sequence of the first update in a block. */
    synchronized long sequence(int block) {
        return sequences[block];
    }

    /** The block that holds a sequence, which is not before the first one; -1 if there are no blocks. */
    synchronized int ofSequence(long sequence) {
        int found = Arrays.binarySearch(sequences, 0, blocks, sequence);
        return found >= 0 ? found : -found - 2;
    }

    /** The first block that has an origin's update with a counter, or a later one; -1 if there is none. */
    synchronized int of(ReplicaId origin, long counter) {
        Runs runs = origins.get(origin);
        if (runs == null || runs.last < counter) {
            return -1;
        }
        return runs.block[Math.max(0, runs.floor(counter))];
    }

    /** Whether an origin has an update with a counter, or an earlier one. */
    synchronized boolean hasBefore(ReplicaId origin, long counter) {
        Runs runs = origins.get(origin);
        return runs != null && runs.first[0] <= counter;
    }

    /** The last update of each origin. */
    synchronized VersionVector lasts() {
        Map<ReplicaId, Long> lasts = new TreeMap<>();
        origins.forEach((origin, runs) -> lasts.put(origin, runs.last));
        return VersionVector.of(lasts);
    }

    /** The next block that has updates of an origin; -1 if there is none. */
    synchronized int after(int block, ReplicaId origin) {
        Runs runs = origins.get(origin);
        if (runs == null) {
            return -1;
        }
        int found = Arrays.binarySearch(runs.block, 0, runs.size, block + 1);
        int at = found >= 0 ? found : -found - 1;
        return at < runs.size ? runs.block[at] : -1;
    }

    /** Returns the index as bytes, with the id and the size of the segment that it belongs to, and a checksum. */
    synchronized byte[] bytes(long id, long size, long endSequence) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeLong(id);
            out.writeLong(size);
            out.writeLong(endSequence);
            out.writeInt(blocks);
            for (int i = 0; i < blocks; i++) {
                out.writeLong(offsets[i]);
                out.writeLong(sequences[i]);
            }
            out.writeInt(origins.size());
            for (Map.Entry<ReplicaId, Runs> origin : new TreeMap<>(origins).entrySet()) {
                out.writeUTF(origin.getKey().toString());
                Runs runs = origin.getValue();
                out.writeLong(runs.last);
                out.writeInt(runs.size);
                for (int i = 0; i < runs.size; i++) {
                    out.writeLong(runs.first[i]);
                    out.writeInt(runs.block[i]);
                }
            }
            out.writeInt(Crc32c.of(bytes.toByteArray(), 0, bytes.size()));
        } catch (IOException impossible) {
            throw new AssertionError("an array is written", impossible);
        }
        return bytes.toByteArray();
    }

    /** An index, and the end of the segment that it belongs to. */
    record Sealed(BlockIndex index, long endSequence) {}

    /** Returns the index in bytes; null if they are not that of a segment of this id and size. */
    static @Nullable Sealed of(byte[] bytes, long id, long size) {
        int length = bytes.length - Integer.BYTES;
        if (length < 0 || (int) Group.INT.get(bytes, length) != Crc32c.of(bytes, 0, length)) {
            return null;
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            if (in.readLong() != id || in.readLong() != size) {
                return null;
            }
            long endSequence = in.readLong();
            BlockIndex index = new BlockIndex();
            for (int left = in.readInt(); left > 0; left--) {
                index.begin(in.readLong(), in.readLong());
            }
            for (int left = in.readInt(); left > 0; left--) {
                Runs runs = new Runs();
                index.origins.put(ReplicaId.parse(in.readUTF()), runs);
                runs.last = in.readLong();
                runs.size = in.readInt();
                runs.first = new long[Math.max(1, runs.size)];
                runs.block = new int[Math.max(1, runs.size)];
                for (int i = 0; i < runs.size; i++) {
                    runs.first[i] = in.readLong();
                    runs.block[i] = in.readInt();
                }
            }
            return new Sealed(index, endSequence);
        } catch (IOException | IllegalArgumentException damaged) {
            return null;
        }
    }
}
