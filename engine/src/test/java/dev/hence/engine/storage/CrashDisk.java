package dev.hence.engine.storage;

import dev.hence.engine.disk.AppendFile;
import dev.hence.engine.disk.Disk;
import dev.hence.engine.disk.LosingDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * A disk that fails or stops at a given operation. A power loss leaves of an appended file what was forced, and any of
 * the sectors that were not.
 *
 * <p>Thread-safe.
 */
final class CrashDisk implements Disk {

    private static final int SECTOR_BYTES = 512;

    /** Runs when the disk stops. */
    @FunctionalInterface
    interface Stop {
        void run() throws IOException;
    }

    private final Path root;
    private final LosingDisk disk;

    /** How much of each appended file was forced. */
    private final Map<String, Long> forced = new HashMap<>();

    private int operations;
    private int failingOperation;
    private int stoppingOperation;
    private Stop stop = () -> {};

    /** The size of the append in progress. */
    private int appending;

    /**
     * @param root a directory that exists permanently
     * @param forced how much of each file there was forced, if not all
     */
    CrashDisk(Path root, Map<String, Long> forced) throws IOException {
        this.root = root;
        this.disk = new LosingDisk(root);
        this.forced.putAll(forced);
        try (Stream<Path> files = Files.walk(root)) {
            for (Path directory : files.filter(Files::isDirectory).toList()) {
                disk.force(directory);
            }
        }
    }

    /** Makes an operation fail, and only that. */
    synchronized void failAt(int operation) {
        failingOperation = operation;
    }

    /** Runs an action after an operation. */
    synchronized void stopAt(int operation, Stop action) {
        stoppingOperation = operation;
        stop = action;
    }

    /** How many operations there were. */
    synchronized int operations() {
        return operations;
    }

    /** How much of each appended file was forced. */
    synchronized Map<String, Long> forced() {
        return Map.copyOf(forced);
    }

    /** Copies what a power loss leaves. */
    synchronized void powerLoss(Path directory, Path left, SplittableRandom random) throws IOException {
        disk.powerLoss(directory, left);
        for (Map.Entry<String, Long> file : forced.entrySet()) {
            Path kept = left.resolve("log").resolve(file.getKey());
            if (Files.exists(kept)) {
                byte[] written = Files.readAllBytes(directory.resolve("log").resolve(file.getKey()));
                keepIndex(file.getKey(), directory.resolve("log"), left.resolve("log"), random);
                Files.write(kept, sectors(written, (int) Math.min(file.getValue(), written.length), random));
            }
        }
    }

    /** Index files are not forced, but may be there. */
    private static void keepIndex(String segment, Path from, Path to, SplittableRandom random) throws IOException {
        String index = segment.replace(".log", ".index");
        if (Files.exists(from.resolve(index)) && random.nextBoolean()) {
            Files.write(to.resolve(index), Files.readAllBytes(from.resolve(index)));
        }
    }

    private static byte[] sectors(byte[] written, int forced, SplittableRandom random) {
        int length = random.nextInt(4) == 0 ? written.length : random.nextInt(forced, written.length + 1);
        byte[] left = Arrays.copyOf(written, length);
        int kept = random.nextInt(4);
        for (int at = forced; at < length; ) {
            int end = Math.min(length, (at / SECTOR_BYTES + 1) * SECTOR_BYTES);
            if (random.nextInt(4) >= kept) {
                Arrays.fill(left, at, end, (byte) 0);
            }
            at = end;
        }
        return left;
    }

    /** Copies what the end of the process leaves: everything, but an append in progress may be written in part. */
    synchronized void kill(Path directory, Path left, SplittableRandom random) throws IOException {
        Crash.copy(directory, left);
        if (appending > 0) {
            Path last = Crash.logs(left).getLast();
            Crash.truncate(last, Files.size(last) - random.nextInt(appending));
        }
    }

    private void before() throws IOException {
        operations++;
        if (operations == failingOperation) {
            throw new IOException("the disk is full");
        }
    }

    private void after() throws IOException {
        if (operations == stoppingOperation) {
            stop.run();
        }
    }

    @Override
    public synchronized void createDirectory(Path directory) throws IOException {
        before();
        disk.createDirectory(directory);
        after();
    }

    @Override
    public synchronized void write(Path file, byte[] content) throws IOException {
        before();
        disk.write(file, content);
        after();
    }

    @Override
    public synchronized void copy(Path from, long offset, Path to) throws IOException {
        before();
        disk.copy(from, offset, to);
        after();
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        before();
        disk.rename(from, to);
        after();
    }

    @Override
    public synchronized void delete(Path file) throws IOException {
        before();
        disk.delete(file);
        forced.remove(name(file));
        after();
    }

    @Override
    public synchronized void force(Path fileOrDirectory) throws IOException {
        before();
        disk.force(fileOrDirectory);
        after();
    }

    @Override
    public synchronized void truncate(Path file, long size) throws IOException {
        before();
        disk.truncate(file, size);
        after();
    }

    @Override
    public synchronized AppendFile open(Path file) throws IOException {
        before();
        long size = Files.exists(file) ? Files.size(file) : 0;
        forced.putIfAbsent(name(file), size);
        AppendFile opened = new Tracked(file, disk.open(file));
        after();
        return opened;
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    /** A file of which the forced part is known. */
    private final class Tracked implements AppendFile {
        private final Path path;
        private final AppendFile file;

        Tracked(Path path, AppendFile file) {
            this.path = path;
            this.file = file;
        }

        @Override
        public long size() {
            return file.size();
        }

        @Override
        public void append(byte[] bytes, int from, int length) throws IOException {
            synchronized (CrashDisk.this) {
                if (operations + 1 == failingOperation) {
                    file.append(bytes, from, length / 2);
                }
                before();
                file.append(bytes, from, length);
                appending = length;
                after();
                appending = 0;
            }
        }

        @Override
        public void read(long at, byte[] into, int from, int length) throws IOException {
            file.read(at, into, from, length);
        }

        @Override
        public void force() throws IOException {
            synchronized (CrashDisk.this) {
                before();
                file.force();
                forced.put(name(path), Files.size(path));
                after();
            }
        }

        @Override
        public void seal() throws IOException {
            file.seal();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    @Override
    public String toString() {
        return root.toString();
    }
}
