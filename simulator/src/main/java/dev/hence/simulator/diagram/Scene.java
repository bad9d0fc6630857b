package dev.hence.simulator.diagram;

/** One row of a diagram: something that happened at one moment, in words for people. */
public sealed interface Scene {
    /** Virtual time since the start of the simulation, in microseconds. */
    long atMicros();

    /** What happened: one line of printable characters, without the node. */
    String label();

    /** Something at one node, counted from 0. */
    record Step(long atMicros, int node, Mark mark, String label) implements Scene {}

    /**
     * An update arrived at a node.
     *
     * @param from the node that it came through, counted from 0
     * @param to the node that received it; may be {@code from} in a trace that is wrong
     * @param sent the index of the scene in which it became visible at {@code from}; -1 if the story does not
     *     tell of it
     * @param update the update's short name
     * @param label the outcome, without the update's name
     */
    record Message(long atMicros, int from, int to, int sent, String update, Fate fate, String label)
            implements Scene {}

    /** Something that concerns the whole cluster. */
    record Everywhere(long atMicros, String label) implements Scene {}

    /** The kind of a step. */
    enum Mark {
        /** A local write became an update. */
        MADE,
        /** An update of another node was applied, some time after it had arrived. */
        APPLIED,
        /** Progress of updates that are applied: stored, visible. */
        PROGRESS,
        /** A client's request or its answer. */
        CLIENT,
        /** The process ends here. */
        STOPPED,
        /** The process begins here, or continues under another identity. */
        STARTED,
        /** A fault at this node. */
        FAULT
    }

    /** The outcome of an update's arrival. */
    enum Fate {
        /** It was delivered. */
        DELIVERED,
        /** It has to wait. */
        BUFFERED,
        /** It was a duplicate, or was refused. */
        DROPPED
    }
}
