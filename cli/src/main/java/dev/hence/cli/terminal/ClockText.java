package dev.hence.cli.terminal;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Vector clocks for people. */
public final class ClockText {

    private ClockText() {}

    /** The counters in the order of node names, the incarnations of a name summed up: {@code [1,1,0]}. */
    public static String list(Map<String, Long> clock) {
        return byNode(clock).values().stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]"));
    }

    /** The counters with what they count: {@code node1:1 node2:1 node3:0}. */
    public static String named(Map<String, Long> clock) {
        return clock.entrySet().stream()
                .map(entry -> entry.getKey() + ":" + entry.getValue())
                .collect(Collectors.joining(" "));
    }

    /** The counters by node name, in the order of names, the incarnations of a name summed up. */
    public static Map<String, Long> byNode(Map<String, Long> clock) {
        Map<String, Long> sums = new TreeMap<>();
        clock.forEach((name, counter) -> sums.merge(nodeName(name), counter, Long::sum));
        return sums;
    }

    /** How many updates a clock stands for. */
    public static long updates(Map<String, Long> clock) {
        return clock.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The name of a node whose clock entry may carry an incarnation: {@code node1~00c0ffee}. */
    private static String nodeName(String entry) {
        int tilde = entry.indexOf('~');
        return tilde < 0 ? entry : entry.substring(0, tilde);
    }
}
