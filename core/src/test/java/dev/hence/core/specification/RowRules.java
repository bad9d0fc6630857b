package dev.hence.core.specification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.CollectionMeta;
import dev.hence.core.crdt.Counter;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.Element;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.crdt.RowKind;
import dev.hence.core.keyspace.State;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The invariants between a key's head and its rows, and among its rows. */
final class RowRules {

    private static final List<DataType> COLLECTIONS = Arrays.stream(DataType.values())
            .filter(type -> type != DataType.STRING)
            .toList();

    private RowRules() {}

    /** @throws AssertionError if one of the rules is broken */
    static void check(State state, Bytes key) {
        KeyHead head = state.head(key);
        checkBound(head.string());
        atMostOneEach(
                "deadlines", head.deadlines().entries(), entry -> entry.dot().replica());
        List<DataType> types = new ArrayList<>();
        List<Bytes> counted = new ArrayList<>();
        for (DataType type : COLLECTIONS) {
            CollectionMeta collection = head.collection(type);
            atMostOneEach(
                    "touched",
                    collection.latestWrites().entries(),
                    entry -> entry.dot().replica());
            if (!collection.latestWrites().isEmpty()) {
                types.add(type);
            }
            NavigableMap<Bytes, Cell> rows = rows(state, key, Element.kind(type));
            same("count", collection.count(), (long) rows.size());
            rows.forEach((row, cell) -> checkRow(state, key, type, row, cell));
            int before = counted.size();
            rows.forEach((row, cell) -> {
                if (!cell.counter().isEmpty()) {
                    counted.add(Element.counted(type, Element.of(type, row)));
                }
            });
            same("counted", collection.counted(), (long) counted.size() - before);
            checkEnds(state, key, collection, rows);
        }
        same(
                "a collection is in the head while it has unseen writes",
                head.collections().stream().map(CollectionMeta::type).toList(),
                types);
        counted.sort(Comparator.naturalOrder());
        same("counted rows", List.copyOf(rows(state, key, RowKind.COUNTED).keySet()), counted);
    }

    private static void checkRow(State state, Bytes key, DataType type, Bytes row, Cell cell) {
        same("an empty cell has no row", cell.isEmpty(), false);
        checkBound(cell);
        same("row of an element", Element.row(type, Element.of(type, row)), row);
        same("cell", state.cell(key, Element.kind(type), row), cell);
    }

    private static void checkBound(Cell cell) {
        atMostOneEach(
                "assignments", cell.register().entries(), entry -> entry.dot().replica());
        atMostOneEach("runs", cell.counter().runs(), Counter.Run::replica);
    }

    /** The size of an element is bounded by the number of replicas. */
    private static <T> void atMostOneEach(String what, List<T> all, Function<T, ReplicaId> replica) {
        if (all.size() > 1) {
            same(what, all.stream().map(replica).distinct().count(), (long) all.size());
        }
    }

    private static void checkEnds(State state, Bytes key, CollectionMeta collection, NavigableMap<Bytes, Cell> rows) {
        NavigableMap<Bytes, Cell> ordered = switch (collection.type()) {
            case LIST -> rows;
            case SORTED_SET -> ranks(state, key, rows);
            default -> Collections.emptyNavigableMap();
        };
        same("first", collection.first(), ordered.isEmpty() ? null : ordered.firstKey());
        same("last", collection.last(), ordered.isEmpty() ? null : ordered.lastKey());
    }

    private static NavigableMap<Bytes, Cell> ranks(State state, Bytes key, NavigableMap<Bytes, Cell> scores) {
        NavigableMap<Bytes, Cell> ranks = new TreeMap<>();
        scores.forEach((row, cell) ->
                ranks.put(Element.rank(cell.score(), Element.of(DataType.SORTED_SET, row)), Cell.EMPTY));
        same("rank rows", rows(state, key, RowKind.RANK), ranks);
        return ranks;
    }

    /**
     * Returns all rows of a kind, after checking that walks in both directions, from the ends and from inner rows,
     * agree.
     */
    static NavigableMap<Bytes, Cell> rows(State state, Bytes key, RowKind kind) {
        NavigableMap<Bytes, Cell> rows = new TreeMap<>();
        List<Bytes> up = walk(state, key, kind, null, State.Direction.UP, rows);
        if (up.size() < 2) {
            return rows;
        }
        same("rows in order", up, List.copyOf(rows.keySet()));
        List<Bytes> down = up.reversed();
        same("rows downwards", walk(state, key, kind, null, State.Direction.DOWN, new TreeMap<>()), down);
        for (State.Direction direction : State.Direction.values()) {
            List<Bytes> all = direction == State.Direction.UP ? up : down;
            int middle = all.size() / 2;
            same(
                    "rows from within",
                    walk(state, key, kind, all.get(middle), direction, new TreeMap<>()),
                    all.subList(middle, all.size()));
        }
        return rows;
    }

    private static List<Bytes> walk(
            State state,
            Bytes key,
            RowKind kind,
            @Nullable Bytes from,
            State.Direction direction,
            Map<Bytes, Cell> cells) {
        List<Bytes> rows = new ArrayList<>();
        boolean all = state.walk(key, kind, from, direction, (row, cell) -> {
            rows.add(row);
            cells.put(row, cell);
            return true;
        });
        same("saw them all", all, true);
        return rows;
    }

    /** An assertion without cost while it holds: there are tens of millions of them. */
    static <T> void same(String what, @Nullable T actual, @Nullable T expected) {
        if (!Objects.equals(actual, expected)) {
            assertThat(actual).as(what).isEqualTo(expected);
        }
    }
}
