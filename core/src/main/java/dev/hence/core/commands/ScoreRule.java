package dev.hence.core.commands;

import dev.hence.core.crdt.Cell;

/** The conditions on writing a score. All of them must hold; they are evaluated on this node's state. */
public record ScoreRule(Presence presence, Change change) {

    /** Always. */
    public static final ScoreRule ALWAYS = new ScoreRule(Presence.ANY, Change.ANY);

    /** Whether the member must be present. */
    public enum Presence {
        ANY,
        /** Only new members. */
        ABSENT,
        /** Only present members. */
        PRESENT
    }

    /** How the score of a present member may change. New members are not affected. */
    public enum Change {
        ANY,
        /** Only to a larger one. */
        GREATER,
        /** Only to a smaller one. */
        LESS
    }

    boolean allows(Cell before) {
        return switch (presence) {
            case ANY -> true;
            case ABSENT -> before.isEmpty();
            case PRESENT -> !before.isEmpty();
        };
    }

    boolean allows(Cell before, double score) {
        return before.isEmpty()
                || switch (change) {
                    case ANY -> true;
                    case GREATER -> score > before.score();
                    case LESS -> score < before.score();
                };
    }
}
