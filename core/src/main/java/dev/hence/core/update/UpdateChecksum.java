package dev.hence.core.update;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Counter;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.Decimals;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The CRC-32C of an update's canonical form, the same at every replica, independent of the encoding on disk or wire.
 *
 * <p>Canonical form, integers big-endian: replica (length of the name as one byte, its ASCII bytes, the
 * incarnation as 8 bytes), counter (8), timestamp (8), number of context entries (4), each entry as
 * replica and counter in the order of replicas, number of operations (4), each operation as one byte of
 * kind and its parts: 1 set string (key, value, deadline, seen increments), 2 delete key (key, seen
 * increments), 3 assign (key, type, element, value, marks), 4 remove (key, type, element, marks), 5 increment
 * (key, type, element, previous, delta, total), 6 expire (key, deadline), 7 publish (channel, message). Bytes and
 * numbers in decimal are preceded by their length (4), a deadline and counters are 8 bytes, a type is one (1
 * string, 2 hash, 3 set, 4 sorted set, 5 list); lists are preceded by their length (4): of seen increments
 * (type, element, marks) and of marks (replica, last, total). At the end the digest of the past (4), unless it is 0
 * and there is no request; then the request, preceded by its length (4), if there is one.
 *
 * <p>One object computes one checksum after another, so that it needs no memory for each.
 *
 * <p>Not thread-safe.
 */
public final class UpdateChecksum {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private static final int FORM_BYTES = 1 << 10;

    // The form is collected here, because a checksum of one array costs far less than of its parts.
    private final byte[] form = new byte[FORM_BYTES];
    private final CRC32C crc = new CRC32C();
    private final VersionVector.Visitor eachEntry = this::entry;
    private int length;

    int of(Dot dot, VersionVector context, long timestamp, List<Operation> operations, int past, Bytes request) {
        crc.reset();
        // The one before may have ended without memory.
        length = 0;
        entry(dot.replica(), dot.counter());
        number(timestamp);
        number(context.size());
        context.forEach(eachEntry);
        number(operations.size());
        for (int i = 0; i < operations.size(); i++) {
            operation(operations.get(i));
        }
        boolean requested = request.length() > 0;
        if (past != 0 || requested) {
            number(past);
        }
        if (requested) {
            bytes(request);
        }
        flush();
        return (int) crc.getValue();
    }

    private void operation(Operation operation) {
        switch (operation) {
            case Operation.SetString set -> {
                place(1, set.key());
                bytes(set.value());
                number(set.deadlineMillis());
                seen(set.seen());
            }
            case Operation.DeleteKey delete -> {
                place(2, delete.key());
                seen(delete.seen());
            }
            case Operation.Assign assign -> {
                place(3, assign.key(), assign.type(), assign.element());
                bytes(assign.value());
                marks(assign.marks());
            }
            case Operation.Remove remove -> {
                place(4, remove.key(), remove.type(), remove.element());
                marks(remove.marks());
            }
            case Operation.Increment increment -> {
                place(5, increment.key(), increment.type(), increment.element());
                number(increment.previous());
                bytes(Decimals.canonical(increment.delta()));
                bytes(Decimals.canonical(increment.total()));
            }
            case Operation.Expire expire -> {
                place(6, expire.key());
                number(expire.deadlineMillis());
            }
            case Operation.Publish publish -> {
                place(7, publish.channel());
                bytes(publish.message());
            }
        }
    }

    private void place(int kind, Bytes key) {
        tag(kind);
        bytes(key);
    }

    private void place(int kind, Bytes key, DataType type, Bytes element) {
        place(kind, key);
        type(type);
        bytes(element);
    }

    private void type(DataType type) {
        tag(
                switch (type) {
                    case STRING -> 1;
                    case HASH -> 2;
                    case SET -> 3;
                    case SORTED_SET -> 4;
                    case LIST -> 5;
                });
    }

    private void seen(List<Operation.SeenIncrements> seen) {
        number(seen.size());
        for (Operation.SeenIncrements each : seen) {
            type(each.type());
            bytes(each.element());
            marks(each.marks());
        }
    }

    private void marks(List<Counter.Mark> marks) {
        number(marks.size());
        for (Counter.Mark mark : marks) {
            entry(mark.replica(), mark.last());
            bytes(Decimals.canonical(mark.total()));
        }
    }

    private void entry(ReplicaId replica, long counter) {
        String name = replica.name();
        tag(name.length());
        reserve(name.length());
        for (int i = 0; i < name.length(); i++) {
            form[length++] = (byte) name.charAt(i);
        }
        number(replica.incarnation());
        number(counter);
    }

    private void bytes(Bytes bytes) {
        number(bytes.length());
        if (bytes.length() > form.length - length) {
            flush();
            crc.update(bytes.array(), 0, bytes.length());
        } else {
            System.arraycopy(bytes.array(), 0, form, length, bytes.length());
            length += bytes.length();
        }
    }

    private void tag(int tag) {
        reserve(1);
        form[length++] = (byte) tag;
    }

    private void number(long number) {
        reserve(Long.BYTES);
        LONG.set(form, length, number);
        length += Long.BYTES;
    }

    private void number(int number) {
        reserve(Integer.BYTES);
        INT.set(form, length, number);
        length += Integer.BYTES;
    }

    private void reserve(int bytes) {
        if (bytes > form.length - length) {
            flush();
        }
    }

    private void flush() {
        crc.update(form, 0, length);
        length = 0;
    }
}
