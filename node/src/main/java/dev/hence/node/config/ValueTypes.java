package dev.hence.node.config;

import dev.hence.core.clock.ReplicaId;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The kinds of values that settings have. */
final class ValueTypes {

    private static final Set<String> YES = Set.of("true", "yes", "on", "1");
    private static final Set<String> NO = Set.of("false", "no", "off", "0");
    private static final Pattern CLUSTER = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern HOST = Pattern.compile("[^\\s/\\[\\]]+");
    private static final Pattern BYTES = Pattern.compile("(\\d{1,18})\\s*([A-Za-z]*)");
    private static final Map<String, Integer> SHIFTS = Map.of("", 0, "b", 0, "kib", 10, "mib", 20, "gib", 30);

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*([smhd])");
    private static final Map<String, Duration> UNITS = Map.of(
            "s", Duration.ofSeconds(1), "m", Duration.ofMinutes(1), "h", Duration.ofHours(1), "d", Duration.ofDays(1));

    private static final int PASSWORD_CHARS_MAX = 512;

    private ValueTypes() {}

    static ValueType<String> nodeName() {
        return text("NAME", "1 to 64 of A-Z a-z 0-9 . _ -, not beginning with . or -", text -> ReplicaId.isName(text));
    }

    static ValueType<String> clusterName() {
        return text(
                "NAME",
                "1 to 64 of A-Z a-z 0-9 . _ -",
                text -> CLUSTER.matcher(text).matches());
    }

    static ValueType<String> password() {
        return text("TEXT", "1 to 512 characters", text -> !text.isEmpty() && text.length() <= PASSWORD_CHARS_MAX);
    }

    /** A host name or an address; an IPv6 address may have brackets, which are removed from the value. */
    static ValueType<String> listenAddress() {
        String expected = "a host name or an address";
        return new ValueType<>(
                "ADDRESS",
                expected,
                false,
                text -> {
                    String bare =
                            text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
                    return require(HOST.matcher(bare).matches(), bare, expected);
                },
                text -> text);
    }

    static ValueType<Path> path() {
        String expected = "a path";
        return new ValueType<>(
                "PATH",
                expected,
                false,
                text -> {
                    try {
                        return Path.of(require(!text.isEmpty(), text, expected));
                    } catch (InvalidPathException malformed) {
                        throw new IllegalArgumentException(expected, malformed);
                    }
                },
                Path::toString);
    }

    static ValueType<Integer> integer(String placeholder, int min, int max) {
        return integer(placeholder, min, max, "a number, " + min + " to " + max);
    }

    static ValueType<Integer> integer(String placeholder, int min, int max, String expected) {
        return new ValueType<>(
                placeholder, expected, false, text -> (int) number(text, min, max, expected), String::valueOf);
    }

    /** A number of bytes that fits an int; see {@link #bytes}. */
    static ValueType<Integer> intBytes(int min, int max) {
        ValueType<Long> wide = bytes(min, max);
        return new ValueType<>(
                wide.placeholder(),
                wide.expected(),
                false,
                text -> Math.toIntExact(wide.parse(text)),
                bytes -> wide.show((long) bytes));
    }

    /**
     * A number of bytes: plain, or with the unit KiB, MiB or GiB. Other units are rejected, because they are ambiguous.
     */
    static ValueType<Long> bytes(long min, long max) {
        String expected = "bytes, plain or in KiB, MiB or GiB, " + showBytes(min) + " to " + showBytes(max);
        return new ValueType<>(
                "BYTES",
                expected,
                false,
                text -> {
                    Matcher matcher = BYTES.matcher(text);
                    Integer shift =
                            matcher.matches() ? SHIFTS.get(matcher.group(2).toLowerCase(Locale.ROOT)) : null;
                    if (shift == null) {
                        throw new IllegalArgumentException(expected);
                    }
                    long units = Long.parseLong(matcher.group(1));
                    long bytes = units > Long.MAX_VALUE >> shift ? Long.MAX_VALUE : units << shift;
                    return require(bytes >= min && bytes <= max, bytes, expected);
                },
                ValueTypes::showBytes);
    }

    /** A whole number of seconds, minutes, hours or days. */
    static ValueType<Duration> duration(Duration min, Duration max) {
        String expected = "a number with the unit s, m, h or d, " + showDuration(min) + " to " + showDuration(max);
        return new ValueType<>(
                "DURATION",
                expected,
                false,
                text -> {
                    Matcher matcher = DURATION.matcher(text);
                    Duration unit = matcher.matches() ? UNITS.get(matcher.group(2)) : null;
                    if (unit == null) {
                        throw new IllegalArgumentException(expected);
                    }
                    Duration duration = unit.multipliedBy(Long.parseLong(matcher.group(1)));
                    return require(duration.compareTo(min) >= 0 && duration.compareTo(max) <= 0, duration, expected);
                },
                ValueTypes::showDuration);
    }

    private static String showDuration(Duration duration) {
        if (duration.equals(Duration.ofDays(duration.toDays()))) {
            return duration.toDays() + "d";
        }
        return duration.equals(Duration.ofHours(duration.toHours()))
                ? duration.toHours() + "h"
                : duration.toSeconds() + "s";
    }

    /** A boolean. */
    static ValueType<Boolean> onOrOff() {
        String expected = "true or false";
        return new ValueType<>(
                "BOOLEAN",
                expected,
                true,
                text -> {
                    String lower = text.toLowerCase(Locale.ROOT);
                    require(YES.contains(lower) || NO.contains(lower), lower, expected);
                    return YES.contains(lower);
                },
                String::valueOf);
    }

    /** One of the constants of an enum, in lower case. */
    static <E extends Enum<E>> ValueType<E> choice(String placeholder, Class<E> choices) {
        String expected = Arrays.stream(choices.getEnumConstants())
                .map(ValueTypes::showChoice)
                .collect(Collectors.joining(", "));
        return new ValueType<>(
                placeholder,
                expected,
                false,
                text -> Arrays.stream(choices.getEnumConstants())
                        .filter(choice -> showChoice(choice).equalsIgnoreCase(text))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException(expected)),
                ValueTypes::showChoice);
    }

    static ValueType<List<PeerAddress>> peers() {
        return new ValueType<>(
                "LIST",
                PeerAddressParser.EXPECTED,
                false,
                PeerAddressParser::parseList,
                peers -> peers.stream().map(PeerAddress::toString).collect(Collectors.joining(",")));
    }

    /** A number within the range. */
    static long number(String text, long min, long max, String expected) {
        try {
            long number = Long.parseLong(text);
            return require(number >= min && number <= max, number, expected);
        } catch (NumberFormatException malformed) {
            throw new IllegalArgumentException(expected, malformed);
        }
    }

    /** A number of bytes in the largest unit that keeps it whole: {@code 64 MiB}, {@code 65535}. */
    static String showBytes(long bytes) {
        String[] units = {"KiB", "MiB", "GiB"};
        for (int power = units.length; power > 0; power--) {
            long unit = 1L << (10 * power);
            if (bytes >= unit && bytes % unit == 0) {
                return bytes / unit + " " + units[power - 1];
            }
        }
        return Long.toString(bytes);
    }

    static <T> T require(boolean acceptable, T value, String expected) {
        if (!acceptable) {
            throw new IllegalArgumentException(expected);
        }
        return value;
    }

    private static String showChoice(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static ValueType<String> text(String placeholder, String expected, Predicate<String> isAcceptable) {
        return new ValueType<>(
                placeholder, expected, false, text -> require(isAcceptable.test(text), text, expected), text -> text);
    }
}
