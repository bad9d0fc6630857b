package dev.hence.redis.node;

import dev.hence.redis.connection.Traffic;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * How much the node was used over the Redis protocol, since it started or was told to count again: what {@code INFO}
 * and the metrics of a node tell of its clients' commands, in one place.
 *
 * <p>Connections count what they can by themselves and add it when they answer: no command pays for more than the
 * counters of its own name.
 *
 * <p>Thread-safe.
 */
public final class Usage {

    /** The kinds of errors counted one by one; others of their first words are counted together. */
    private static final int ERROR_KINDS_MAX = 128;

    /** How often one command was used. */
    public static final class OfCommand {
        private final LongAdder calls = new LongAdder();
        private final LongAdder micros = new LongAdder();
        private final LongAdder failures = new LongAdder();

        /** How often it was answered. */
        public long calls() {
            return calls.sum();
        }

        /** How long that took, from when it was read until its reply was ready. */
        public long micros() {
            return micros.sum();
        }

        /** How often the answer was an error. */
        public long failures() {
            return failures.sum();
        }
    }

    /**
     * What grows with every command, at one moment.
     *
     * @param receivedBytes from clients
     * @param sentBytes to clients
     */
    public record Totals(long commands, long receivedBytes, long sentBytes) {}

    /** How much that grew in a second, as a mean of the last two. */
    public record Rates(double commands, double receivedBytes, double sentBytes) {}

    private final Map<String, OfCommand> commands = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> errors = new ConcurrentHashMap<>();
    private final LongAdder connected = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final Traffic traffic = new Traffic();
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final Throughput throughput = new Throughput();

    /** A client has connected. */
    public void connected() {
        connected.increment();
    }

    /** A client was turned away because there were too many. */
    public void rejected() {
        rejected.increment();
    }

    /** What connections count of their bytes. */
    public Traffic traffic() {
        return traffic;
    }

    /** Commands that read have looked up keys: so many were found, and so many were absent or expired. */
    public void lookedUp(long found, long absent) {
        if (found > 0) {
            hits.add(found);
        }
        if (absent > 0) {
            misses.add(absent);
        }
    }

    /** Takes a sample for {@link #rates}; due about once a second. */
    public void sample(long nowNanos) {
        throughput.sample(new Totals(commandsAnswered(), traffic.receivedBytes(), traffic.sentBytes()), nowNanos);
    }

    /** A command was answered. */
    public void answered(String command, long micros) {
        OfCommand one = commands.get(command);
        if (one == null) {
            one = commands.computeIfAbsent(command, any -> new OfCommand());
        }
        one.calls.increment();
        one.micros.add(micros);
    }

    /**
     * The answer to a command was an error.
     *
     * @param text what the client was told; its first word says of which kind it is
     */
    public void failed(String command, String text) {
        commands.computeIfAbsent(command, any -> new OfCommand()).failures.increment();
        refused(text);
    }

    /** A command was refused before anybody looked at what it is. */
    public void refused(String text) {
        int space = text.indexOf(' ');
        String kind = space < 0 ? text : text.substring(0, space);
        LongAdder count = errors.get(kind);
        if (count == null) {
            count = errors.computeIfAbsent(errors.size() < ERROR_KINDS_MAX ? kind : "OTHER", any -> new LongAdder());
        }
        count.increment();
    }

    /** How many clients have connected. */
    public long connections() {
        return connected.sum();
    }

    /** How many were turned away. */
    public long connectionsRejected() {
        return rejected.sum();
    }

    /** How many commands were answered. */
    public long commandsAnswered() {
        return commands.values().stream().mapToLong(OfCommand::calls).sum();
    }

    /** How many keys that commands looked up to read them were there. */
    public long hits() {
        return hits.sum();
    }

    /** How many of them were absent or expired. */
    public long misses() {
        return misses.sum();
    }

    /** How fast the counters grew recently. */
    public Rates rates() {
        return throughput.rates();
    }

    /** How often each command was used, by its name. */
    public Map<String, OfCommand> byCommand() {
        return new TreeMap<>(commands);
    }

    /** How many errors of each kind there were. */
    public Map<String, Long> errors() {
        Map<String, Long> counts = new TreeMap<>();
        errors.forEach((kind, count) -> counts.put(kind, count.sum()));
        return counts;
    }

    /** Counts from zero again. */
    public void reset() {
        commands.clear();
        errors.clear();
        connected.reset();
        rejected.reset();
        traffic.reset();
        hits.reset();
        misses.reset();
    }
}
