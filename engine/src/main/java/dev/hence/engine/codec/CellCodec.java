package dev.hence.engine.codec;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.Counter;
import dev.hence.core.crdt.MvRegister;
import java.util.ArrayList;
import java.util.List;

/**
 * Cells as rows: fields, members, scores and list elements. An index row, whose cell is empty, is an empty row.
 *
 * <p>The first byte is the form. Almost every cell has one assignment and no increments; that is form 1, in which the
 * value goes up to the end of the row. A reader rejects a row of an unknown form.
 */
public final class CellCodec {

    private static final int ASSIGNED_ONCE = 1;
    private static final int ANY = 2;

    private static final int OVERHEAD_BYTES = 32;

    private CellCodec() {}

    /** Returns the row of a cell. */
    public static byte[] encode(Cell cell, ReplicaNumbers numbers, ReplicaNumbers.Listener listener) {
        if (cell.isEmpty()) {
            return new byte[0];
        }
        List<MvRegister.Entry> entries = cell.register().entries();
        if (entries.size() == 1 && cell.counter().isEmpty()) {
            MvRegister.Entry entry = entries.getFirst();
            return assigned(ASSIGNED_ONCE, entry, numbers, listener);
        }
        RowOutput row = new RowOutput(4 * OVERHEAD_BYTES, numbers, listener);
        row.tag(ANY);
        write(row, cell);
        return row.toByteArray();
    }

    /** Returns a row of one assignment. No output of rows is used, because it is what every SET makes. */
    static byte[] assigned(int form, MvRegister.Entry entry, ReplicaNumbers numbers, ReplicaNumbers.Listener listener) {
        int replica = numbers.number(entry.dot().replica(), listener);
        long counter = entry.dot().counter();
        byte[] value = entry.value().array();
        int head = 1 + RowOutput.varintBytes(replica) + RowOutput.varintBytes(counter) + Long.BYTES;
        byte[] row = new byte[head + value.length];
        row[0] = (byte) form;
        int at = RowOutput.putVarint(row, 1, replica);
        at = RowOutput.putVarint(row, at, counter);
        at = RowOutput.putTime(row, at, entry.timestamp());
        System.arraycopy(value, 0, row, at, value.length);
        return row;
    }

    /** @throws MalformedRecordException if the bytes are not a cell */
    public static Cell decode(byte[] bytes, ReplicaNumbers numbers) {
        return decode(bytes, 0, bytes.length, numbers);
    }

    /**
     * Decodes a part of an array.
     *
     * @param from the index of its first byte
     * @param end the index after its last byte
     * @throws MalformedRecordException if the bytes are not a cell
     */
    public static Cell decode(byte[] bytes, int from, int end, ReplicaNumbers numbers) {
        if (from == end) {
            return Cell.EMPTY;
        }
        RowInput row = new RowInput(bytes, from, end, numbers.byNumber());
        int form = row.tag();
        Cell cell = switch (form) {
            case ASSIGNED_ONCE ->
                new Cell(MvRegister.of(new MvRegister.Entry(row.dot(), row.time(), row.rest())), Counter.NONE);
            case ANY -> read(row);
            default ->
                throw new MalformedRecordException(
                        "cell: form " + form + " (expected: 1 or 2; it may have been written by a later version)");
        };
        row.end();
        return cell;
    }

    static void write(RowOutput row, Cell cell) {
        write(row, cell.register());
        write(row, cell.counter());
    }

    static Cell read(RowInput row) {
        MvRegister register = readRegister(row);
        Counter counter = readCounter(row);
        return register.isEmpty() && counter.isEmpty() ? Cell.EMPTY : new Cell(register, counter);
    }

    static void write(RowOutput row, MvRegister register) {
        row.varint(register.entries().size());
        for (MvRegister.Entry entry : register.entries()) {
            writeDot(row, entry.dot());
            row.time(entry.timestamp());
            row.bytes(entry.value());
        }
    }

    static MvRegister readRegister(RowInput row) {
        int count = row.count();
        if (count == 0) {
            return MvRegister.EMPTY;
        }
        List<MvRegister.Entry> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            entries.add(new MvRegister.Entry(row.dot(), row.time(), row.bytes()));
        }
        return new MvRegister(entries);
    }

    private static void write(RowOutput row, Counter counter) {
        row.varint(counter.runs().size());
        for (Counter.Run run : counter.runs()) {
            row.replica(run.replica());
            row.varint(run.last());
            row.time(run.timestamp());
            row.decimal(run.total());
            row.varint(run.baseAt());
            row.decimal(run.base());
        }
    }

    private static Counter readCounter(RowInput row) {
        int count = row.count();
        if (count == 0) {
            return Counter.NONE;
        }
        List<Counter.Run> runs = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ReplicaId replica = row.replica();
            runs.add(new Counter.Run(replica, row.varint(), row.time(), row.decimal(), row.varint(), row.decimal()));
        }
        return new Counter(runs);
    }

    static void writeDot(RowOutput row, Dot dot) {
        row.replica(dot.replica());
        row.varint(dot.counter());
    }
}
