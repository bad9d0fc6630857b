package dev.hence.simulator.world;

import java.util.PriorityQueue;

/**
 * Virtual time: a queue of actions, ordered by time. Of two actions at one moment the one scheduled first runs first,
 * so a run is deterministic.
 */
public final class Agenda {
    private record Entry(long atMicros, long number, Runnable what) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            int byTime = Long.compare(atMicros, other.atMicros);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    private final PriorityQueue<Entry> entries = new PriorityQueue<>();
    private long nowMicros;
    private long noted;
    private long steps;

    /** Virtual time since the beginning, in microseconds. */
    public long nowMicros() {
        return nowMicros;
    }

    /** The number of actions that have run. */
    public long steps() {
        return steps;
    }

    /** Schedules an action after a delay. */
    public void after(long micros, Runnable what) {
        at(nowMicros + Math.max(0, micros), what);
    }

    /** Schedules an action at a moment; at once if that has passed. */
    public void at(long micros, Runnable what) {
        entries.add(new Entry(Math.max(micros, nowMicros), noted++, what));
    }

    /** Runs all actions up to and including a moment, which is the present time afterwards. */
    public void runUntil(long micros) {
        for (Entry next = entries.peek(); next != null && next.atMicros <= micros; next = entries.peek()) {
            entries.remove();
            nowMicros = next.atMicros;
            steps++;
            next.what.run();
        }
        nowMicros = Math.max(nowMicros, micros);
    }
}
