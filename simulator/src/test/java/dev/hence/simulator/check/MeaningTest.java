package dev.hence.simulator.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.simulator.trace.Change;
import dev.hence.simulator.trace.Contents;
import dev.hence.simulator.trace.Event;
import dev.hence.simulator.trace.TraceBuilder;
import dev.hence.simulator.trace.TracedUpdate;
import dev.hence.simulator.trace.Type;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two nodes whose writes are concurrent until they meet. */
final class MeaningTest {
    private final GroundTruth truth = new GroundTruth();
    private final Meaning meaning = new Meaning(truth);
    private final TraceBuilder cluster = new TraceBuilder(2, event -> {
        truth.observe(event);
        if (event instanceof Event.Made made) {
            meaning.add(made.update());
        }
    });

    private static Change put(Type type, String element, String value) {
        return new Change.Put("k", type, element, value);
    }

    private static Change remove(Type type, String element) {
        return new Change.Remove("k", type, element);
    }

    private static Change add(Type type, String element, String delta) {
        return new Change.Add("k", type, element, new BigDecimal(delta));
    }

    private static Change set(String value, long deadlineMillis) {
        return new Change.Set("k", value, deadlineMillis);
    }

    private static Change expire(long deadlineMillis) {
        return new Change.Expire("k", deadlineMillis);
    }

    private TracedUpdate write(int node, Change... changes) {
        return cluster.write(node, changes);
    }

    /** Both write concurrently, and then each has the other's writes. */
    private void concurrently(Change here, Change there) {
        TracedUpdate one = write(0, here);
        TracedUpdate other = write(1, there);
        cluster.deliver(0, other);
        cluster.deliver(1, one);
    }

    private void both(Change... changes) {
        cluster.deliver(1, write(0, changes));
    }

    private Contents contents(long wallMillis) {
        Contents here = meaning.contents("k", truth.node(0).visible.updates(), wallMillis);
        assertThat(meaning.contents("k", truth.node(1).visible.updates(), wallMillis))
                .isEqualTo(here);
        return here;
    }

    private List<String> shown() {
        return contents(0).shownElements().stream()
                .map(element -> element.value().isEmpty() ? element.name() : element.name() + "=" + element.value())
                .toList();
    }

    @Test
    void string_incrementsConcurrentToAnAssignment_countOnTop() {
        both(add(Type.STRING, "", "5"));
        concurrently(set("10", Contents.NEVER), add(Type.STRING, "", "0.5"));
        assertThat(shown()).containsExactly("=10.5");
        assertThat(contents(0).of(Type.STRING).getFirst().increments()).isEqualTo("0.5");
    }

    @Test
    void string_incrementsOnWhatIsNoNumber_doNotShow() {
        concurrently(set("v", Contents.NEVER), add(Type.STRING, "", "1"));
        assertThat(shown()).containsExactly("=v");
    }

    @Test
    void string_sumBeyond64Bits_isShownAtTheLimit() {
        both(set("9223372036854775806", Contents.NEVER));
        concurrently(add(Type.STRING, "", "1"), add(Type.STRING, "", "1"));
        assertThat(shown()).containsExactly("=9223372036854775807");
    }

    @Test
    void string_deleteOfSomeIncrements_leavesTheOthers() {
        both(add(Type.STRING, "", "1"));
        TracedUpdate more = write(0, add(Type.STRING, "", "10"));
        TracedUpdate deleted = write(1, new Change.Delete("k"));
        cluster.deliver(0, deleted);
        cluster.deliver(1, more);
        assertThat(shown()).containsExactly("=10");
    }

    @Test
    void set_addedAndRemovedConcurrently_isPresent() {
        both(put(Type.SET, "m", ""), put(Type.SET, "n", ""));
        concurrently(put(Type.SET, "m", ""), remove(Type.SET, "m"));
        assertThat(shown()).containsExactly("m", "n");
        both(remove(Type.SET, "m"));
        assertThat(shown()).containsExactly("n");
    }

    @Test
    void hash_deleteOfTheKey_leavesWhatItHadNotSeen() {
        both(put(Type.HASH, "f", "1"));
        concurrently(new Change.Delete("k"), put(Type.HASH, "g", "2"));
        assertThat(shown()).containsExactly("g=2");
        assertThat(contents(0).elements().get(Type.HASH))
                .extracting(Contents.Elements::count)
                .isEqualTo(1L);
    }

    @Test
    void sortedSet_members_standByScoreAndThenByName() {
        both(put(Type.SORTED_SET, "b", "1"), put(Type.SORTED_SET, "a", "1"), put(Type.SORTED_SET, "c", "-inf"));
        both(add(Type.SORTED_SET, "d", "0.1"));
        assertThat(shown()).containsExactly("c=-Infinity", "d=0.1", "a=1.0", "b=1.0");
    }

    @Test
    void list_items_standByTheirPositions() {
        both(put(Type.LIST, "80", "x"), put(Type.LIST, "7f01", "y"));
        assertThat(shown()).containsExactly("7f01=y", "80=x");
    }

    @Test
    void types_writtenConcurrently_theNewestShowsUntilItIsRemoved() {
        cluster.write(0, "x=1");
        concurrently(put(Type.HASH, "f", "1"), put(Type.LIST, "80", "x"));
        assertThat(contents(0).shown()).isEqualTo(Type.HASH);
        assertThat(contents(0).elements()).containsOnlyKeys(Type.HASH, Type.LIST);
        both(remove(Type.HASH, "f"));
        assertThat(contents(0).shown()).isEqualTo(Type.LIST);
        both(set("v", Contents.NEVER));
        assertThat(contents(0).elements()).containsOnlyKeys(Type.STRING);
    }

    @Test
    void deadline_severalConcurrent_theLatestHolds() {
        both(put(Type.SET, "m", ""), expire(500));
        concurrently(expire(1_000), expire(2_000));
        assertThat(contents(1_999).shown()).isEqualTo(Type.SET);
        assertThat(contents(2_000))
                .extracting(Contents::shown, Contents::deadlineMillis)
                .containsExactly(null, 2_000L);
        assertThat(contents(2_000).of(Type.SET)).hasSize(1);
    }

    @Test
    void deadline_assignment_endsItUnlessItKeepsIt() {
        both(set("1", 1_000));
        both(set("2", Contents.KEEP));
        assertThat(contents(0).deadlineMillis()).isEqualTo(1_000);
        both(set("3", Contents.NEVER));
        assertThat(contents(0).deadlineMillis()).isEqualTo(Contents.NEVER);
    }

    @Test
    void deadline_deleteThatHadSeenIt_takesItAlong() {
        both(put(Type.SET, "m", ""), expire(1_000));
        concurrently(new Change.Delete("k"), put(Type.SET, "n", ""));
        assertThat(contents(5_000))
                .extracting(Contents::shown, Contents::deadlineMillis)
                .containsExactly(Type.SET, Contents.NEVER);
    }

    @Test
    void state_keyOfWhichOnlyADeadlineIsLeft_isListed() {
        both(put(Type.SET, "m", ""));
        concurrently(expire(1_000), new Change.Delete("k"));
        assertThat(meaning.state(truth.node(0).visible.updates())).containsOnlyKeys("k");
        both(new Change.Delete("k"));
        assertThat(meaning.state(truth.node(0).visible.updates())).isEmpty();
    }
}
