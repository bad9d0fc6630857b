package dev.hence.core.keyspace;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.CollectionMeta;
import dev.hence.core.crdt.Counter;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.Deadlines;
import dev.hence.core.crdt.Element;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.crdt.RowKind;
import dev.hence.core.keyspace.State.Direction;
import dev.hence.core.update.Operation;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Replica A writes with increasing dots, having seen everything stored; B's writes are concurrent with what the test
 * names.
 */
final class StateOverlayTest {

    private static final ReplicaId A = new ReplicaId("a", 0xa);
    private static final ReplicaId B = new ReplicaId("b", 0xb);
    private static final Bytes KEY = Bytes.utf8("key");
    private static final int MANY = 1_000;

    /** Counts the reads of the underlying rows. */
    private static final class Counted implements State {
        private final MemoryState below = new MemoryState();
        private int walks;
        private int visited;

        @Override
        public KeyHead head(Bytes key) {
            return below.head(key);
        }

        @Override
        public Cell cell(Bytes key, RowKind kind, Bytes row) {
            return below.cell(key, kind, row);
        }

        @Override
        public boolean walk(Bytes key, RowKind kind, @Nullable Bytes from, Direction direction, Visitor visitor) {
            walks++;
            return below.walk(key, kind, from, direction, (row, cell) -> {
                visited++;
                return visitor.visit(row, cell);
            });
        }
    }

    private final Counted state = new Counted();
    private final StateOverlay effects = new StateOverlay(state);
    private VersionVector clock = VersionVector.EMPTY;
    private Map<Bytes, KeyChange> stored = Map.of();

    @Test
    void delete_thatSawEverything_takesAHashWithoutALookAtItsFields() {
        write(many(DataType.HASH, ""));
        assertThat(collection(DataType.HASH).count()).isEqualTo(MANY);

        write(new Operation.DeleteKey(KEY));

        assertThat(state.walks).isZero();
        KeyChange change = requireNonNull(stored.get(KEY));
        assertThat(change.erased()).containsExactly(RowKind.FIELD);
        assertThat(change.rows()).isEmpty();
        assertThat(change.after()).isEqualTo(KeyHead.EMPTY);
        assertThat(state.below.rowsOf(KEY, RowKind.FIELD)).isEmpty();
    }

    @Test
    void set_thatSawEverything_takesASortedSetAndItsRanksWithoutALookAtThem() {
        write(many(DataType.SORTED_SET, "1"));

        write(new Operation.SetString(KEY, Bytes.utf8("v")));

        assertThat(state.walks).isZero();
        KeyChange change = requireNonNull(stored.get(KEY));
        assertThat(change.erased()).containsExactlyInAnyOrder(RowKind.SCORE, RowKind.RANK);
        assertThat(change.rows()).isEmpty();
        assertThat(change.after().collections()).isEmpty();
        assertThat(change.after().type()).isEqualTo(DataType.STRING);
    }

    @Test
    void delete_hashWithIncrements_looksAtThoseFieldsOnly() {
        write(many(DataType.HASH, "1"));
        write(increment("f7", "5"));
        write(increment("f8", "5"));
        assertThat(collection(DataType.HASH).counted()).isEqualTo(2);
        List<Operation.SeenIncrements> seen = List.of(seen("f7"), seen("f8"));

        write(new Operation.DeleteKey(KEY, seen));

        assertThat(state.visited).isEqualTo(2);
        assertThat(state.below.rowsOf(KEY, RowKind.COUNTED)).isEmpty();
        assertThat(state.head(KEY)).isEqualTo(KeyHead.EMPTY);
    }

    @Test
    void delete_concurrentWithAnElement_leavesThatAlone() {
        write(many(DataType.SORTED_SET, "1"));
        VersionVector before = clock;
        writeAtB(assign(DataType.SORTED_SET, "late", "3"), before);
        writeAtB(assign(DataType.SORTED_SET, "f5", "2"), before.with(B, 1));

        apply(new Operation.DeleteKey(KEY), new StateOverlay.Cause(before.next(A), 5_000, before));

        CollectionMeta left = collection(DataType.SORTED_SET);
        assertThat(left.count()).isEqualTo(2);
        assertThat(left.first()).isEqualTo(Element.rank(2, Bytes.utf8("f5")));
        assertThat(left.last()).isEqualTo(Element.rank(3, Bytes.utf8("late")));
        assertThat(state.below.rowsOf(KEY, RowKind.SCORE)).hasSize(2);
        assertThat(state.below.rowsOf(KEY, RowKind.RANK))
                .containsOnlyKeys(requireNonNull(left.first()), requireNonNull(left.last()));
    }

    @Test
    void delete_thatSawLittleOfALargeSortedSet_writesOnlyWhatGoes() {
        write(assign(DataType.SORTED_SET, "first", "-1"));
        VersionVector little = clock;
        write(many(DataType.SORTED_SET, "1"));

        writeAtB(new Operation.DeleteKey(KEY), little);

        KeyChange change = requireNonNull(stored.get(KEY));
        assertThat(change.erased()).isEmpty();
        assertThat(change.rows().get(RowKind.SCORE))
                .containsOnlyKeys(Element.row(DataType.SORTED_SET, Bytes.utf8("first")));
        assertThat(change.rows().get(RowKind.RANK)).hasSize(1);
        assertThat(collection(DataType.SORTED_SET).count()).isEqualTo(MANY);
        assertThat(collection(DataType.SORTED_SET).first())
                .isEqualTo(state.below.rowsOf(KEY, RowKind.RANK).firstKey());
    }

    @Test
    void assign_inALargeHash_touchesOneRowAndTheHead() {
        write(many(DataType.HASH, ""));

        write(assign(DataType.HASH, "f3", "new"));
        write(assign(DataType.HASH, "another", "new"));
        write(new Operation.Remove(KEY, DataType.HASH, Bytes.utf8("f3"), List.of()));

        assertThat(state.walks).isZero();
        assertThat(requireNonNull(stored.get(KEY)).rows()).containsOnlyKeys(RowKind.FIELD);
        assertThat(collection(DataType.HASH).count()).isEqualTo(MANY);
    }

    @Test
    void remove_endOfALargeList_looksAtTheNextElementOnly() {
        write(many(DataType.LIST, "v"));
        Bytes first = requireNonNull(collection(DataType.LIST).first());

        write(new Operation.Remove(KEY, DataType.LIST, first, List.of()));

        assertThat(state.walks).isEqualTo(1);
        assertThat(state.visited).isLessThanOrEqualTo(2);
        assertThat(collection(DataType.LIST).first()).isGreaterThan(first);
    }

    @Test
    void assign_scoreOfAMember_movesItsRank() {
        write(List.of(assign(DataType.SORTED_SET, "a", "1"), assign(DataType.SORTED_SET, "b", "2")));

        write(assign(DataType.SORTED_SET, "a", "3"));

        assertThat(state.below.rowsOf(KEY, RowKind.RANK).keySet())
                .containsExactly(Element.rank(2, Bytes.utf8("b")), Element.rank(3, Bytes.utf8("a")));
        assertThat(collection(DataType.SORTED_SET).first()).isEqualTo(Element.rank(2, Bytes.utf8("b")));
        assertThat(collection(DataType.SORTED_SET).last()).isEqualTo(Element.rank(3, Bytes.utf8("a")));
    }

    @Test
    void apply_operationsOfAnUpdateInAnyOrder_comeToTheSame() {
        write(List.of(assign(DataType.HASH, "old", "1"), new Operation.Expire(KEY, 7)));
        List<Operation> operations =
                List.of(assign(DataType.HASH, "new", "1"), new Operation.Expire(KEY, 9), new Operation.DeleteKey(KEY));
        StateOverlay.Cause cause = new StateOverlay.Cause(clock.next(A), 9, clock);

        StateOverlay forwards = new StateOverlay(state);
        forwards.apply(operations, cause);
        StateOverlay backwards = new StateOverlay(state);
        backwards.apply(operations.reversed(), cause);

        assertThat(backwards.head(KEY)).isEqualTo(forwards.head(KEY));
        assertThat(forwards.head(KEY).collection(DataType.HASH).count()).isEqualTo(1);
        assertThat(forwards.head(KEY).deadlines().latest()).isEqualTo(9);
    }

    @Test
    void set_thatKeepsTheDeadline_leavesItAndOthersEndIt() {
        write(new Operation.Expire(KEY, 7));
        write(new Operation.SetString(KEY, Bytes.utf8("v"), Deadlines.KEEP, List.of()));
        assertThat(state.head(KEY).deadlines().latest()).isEqualTo(7);

        write(new Operation.SetString(KEY, Bytes.utf8("v"), 8, List.of()));
        assertThat(state.head(KEY).deadlines().entries())
                .extracting(Deadlines.Entry::millis)
                .containsExactly(8L);

        write(new Operation.SetString(KEY, Bytes.utf8("v")));
        assertThat(state.head(KEY).deadlines().latest()).isEqualTo(Deadlines.NONE);
    }

    @Test
    void walk_changesOnTopOfRows_areMergedUntilTheVisitorHasEnough() {
        write(List.of(assign(DataType.LIST, "b", ""), assign(DataType.LIST, "d", ""), assign(DataType.LIST, "f", "")));
        StateOverlay.Cause cause = new StateOverlay.Cause(clock.next(A), 50, clock);
        effects.apply(
                List.of(
                        assign(DataType.LIST, "a", ""),
                        assign(DataType.LIST, "c", ""),
                        new Operation.Remove(KEY, DataType.LIST, Bytes.utf8("d"), List.of()),
                        assign(DataType.LIST, "g", "")),
                cause);

        assertThat(walk(null, Direction.UP, 9)).containsExactly("a", "b", "c", "f", "g");
        assertThat(walk(null, Direction.DOWN, 9)).containsExactly("g", "f", "c", "b", "a");
        assertThat(walk("d", Direction.UP, 9)).containsExactly("f", "g");
        assertThat(walk("d", Direction.DOWN, 2)).containsExactly("c", "b");
        assertThat(walk("c", Direction.UP, 1)).containsExactly("c");
        assertThat(effects.head(KEY).collection(DataType.LIST).count()).isEqualTo(5);
    }

    @Test
    void take_changes_areHandedOverOnce() {
        effects.apply(List.of(new Operation.Expire(KEY, 1)), new StateOverlay.Cause(new Dot(A, 1), 1, clock));

        assertThat(effects.take()).containsOnlyKeys(KEY);
        assertThat(effects.take()).isEmpty();
    }

    private List<String> walk(@Nullable String from, Direction direction, int countMax) {
        List<String> rows = new ArrayList<>();
        boolean all =
                effects.walk(KEY, RowKind.ITEM, from == null ? null : Bytes.utf8(from), direction, (row, cell) -> {
                    rows.add(row.toString());
                    return rows.size() < countMax;
                });
        assertThat(all).isEqualTo(rows.size() < countMax);
        return rows;
    }

    private void write(Operation operation) {
        write(List.of(operation));
    }

    private void write(List<Operation> operations) {
        StateOverlay.Cause cause = new StateOverlay.Cause(clock.next(A), clock.get(A) + 1, clock);
        clock = clock.with(cause.dot());
        apply(operations, cause);
    }

    private void writeAtB(Operation operation, VersionVector context) {
        apply(List.of(operation), new StateOverlay.Cause(context.next(B), 10_000, context));
    }

    private void apply(Operation operation, StateOverlay.Cause cause) {
        apply(List.of(operation), cause);
    }

    private void apply(List<Operation> operations, StateOverlay.Cause cause) {
        state.walks = 0;
        state.visited = 0;
        effects.apply(operations, cause);
        stored = effects.take();
        state.below.store(stored);
    }

    private CollectionMeta collection(DataType type) {
        return state.head(KEY).collection(type);
    }

    private static List<Operation> many(DataType type, String value) {
        return IntStream.range(0, MANY)
                .<Operation>mapToObj(number -> assign(type, "f" + number, value))
                .toList();
    }

    private static Operation assign(DataType type, String element, String value) {
        return new Operation.Assign(KEY, type, Bytes.utf8(element), Bytes.utf8(value), List.of());
    }

    private Operation increment(String field, String delta) {
        BigDecimal number = new BigDecimal(delta);
        return new Operation.Increment(KEY, DataType.HASH, Bytes.utf8(field), clock.get(A), number, number);
    }

    private Operation.SeenIncrements seen(String field) {
        Bytes row = Element.row(DataType.HASH, Bytes.utf8(field));
        List<Counter.Mark> marks = state.cell(KEY, RowKind.FIELD, row).counter().marks();
        return new Operation.SeenIncrements(DataType.HASH, Bytes.utf8(field), marks);
    }
}
