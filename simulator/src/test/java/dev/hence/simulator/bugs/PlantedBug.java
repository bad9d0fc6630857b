package dev.hence.simulator.bugs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A plausible bug, as replacements in the sources.
 *
 * @param name the name of its file, without the ending
 * @param what the bug, in one sentence
 * @param profile the profile whose seeds are run; empty for each seed's own
 * @param seed the seed that caught it in the last search, which is run before others
 * @param replacements at least one
 */
record PlantedBug(String name, String what, String profile, long seed, List<Replacement> replacements) {
    private static final Path DIRECTORY = Path.of("src/test/resources/bugs");
    private static final Path ROOT = Path.of("..");
    private static final String SEED = "seed: ";

    /** A text that occurs once in a file, and its replacement. */
    record Replacement(String file, String right, String wrong) {}

    /** All bugs, in the order of their numbers. */
    static List<PlantedBug> all() {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            return files.filter(file -> file.toString().endsWith(".bug"))
                    .sorted(Comparator.comparingInt(PlantedBug::number))
                    .map(PlantedBug::read)
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static int number(Path file) {
        String name = file.getFileName().toString();
        return Integer.parseInt(name.substring(0, name.indexOf('-')));
    }

    /**
     * The first line describes the bug, the next may name a profile and a seed; then follow blocks of {@code file:},
     * {@code - } lines and {@code + } lines.
     */
    private static PlantedBug read(Path path) {
        List<String> lines = lines(path);
        List<Replacement> replacements = new ArrayList<>();
        String file = "";
        String profile = "";
        long seed = 1;
        StringBuilder right = new StringBuilder();
        StringBuilder wrong = new StringBuilder();
        for (String line : lines.subList(1, lines.size())) {
            boolean nextBlock = line.startsWith("file: ") || (line.startsWith("- ") && !wrong.isEmpty());
            if (nextBlock && !right.isEmpty()) {
                replacements.add(new Replacement(file, right.toString(), wrong.toString()));
                right.setLength(0);
                wrong.setLength(0);
            }
            if (line.startsWith("file: ")) {
                file = line.substring("file: ".length());
            } else if (line.startsWith("profile: ")) {
                profile = line.substring("profile: ".length());
            } else if (line.startsWith(SEED)) {
                seed = Long.parseLong(line.substring(SEED.length()));
            } else if (line.startsWith("- ")) {
                right.append(line.substring(2)).append('\n');
            } else if (line.startsWith("+ ")) {
                wrong.append(line.substring(2)).append('\n');
            } else if (!line.isBlank()) {
                throw new IllegalArgumentException(
                        path + ": \"" + line + "\" (expected: a line that begins with \"file: \", \"- \" or \"+ \")");
            }
        }
        replacements.add(new Replacement(file, right.toString(), wrong.toString()));
        String name = path.getFileName().toString();
        return new PlantedBug(
                name.substring(0, name.length() - ".bug".length()), lines.getFirst(), profile, seed, replacements);
    }

    /** Records in the bug's file the seed that caught it. */
    void rememberSeed(long caught) throws IOException {
        Path path = DIRECTORY.resolve(name + ".bug");
        List<String> kept = new ArrayList<>(lines(path));
        kept.removeIf(line -> line.startsWith(SEED));
        kept.add(profile.isEmpty() ? 1 : 2, SEED + caught);
        Files.write(path, kept);
    }

    private static List<String> lines(Path path) {
        try {
            return Files.readAllLines(path);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** The changed sources, by file. */
    Map<String, String> sources() {
        Map<String, String> sources = new LinkedHashMap<>();
        for (Replacement replacement : replacements) {
            String source = sources.getOrDefault(replacement.file(), source(replacement.file()));
            sources.put(replacement.file(), replaced(source, replacement));
        }
        return sources;
    }

    private static String source(String file) {
        return String.join("\n", lines(ROOT.resolve(file))) + "\n";
    }

    private String replaced(String source, Replacement replacement) {
        int at = source.indexOf(replacement.right());
        if (at < 0 || source.indexOf(replacement.right(), at + 1) >= 0) {
            throw new IllegalStateException("bug " + name + ": " + replacement.file()
                    + " does not hold these lines exactly once (expected: bring the bug up to date):\n"
                    + replacement.right());
        }
        return source.substring(0, at)
                + replacement.wrong()
                + source.substring(at + replacement.right().length());
    }

    @Override
    public String toString() {
        return name;
    }
}
