package dev.hence.simulator.diagram;

/** The characters of a text diagram. */
public enum Alphabet {
    /** Box drawing and geometric shapes, each one column wide. */
    UNICODE('│', '║', '─', '┼', '├', '┤', '▶', '◀', '●', '○', '×', '╳', '┬', '!', '•', '◇'),
    /** For terminals and files that support only ASCII. Other characters in labels become question marks. */
    ASCII('|', '#', '-', '+', '|', '|', '>', '<', '*', 'o', 'x', 'X', '+', '!', '.', '?');

    final char lane;
    final char bufferingLane;
    final char shaft;
    final char crossing;
    final char leavesRightwards;
    final char leavesLeftwards;
    final char headRight;
    final char headLeft;
    final char applied;
    final char buffered;
    final char dropped;
    final char stopped;
    final char started;
    final char fault;
    final char progress;
    final char client;

    Alphabet(
            char lane,
            char bufferingLane,
            char shaft,
            char crossing,
            char leavesRightwards,
            char leavesLeftwards,
            char headRight,
            char headLeft,
            char applied,
            char buffered,
            char dropped,
            char stopped,
            char started,
            char fault,
            char progress,
            char client) {
        this.lane = lane;
        this.bufferingLane = bufferingLane;
        this.shaft = shaft;
        this.crossing = crossing;
        this.leavesRightwards = leavesRightwards;
        this.leavesLeftwards = leavesLeftwards;
        this.headRight = headRight;
        this.headLeft = headLeft;
        this.applied = applied;
        this.buffered = buffered;
        this.dropped = dropped;
        this.stopped = stopped;
        this.started = started;
        this.fault = fault;
        this.progress = progress;
        this.client = client;
    }

    char of(Scene.Mark mark) {
        return switch (mark) {
            case MADE, APPLIED -> applied;
            case PROGRESS -> progress;
            case CLIENT -> client;
            case STOPPED -> stopped;
            case STARTED -> started;
            case FAULT -> fault;
        };
    }

    char of(Scene.Fate fate) {
        return switch (fate) {
            case DELIVERED -> applied;
            case BUFFERED -> buffered;
            case DROPPED -> dropped;
        };
    }

    /** Returns a label with only characters of this alphabet. */
    String label(String text) {
        return this == UNICODE ? text : text.replaceAll("[^ -~]", "?");
    }
}
