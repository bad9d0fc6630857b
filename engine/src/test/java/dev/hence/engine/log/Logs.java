package dev.hence.engine.log;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.update.Frame;
import dev.hence.core.update.Lineage;
import dev.hence.core.update.Operation;
import dev.hence.core.update.Update;
import dev.hence.engine.codec.EncodedFrame;
import dev.hence.engine.codec.FrameEncoder;
import dev.hence.engine.disk.RealDisk;
import dev.hence.engine.log.SegmentLog.Sizes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Logs of two nodes that write in turn, in small segments. */
final class Logs {

    static final ReplicaId NODE1 = new ReplicaId("node1", 1);
    static final ReplicaId NODE2 = new ReplicaId("node2", 2);

    /** A few groups to a block, a few blocks to a segment. */
    private static final Sizes SIZES = new Sizes(1_000, 250);

    private static final long TIMESTAMP = 1_750_000_000_000L << 16;

    private Logs() {}

    /** Updates in the order of delivery, each with all before it as context. */
    static List<Update> updates(int count) {
        List<Update> updates = new ArrayList<>();
        VersionVector clock = VersionVector.EMPTY;
        Lineage lineage = new Lineage(clock, dot -> null);
        for (int i = 0; i < count; i++) {
            Update update = update(clock.next(i % 3 == 2 ? NODE2 : NODE1), clock, i, lineage.past());
            updates.add(update);
            lineage.delivered(Frame.of(update));
            clock = update.clock();
        }
        return updates;
    }

    static Update update(Dot dot, VersionVector context, int number, int past) {
        return Update.of(
                dot,
                context,
                TIMESTAMP + number,
                List.of(new Operation.SetString(Bytes.utf8("key" + number), Bytes.utf8("value"))),
                past);
    }

    /** Writes updates in groups of two, and an index file for each full segment. */
    static void write(Path directory, List<Update> updates) throws IOException {
        Files.createDirectories(directory);
        FrameEncoder encoder = new FrameEncoder();
        try (SegmentLog log = CheckedLog.of(directory).open(new RealDisk(), SIZES)) {
            for (int i = 0; i < updates.size(); i += 2) {
                if (log.beginsBlock()) {
                    encoder.restart();
                }
                List<EncodedFrame> frames = new ArrayList<>();
                encoder.encode(
                        updates.subList(i, Math.min(i + 2, updates.size())), (frame, before) -> frames.add(frame));
                log.append(frames);
            }
            log.force();
        }
    }

    static List<Path> segments(Path directory) throws IOException {
        return SegmentNames.segments(directory);
    }

    static Path indexOf(Path segment) {
        return SegmentNames.indexOf(segment);
    }

    /** Flips a byte; a negative offset counts from the end. */
    static void flip(Path file, long offset) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[(int) (offset < 0 ? bytes.length + offset : offset)] ^= 1;
        Files.write(file, bytes);
    }

    static void truncate(Path file, int bytes) throws IOException {
        byte[] content = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(content, content.length - bytes));
    }
}
