package dev.hence.engine.codec;

import dev.hence.core.clock.Dot;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Counter;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.Deadlines;
import dev.hence.core.update.Operation;
import java.util.ArrayList;
import java.util.List;

/**
 * Operations as they are laid out in a frame: one byte of kind and flags, then the parts. A part with a default value -
 * no deadline, nothing seen - takes no space.
 */
final class FrameOperations {

    private static final int SET_STRING = 1;
    private static final int DELETE_KEY = 2;
    private static final int ASSIGN = 3;
    private static final int REMOVE = 4;
    private static final int INCREMENT = 5;
    private static final int EXPIRE = 6;
    private static final int PUBLISH = 7;
    private static final int KIND = 0x0F;

    /** Seen increments, or marks, follow. */
    private static final int SEEN = 0x10;

    /** A deadline follows. */
    private static final int DEADLINE = 0x20;

    private FrameOperations() {}

    static void write(Operation operation, RowOutput out) {
        switch (operation) {
            case Operation.SetString set -> {
                out.tag(SET_STRING | flag(set.seen()) | flag(set.deadlineMillis()));
                out.bytes(set.key());
                out.bytes(set.value());
                deadline(set.deadlineMillis(), out);
                seen(set.seen(), out);
            }
            case Operation.DeleteKey delete -> {
                out.tag(DELETE_KEY | flag(delete.seen()));
                out.bytes(delete.key());
                seen(delete.seen(), out);
            }
            case Operation.Assign assign -> {
                out.tag(ASSIGN | flag(assign.marks()));
                element(assign.key(), assign.type(), assign.element(), out);
                out.bytes(assign.value());
                marks(assign.marks(), out);
            }
            case Operation.Remove remove -> {
                out.tag(REMOVE | flag(remove.marks()));
                element(remove.key(), remove.type(), remove.element(), out);
                marks(remove.marks(), out);
            }
            case Operation.Increment increment -> {
                out.tag(INCREMENT);
                element(increment.key(), increment.type(), increment.element(), out);
                out.varint(increment.previous());
                out.decimal(increment.delta());
                out.decimal(increment.total());
            }
            case Operation.Expire expire -> {
                out.tag(EXPIRE | flag(expire.deadlineMillis()));
                out.bytes(expire.key());
                deadline(expire.deadlineMillis(), out);
            }
            case Operation.Publish publish -> {
                out.tag(PUBLISH);
                out.bytes(publish.channel());
                out.bytes(publish.message());
            }
        }
    }

    private static int flag(List<?> seen) {
        return seen.isEmpty() ? 0 : SEEN;
    }

    private static int flag(long deadlineMillis) {
        return deadlineMillis == Deadlines.NONE ? 0 : DEADLINE;
    }

    private static void element(Bytes key, DataType type, Bytes element, RowOutput out) {
        out.bytes(key);
        out.tag(TypeTags.tag(type));
        out.bytes(element);
    }

    private static void deadline(long millis, RowOutput out) {
        if (millis != Deadlines.NONE) {
            out.time(millis);
        }
    }

    private static void seen(List<Operation.SeenIncrements> seen, RowOutput out) {
        if (!seen.isEmpty()) {
            out.varint(seen.size());
            for (Operation.SeenIncrements each : seen) {
                out.tag(TypeTags.tag(each.type()));
                out.bytes(each.element());
                out.varint(each.marks().size());
                eachMark(each.marks(), out);
            }
        }
    }

    private static void marks(List<Counter.Mark> marks, RowOutput out) {
        if (!marks.isEmpty()) {
            out.varint(marks.size());
            eachMark(marks, out);
        }
    }

    private static void eachMark(List<Counter.Mark> marks, RowOutput out) {
        for (Counter.Mark mark : marks) {
            out.replica(mark.replica());
            out.varint(mark.last());
            out.decimal(mark.total());
        }
    }

    /**
     * @throws MalformedRecordException if it is not an operation, or one that this version does not know
     * @throws IllegalArgumentException if its parts are not valid
     */
    static Operation read(RowInput in) {
        int tag = in.tag();
        boolean seen = (tag & SEEN) != 0;
        boolean deadline = (tag & DEADLINE) != 0;
        Operation operation = switch (tag & KIND) {
            case SET_STRING -> new Operation.SetString(in.bytes(), in.bytes(), deadline(deadline, in), seen(seen, in));
            case DELETE_KEY -> new Operation.DeleteKey(in.bytes(), seen(seen, in));
            case ASSIGN -> new Operation.Assign(in.bytes(), type(in), in.bytes(), in.bytes(), marks(seen, in));
            case REMOVE -> new Operation.Remove(in.bytes(), type(in), in.bytes(), marks(seen, in));
            case INCREMENT ->
                new Operation.Increment(in.bytes(), type(in), in.bytes(), in.varint(), in.decimal(), in.decimal());
            case EXPIRE -> new Operation.Expire(in.bytes(), deadline(deadline, in));
            case PUBLISH -> new Operation.Publish(in.bytes(), in.bytes());
            default ->
                throw new MalformedRecordException("operation: kind " + (tag & KIND)
                        + " (expected: 1 to 7; it may have been written by a later version)");
        };
        if (tag != expectedTag(operation)) {
            throw new MalformedRecordException("operation: flags " + Integer.toHexString(tag & 0xFF) + " of "
                    + operation.getClass().getSimpleName() + " (expected: "
                    + Integer.toHexString(expectedTag(operation)) + ")");
        }
        return operation;
    }

    /** One operation has one encoding: a flag of another kind, or one for an empty part, is rejected. */
    private static int expectedTag(Operation operation) {
        return switch (operation) {
            case Operation.SetString set -> SET_STRING | flag(set.seen()) | flag(set.deadlineMillis());
            case Operation.DeleteKey delete -> DELETE_KEY | flag(delete.seen());
            case Operation.Assign assign -> ASSIGN | flag(assign.marks());
            case Operation.Remove remove -> REMOVE | flag(remove.marks());
            case Operation.Increment increment -> INCREMENT;
            case Operation.Expire expire -> EXPIRE | flag(expire.deadlineMillis());
            case Operation.Publish publish -> PUBLISH;
        };
    }

    private static DataType type(RowInput in) {
        return TypeTags.type(in.tag());
    }

    private static long deadline(boolean present, RowInput in) {
        return present ? in.time() : Deadlines.NONE;
    }

    private static List<Operation.SeenIncrements> seen(boolean present, RowInput in) {
        if (!present) {
            return List.of();
        }
        int count = in.count();
        List<Operation.SeenIncrements> seen = new ArrayList<>(Math.min(count, 16));
        for (int i = 0; i < count; i++) {
            seen.add(new Operation.SeenIncrements(type(in), in.bytes(), marks(true, in)));
        }
        return seen;
    }

    private static List<Counter.Mark> marks(boolean present, RowInput in) {
        if (!present) {
            return List.of();
        }
        int count = in.count();
        List<Counter.Mark> marks = new ArrayList<>(Math.min(count, 16));
        for (int i = 0; i < count; i++) {
            Dot last = in.dot();
            marks.add(new Counter.Mark(last.replica(), last.counter(), in.decimal()));
        }
        return marks;
    }
}
