package dev.hence.core.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.crdt.ListPosition.Step;
import dev.hence.property.Property;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ListPositionTest {

    private static final List<ReplicaId> REPLICAS =
            List.of(new ReplicaId("a", 1), new ReplicaId("a", -1), new ReplicaId("ab", 0), new ReplicaId("b", 1));
    private static final Dot EARLY = new Dot(REPLICAS.get(0), 1);
    private static final Dot LATE = new Dot(REPLICAS.get(3), 70_000);

    private static ListPosition only(@Nullable ListPosition left, @Nullable ListPosition right, Dot dot) {
        return ListPosition.between(left, right, dot, 1).getFirst();
    }

    private static ListPosition path(Step... steps) {
        return new ListPosition(List.of(steps));
    }

    @Test
    void between_nothing_isOneStep() {
        assertThat(only(null, null, EARLY)).isEqualTo(path(new Step(0, EARLY, 0)));
    }

    @Test
    void between_endOfTheList_isOneStepHoweverLongTheNeighbour() {
        ListPosition deep = path(new Step(4, EARLY, 0), new Step(0, EARLY, 1), new Step(0, LATE, 0));

        assertThat(only(deep, null, LATE)).isEqualTo(path(new Step(5, LATE, 0)));
        assertThat(only(null, deep, LATE)).isEqualTo(path(new Step(3, LATE, 0)));
    }

    @Test
    void between_gapOfPlaces_isOneStep() {
        assertThat(only(path(new Step(0, LATE, 0)), path(new Step(2, EARLY, 0)), LATE))
                .isEqualTo(path(new Step(1, LATE, 0)));
    }

    @Test
    void between_elementsOfOneUpdate_isBelowTheLeftOne() {
        Step left = new Step(0, EARLY, 0);

        assertThat(only(path(left), path(new Step(0, EARLY, 1)), LATE)).isEqualTo(path(left, new Step(0, LATE, 0)));
    }

    @Test
    void between_oneAndWhatGoesOnFromIt_isOnTheOthersLeft() {
        Step left = new Step(0, EARLY, 0);

        assertThat(only(path(left), path(left, new Step(0, EARLY, 0), new Step(0, LATE, 0)), LATE))
                .isEqualTo(path(left, new Step(-1, LATE, 0)));
    }

    @Test
    void between_several_differInTheirIndexesAlone() {
        assertThat(ListPosition.between(null, null, LATE, 3))
                .containsExactly(path(new Step(0, LATE, 0)), path(new Step(0, LATE, 1)), path(new Step(0, LATE, 2)));
    }

    @Test
    void between_concurrentInsertionsAtOnePlace_standApart() {
        ListPosition left = only(null, null, EARLY);
        List<ListPosition> one = ListPosition.between(left, null, new Dot(REPLICAS.get(1), 5), 3);
        List<ListPosition> other = ListPosition.between(left, null, new Dot(REPLICAS.get(2), 5), 3);

        assertThat(Stream.concat(other.stream(), one.stream()).sorted())
                .containsExactlyElementsOf(
                        Stream.concat(one.stream(), other.stream()).toList());
    }

    @Test
    void between_lastPlaceTaken_refuses() {
        ListPosition last = path(new Step(Long.MAX_VALUE, EARLY, 0));
        ListPosition first = path(new Step(Long.MIN_VALUE, EARLY, 0));

        assertThatExceptionOfType(ListPosition.NoRoomException.class).isThrownBy(() -> only(last, null, LATE));
        assertThatExceptionOfType(ListPosition.NoRoomException.class).isThrownBy(() -> only(null, first, LATE));
    }

    @Test
    void between_alwaysNextToTheLastInsertion_refusesOnceThePathIsTooLong() {
        ListPosition left = path(new Step(0, EARLY, 0));
        ListPosition right = path(new Step(0, EARLY, 1));
        int insertions = 0;
        try {
            for (; insertions < 10_000; insertions++) {
                ListPosition next = only(left, right, new Dot(REPLICAS.get(1), 1L + insertions));
                left = insertions % 2 == 0 ? left : next;
                right = insertions % 2 == 0 ? next : right;
            }
        } catch (ListPosition.NoRoomException refused) {
            assertThat(refused).hasMessageContaining("more than 64 steps");
        }

        assertThat(insertions).isBetween(ListPosition.STEPS_MAX, 9_999);
    }

    @Test
    void between_manyInsertionsAtOnePlace_staysShort() {
        ListPosition left = path(new Step(0, EARLY, 0));
        ListPosition right = path(new Step(0, EARLY, 1));
        for (int insertions = 0; insertions < 1_000; insertions++) {
            left = only(left, right, new Dot(REPLICAS.get(1), 1L + insertions));
        }
        assertThat(left.steps()).hasSize(2);
        for (int insertions = 0; insertions < 1_000; insertions++) {
            right = only(left, right, new Dot(REPLICAS.get(1), 2_000L + insertions));
        }
        assertThat(right.steps()).hasSizeLessThan(4);
    }

    @Test
    void bytes_oneStep_areFew() {
        assertThat(path(new Step(-3, new Dot(new ReplicaId("node1", 1), 100_000), 0))
                        .bytes()
                        .length())
                .isLessThanOrEqualTo(20);
    }

    @Test
    void of_malformed_refuses() {
        byte[] whole = path(new Step(0, EARLY, 0)).bytes().array();
        byte[] cut = Arrays.copyOf(whole, whole.length - 1);

        assertThatIllegalArgumentException().isThrownBy(() -> ListPosition.of(Bytes.EMPTY));
        assertThatIllegalArgumentException().isThrownBy(() -> ListPosition.of(Bytes.wrap(cut)));
        assertThatIllegalArgumentException().isThrownBy(() -> ListPosition.of(Bytes.utf8("\u0001x")));
        assertThatIllegalArgumentException().isThrownBy(() -> ListPosition.of(Bytes.utf8("anything else")));
    }

    @Test
    void step_unusualNumbers_bytesKeepTheirOrder() {
        List<Long> numbers = new ArrayList<>();
        for (int bits = 0; bits < Long.SIZE; bits++) {
            for (long near = -2; near <= 2; near++) {
                numbers.add((1L << bits) + near);
                numbers.add(-(1L << bits) + near);
            }
        }
        List<ListPosition> sorted = numbers.stream()
                .distinct()
                .sorted()
                .map(number -> path(new Step(number, EARLY, 0)))
                .toList();

        assertThat(sorted.stream().sorted((one, other) -> one.bytes().compareTo(other.bytes())))
                .containsExactlyElementsOf(sorted);
        assertThat(sorted)
                .allSatisfy(each -> assertThat(ListPosition.of(each.bytes())).isEqualTo(each));
    }

    /** An insertion of some elements after a given number of others. */
    private record Insertion(int after, int replica, int count) {}

    @Test
    void between_anyInsertions_isBetweenInEveryOrder() {
        new Property<Insertion>(
                        "a position made between two stands between them, and its bytes do too",
                        Property.steps(
                                120,
                                random -> new Insertion(
                                        // Mostly beside each other, so that paths become long.
                                        random.nextInt(4) == 0 ? random.nextInt(200) : random.nextInt(3),
                                        random.nextInt(REPLICAS.size()),
                                        1 + random.nextInt(4))),
                        ListPositionTest::checkInsertions)
                .holdsFor(2_000);
    }

    private static void checkInsertions(List<Insertion> insertions) {
        List<ListPosition> list = new ArrayList<>();
        long counter = 0;
        for (Insertion insertion : insertions) {
            int at = insertion.after() % (list.size() + 1);
            ListPosition left = at == 0 ? null : list.get(at - 1);
            ListPosition right = at == list.size() ? null : list.get(at);
            Dot dot = new Dot(REPLICAS.get(insertion.replica()), ++counter);
            List<ListPosition> made;
            try {
                made = ListPosition.between(left, right, dot, insertion.count());
            } catch (ListPosition.NoRoomException full) {
                continue;
            }
            assertThat(made).hasSize(insertion.count());
            list.addAll(at, made);
        }
        for (int i = 0; i < list.size(); i++) {
            assertThat(ListPosition.of(list.get(i).bytes())).isEqualTo(list.get(i));
            if (i > 0) {
                assertThat(list.get(i - 1)).isLessThan(list.get(i));
                assertThat(list.get(i - 1).bytes()).isLessThan(list.get(i).bytes());
            }
        }
    }
}
