package dev.hence.simulator.world;

import dev.hence.engine.disk.AppendFile;
import dev.hence.engine.disk.Disk;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Files in memory, as processes see them and as a power loss would leave them.
 *
 * <p>What processes see survives the end of a process. A power loss keeps what was forced. Of each file that was changed
 * since, it keeps any of the changed sectors, in no order, and any size between the two; a lost sector holds what it held
 * before, zeros, or what an earlier file of the same name held there. Of the names that were changed since their directory was forced, it
 * keeps any.
 *
 * <p>An append is written in two parts, and between the two, as after every other operation, the process may end.
 */
public final class SimulatedDisk implements Disk {
    /** Smaller than real ones, because the logs of a short run are small. */
    private static final int SECTOR_BYTES = 64;

    /** Before it, lost bytes are zeros: the header of a log's segment, which is forced before the rest is written. */
    private static final int OLD_CONTENT_FROM = 32;

    private static final byte[] NOTHING = {};

    /** A force failed. */
    public static final class ForceFailedException extends IOException {
        private static final long serialVersionUID = 1L;

        private ForceFailedException() {
            super("fsync: input/output error");
        }
    }

    /** A file. */
    private static final class Inode {
        private byte[] bytes = NOTHING;
        private int size;
        private byte[] forced = NOTHING;
        private int forcedSize;

        /** The next force writes everything from here on. */
        private int changedFrom;

        /** Up to here, a power loss takes nothing. It is before {@link #changedFrom} after a force that failed. */
        private int safeUpTo;

        Inode copy() {
            Inode copy = new Inode();
            copy.bytes = Arrays.copyOf(bytes, size);
            copy.size = size;
            copy.forced = forced.clone();
            copy.forcedSize = forcedSize;
            copy.changedFrom = changedFrom;
            copy.safeUpTo = safeUpTo;
            return copy;
        }

        void append(byte[] from, int at, int length) {
            if (size + length > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + length));
            }
            System.arraycopy(from, at, bytes, size, length);
            size += length;
        }

        void truncate(int to) {
            size = Math.min(size, to);
            changedFrom = Math.min(changedFrom, to);
            safeUpTo = Math.min(safeUpTo, to);
        }

        void force() {
            if (forced.length < size) {
                forced = Arrays.copyOf(forced, bytes.length);
            }
            System.arraycopy(bytes, changedFrom, forced, changedFrom, size - changedFrom);
            if (changedFrom <= safeUpTo) {
                safeUpTo = size;
            }
            changedFrom = size;
            forcedSize = size;
        }

        byte[] content() {
            return Arrays.copyOf(bytes, size);
        }
    }

    private final Chance chance;
    private final Map<Path, Inode> names = new TreeMap<>();
    private Map<Path, Inode> forcedNames = new TreeMap<>();

    /** What deleted files held; a later file of the same name may get their sectors. */
    private final Map<Path, byte[]> oldContents = new TreeMap<>();

    private Runnable afterOperation = () -> {};
    private boolean nextForceFails;

    /** An empty disk. */
    public SimulatedDisk(Chance chance) {
        this.chance = chance;
    }

    /** Sets a callback that runs after every operation that changes something, and in the middle of appends. */
    public void watch(Runnable watcher) {
        afterOperation = watcher;
    }

    /** Makes the next force of a file fail: what it should have written never reaches the disk by itself. */
    public void failNextForce() {
        nextForceFails = true;
    }

    /** Takes back {@link #failNextForce}. */
    public void mend() {
        nextForceFails = false;
    }

    /** Returns a disk with the content that processes see here, all of it forced. */
    public SimulatedDisk copy(Chance chanceOfCopy) {
        SimulatedDisk copy = new SimulatedDisk(chanceOfCopy);
        names.forEach((name, inode) -> {
            Inode kept = inode.copy();
            kept.changedFrom = 0;
            kept.force();
            copy.names.put(name, kept);
        });
        copy.forcedNames = new TreeMap<>(copy.names);
        return copy;
    }

    /** Loses power. */
    public void losePower() {
        Map<Path, Inode> before = new TreeMap<>(names);
        names.clear();
        Map<Path, Inode> either = new TreeMap<>(before);
        either.putAll(forcedNames);
        either.keySet().forEach(name -> {
            Inode now = before.get(name);
            Inode forced = forcedNames.get(name);
            Inode left = now == forced || chance.happens(0.5) ? now : forced;
            if (left != null) {
                names.put(name, left);
            }
        });
        names.forEach(this::losePower);
        forcedNames = new TreeMap<>(names);
        nextForceFails = false;
    }

    private void losePower(Path name, Inode file) {
        if (file.safeUpTo == file.size && file.forcedSize == file.size) {
            return;
        }
        int least = Math.min(file.size, file.forcedSize);
        int most = Math.max(file.size, file.forcedSize);
        int size = switch (chance.below(4)) {
            case 0 -> least;
            case 1 -> most;
            default -> (int) chance.between(least, most);
        };
        byte[] left = Arrays.copyOf(file.bytes, size);
        int kept = chance.below(5);
        byte[] other = chance.happens(0.5) ? NOTHING : oldContents.getOrDefault(name, NOTHING);
        for (int at = file.safeUpTo; at < size; ) {
            int end = Math.min(size, (at / SECTOR_BYTES + 1) * SECTOR_BYTES);
            boolean isThere = end > file.changedFrom && at < file.size && chance.below(4) < kept;
            if (!isThere) {
                for (int i = at; i < end; i++) {
                    left[i] = i < file.forcedSize
                            ? file.forced[i]
                            : i < other.length && i >= OLD_CONTENT_FROM ? other[i] : 0;
                }
            }
            at = end;
        }
        file.bytes = left;
        file.size = size;
        file.changedFrom = 0;
        file.safeUpTo = 0;
        file.force();
    }

    private Inode inode(Path file) throws NoSuchFileException {
        Inode inode = names.get(file);
        if (inode == null) {
            throw new NoSuchFileException(file.toString());
        }
        return inode;
    }

    @Override
    public void createDirectory(Path directory) {
        // Every directory exists.
    }

    @Override
    public void write(Path file, byte[] content) {
        Inode inode = names.computeIfAbsent(file, absent -> new Inode());
        inode.truncate(0);
        inode.append(content, 0, content.length);
        afterOperation.run();
    }

    @Override
    public void copy(Path from, long offset, Path to) throws IOException {
        byte[] content = inode(from).content();
        write(to, Arrays.copyOfRange(content, (int) offset, content.length));
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        names.put(to, inode(from));
        names.remove(from);
        afterOperation.run();
    }

    @Override
    public void delete(Path file) {
        Inode deleted = names.remove(file);
        if (deleted != null) {
            oldContents.put(file, deleted.content());
            afterOperation.run();
        }
    }

    @Override
    public void force(Path fileOrDirectory) throws IOException {
        Inode file = names.get(fileOrDirectory);
        if (file != null) {
            force(file);
            return;
        }
        forcedNames = new TreeMap<>(names);
        afterOperation.run();
    }

    private void force(Inode file) throws IOException {
        if (nextForceFails) {
            nextForceFails = false;
            file.changedFrom = file.size;
            throw new ForceFailedException();
        }
        file.force();
        afterOperation.run();
    }

    @Override
    public void rewrite(Path file) throws IOException {
        inode(file).changedFrom = 0;
        afterOperation.run();
    }

    @Override
    public void truncate(Path file, long size) throws IOException {
        inode(file).truncate((int) size);
        afterOperation.run();
    }

    @Override
    public boolean exists(Path file) {
        return names.containsKey(file);
    }

    @Override
    public List<Path> list(Path directory) {
        return names.keySet().stream()
                .filter(file -> directory.equals(file.getParent()))
                .toList();
    }

    @Override
    public long size(Path file) throws IOException {
        return inode(file).size;
    }

    @Override
    public long writtenMillis(Path file) {
        // Nothing depends on the age of a file.
        return 0;
    }

    @Override
    public byte[] read(Path file, int bytesMax) throws IOException {
        Inode inode = inode(file);
        return Arrays.copyOf(inode.bytes, Math.min(inode.size, bytesMax));
    }

    @Override
    public ByteBuffer map(Path file) throws IOException {
        return ByteBuffer.wrap(inode(file).content()).asReadOnlyBuffer();
    }

    @Override
    public AppendFile open(Path file) {
        @Nullable Inode existing = names.get(file);
        if (existing == null) {
            names.put(file, new Inode());
            afterOperation.run();
        }
        return new OpenFile(Objects.requireNonNull(names.get(file)));
    }

    /** A descriptor. */
    private final class OpenFile implements AppendFile {
        private final Inode inode;

        OpenFile(Inode inode) {
            this.inode = inode;
        }

        @Override
        public long size() {
            return inode.size;
        }

        @Override
        public void append(byte[] bytes, int from, int length) {
            int first = length == 0 ? 0 : chance.below(length);
            inode.append(bytes, from, first);
            afterOperation.run();
            inode.append(bytes, from + first, length - first);
        }

        @Override
        public void read(long at, byte[] into, int from, int length) throws IOException {
            if (at + length > inode.size) {
                throw new EOFException();
            }
            System.arraycopy(inode.bytes, (int) at, into, from, length);
        }

        @Override
        public void force() throws IOException {
            SimulatedDisk.this.force(inode);
        }

        @Override
        public void seal() {
            // No descriptors are kept.
        }

        @Override
        public void close() {
            // No descriptors are kept.
        }
    }
}
