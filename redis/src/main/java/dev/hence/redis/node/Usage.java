package dev.hence.redis.node;

import dev.hence.redis.connection.Traffic;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * The usage counters of the Redis protocol, since startup or the last reset: the single source of what {@code INFO} and
 * the metrics report about clients' commands.
 *
 * <p>Connections count locally and add their counts when they answer: a command only updates the counters of its own
 * name.
 *
 * <p>Thread-safe.
 */
public final class Usage {

    /** The maximum number of error kinds counted separately; others are counted together. */
    private static final int ERROR_KINDS_MAX = 128;

    /** The counters of one command. */
    public static final class OfCommand {
        private final LongAdder calls = new LongAdder();
        private final LongAdder micros = new LongAdder();
        private final LongAdder failures = new LongAdder();

        /** The number of calls. */
        public long calls() {
            return calls.sum();
        }

        /** Their total duration in microseconds, each from when it was read until its reply was ready. */
        public long micros() {
            return micros.sum();
        }

        /** The number of error replies. */
        public long failures() {
            return failures.sum();
        }
    }

    /**
     * The counters that grow with every command, at one moment.
     *
     * @param receivedBytes from clients
     * @param sentBytes to clients
     */
    public record Totals(long commands, long receivedBytes, long sentBytes) {}

    /** Their growth per second, as a mean of the last two seconds. */
    public record Rates(double commands, double receivedBytes, double sentBytes) {}

    private final Map<String, OfCommand> commands = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> errors = new ConcurrentHashMap<>();
    private final LongAdder connected = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final Traffic traffic = new Traffic();
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final Throughput throughput = new Throughput();

    /** Records that a client connected. */
    public void connected() {
        connected.increment();
    }

    /** Records that a connection was rejected because the maximum number of clients was reached. */
    public void rejected() {
        rejected.increment();
    }

    /** The byte counters of the connections. */
    public Traffic traffic() {
        return traffic;
    }

    /** Records look-ups of keys by reading commands: how many were found, and how many were absent or expired. */
    public void lookedUp(long found, long absent) {
        if (found > 0) {
            hits.add(found);
        }
        if (absent > 0) {
            misses.add(absent);
        }
    }

    /** Takes a sample for {@link #rates}; call it about once a second. */
    public void sample(long nowNanos) {
        throughput.sample(new Totals(commandsAnswered(), traffic.receivedBytes(), traffic.sentBytes()), nowNanos);
    }

    /** Records that a command was answered. */
    public void answered(String command, long micros) {
        OfCommand one = commands.get(command);
        if (one == null) {
            one = commands.computeIfAbsent(command, any -> new OfCommand());
        }
        one.calls.increment();
        one.micros.add(micros);
    }

    /**
     * Records that the reply to a command was an error.
     *
     * @param text the error text; its first word is the kind
     */
    public void failed(String command, String text) {
        commands.computeIfAbsent(command, any -> new OfCommand()).failures.increment();
        refused(text);
    }

    /** Records that a command was rejected before it was identified. */
    public void refused(String text) {
        int space = text.indexOf(' ');
        String kind = space < 0 ? text : text.substring(0, space);
        LongAdder count = errors.get(kind);
        if (count == null) {
            count = errors.computeIfAbsent(errors.size() < ERROR_KINDS_MAX ? kind : "OTHER", any -> new LongAdder());
        }
        count.increment();
    }

    /** The number of accepted connections. */
    public long connections() {
        return connected.sum();
    }

    /** The number of rejected connections. */
    public long connectionsRejected() {
        return rejected.sum();
    }

    /** The number of answered commands. */
    public long commandsAnswered() {
        return commands.values().stream().mapToLong(OfCommand::calls).sum();
    }

    /** How many keys looked up by reading commands existed. */
    public long hits() {
        return hits.sum();
    }

    /** How many of them were absent or expired. */
    public long misses() {
        return misses.sum();
    }

    /** The recent growth rates of the counters. */
    public Rates rates() {
        return throughput.rates();
    }

    /** The counters of each command, by name. */
    public Map<String, OfCommand> byCommand() {
        return new TreeMap<>(commands);
    }

    /** The number of errors by kind. */
    public Map<String, Long> errors() {
        Map<String, Long> counts = new TreeMap<>();
        errors.forEach((kind, count) -> counts.put(kind, count.sum()));
        return counts;
    }

    /** Resets the counters to zero. */
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
