package dev.hence.simulator.node;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.CollectionMeta;
import dev.hence.core.crdt.Counter;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.Element;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.crdt.RowKind;
import dev.hence.core.keyspace.State;
import dev.hence.core.keyspace.View;
import dev.hence.simulator.trace.Contents;
import dev.hence.simulator.trace.Type;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Reads the content of a key from its rows, and converts it to the types of the trace. */
final class Reading {
    private final Tracer tracer;
    private final View view;
    private final Bytes key;

    Reading(Tracer tracer, View view, Bytes key) {
        this.tracer = tracer;
        this.view = view;
        this.key = key;
    }

    /** The whole content, as visible at the view's time. */
    Contents contents() {
        KeyHead head = view.head(key);
        if (head.isEmpty()) {
            return Contents.NOTHING;
        }
        Map<Type, Contents.Elements> elements = new EnumMap<>(Type.class);
        if (!head.string().isEmpty()) {
            elements.put(
                    Type.STRING,
                    new Contents.Elements(1, List.of(), List.of(element(DataType.STRING, "", head.string()))));
        }
        for (CollectionMeta collection : head.collections()) {
            List<Contents.Element> inOrder = inOrder(collection.type());
            if (!inOrder.isEmpty() || collection.count() != 0) {
                elements.put(
                        of(collection.type()), new Contents.Elements(collection.count(), ends(collection), inOrder));
            }
        }
        DataType shown = view.visible(key).type();
        return new Contents(shown == null ? null : of(shown), head.deadlineMillis(), elements);
    }

    private static List<String> ends(CollectionMeta collection) {
        return Stream.of(collection.first(), collection.last())
                .filter(Objects::nonNull)
                .map(row -> collection.type() == DataType.SORTED_SET
                        ? Element.memberOf(row).toString()
                        : name(collection.type(), row))
                .toList();
    }

    private List<Contents.Element> inOrder(DataType type) {
        List<Contents.Element> elements = new ArrayList<>();
        if (type == DataType.SORTED_SET) {
            view.walk(key, RowKind.RANK, null, State.Direction.UP, (row, none) -> {
                Bytes member = Element.memberOf(row);
                return elements.add(element(type, member.toString(), view.element(key, type, member)));
            });
            return elements;
        }
        view.walk(
                key,
                Element.kind(type),
                null,
                State.Direction.UP,
                (row, cell) -> elements.add(element(type, name(type, Element.of(type, row)), cell)));
        if (type != DataType.LIST) {
            elements.sort(Comparator.comparing(Contents.Element::name));
        }
        return elements;
    }

    private Contents.Element element(DataType type, String name, Cell cell) {
        return new Contents.Element(name, value(type, cell), tracer.of(cell.register()), increments(cell.counter()));
    }

    private static String value(DataType type, Cell cell) {
        if (type == DataType.SORTED_SET) {
            return cell.isEmpty() ? "" : Double.toString(cell.score());
        }
        Bytes value = cell.value();
        return value == null ? "" : value.toString();
    }

    private static String increments(Counter counter) {
        return counter.isEmpty() ? "" : plain(counter.sum());
    }

    private static String plain(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }

    /** The trace's name of an element: that of a list element is a position, which is not text. */
    static String name(DataType type, Bytes element) {
        return type == DataType.LIST ? HexFormat.of().formatHex(element.array()) : element.toString();
    }

    static Type of(DataType type) {
        return switch (type) {
            case STRING -> Type.STRING;
            case HASH -> Type.HASH;
            case SET -> Type.SET;
            case SORTED_SET -> Type.SORTED_SET;
            case LIST -> Type.LIST;
        };
    }

    static DataType of(Type type) {
        return switch (type) {
            case STRING -> DataType.STRING;
            case HASH -> DataType.HASH;
            case SET -> DataType.SET;
            case SORTED_SET -> DataType.SORTED_SET;
            case LIST -> DataType.LIST;
        };
    }
}
