package dev.hence.simulator.world;

import java.util.PriorityQueue;

/**
 * Virtual time: what is to happen, in the order of when. Of two things at one moment the one noted first happens
 * first, so a run is the same every time.
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

    /** How many things have happened. */
    public long steps() {
        return steps;
    }

    /** Notes that something is to happen so much later. */
    public void after(long micros, Runnable what) {
        at(nowMicros + Math.max(0, micros), what);
    }

    /** Notes that something is to happen at a moment; at once if that has passed. */
    public void at(long micros, Runnable what) {
        entries.add(new Entry(Math.max(micros, nowMicros), noted++, what));
    }

    /** Lets everything happen up to a moment, that moment included; afterwards it is that moment. */
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
