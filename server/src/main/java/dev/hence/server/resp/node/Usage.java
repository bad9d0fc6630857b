package dev.hence.server.resp.node;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** How often the node was used over the Redis protocol, since it started or was told to count anew. Thread-safe. */
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

    private final Map<String, OfCommand> commands = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> errors = new ConcurrentHashMap<>();
    private final LongAdder connected = new LongAdder();
    private final LongAdder rejected = new LongAdder();

    /** A client has connected. */
    public void connected() {
        connected.increment();
    }

    /** A client was turned away because there were too many. */
    public void rejected() {
        rejected.increment();
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

    /** Counts anew. */
    public void reset() {
        commands.clear();
        errors.clear();
        connected.reset();
        rejected.reset();
    }
}
