package dev.hence.core.clock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.property.Property;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The laws of version vectors, on three vectors that grow at random and are joined from time to time.
 *
 * <p>The expected value of a vector is the explicit set of its dots. Each vector is kept in two forms, grown step by
 * step (sharing arrays with its predecessors) and built from a map (sharing nothing), which must never differ. Traces
 * use a handful of replicas or two dozen, because the lookup method depends on the number.
 */
final class VersionVectorPropertyTest {

    private static final int VECTORS = 3;

    private sealed interface Step {
        record Replicas(int count) implements Step {}

        record Raise(int vector, int replica, int by) implements Step {}

        record RaiseAll(int vector) implements Step {}

        record Join(int vector, int with) implements Step {}

        record Copy(int vector, int from) implements Step {}
    }

    @Test
    void laws_vectorsGrownAtRandom_hold() {
        new Property<Step>("laws of version vectors", Property.steps(this::replicas, 60, this::step), this::check)
                .holdsFor(2000);
    }

    private Step replicas(RandomGenerator random) {
        return new Step.Replicas(random.nextBoolean() ? 1 + random.nextInt(4) : 17 + random.nextInt(8));
    }

    private Step step(RandomGenerator random) {
        int vector = random.nextInt(VECTORS);
        return switch (random.nextInt(10)) {
            case 0 -> new Step.Join(vector, random.nextInt(VECTORS));
            case 1 -> new Step.Copy(vector, random.nextInt(VECTORS));
            case 2 -> new Step.RaiseAll(vector);
            default -> new Step.Raise(vector, random.nextInt(24), random.nextInt(3));
        };
    }

    /** A vector, and the dots it represents. */
    private record Grown(VersionVector vector, Set<Dot> dots) {

        VersionVector unshared() {
            Map<ReplicaId, Long> counters = new HashMap<>();
            dots.forEach(dot -> counters.merge(dot.replica(), dot.counter(), Math::max));
            return VersionVector.of(counters);
        }

        long count(ReplicaId replica) {
            return dots.stream().filter(dot -> dot.replica().equals(replica)).count();
        }
    }

    private void check(List<Step> trace) {
        int replicas = trace.stream()
                .mapToInt(step -> step instanceof Step.Replicas(int count) ? count : 0)
                .filter(count -> count > 0)
                .findFirst()
                .orElse(3);
        Grown[] grown = new Grown[VECTORS];
        Arrays.fill(grown, new Grown(VersionVector.EMPTY, Set.of()));
        for (Step step : trace) {
            switch (step) {
                case Step.Replicas ignored -> {}
                case Step.Raise(int at, int replica, int by) ->
                    grown[at] = raise(grown[at], id(replica % replicas), by);
                case Step.RaiseAll(int at) -> {
                    for (int replica = 0; replica < replicas; replica++) {
                        grown[at] = raise(grown[at], id(replica), 1);
                    }
                }
                case Step.Join(int at, int with) -> grown[at] = join(grown[at], grown[with]);
                case Step.Copy(int at, int from) -> grown[at] = grown[from];
            }
        }
        for (Grown a : grown) {
            checkOne(a, replicas);
            for (Grown b : grown) {
                checkTwo(a, b);
                checkTwo(a, new Grown(b.unshared(), b.dots()));
                for (Grown c : grown) {
                    checkThree(a, b, c);
                }
            }
        }
    }

    private static Grown raise(Grown grown, ReplicaId replica, int by) {
        long counter = grown.count(replica) + by;
        Set<Dot> dots = new HashSet<>(grown.dots());
        LongStream.rangeClosed(1, counter).forEach(n -> dots.add(new Dot(replica, n)));
        VersionVector raised = grown.vector().with(replica, counter);
        if (counter > 0) {
            assertThat(raised).isEqualTo(grown.vector().with(new Dot(replica, counter)));
        }
        if (by == 0) {
            assertThat(raised).isSameAs(grown.vector());
        }
        return new Grown(raised, dots);
    }

    private static Grown join(Grown a, Grown b) {
        return new Grown(a.vector().join(b.vector()), union(a.dots(), b.dots()));
    }

    private static void checkOne(Grown a, int replicas) {
        VersionVector vector = a.vector();
        assertThat(vector).isEqualTo(a.unshared()).hasSameHashCodeAs(a.unshared());
        assertThat(vector).hasToString(a.unshared().toString());
        Set<ReplicaId> seen = new TreeSet<>();
        a.dots().forEach(dot -> seen.add(dot.replica()));
        assertThat(vector.replicas()).containsExactlyElementsOf(seen);
        assertThat(vector.size()).isEqualTo(seen.size());
        assertThat(vector.isEmpty()).isEqualTo(a.dots().isEmpty());
        for (int i = 0; i <= replicas; i++) {
            ReplicaId replica = id(i);
            long counter = a.count(replica);
            assertThat(vector.get(replica)).isEqualTo(counter);
            assertThat(vector.next(replica)).isEqualTo(new Dot(replica, counter + 1));
            assertThat(vector.contains(vector.next(replica))).isFalse();
            assertThat(a.dots()).allMatch(vector::contains);
        }
        Set<Dot> heads = new HashSet<>();
        vector.forEach((replica, counter) -> heads.add(new Dot(replica, counter)));
        assertThat(heads).isEqualTo(heads(a.dots()));
    }

    private static void checkTwo(Grown a, Grown b) {
        boolean covers = a.dots().containsAll(b.dots());
        boolean covered = b.dots().containsAll(a.dots());
        assertThat(a.vector().descends(b.vector())).isEqualTo(covers);
        assertThat(a.vector().equals(b.vector())).isEqualTo(covers && covered);

        for (Dot dot : heads(a.dots())) {
            assertThat(a.vector().isWith(b.vector(), dot))
                    .isEqualTo(a.vector().equals(b.vector().with(dot)));
        }
        assertThat(a.vector().isWith(b.vector(), b.vector().next(id(0))))
                .isEqualTo(a.vector().equals(b.vector().with(b.vector().next(id(0)))));

        Set<Dot> lacking = heads(b.dots());
        lacking.removeAll(a.dots());
        @Nullable Dot first = lacking.stream().min(Dot::compareTo).orElse(null);
        assertThat(a.vector().missing(b.vector())).containsExactlyElementsOf(new TreeSet<>(lacking));
        assertThat(a.vector().firstMissing(b.vector())).isEqualTo(first);

        VersionVector joined = a.vector().join(b.vector());
        assertThat(joined).isEqualTo(new Grown(joined, union(a.dots(), b.dots())).unshared());
        assertThat(joined).isEqualTo(b.vector().join(a.vector()));
        assertThat(joined.descends(a.vector()) && joined.descends(b.vector())).isTrue();
        assertThat(joined.join(a.vector())).isEqualTo(joined);
    }

    private static void checkThree(Grown a, Grown b, Grown c) {
        VersionVector left = a.vector().join(b.vector()).join(c.vector());
        VersionVector right = a.vector().join(b.vector().join(c.vector()));
        assertThat(left).isEqualTo(right);
        if (c.vector().descends(a.vector()) && c.vector().descends(b.vector())) {
            assertThat(c.vector().descends(a.vector().join(b.vector())))
                    .as("the least of the upper bounds")
                    .isTrue();
        }
        if (a.vector().descends(b.vector()) && b.vector().descends(c.vector())) {
            assertThat(a.vector().descends(c.vector())).as("transitive").isTrue();
        }
    }

    /** The last dot of each replica. */
    private static Set<Dot> heads(Set<Dot> dots) {
        Set<Dot> heads = new HashSet<>(dots);
        heads.removeIf(dot -> dots.contains(dot.next()));
        return heads;
    }

    private static Set<Dot> union(Set<Dot> a, Set<Dot> b) {
        Set<Dot> both = new HashSet<>(a);
        both.addAll(b);
        return both;
    }

    private static final List<ReplicaId> IDS = IntStream.rangeClosed(0, 24)
            // Names that are not in numeric order, and incarnations with and without the sign bit set.
            .mapToObj(i -> new ReplicaId("node" + (i * 7) % 25, (i % 3 - 1) * 0x7000_0000_0000_0000L + i))
            .toList();

    private static ReplicaId id(int index) {
        return IDS.get(index);
    }
}
