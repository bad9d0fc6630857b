package dev.hence.core.commands;

import static dev.hence.core.commands.MemoryNode.bytes;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.DataType;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The base class of tests of strings and of keys: a node in memory, and the key that most tests use. */
abstract class OneKeyTest {

    static final Bytes KEY = bytes("key");
    static final Bytes OTHER = bytes("other");
    static final Bytes ONE = bytes("1");

    final MemoryNode node = new MemoryNode("a");

    final void set(Bytes key, String value) {
        node.run(transaction -> Strings.set(transaction, key, bytes(value)));
    }

    final void set(String value) {
        set(KEY, value);
    }

    final boolean set(String value, Strings.Condition condition, long deadlineMillis) {
        return node.write(transaction -> Strings.set(transaction, KEY, bytes(value), condition, deadlineMillis));
    }

    final long increment(long delta) {
        return node.write(transaction -> Strings.increment(transaction, KEY, delta));
    }

    final @Nullable String get() {
        return get(node);
    }

    static @Nullable String get(MemoryNode at) {
        Bytes value = Strings.get(at.view(), KEY);
        return value == null ? null : value.toString();
    }

    final void makeSet(Bytes key) {
        node.run(transaction -> transaction.assign(key, DataType.SET, bytes("member"), Bytes.EMPTY));
    }

    /** Set members have no value. */
    static Bytes valueOf(DataType type, Bytes value) {
        return type == DataType.SET ? Bytes.EMPTY : value;
    }

    final boolean expire(long deadlineMillis, DeadlineCondition... conditions) {
        return node.write(transaction -> Keys.expire(transaction, KEY, deadlineMillis, Set.of(conditions)));
    }

    final long deadline() {
        return Keys.deadlineMillis(node.view(), KEY);
    }

    final long in(long millis) {
        return node.nowMillis() + millis;
    }
}
