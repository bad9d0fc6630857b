package dev.hence.engine.log;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.engine.codec.Crc32c;
import dev.hence.engine.disk.Disk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where a log begins: what was deleted from its front, as the last update of each origin with its checksum. These remain
 * comparable with those of other nodes, and contexts that name them can be checked.
 *
 * <p><b>Invariant.</b> The file is on the disk before anything that it excludes is deleted. So segments that begin before
 * it are remains of an interrupted deletion, in whatever order the disk forgot their names, and are not part of the log;
 * and a log that begins after it lacks a file.
 *
 * @param sequence the sequence of the first update that is not deleted
 * @param lasts the last deleted update of each origin
 */
public record LogBeginning(long sequence, SortedMap<ReplicaId, Last> lasts) {

    /** The beginning of a log of which nothing was deleted; it has no file. */
    public static final LogBeginning NONE = new LogBeginning(0, new TreeMap<>());

    /** The file in the directory of the log. */
    static final String FILE = "BEGINNING";

    private static final String TITLE = "Hence log beginning 1";
    private static final int RADIX = 16;

    /** An update of a known origin. */
    public record Last(long counter, int checksum) {}

    /** Copies the map. */
    public LogBeginning {
        lasts = new TreeMap<>(lasts);
    }

    /** The deleted updates. */
    public VersionVector clock() {
        Map<ReplicaId, Long> counters = new TreeMap<>();
        lasts.forEach((origin, last) -> counters.put(origin, last.counter()));
        return VersionVector.of(counters);
    }

    /** The checksum of an update, if it is the last deleted one of its origin; otherwise null. */
    public @Nullable Integer checksum(Dot dot) {
        Last last = lasts.get(dot.replica());
        return last == null || last.counter() != dot.counter() ? null : Integer.valueOf(last.checksum());
    }

    /**
     * Returns the beginning of the log in a directory.
     *
     * @throws LogDamageException if its file is damaged
     */
    static LogBeginning read(Path directory, Disk disk) throws IOException {
        Path file = directory.resolve(FILE);
        if (!disk.exists(file)) {
            return NONE;
        }
        String text = new String(disk.read(file, Integer.MAX_VALUE), StandardCharsets.ISO_8859_1);
        int end = text.lastIndexOf('\n', text.length() - 2) + 1;
        if (!text.startsWith(TITLE + "\n") || !text.substring(end).equals(crc(text.substring(0, end)))) {
            throw new LogDamageException(
                    file, 0, "wrong checksum (expected: that of its content; the file is damaged)");
        }
        return parse(file, text.substring(0, end).split("\n", -1));
    }

    private static LogBeginning parse(Path file, String[] lines) throws LogDamageException {
        try {
            SortedMap<ReplicaId, Last> lasts = new TreeMap<>();
            for (int i = 2; i < lines.length - 1; i++) {
                String[] words = lines[i].split(" ", -1);
                lasts.put(
                        ReplicaId.parse(words[0]),
                        new Last(Long.parseLong(words[1]), Integer.parseUnsignedInt(words[2], RADIX)));
            }
            return new LogBeginning(Long.parseLong(lines[1]), lasts);
        } catch (IllegalArgumentException | IndexOutOfBoundsException malformed) {
            throw new LogDamageException(file, 0, "malformed: " + malformed.getMessage(), malformed);
        }
    }

    /** The content of the file. */
    byte[] bytes() {
        StringBuilder text = new StringBuilder(TITLE + "\n" + sequence + "\n");
        lasts.forEach((origin, last) -> text.append(origin)
                .append(' ')
                .append(last.counter())
                .append(' ')
                .append(Integer.toHexString(last.checksum()))
                .append('\n'));
        return (text + crc(text.toString())).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String crc(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return "crc32c " + Integer.toHexString(Crc32c.of(bytes, 0, bytes.length)) + "\n";
    }
}
