package dev.hence.engine.codec;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.CollectionMeta;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.Deadlines;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.crdt.MvRegister;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Heads of keys as rows.
 *
 * <p>The first byte is the form. An assigned string without a deadline is form 1: dot, timestamp, and the value up to
 * the end of the row. Everything else is form 2: the string, the deadlines, and each collection with its type. A reader
 * rejects a row of an unknown form.
 */
public final class HeadCodec {

    private static final int PLAIN_STRING = 1;
    private static final int ANY = 2;

    private static final int OVERHEAD_BYTES = 32;

    private HeadCodec() {}

    /** Returns the row of a head that is not empty. */
    public static byte[] encode(KeyHead head, ReplicaNumbers numbers, ReplicaNumbers.Listener listener) {
        MvRegister.Entry plain = head.plain();
        if (plain != null) {
            return CellCodec.assigned(PLAIN_STRING, plain, numbers, listener);
        }
        RowOutput row = new RowOutput(8 * OVERHEAD_BYTES, numbers, listener);
        row.tag(ANY);
        CellCodec.write(row, head.string());
        row.varint(head.deadlines().entries().size());
        for (Deadlines.Entry entry : head.deadlines().entries()) {
            CellCodec.writeDot(row, entry.dot());
            row.time(entry.millis());
        }
        row.varint(head.collections().size());
        head.collections().forEach(collection -> write(row, collection));
        return row.toByteArray();
    }

    /** @throws MalformedRecordException if the bytes are not a head */
    public static KeyHead decode(byte[] bytes, ReplicaNumbers numbers) {
        return decode(bytes, 0, bytes.length, numbers);
    }

    /**
     * Decodes a part of an array.
     *
     * @param from the index of its first byte
     * @param end the index after its last byte
     * @throws MalformedRecordException if the bytes are not a head
     */
    public static KeyHead decode(byte[] bytes, int from, int end, ReplicaNumbers numbers) {
        RowInput row = new RowInput(bytes, from, end, numbers.byNumber());
        int form = row.tag();
        KeyHead head = switch (form) {
            case PLAIN_STRING -> readPlainString(row);
            case ANY -> readAny(row);
            default ->
                throw new MalformedRecordException(
                        "head: form " + form + " (expected: 1 or 2; it may have been written by a later version)");
        };
        row.end();
        return head;
    }

    private static KeyHead readPlainString(RowInput row) {
        return KeyHead.plain(new MvRegister.Entry(row.dot(), row.time(), row.rest()));
    }

    private static KeyHead readAny(RowInput row) {
        Cell string = CellCodec.read(row);
        int deadlineCount = row.count();
        List<Deadlines.Entry> deadlines = new ArrayList<>(deadlineCount);
        for (int i = 0; i < deadlineCount; i++) {
            deadlines.add(new Deadlines.Entry(row.dot(), row.time()));
        }
        int collectionCount = row.count();
        List<CollectionMeta> collections = new ArrayList<>(collectionCount);
        for (int i = 0; i < collectionCount; i++) {
            collections.add(readCollection(row));
        }
        return new KeyHead(string, deadlines.isEmpty() ? Deadlines.EMPTY : new Deadlines(deadlines), collections);
    }

    private static void write(RowOutput row, CollectionMeta collection) {
        row.tag(TypeTags.tag(collection.type()));
        CellCodec.write(row, collection.latestWrites());
        row.varint(collection.count());
        row.varint(collection.counted());
        writeNullable(row, collection.first());
        writeNullable(row, collection.last());
    }

    private static CollectionMeta readCollection(RowInput row) {
        DataType type = TypeTags.type(row.tag());
        return new CollectionMeta(
                type, CellCodec.readRegister(row), row.varint(), row.varint(), readNullable(row), readNullable(row));
    }

    private static void writeNullable(RowOutput row, @Nullable Bytes bytes) {
        row.tag(bytes == null ? 0 : 1);
        if (bytes != null) {
            row.bytes(bytes);
        }
    }

    private static @Nullable Bytes readNullable(RowInput row) {
        return row.tag() == 0 ? null : row.bytes();
    }
}
