package dev.hence.node.visibility;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.update.Operation;
import dev.hence.core.update.Update;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The newest updates in memory, compared with a list of all updates. */
final class RecentUpdatesTest {

    private static final int OVERHEAD_BYTES = 300;
    private static final int BYTES_MAX = 10_000;

    private static Update update(ReplicaId origin, long counter, int bytes) {
        return Update.of(
                new Dot(origin, counter),
                VersionVector.EMPTY.with(origin, counter - 1),
                counter,
                List.of(new Operation.SetString(Bytes.EMPTY, Bytes.wrap(new byte[bytes]))));
    }

    @Test
    void after_anyCounterAndBound_isARunOfTheOriginOrNothing() {
        for (long seed = 1; seed <= 300; seed++) {
            checkRandomly(new SplittableRandom(seed), seed);
        }
    }

    private static void checkRandomly(SplittableRandom random, long seed) {
        RecentUpdates recent = new RecentUpdates(BYTES_MAX);
        List<Update> all = new ArrayList<>();
        long[] counters = new long[3];
        for (int step = 0; step < 60; step++) {
            List<Update> committed = new ArrayList<>();
            for (int i = random.nextInt(4); i >= 0; i--) {
                int origin = random.nextInt(counters.length);
                ReplicaId replica = new ReplicaId("node" + origin, origin);
                committed.add(update(replica, ++counters[origin], random.nextInt(3_000)));
            }
            recent.add(committed);
            all.addAll(committed);
            int origin = random.nextInt(counters.length);
            long after = random.nextLong(counters[origin] + 1);
            long upTo = after + 1 + random.nextLong(counters[origin] - after + 2);
            long bytesMax = 1 + random.nextLong(8_000);
            ReplicaId replica = new ReplicaId("node" + origin, origin);
            assertThat(recent.after(replica, after, upTo, bytesMax))
                    .as("seed %d, step %d", seed, step)
                    .isEqualTo(naive(all, new Dot(replica, after + 1), upTo, bytesMax));
        }
    }

    /** The newest updates that fit; of these the origin's from a dot on, within the bounds. */
    private static @Nullable List<Update> naive(List<Update> all, Dot from, long upTo, long bytesMax) {
        int first = all.size();
        long bytes = 0;
        while (first > 0 && bytes + all.get(first - 1).sizeBytes() + OVERHEAD_BYTES <= BYTES_MAX) {
            bytes += all.get(--first).sizeBytes() + OVERHEAD_BYTES;
        }
        List<Update> held = all.subList(first, all.size());
        if (held.stream().noneMatch(update -> update.dot().equals(from))) {
            return null;
        }
        List<Update> found = new ArrayList<>();
        long taken = 0;
        for (Update update : held) {
            boolean wanted = update.dot().replica().equals(from.replica())
                    && update.dot().counter() >= from.counter()
                    && update.dot().counter() <= upTo;
            if (wanted && taken < bytesMax) {
                found.add(update);
                taken += update.sizeBytes() + OVERHEAD_BYTES;
            }
        }
        return found;
    }

    @Test
    void add_oneLargerThanAll_isNotHeld() {
        RecentUpdates recent = new RecentUpdates(BYTES_MAX);
        ReplicaId origin = new ReplicaId("node1", 1);
        recent.add(List.of(update(origin, 1, 20_000)));
        assertThat(recent.after(origin, 0, 1, 1)).isNull();
        recent.add(List.of(update(origin, 2, 1)));
        assertThat(recent.after(origin, 1, 2, 1)).hasSize(1);
    }
}
