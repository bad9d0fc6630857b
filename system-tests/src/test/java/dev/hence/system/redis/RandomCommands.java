package dev.hence.system.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Random requests, built from the lines of {@code random-commands.txt}, which explains its placeholders. */
final class RandomCommands {

    private static final String FILE = "random-commands.txt";
    private static final int REPEATED_MAX = 4;
    private static final Pattern MARKED = Pattern.compile("([~!]*)(.+)");
    private static final Pattern PART = Pattern.compile("\\[[^]]*]|\\{[^}]*}|\\([^)]*\\)\\.\\.\\.|\\S+");

    /**
     * The values of each placeholder, few of each so that they collide. Nothing malformed: if a key is absent and a
     * number is invalid too, Redis reports sometimes the one and sometimes the other, Hence always the number.
     */
    private static final Map<String, List<String>> KINDS = Map.of(
            "<key>", List.of("k1", "k2", "k3", "k4", "k5"),
            "<lexkey>", List.of("lex"),
            "<member>", List.of("a", "b", "c", "d", "aa", "", "1", "2", "-5", "3.5", "\u0000\u00ff"),
            "<value>", List.of("", "a", "hello", "1", "2", "-7", "3.5", "1e3", "abc def", " 1", "01", "-0", "0", "10"),
            "<number>", List.of("0 1 2 3 -1 -2 4 -3 10 -10 0 1 2 3 -1 -2 9223372036854775807".split(" ", -1)),
            "<delta>", List.of("0", "1", "2", "-1", "-3", "10"),
            "<float>", List.of("0", "1", "2.5", "-1.5", "3", "10", "0.25", "-0.5", "1e3", "3.0"),
            "<score>", List.of("0", "1", "(1", "2.5", "(2.5", "-inf", "+inf", "(3", "10", "-1.5", "-inf", "inf"),
            "<lex>", List.of("-", "+", "[a", "(a", "[c", "(c", "[aa", "[", "(", "[1", "(b"));

    /**
     * A request.
     *
     * @param anyOrder whether its reply has no particular order
     * @param onlyOutsideTransactions whether Hence deliberately differs from Redis when it is queued
     */
    record Request(List<String> words, boolean anyOrder, boolean onlyOutsideTransactions) {
        @Override
        public String toString() {
            return String.join(" ", words);
        }
    }

    private final List<String> lines = lines();

    private static List<String> lines() {
        try (InputStream file = Objects.requireNonNull(RandomCommands.class.getResourceAsStream(FILE), FILE)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    Request next(RandomGenerator random) {
        String line = lines.get(random.nextInt(lines.size()));
        Matcher marked = MARKED.matcher(line);
        if (!marked.matches()) {
            throw new IllegalStateException(FILE + ": " + line + " (expected: marks, then words)");
        }
        String marks = marked.group(1);
        List<String> words = new ArrayList<>();
        expand(marked.group(2), random, words);
        return new Request(words, marks.contains("~"), marks.contains("!"));
    }

    private static void expand(String template, RandomGenerator random, List<String> words) {
        Matcher parts = PART.matcher(template);
        while (parts.find()) {
            String part = parts.group();
            if (part.endsWith("...")) {
                String repeated = part.substring(0, part.length() - 3);
                for (int i = random.nextInt(REPEATED_MAX); i >= 0; i--) {
                    expand(repeated.startsWith("(") ? inside(repeated) : repeated, random, words);
                }
            } else if (part.startsWith("[")) {
                if (random.nextInt(3) == 0) {
                    expand(oneOf(part, random), random, words);
                }
            } else if (part.startsWith("{")) {
                expand(oneOf(part, random), random, words);
            } else {
                List<String> kind = KINDS.get(part);
                words.add(kind == null ? part : kind.get(random.nextInt(kind.size())));
            }
        }
    }

    private static String oneOf(String choice, RandomGenerator random) {
        List<String> alternatives = Arrays.asList(inside(choice).split("\\|", -1));
        return alternatives.get(random.nextInt(alternatives.size()));
    }

    private static String inside(String brackets) {
        return brackets.substring(1, brackets.length() - 1);
    }
}
