package dev.hence.simulator.diagram;

/**
 * A condition that lasts from one scene to another.
 *
 * @param node the node that it concerns, counted from 0, or {@link #EVERY_NODE}
 * @param from the index of the scene that it begins with; -1 if it began before the first
 * @param to the index of the scene that it ends with; the number of scenes if it outlasts the last
 */
public record Span(Kind kind, int node, int from, int to) {
    /** Stands for all nodes. */
    public static final int EVERY_NODE = -1;

    /** The kind of condition. */
    public enum Kind {
        /** The node buffers at least one update. */
        BUFFERING,
        /** The node has no process. */
        DOWN,
        /**
         * Links are cut. A trace does not record when a single link is restored, so this lasts until the faults are
         * over.
         */
        CUT
    }

    /** Whether it continues after the scene of this index, or began before it and lasts at least up to it. */
    boolean covers(int scene) {
        return from < scene && scene < to;
    }

    /** Whether it lasts between the scene of this index and the next. */
    boolean coversAfter(int scene) {
        return from <= scene && scene < to;
    }

    Span shifted(int by, int scenes) {
        return new Span(kind, node, Math.max(-1, from - by), Math.min(scenes, to - by));
    }
}
