package dev.hence.node.store;

import dev.hence.core.update.Operation;
import dev.hence.core.update.Update;
import java.util.stream.Collectors;

/** The readable form of operations: what is changed and where, without values. */
public final class OperationText {

    private static final int SHOWN_MAX = 5;

    private OperationText() {}

    /** The first operations of an update, and how many more it has. */
    public static String of(Update update) {
        String shown = update.operations().stream()
                .limit(SHOWN_MAX)
                .map(OperationText::of)
                .collect(Collectors.joining(", "));
        int more = update.operations().size() - SHOWN_MAX;
        return more > 0 ? shown + " and " + more + " more" : shown;
    }

    /** One operation. */
    public static String of(Operation operation) {
        return switch (operation) {
            case Operation.SetString set -> "set " + set.key();
            case Operation.DeleteKey delete -> "delete " + delete.key();
            case Operation.Assign assign -> "put into the " + assign.type() + " " + assign.key();
            case Operation.Remove remove -> "remove from the " + remove.type() + " " + remove.key();
            case Operation.Increment increment -> "add " + increment.delta() + " in " + increment.key();
            case Operation.Expire expire -> "set the deadline of " + expire.key();
            case Operation.Publish publish -> "publish to " + publish.channel();
        };
    }
}
