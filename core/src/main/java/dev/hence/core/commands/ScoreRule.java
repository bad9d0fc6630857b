package dev.hence.core.commands;

import dev.hence.core.crdt.Cell;

/** When a score is written. All conditions must hold; they are evaluated at this node. */
public record ScoreRule(Presence presence, Change change) {

    /** Always. */
    public static final ScoreRule ALWAYS = new ScoreRule(Presence.ANY, Change.ANY);

    /** Whether the member has to be there. */
    public enum Presence {
        ANY,
        /** Only new members. */
        ABSENT,
        /** Only members that are there. */
        PRESENT
    }

    /** How the score of a member that is there may change. A new member is not concerned. */
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
