package dev.hence.engine.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The data directory left by a killed process, and ways to damage it like a disk does. */
final class Crash {

    /** What closing a storage changes. */
    private static final List<String> PARTS = List.of("db", "log", "IDENTITY");

    private Crash() {}

    /**
     * Writes keys 0, 1, 2... and crashes. The directory is the original, not a copy, so an identity in it may be
     * continued.
     *
     * @return where each write's record ends in the one log file
     */
    static List<Long> afterWrites(Path directory, FsyncPolicy fsync, String... values) throws IOException {
        List<Long> ends = new ArrayList<>();
        Path aside = directory.resolveSibling(directory.getFileName() + "-aside");
        try (Storage storage = DataDirectory.open(directory, "node1", "hence", fsync)) {
            Batches batches = new Batches(storage);
            for (int i = 0; i < values.length; i++) {
                batches.set("key" + i, values[i]);
                ends.add(Files.size(logs(directory).getLast()));
            }
            Files.createDirectory(aside);
            for (String part : PARTS) {
                copy(directory.resolve(part), aside.resolve(part));
            }
        }
        for (String part : PARTS) {
            delete(directory.resolve(part));
            copy(aside.resolve(part), directory.resolve(part));
        }
        delete(aside);
        return ends;
    }

    /** The segments of the log. */
    static List<Path> logs(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("log"))) {
            return files.filter(file -> file.getFileName().toString().endsWith(".log"))
                    .sorted()
                    .toList();
        }
    }

    /** Every file that holds data, and its content. */
    static Map<String, String> contents(Path directory) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = directory.relativize(file).toString();
                if (!name.startsWith("native") && !name.startsWith("db/LOG") && !name.endsWith("LOCK")) {
                    contents.put(name, HexFormat.of().formatHex(Files.readAllBytes(file)));
                }
            }
        }
        return contents;
    }

    /** Flips the bits of bytes of a file. */
    static void flip(Path file, long offset, int count) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        for (int i = 0; i < count && offset + i < bytes.length; i++) {
            bytes[(int) offset + i] ^= (byte) 0xff;
        }
        Files.write(file, bytes);
    }

    /** Makes a file lose bytes that were never forced. */
    static void zero(Path file, long from, long to) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Arrays.fill(bytes, (int) from, (int) to, (byte) 0);
        Files.write(file, bytes);
    }

    static void truncate(Path file, long size) throws IOException {
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), (int) size));
    }

    /** As if the machine had been rebooted since a node ran in a directory. */
    static void reboot(Path directory) throws IOException {
        Path run = directory.resolve("LAST_RUN");
        if (Files.exists(run)) {
            Files.writeString(run, Files.readString(run).split("[ \n]", -1)[0] + " another-boot\n");
        }
    }

    /** Copies a database that may be compacting until it was not. */
    static void whileUnchanged(Path database, Path target, CrashDisk.Stop copy) throws IOException {
        while (true) {
            Map<Path, Long> before = sizes(database);
            try {
                copy.run();
                if (sizes(database).equals(before)) {
                    return;
                }
            } catch (NoSuchFileException | UncheckedIOException changed) {
                // The copy is made again.
            }
            if (Files.exists(target)) {
                delete(target);
            }
        }
    }

    private static Map<Path, Long> sizes(Path directory) throws IOException {
        Map<Path, Long> sizes = new TreeMap<>();
        if (Files.exists(directory)) {
            try (Stream<Path> files = Files.list(directory)) {
                files.forEach(file -> sizes.put(file, file.toFile().length()));
            }
        }
        return sizes;
    }

    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
