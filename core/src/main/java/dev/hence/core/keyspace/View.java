package dev.hence.core.keyspace;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.Element;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.crdt.RowKind;
import org.jspecify.annotations.Nullable;

/** A state as of a wall-clock time: the input of every datatype read, inside a transaction and outside. */
public interface View extends State {

    /** The node's wall clock, in milliseconds since 1970: keys whose deadline it has reached are not visible. */
    long nowMillis();

    /** Returns the key as visible now: {@link KeyHead#EMPTY} if it is absent or expired. */
    default KeyHead visible(Bytes key) {
        return head(key).visibleAt(nowMillis());
    }

    /** Returns the cell of an element, whether the key has expired or not; {@link Cell#EMPTY} if there is none. */
    default Cell element(Bytes key, DataType type, Bytes element) {
        return type == DataType.STRING ? head(key).string() : cell(key, Element.kind(type), Element.row(type, element));
    }

    /** Returns a view of a state as of a time. */
    static View of(State state, long nowMillis) {
        return new View() {
            @Override
            public long nowMillis() {
                return nowMillis;
            }

            @Override
            public KeyHead head(Bytes key) {
                return state.head(key);
            }

            @Override
            public Cell cell(Bytes key, RowKind kind, Bytes row) {
                return state.cell(key, kind, row);
            }

            @Override
            public boolean walk(Bytes key, RowKind kind, @Nullable Bytes from, Direction direction, Visitor visitor) {
                return state.walk(key, kind, from, direction, visitor);
            }
        };
    }
}
