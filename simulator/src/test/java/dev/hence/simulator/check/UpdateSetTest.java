package dev.hence.simulator.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.simulator.trace.TracedUpdate;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class UpdateSetTest {
    @Test
    void everything_randomSets_isAsInBitSets() {
        Random random = new Random(1);
        for (int round = 0; round < 300; round++) {
            int idsMax = 1 + random.nextInt(700);
            BitSet hereBits = new BitSet();
            BitSet thereBits = new BitSet();
            UpdateSet here = filled(random, idsMax, hereBits);
            UpdateSet there = filled(random, idsMax, thereBits);
            BitSet missing = (BitSet) thereBits.clone();
            missing.andNot(hereBits);

            assertThat(here.firstMissingOf(there)).isEqualTo(missing.nextSetBit(0));
            assertThat(here.containsAll(there)).isEqualTo(missing.isEmpty());
            for (int id = 0; id < idsMax + 70; id++) {
                assertThat(here.contains(id)).isEqualTo(hereBits.get(id));
                assertThat(here.next(id)).isEqualTo(hereBits.nextSetBit(id));
            }
            UpdateSet copy = here.copy();
            copy.addAll(there);
            assertThat(copy.containsAll(there) && copy.containsAll(here)).isTrue();
            assertThat(here.firstMissingOf(copy)).isEqualTo(missing.nextSetBit(0));
        }
    }

    private static UpdateSet filled(Random random, int idsMax, BitSet bits) {
        UpdateSet set = new UpdateSet();
        for (int i = random.nextInt(idsMax); i > 0; i--) {
            int id = random.nextInt(idsMax);
            if (random.nextInt(4) == 0) {
                set.remove(update(id));
                bits.clear(id);
            } else {
                assertThat(set.add(update(id))).isEqualTo(!bits.get(id));
                bits.set(id);
            }
        }
        return set;
    }

    private static TracedUpdate update(int id) {
        return new TracedUpdate(id, 0, "node1~0000000000000001", id + 1, Map.of(), id, 0, List.of());
    }
}
