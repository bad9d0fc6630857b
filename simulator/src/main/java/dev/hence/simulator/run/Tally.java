package dev.hence.simulator.run;

import dev.hence.simulator.check.Checker;
import dev.hence.simulator.trace.Event;
import dev.hence.simulator.trace.Outcome;
import java.util.EnumMap;
import java.util.Map;

/** The counts of one or more runs. Tallies of several runs add up. Not thread-safe. */
public final class Tally implements Checker {
    private final Map<Event.Kind, Long> faults = new EnumMap<>(Event.Kind.class);
    private long runs;
    private long requests;
    private long done;
    private long updates;
    private long deliveries;
    private long virtualMicros;
    private int longestBuffer;

    @Override
    public void observe(Event event) {
        switch (event) {
            case Event.Began began -> runs++;
            case Event.Answered answered -> {
                requests++;
                done += answered.outcome() instanceof Outcome.Done ? 1 : 0;
            }
            case Event.Made made -> updates++;
            case Event.Applied applied -> deliveries++;
            case Event.Buffering buffering -> longestBuffer = Math.max(longestBuffer, buffering.updates());
            case Event.Fault fault -> faults.merge(fault.kind(), 1L, Long::sum);
            case Event.Ended ended when ended.node() == 0 -> virtualMicros += ended.atMicros();
            default -> {}
        }
    }

    /** Adds the counts of another tally. */
    public void add(Tally other) {
        runs += other.runs;
        requests += other.requests;
        done += other.done;
        updates += other.updates;
        deliveries += other.deliveries;
        virtualMicros += other.virtualMicros;
        longestBuffer = Math.max(longestBuffer, other.longestBuffer);
        other.faults.forEach((kind, count) -> faults.merge(kind, count, Long::sum));
    }

    /** Runs begun. */
    public long runs() {
        return runs;
    }

    /** Requests of clients, whatever their outcome. */
    public long requests() {
        return requests;
    }

    /** Requests that were executed. */
    public long done() {
        return done;
    }

    /** Updates made. */
    public long updates() {
        return updates;
    }

    /** Updates delivered at nodes other than their origin. */
    public long deliveries() {
        return deliveries;
    }

    /** Virtual time that passed, in microseconds. */
    public long virtualMicros() {
        return virtualMicros;
    }

    /** The most updates of one origin that any node buffered. */
    public int longestBuffer() {
        return longestBuffer;
    }

    /** Faults injected, by their kind. */
    public Map<Event.Kind, Long> faults() {
        return new EnumMap<>(faults);
    }
}
