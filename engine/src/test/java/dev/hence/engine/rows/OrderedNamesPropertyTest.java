package dev.hence.engine.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.keyspace.State.Direction;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Ordered names, whatever they are, against a sorted set. */
final class OrderedNamesPropertyTest {

    /** How names resemble each other. */
    private interface Names {
        byte[] next(Random random);
    }

    private static final List<Names> KINDS = List.of(
            // Few of them, the empty one included.
            random -> bytes(random, random.nextInt(3), 4),
            random -> bytes(random, random.nextInt(40), 256),
            // Zeros only, so each is a prefix of the longer ones.
            random -> new byte[random.nextInt(300)],
            random -> ("member:" + "0".repeat(10) + random.nextInt(5_000)).getBytes(StandardCharsets.UTF_8),
            // As large as a leaf and larger.
            random -> bytes(random, random.nextInt(3 * OrderedNames.LEAF_BYTES), 2),
            random -> bytes(random, OrderedNames.LEAF_BYTES / (1 + random.nextInt(4)), 256));

    private static byte[] bytes(Random random, int length, int values) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) -random.nextInt(values);
        }
        return bytes;
    }

    private final OrderedNames names = new OrderedNames();
    private final NavigableSet<Bytes> expected = new TreeSet<>();

    private void put(byte[] name) {
        assertThat(names.put(name)).isEqualTo(expected.add(Bytes.copyOf(name)));
    }

    private void remove(byte[] name) {
        assertThat(names.remove(name)).isEqualTo(expected.remove(Bytes.copyOf(name)));
    }

    private void compare(@Nullable Bytes from, boolean inclusive, Direction direction, int size) {
        NavigableSet<Bytes> ordered = direction == Direction.UP ? expected : expected.descendingSet();
        List<Bytes> wanted = (from == null ? ordered : ordered.tailSet(from, inclusive))
                .stream().limit(size).toList();
        byte[][] copied = new byte[size][];
        int count = names.copy(from == null ? null : from.array(), inclusive, direction, copied);
        assertThat(Arrays.stream(copied).limit(count).map(Bytes::wrap).toList())
                .as("%s of %s, inclusive: %s", direction, from, inclusive)
                .isEqualTo(wanted);
    }

    private void compareAll() {
        for (Direction direction : Direction.values()) {
            compare(null, true, direction, expected.size() + 1);
        }
        assertThat(names.count()).isEqualTo(expected.size());
    }

    private Bytes somewhere(Random random, Names kind) {
        Bytes any = Bytes.wrap(kind.next(random));
        Bytes there = expected.ceiling(any);
        return there == null || random.nextBoolean() ? any : there;
    }

    @Test
    void copy_afterRandomChanges_isThatOfASortedSet() {
        for (int seed = 1; seed <= 150; seed++) {
            Random random = new Random(seed);
            names.clear();
            expected.clear();
            List<Names> kinds = new ArrayList<>(KINDS);
            Collections.shuffle(kinds, random);
            kinds = kinds.subList(0, 1 + random.nextInt(kinds.size()));
            int removals = 0;
            for (int step = 0; step < 2_000; step++) {
                Names kind = kinds.get(random.nextInt(kinds.size()));
                if (step % 400 == 0) {
                    // It grows for a while, and becomes smaller for a while.
                    removals = random.nextInt(10);
                }
                if (random.nextInt(10) < removals) {
                    remove(somewhere(random, kind).array());
                } else {
                    put(kind.next(random));
                }
                if (random.nextInt(10) == 0) {
                    Bytes from = random.nextInt(8) == 0 ? null : somewhere(random, kind);
                    Direction direction = random.nextBoolean() ? Direction.UP : Direction.DOWN;
                    compare(from, random.nextBoolean(), direction, random.nextInt(40));
                }
                if (random.nextInt(500) == 0) {
                    compareAll();
                }
            }
            compareAll();
            assertThat(names.bytes()).as("seed %s", seed).isLessThan(10 * content() + 3 * OrderedNames.LEAF_BYTES);
        }
    }

    private long content() {
        return expected.stream().mapToLong(name -> 8 + name.length()).sum();
    }

    /** Lists grow and shrink so. */
    @Test
    void put_andRemoveAtTheEnds_takesLittleMoreMemoryThanTheNames() {
        for (boolean up : new boolean[] {true, false}) {
            for (int added = 0; added < 30_000; added++) {
                put(number(up ? added : -added));
            }
            assertThat(names.bytes()).isBetween(content() * 3 / 4, content() * 5 / 4);
            compareAll();
            for (int taken = 0; taken < 29_990; taken++) {
                remove(number(up ? taken : -taken));
            }
            assertThat(names.bytes()).isLessThan(3 * OrderedNames.LEAF_BYTES);
            compareAll();
            for (int taken = 29_990; taken < 30_000; taken++) {
                remove(number(up ? taken : -taken));
            }
            compareAll();
        }
    }

    private static byte[] number(int number) {
        return ByteBuffer.allocate(24).putInt(12, number ^ Integer.MIN_VALUE).array();
    }

    @Test
    void bytes_afterMostNamesWereRemovedAnywhere_isThatOfFewNames() {
        Random random = new Random(1);
        for (int i = 0; i < 50_000; i++) {
            put(bytes(random, 20, 256));
        }
        long full = names.bytes();
        assertThat(full).isLessThan(2 * content());
        List<Bytes> all = new ArrayList<>(expected);
        Collections.shuffle(all, random);
        all.subList(500, all.size()).forEach(name -> remove(name.array()));

        assertThat(names.bytes()).isLessThan(full / 15);
        compareAll();
        names.clear();
        expected.clear();
        compareAll();
        assertThat(names.bytes()).isLessThan(100);
    }
}
