package dev.hence.engine.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.crdt.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Dirty rows, whatever their names are, against a sorted map. */
final class DirtyRowsPropertyTest {

    private record Name(int family, Bytes bytes) implements Comparable<Name> {
        @Override
        public int compareTo(Name other) {
            int families = Integer.compare(family, other.family);
            return families != 0 ? families : Arrays.compareUnsigned(bytes.array(), other.bytes.array());
        }

        static String row(int family, byte[] name, byte @Nullable [] value) {
            return family + ":" + Arrays.toString(name) + "=" + (value == null ? "removed" : Arrays.toString(value));
        }
    }

    /** How names resemble each other. */
    private interface Names {
        byte[] next(Random random);
    }

    private static final List<Names> KINDS = List.of(
            // Few of them, so that rows change often.
            random -> bytes(random, random.nextInt(3), 4),
            random -> bytes(random, random.nextInt(12), 256),
            // Bytes that look like the padding behind the end of a name.
            random -> bytes(random, random.nextInt(12), 1),
            random -> ("key:" + "0".repeat(8) + random.nextInt(5_000)).getBytes(StandardCharsets.UTF_8),
            // Each is a prefix of the longer ones.
            random -> prefix(random.nextInt(400)),
            random -> bytes(random, 5 * random.nextInt(4), 2));

    private static byte[] bytes(Random random, int length, int values) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) -random.nextInt(values);
        }
        return bytes;
    }

    private static byte[] prefix(int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) 'x');
        return bytes;
    }

    @Test
    void forEach_ofAnyNames_visitsTheNewestOfEachInTheirOrder() {
        for (int seed = 1; seed <= 300; seed++) {
            Random random = new Random(seed);
            RowTable table = new RowTable(64L << 20, random.nextLong(), random.nextLong(), true, () -> {});
            Map<Name, String> expected = new TreeMap<>();
            List<Names> kinds = new ArrayList<>(KINDS);
            Collections.shuffle(kinds, random);
            kinds = kinds.subList(0, 1 + random.nextInt(kinds.size()));
            int count = random.nextInt(random.nextInt(4) == 0 ? 20 : 3_000);
            for (int i = 0; i < count; i++) {
                int family = random.nextInt(3);
                byte[] name = kinds.get(random.nextInt(kinds.size())).next(random);
                byte[] value = random.nextInt(8) == 0 ? null : bytes(random, random.nextInt(20), 256);
                table.put(family, name, value);
                expected.put(new Name(family, Bytes.wrap(name)), Name.row(family, name, value));
            }
            List<String> seen = new ArrayList<>();
            table.takeDirty().forEach((family, bytes, nameFrom, nameBytes, valueFrom, valueBytes) -> {
                byte[] name = Arrays.copyOfRange(bytes, nameFrom, nameFrom + nameBytes);
                byte[] value = valueBytes < 0 ? null : Arrays.copyOfRange(bytes, valueFrom, valueFrom + valueBytes);
                seen.add(Name.row(family, name, value));
            });
            assertThat(seen).as("seed %s", seed).isEqualTo(List.copyOf(expected.values()));
        }
    }
}
