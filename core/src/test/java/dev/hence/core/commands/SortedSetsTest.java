package dev.hence.core.commands;

import static dev.hence.core.commands.MemoryNode.bytes;
import static dev.hence.core.keyspace.State.Direction.DOWN;
import static dev.hence.core.keyspace.State.Direction.UP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hence.core.commands.SortedSetRange.ByMember;
import dev.hence.core.commands.SortedSetRange.ByRank;
import dev.hence.core.commands.SortedSetRange.ByScore;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Deadlines;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.keyspace.State.Direction;
import dev.hence.core.keyspace.View;
import dev.hence.core.replica.UpdateTooLargeException;
import dev.hence.core.update.Operation;
import dev.hence.property.Property;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SortedSetsTest {

    private static final Bytes KEY = bytes("key");
    private static final ScoreRule NEW = new ScoreRule(ScoreRule.Presence.ABSENT, ScoreRule.Change.ANY);
    private static final ScoreRule PRESENT = new ScoreRule(ScoreRule.Presence.PRESENT, ScoreRule.Change.ANY);
    private static final ScoreRule GREATER = new ScoreRule(ScoreRule.Presence.ANY, ScoreRule.Change.GREATER);
    private static final ScoreRule LESS = new ScoreRule(ScoreRule.Presence.ANY, ScoreRule.Change.LESS);
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    private final MemoryNode node = new MemoryNode("a");
    private final MemoryNode far = new MemoryNode("b");
    private final LongSupplier random = new SplittableRandom(7)::nextLong;

    private static Scored scored(String member, double score) {
        return new Scored(bytes(member), score);
    }

    private static SortedSets.Outcome add(MemoryNode at, ScoreRule rule, Scored... members) {
        return at.write(transaction -> SortedSets.add(transaction, KEY, List.of(members), rule));
    }

    private void add(Scored... members) {
        add(node, ScoreRule.ALWAYS, members);
    }

    private static OptionalDouble increment(MemoryNode at, String member, double delta) {
        return increment(at, member, delta, ScoreRule.ALWAYS);
    }

    private static OptionalDouble increment(MemoryNode at, String member, double delta, ScoreRule rule) {
        return at.write(transaction -> SortedSets.increment(transaction, KEY, bytes(member), delta, rule));
    }

    private static List<Scored> all(MemoryNode at) {
        return range(at.view(), new ByRank(0, -1), UP, 0, Long.MAX_VALUE);
    }

    private static List<Scored> range(
            View view, SortedSetRange range, Direction direction, long skipped, long countMax) {
        List<Scored> shown = new ArrayList<>();
        SortedSets.range(view, KEY, range, direction, skipped, countMax, shown::add);
        return shown;
    }

    private List<Scored> randomMembers(Bytes key, long count, boolean repeated) {
        List<Scored> shown = new ArrayList<>();
        if (repeated) {
            SortedSets.randomMembersRepeated(node.view(), key, count, random, shown::add);
        } else {
            SortedSets.randomMembers(node.view(), key, count, random, shown::add);
        }
        return shown;
    }

    private List<String> members(SortedSetRange range, Direction direction, long skipped, long countMax) {
        return range(node.view(), range, direction, skipped, countMax).stream()
                .map(each -> each.member().toString())
                .toList();
    }

    private List<String> members(SortedSetRange range, Direction direction) {
        return members(range, direction, 0, Long.MAX_VALUE);
    }

    private List<Scored> pop(Direction direction, long count) {
        return node.write(transaction -> SortedSets.pop(transaction, KEY, direction, count));
    }

    private long remove(SortedSetRange range) {
        return node.write(transaction -> SortedSets.remove(transaction, KEY, range));
    }

    private static ByMember from(String first, String tooLarge) {
        return new ByMember(bytes(first), bytes(tooLarge));
    }

    private void expireKey() {
        node.run(transaction -> Keys.expire(transaction, KEY, node.nowMillis() + 10));
        node.advance(10);
    }

    @Test
    void add_newAndKnownMembers_countsBoth() {
        assertThat(add(node, ScoreRule.ALWAYS, scored("a", 1), scored("b", 2), scored("a", 3)))
                .isEqualTo(new SortedSets.Outcome(2, 1));
        assertThat(add(node, ScoreRule.ALWAYS, scored("b", 2), scored("c", -INFINITY)))
                .isEqualTo(new SortedSets.Outcome(1, 0));

        assertThat(all(node)).containsExactly(scored("c", -INFINITY), scored("b", 2), scored("a", 3));
        assertThat(SortedSets.size(node.view(), KEY)).isEqualTo(3);
    }

    @Test
    void add_rules_writeOnlyWhatTheyAllow() {
        assertThat(add(node, PRESENT, scored("a", 1))).isEqualTo(new SortedSets.Outcome(0, 0));
        assertThat(node.updateCount()).isZero();
        assertThat(add(node, NEW, scored("a", 5))).isEqualTo(new SortedSets.Outcome(1, 0));
        assertThat(add(node, NEW, scored("a", 6))).isEqualTo(new SortedSets.Outcome(0, 0));
        assertThat(add(node, GREATER, scored("a", 4))).isEqualTo(new SortedSets.Outcome(0, 0));
        assertThat(add(node, GREATER, scored("a", 5))).isEqualTo(new SortedSets.Outcome(0, 0));
        assertThat(node.updateCount()).isEqualTo(1);
        assertThat(add(node, GREATER, scored("a", 7), scored("b", 1))).isEqualTo(new SortedSets.Outcome(1, 1));
        assertThat(add(node, LESS, scored("a", 8))).isEqualTo(new SortedSets.Outcome(0, 0));
        assertThat(add(node, LESS, scored("a", 6), scored("c", 1))).isEqualTo(new SortedSets.Outcome(1, 1));
        assertThat(add(node, PRESENT, scored("a", 9), scored("d", 1))).isEqualTo(new SortedSets.Outcome(0, 1));

        assertThat(all(node)).containsExactly(scored("b", 1), scored("c", 1), scored("a", 9));
    }

    @Test
    void add_negativeZero_isZero() {
        add(scored("a", -0.0), scored("b", 0.0));

        assertThat(all(node)).containsExactly(scored("a", 0.0), scored("b", 0.0));
        assertThat(Double.doubleToLongBits(
                        SortedSets.score(node.view(), KEY, bytes("a")).orElseThrow()))
                .isZero();
    }

    @Test
    void add_unusualScores_areKeptAndOrdered() {
        double[] scores = {
            -INFINITY,
            -Double.MAX_VALUE,
            -1e15,
            -0.1,
            -Double.MIN_VALUE,
            0,
            Double.MIN_VALUE,
            0.1,
            0.3,
            1e15,
            1e15 + 2,
            1e300,
            Double.MAX_VALUE,
            INFINITY
        };
        for (double score : scores) {
            add(scored("m" + score, score));
        }

        assertThat(all(node).stream().mapToDouble(Scored::score).toArray()).containsExactly(scores);
    }

    @Test
    void add_expiredKey_beginsANewSet() {
        add(scored("a", 1));
        expireKey();
        assertThat(all(node)).isEmpty();
        assertThat(SortedSets.score(node.view(), KEY, bytes("a"))).isEmpty();
        assertThat(add(node, PRESENT, scored("a", 2))).isEqualTo(new SortedSets.Outcome(0, 0));
        assertThat(increment(node, "a", 2, PRESENT)).isEmpty();

        assertThat(increment(node, "a", 2)).hasValue(2);

        assertThat(all(node)).containsExactly(scored("a", 2));
        assertThat(Keys.deadlineMillis(node.view(), KEY)).isEqualTo(Deadlines.NONE);
    }

    @Test
    void add_memberRemovedElsewhere_staysAlthoughTheScoreIsTheSame() {
        add(scored("a", 1));
        far.follow(node);
        add(scored("a", 1));
        far.run(transaction -> SortedSets.remove(transaction, KEY, List.of(bytes("a"))));
        MemoryNode.meet(node, far);

        assertThat(all(node)).containsExactly(scored("a", 1)).isEqualTo(all(far));
    }

    @Test
    void everything_keyOfAnotherType_refuses() {
        node.run(transaction -> Sets.add(transaction, KEY, List.of(bytes("a"))));

        assertThatExceptionOfType(WrongTypeException.class).isThrownBy(() -> add(scored("a", 1)));
        assertThatExceptionOfType(WrongTypeException.class).isThrownBy(() -> increment(node, "a", 1));
        assertThatExceptionOfType(WrongTypeException.class).isThrownBy(() -> all(node));
        assertThatExceptionOfType(WrongTypeException.class).isThrownBy(() -> pop(UP, 1));
        assertThatExceptionOfType(WrongTypeException.class)
                .isThrownBy(() -> SortedSets.score(node.view(), KEY, bytes("a")));
    }

    @Test
    void increment_decimals_areSummedExactly() {
        for (int i = 0; i < 9; i++) {
            increment(node, "a", 0.1);
        }
        assertThat(increment(node, "a", 0.1)).hasValue(1.0);
        assertThat(SortedSets.score(node.view(), KEY, bytes("a"))).hasValue(1.0);
        assertThat(increment(node, "a", -2)).hasValue(-1);
        assertThat(increment(node, "b", 0)).hasValue(0);
        assertThat(all(node)).containsExactly(scored("a", -1), scored("b", 0));
    }

    @Test
    void increment_severalTimesInOneTransaction_isOneOperation() {
        node.run(transaction -> {
            SortedSets.increment(transaction, KEY, bytes("a"), 1, ScoreRule.ALWAYS);
            SortedSets.increment(transaction, KEY, bytes("a"), 2, ScoreRule.ALWAYS);
        });

        assertThat(all(node)).containsExactly(scored("a", 3));
        assertThat(node.operations()).hasSize(1).first().isInstanceOf(Operation.Increment.class);
    }

    @Test
    void increment_atTwoNodes_countsBoth() {
        add(scored("a", 1), scored("b", 5));
        far.follow(node);
        increment(node, "a", 2);
        increment(far, "a", 4);
        increment(far, "new", 1);
        increment(node, "new", 1);
        MemoryNode.meet(node, far);

        assertThat(all(node))
                .containsExactly(scored("new", 2), scored("b", 5), scored("a", 7))
                .isEqualTo(all(far));
    }

    @Test
    void increment_infinities_areAssigned() {
        assertThat(increment(node, "a", INFINITY)).hasValue(INFINITY);
        assertThat(increment(node, "a", -5)).hasValue(INFINITY);
        assertThat(node.operations()).first().isInstanceOf(Operation.Assign.class);
        assertThatExceptionOfType(NotANumberException.class)
                .isThrownBy(() -> increment(node, "a", -INFINITY))
                .satisfies(refused -> assertThat(refused.reason()).isEqualTo(NotANumberException.Reason.NOT_A_NUMBER));
        assertThat(all(node)).containsExactly(scored("a", INFINITY));

        add(scored("a", 1));
        assertThat(increment(node, "a", -INFINITY)).hasValue(-INFINITY);
        assertThat(all(node)).containsExactly(scored("a", -INFINITY));
    }

    @Test
    void copyAndRename_infiniteScoreIncrementedElsewhere_keepTheInfinity() {
        add(scored("a", 1));
        far.follow(node);
        add(scored("a", INFINITY));
        increment(far, "a", 1);
        MemoryNode.meet(node, far);
        Bytes copy = bytes("copy");
        Bytes renamed = bytes("renamed");

        node.run(transaction -> Keys.copy(transaction, KEY, copy, false));
        far.run(transaction -> Keys.rename(transaction, KEY, renamed));

        assertThat(SortedSets.score(node.view(), copy, bytes("a"))).hasValue(INFINITY);
        assertThat(SortedSets.score(far.view(), renamed, bytes("a"))).hasValue(INFINITY);
    }

    @Test
    void increment_sumBeyondDoubles_showsInfinityAndComesBack() {
        increment(node, "a", Double.MAX_VALUE);
        assertThat(increment(node, "a", Double.MAX_VALUE)).hasValue(INFINITY);
        assertThat(all(node)).containsExactly(scored("a", INFINITY));

        assertThat(increment(node, "a", -Double.MAX_VALUE)).hasValue(Double.MAX_VALUE);
    }

    @Test
    void increment_rules_forbid() {
        assertThat(increment(node, "a", 1, PRESENT)).isEmpty();
        assertThat(increment(node, "a", 1, NEW)).hasValue(1);
        assertThat(increment(node, "a", 1, NEW)).isEmpty();
        assertThat(increment(node, "a", -1, GREATER)).isEmpty();
        assertThat(increment(node, "a", 0, LESS)).isEmpty();
        assertThat(increment(node, "a", 1, GREATER)).hasValue(2);
        assertThat(increment(node, "b", -1, GREATER)).hasValue(-1);
        assertThat(all(node)).containsExactly(scored("b", -1), scored("a", 2));
    }

    @Test
    void range_byRank_countsInItsDirection() {
        add(scored("a", 1), scored("b", 2), scored("c", 2), scored("d", 3), scored("e", 4));

        assertThat(members(new ByRank(0, 1), UP)).containsExactly("a", "b");
        assertThat(members(new ByRank(0, 1), DOWN)).containsExactly("e", "d");
        assertThat(members(new ByRank(-2, -1), UP)).containsExactly("d", "e");
        assertThat(members(new ByRank(-2, -1), DOWN)).containsExactly("b", "a");
        assertThat(members(new ByRank(1, 3), UP)).containsExactly("b", "c", "d");
        assertThat(members(new ByRank(1, 3), DOWN)).containsExactly("d", "c", "b");
        assertThat(members(new ByRank(0, -1), DOWN, 1, 2)).containsExactly("d", "c");
        assertThat(members(new ByRank(0, -1), UP, 4, 2)).containsExactly("e");
        assertThat(members(new ByRank(0, -1), UP, 5, 2)).isEmpty();
        assertThat(members(new ByRank(4, 2), UP)).isEmpty();
        assertThat(SortedSets.count(node.view(), KEY, new ByRank(1, -1))).isEqualTo(4);
    }

    @Test
    void range_byScore_keepsItsBounds() {
        add(scored("a", 1), scored("b", 2), scored("c", 2), scored("d", 3), scored("", 3.5), scored("e", INFINITY));

        assertThat(members(new ByScore(2, 3), UP)).containsExactly("b", "c", "d");
        assertThat(members(new ByScore(2, 3), DOWN)).containsExactly("d", "c", "b");
        assertThat(members(ByScore.of(2, true, 3.5, true), UP)).containsExactly("d");
        assertThat(members(ByScore.of(2, true, 3.5, true), DOWN)).containsExactly("d");
        assertThat(members(ByScore.of(2, false, 3.5, false), DOWN)).containsExactly("", "d", "c", "b");
        assertThat(members(ByScore.of(-INFINITY, true, INFINITY, true), UP)).containsExactly("a", "b", "c", "d", "");
        assertThat(members(ByScore.of(INFINITY, false, INFINITY, false), DOWN)).containsExactly("e");
        assertThat(members(ByScore.of(INFINITY, true, INFINITY, false), UP)).isEmpty();
        assertThat(members(ByScore.of(-INFINITY, false, -INFINITY, true), UP)).isEmpty();
        assertThat(members(new ByScore(3, 2), UP)).isEmpty();
        assertThat(members(ByScore.ALL, UP, 1, 2)).containsExactly("b", "c");
        assertThat(members(ByScore.ALL, DOWN, 4, 9)).containsExactly("b", "a");
        assertThat(members(ByScore.ALL, DOWN, 0, 0)).isEmpty();
        assertThat(SortedSets.count(node.view(), KEY, ByScore.ALL)).isEqualTo(6);
        assertThat(SortedSets.count(node.view(), KEY, new ByScore(2, 3))).isEqualTo(3);
    }

    @Test
    void range_byMember_keepsItsBounds() {
        add(scored("", 0), scored("a", 0), scored("aa", 0), scored("b", 0), scored("c", 0));

        assertThat(members(from("a", "b"), UP)).containsExactly("a", "aa");
        assertThat(members(from("a", "b"), DOWN)).containsExactly("aa", "a");
        assertThat(members(new ByMember(ByMember.after(bytes("a")), null), UP)).containsExactly("aa", "b", "c");
        assertThat(members(new ByMember(bytes("aa"), ByMember.after(bytes("b"))), DOWN))
                .containsExactly("b", "aa");
        assertThat(members(ByMember.ALL, UP)).containsExactly("", "a", "aa", "b", "c");
        assertThat(members(ByMember.ALL, DOWN, 1, 1)).containsExactly("b");
        assertThat(members(ByMember.NONE, UP)).isEmpty();
        assertThat(members(from("b", "a"), UP)).isEmpty();
        assertThat(members(from("b", "a"), DOWN)).isEmpty();
        assertThat(SortedSets.count(node.view(), KEY, from("a", "c"))).isEqualTo(3);
    }

    @Test
    void range_byMemberOfDifferentScores_findsThemWhereTheyStand() {
        add(scored("a", 3), scored("b", 1), scored("c", 2));

        assertThat(members(from("a", "c"), UP)).containsExactly("b", "a");
        assertThat(members(from("a", "c"), DOWN)).containsExactly("a", "b");
        assertThat(SortedSets.count(node.view(), KEY, from("a", "b"))).isEqualTo(1);
    }

    @Test
    void rank_member_isItsPlaceFromEitherEnd() {
        add(scored("a", 1), scored("b", 2), scored("c", 2));

        assertThat(SortedSets.rank(node.view(), KEY, bytes("c"), UP)).hasValue(2);
        assertThat(SortedSets.rank(node.view(), KEY, bytes("c"), DOWN)).hasValue(0);
        assertThat(SortedSets.rank(node.view(), KEY, bytes("a"), DOWN)).hasValue(2);
        assertThat(SortedSets.rank(node.view(), KEY, bytes("x"), UP)).isEmpty();
        assertThat(SortedSets.rank(node.view(), bytes("absent"), bytes("x"), UP))
                .isEmpty();
    }

    @Test
    void pop_either_takesTheOutermostFirst() {
        add(scored("a", 1), scored("b", 2), scored("c", 2), scored("d", 3));

        assertThat(pop(UP, 2)).containsExactly(scored("a", 1), scored("b", 2));
        assertThat(pop(DOWN, 1)).containsExactly(scored("d", 3));
        assertThat(pop(DOWN, 0)).isEmpty();
        assertThat(pop(DOWN, Long.MAX_VALUE)).containsExactly(scored("c", 2));
        assertThat(pop(DOWN, 1)).isEmpty();
        assertThat(node.state().head(KEY)).isEqualTo(KeyHead.EMPTY);
    }

    @Test
    void remove_membersAndRanges_countsWhatWasThere() {
        add(scored("a", 1), scored("b", 2), scored("c", 3), scored("d", 4), scored("e", 5));

        assertThat((long) node.write(transaction ->
                        SortedSets.remove(transaction, KEY, List.of(bytes("a"), bytes("x"), bytes("a")))))
                .isEqualTo(1);
        assertThat(remove(new ByRank(-1, -1))).isEqualTo(1);
        assertThat(remove(ByScore.of(2, true, 3, false))).isEqualTo(1);
        assertThat(members(ByScore.ALL, UP)).containsExactly("b", "d");
        assertThat(remove(from("x", "y"))).isZero();
        assertThat(remove(ByMember.ALL)).isEqualTo(2);
        assertThat(Keys.exists(node.view(), KEY)).isFalse();
        assertThat((long) node.write(transaction -> SortedSets.remove(transaction, KEY, List.of(bytes("a")))))
                .isZero();
    }

    @Test
    void remove_whileIncrementedElsewhere_leavesTheIncrement() {
        add(scored("a", 10));
        far.follow(node);
        node.run(transaction -> SortedSets.remove(transaction, KEY, List.of(bytes("a"))));
        increment(far, "a", 3);
        MemoryNode.meet(node, far);

        assertThat(all(node)).containsExactly(scored("a", 3)).isEqualTo(all(far));
    }

    @Test
    void randomMembers_distinctAndRepeated() {
        add(scored("a", 1), scored("b", 2), scored("c", 3));

        assertThat(randomMembers(KEY, 9, false))
                .containsExactlyInAnyOrder(scored("a", 1), scored("b", 2), scored("c", 3));
        assertThat(randomMembers(KEY, 2, false))
                .hasSize(2)
                .doesNotHaveDuplicates()
                .isSubsetOf(all(node));
        assertThat(randomMembers(KEY, 20, true)).hasSize(20).isSubsetOf(all(node));
        assertThat(randomMembers(bytes("absent"), 1, false)).isEmpty();
    }

    @Test
    void scan_inParts_showsEveryMemberOnce() {
        add(IntStream.range(0, 100).mapToObj(i -> scored("m" + i, i)).toArray(Scored[]::new));
        List<Scored> seen = new ArrayList<>();
        long cursor = 0;
        do {
            cursor = SortedSets.scan(node.view(), KEY, cursor, 7, seen::add);
        } while (cursor != 0);

        assertThat(seen).containsExactlyInAnyOrderElementsOf(all(node));
        List<Scored> walked = new ArrayList<>();
        SortedSets.forEach(node.view(), KEY, walked::add);
        assertThat(walked).isEqualTo(seen);
    }

    @Test
    void replace_anything_holdsExactlyTheMembers() {
        node.run(transaction -> Sets.add(transaction, KEY, List.of(bytes("x"))));
        node.run(transaction -> SortedSets.replace(transaction, KEY, List.of(scored("a", 1), scored("b", INFINITY))));
        assertThat(all(node)).containsExactly(scored("a", 1), scored("b", INFINITY));

        node.run(transaction -> SortedSets.replace(transaction, KEY, List.of()));
        assertThat(Keys.exists(node.view(), KEY)).isFalse();
    }

    @Test
    void storeRange_part_replacesTheDestination() {
        add(scored("a", 1), scored("b", 2), scored("c", 3));
        Bytes other = bytes("other");

        assertThat((long) node.write(
                        transaction -> SortedSets.storeRange(transaction, other, KEY, new ByScore(2, 9), DOWN, 0, 1)))
                .isEqualTo(1);
        assertThat(SortedSets.score(node.view(), other, bytes("c"))).hasValue(3);
        assertThat((long) node.write(
                        transaction -> SortedSets.storeRange(transaction, KEY, KEY, new ByRank(0, 1), UP, 0, 9)))
                .isEqualTo(2);
        assertThat(all(node)).containsExactly(scored("a", 1), scored("b", 2));
    }

    @Test
    void removalsAndStores_moreThanAnUpdateHolds_refuseAndChangeNothing() {
        for (int i = 0; i < 10; i++) {
            add(new Scored(Bytes.wrap(new byte[(int) MemoryNode.UPDATE_BYTES_MAX / 8 + i]), i));
        }
        List<Scored> before = all(node);

        assertThatExceptionOfType(UpdateTooLargeException.class).isThrownBy(() -> pop(UP, Long.MAX_VALUE));
        assertThatExceptionOfType(UpdateTooLargeException.class).isThrownBy(() -> remove(new ByScore(0, 99)));
        assertThatExceptionOfType(UpdateTooLargeException.class)
                .isThrownBy(() -> node.write(transaction ->
                        SortedSets.storeRange(transaction, bytes("other"), KEY, ByScore.ALL, UP, 0, 99)));
        assertThat(all(node)).isEqualTo(before);

        assertThat(remove(new ByRank(0, -1))).isEqualTo(before.size());
        assertThat(Keys.exists(node.view(), KEY)).isFalse();
    }

    private record Edit(int kind, String member, double score) {}

    @Test
    void everything_anyWritesOfOneNode_isWhatAMapOfScoresGives() {
        new Property<Edit>(
                        "a sorted set is a map from members to scores, in order",
                        Property.steps(
                                80,
                                source -> new Edit(
                                        source.nextInt(6), "m" + source.nextInt(12), source.nextInt(-3, 4) / 2.0)),
                        SortedSetsTest::checkEdits)
                .holdsFor(500);
    }

    private static void checkEdits(List<Edit> edits) {
        MemoryNode node = new MemoryNode("a");
        Map<Bytes, Double> model = new TreeMap<>();
        for (Edit edit : edits) {
            node.run(transaction -> {
                Bytes member = bytes(edit.member());
                switch (edit.kind()) {
                    case 0, 1 -> {
                        SortedSets.add(transaction, KEY, List.of(new Scored(member, edit.score())), ScoreRule.ALWAYS);
                        model.put(member, edit.score() + 0.0);
                    }
                    case 2 -> {
                        SortedSets.increment(transaction, KEY, member, edit.score(), ScoreRule.ALWAYS);
                        model.merge(member, edit.score() + 0.0, Double::sum);
                    }
                    case 3 -> {
                        SortedSets.remove(transaction, KEY, List.of(member));
                        model.remove(member);
                    }
                    case 4 ->
                        SortedSets.pop(transaction, KEY, edit.score() > 0 ? UP : DOWN, 1)
                                .forEach(popped -> model.remove(popped.member()));
                    default -> {
                        SortedSets.remove(transaction, KEY, new ByScore(edit.score(), edit.score() + 0.5));
                        model.values().removeIf(score -> score >= edit.score() && score <= edit.score() + 0.5);
                    }
                }
                List<Scored> expected = model.entrySet().stream()
                        .map(entry -> new Scored(entry.getKey(), entry.getValue()))
                        .sorted()
                        .toList();
                assertThat(range(transaction, ByScore.ALL, UP, 0, Long.MAX_VALUE))
                        .isEqualTo(expected);
                assertThat(range(transaction, new ByRank(0, -1), DOWN, 0, Long.MAX_VALUE))
                        .isEqualTo(expected.reversed());
                assertThat(SortedSets.size(transaction, KEY)).isEqualTo(expected.size());
            });
        }
    }
}
