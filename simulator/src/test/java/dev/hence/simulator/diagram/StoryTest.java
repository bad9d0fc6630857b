package dev.hence.simulator.diagram;

import static dev.hence.simulator.diagram.TraceBuilder.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.simulator.trace.Contents;
import dev.hence.simulator.trace.Event;
import dev.hence.simulator.trace.Event.Receipt;
import dev.hence.simulator.trace.Outcome;
import dev.hence.simulator.trace.Request;
import dev.hence.simulator.trace.TracedUpdate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class StoryTest {
    private final TraceBuilder trace = new TraceBuilder(2);

    @Test
    void of_noBeginning_isRefused() {
        assertThatThrownBy(() -> Story.of(List.of(), null)).hasMessageContaining("expected: Began");
    }

    @Test
    void of_uneventfulWriteAndReceipt_isThreeScenes() {
        TracedUpdate update = trace.write(1, "", 0, 1, set("x", "A"));
        trace.arrives(1, 0, update);

        assertThat(labels()).containsExactly("1:1 by c1: x=A", "1:1 stored, visible, c1 told", "visible");
        assertThat(story().scenes().getLast())
                .isEqualTo(new Scene.Message(1_100, 0, 1, 1, "1:1", Scene.Fate.DELIVERED, "visible"));
    }

    @Test
    void of_answerBeforeTheUpdateIsStored_staysBefore() {
        Request request = trace.asksToWrite(1, "", 0, set("x", "A"));
        TracedUpdate update = trace.made(request, 1);
        trace.told(request, update);
        trace.committed(0, update);

        assertThat(labels()).containsExactly("1:1 by c1: x=A", "c1 told: 1:1 is done", "1:1 stored, visible");
    }

    @Test
    void of_receiptBeforeTheUpdateIsStored_staysBefore() {
        TracedUpdate update = trace.made(trace.asksToWrite(1, "", 0, set("x", "A")), 1);
        trace.published(0, update);
        trace.received(1, 0, update, Receipt.DELIVERED);
        trace.stored(0, update);

        assertThat(labels())
                .containsExactly("1:1 by c1: x=A", "1:1 visible, not yet stored", "delivered", "1:1 stored");
    }

    @Test
    void of_storedAroundScenesOfOthers_isFoldedAndTakesItsLastTime() {
        TracedUpdate mine = trace.made(trace.asksToWrite(1, "", 0, set("x", "A")), 1);
        trace.stored(0, mine);
        trace.write(2, "", 1, 1, set("y", "B"));
        trace.published(0, mine);

        assertThat(labels()).endsWith("2:1 stored, visible, c2 told", "1:1 stored, visible");
        assertThat(story().scenes()).extracting(Scene::atMicros).isSorted();
    }

    @Test
    void of_readServedAtOnce_isOneScene() {
        trace.reads(trace.asksToRead(1, "s7", 0, "x", "y"), "A", null);

        assertThat(labels()).containsExactly("c1 s7: x -> A, y -> absent");
    }

    @Test
    void of_requestThatIsNeverAnswered_isShownIfTheNodeWentOn() {
        trace.asksToRead(1, "s7", 0, "x");
        trace.asksToRead(2, "s8", 1, "y");
        trace.write(3, "", 0, 1, set("x", "A"));

        assertThat(labels()).startsWith("c1 s7 asks x?", "1:1 by c3: x=A").noneMatch(label -> label.contains("y?"));
    }

    @Test
    void of_answerThatDiffersFromWhatWasServed_isTold() {
        Request request = trace.asksToRead(1, "", 0, "x");
        trace.add(new Event.Served(500, request, List.of(Contents.NOTHING), 0));
        trace.reads(request, "A");

        assertThat(labels()).startsWith("c1: x -> absent");
    }

    @Test
    void of_writeWithUnknownOutcome_isJoinedToTheUpdateItBecame() {
        Request request = trace.asksToWrite(1, "", 0, set("x", "A"));
        trace.made(request, 1);
        trace.stopped(0, Event.Stop.KILLED);
        trace.answered(request, new Outcome.Unknown());

        assertThat(labels()).containsExactly("1:1 by c1: x=A", "killed", "c1: 1:1, outcome unknown");
    }

    @Test
    void of_secondIdentity_hasPrimedNamesAndSaysWhatTheyStandFor() {
        trace.write(1, "", 0, 1, set("x", "A"));
        trace.stopped(0, Event.Stop.KILLED);
        trace.takesNewIdentity(0);
        trace.started(0);
        trace.write(1, "", 0, 1, set("x", "B"));

        assertThat(labels()).contains("starts as 1' with nothing", "1':1 by c1: x=B");
        assertThat(story().notes()).contains("1' = node1~0000000000000002");
    }

    @Test
    void of_processThatEndsAndBegins_isDownBetween() {
        trace.stopped(0, Event.Stop.KILLED);
        trace.write(1, "", 1, 1, set("x", "A"));
        trace.started(0);

        assertThat(story().spans()).containsExactly(new Span(Span.Kind.DOWN, 0, 0, 3));
    }

    @Test
    void of_processThatIsEndedTwice_isDownFromTheFirst() {
        trace.stopped(0, Event.Stop.KILLED);
        trace.stopped(0, Event.Stop.POWER_LOST);
        trace.started(0);

        assertThat(labels()).containsExactly("killed", "power lost", "starts as 1 with nothing");
        assertThat(story().spans()).containsExactly(new Span(Span.Kind.DOWN, 0, 0, 2));
    }

    @Test
    void of_bufferLostWithTheProcess_endsThere() {
        TracedUpdate first = trace.write(1, "", 0, 1, set("x", "A"));
        TracedUpdate second = trace.write(1, "", 0, 2, set("x", "B"), first);
        trace.received(1, 0, second, Receipt.BUFFERED);
        trace.stopped(1, Event.Stop.KILLED);

        assertThat(labels()).contains("buffered, lacks 1:1");
        assertThat(story().spans()).contains(new Span(Span.Kind.BUFFERING, 1, 4, 5), new Span(Span.Kind.DOWN, 1, 5, 6));
    }

    @Test
    void of_nodesThatEndEqual_saysNothingOfTheEnd() {
        trace.write(1, "", 0, 1, set("x", "A"));
        trace.ended(0, Map.of("x", "A"));
        trace.ended(1, Map.of("x", "A"));

        assertThat(labels()).noneMatch(label -> label.contains("at the end"));
    }

    @Test
    void of_nodesThatEndDifferent_namesTheKeysThatDiffer() {
        trace.ended(0, Map.of("x", "A", "y", "B"));
        trace.ended(1, Map.of("x", "A"));

        assertThat(labels()).containsExactly("at the end y -> B", "at the end y -> absent");
    }

    @Test
    void of_stability_isToldOnlyWhereTheViolationIsAboutIt() {
        TracedUpdate update = trace.write(1, "", 0, 1, set("x", "A"));
        trace.add(new Event.Stable(2_000, 0, Map.of(update.replica(), 1L)));

        assertThat(labels()).noneMatch(label -> label.contains("stable"));
        assertThat(Story.of(trace.events(), "stability: too early").scenes())
                .extracting(Scene::label)
                .contains("stable: 1:1");
    }

    @Test
    void of_bufferWithinItsBound_isNotTold() {
        trace.add(new Event.Buffering(1, 0, trace.replica(1), 4));
        trace.add(new Event.Buffering(2, 0, trace.replica(1), 5));

        assertThat(labels()).containsExactly("buffers 5 updates of 2 (expected: at most 4)");
    }

    @Test
    void last_longerStory_keepsTheEndAndItsSpans() {
        Story whole = HandmadeTraces.CAUSAL_CHAIN.story();
        Story end = whole.last(10);

        assertThat(end.scenes()).hasSize(10);
        assertThat(end.scenes().getLast().label())
                .isEqualTo(whole.scenes().getLast().label());
        assertThat(end.notes()).contains("The first 8 rows are left out.");
        assertThat(end.spans()).containsExactly(new Span(Span.Kind.BUFFERING, 2, -1, 0));
        assertThat(whole.last(18)).isSameAs(whole);
    }

    private Story story() {
        return Story.of(trace.events(), null);
    }

    private List<String> labels() {
        return story().scenes().stream().map(Scene::label).toList();
    }
}
