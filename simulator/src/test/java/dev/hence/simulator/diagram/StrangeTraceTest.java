package dev.hence.simulator.diagram;

import static dev.hence.simulator.diagram.TraceBuilder.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.hence.simulator.trace.Event;
import dev.hence.simulator.trace.Outcome;
import dev.hence.simulator.trace.Request;
import dev.hence.simulator.trace.TracedUpdate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Diagrams are needed most for traces with violations, so every trace must be drawable. */
final class StrangeTraceTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"<script>&amp;]]>\"'", "a\nb\r\n\u0000\u001b[2J\u0085", "\u202e\u2066\ud83d\ude00\ud800\uffff"})
    void draw_hostileText_isEscaped(String hostile) throws Exception {
        Story story = hostileStory(hostile);
        String text = new SpaceTimeText().draw(story);
        String svg = new SpaceTimeSvg().draw(story);

        assertThat(text).doesNotContainPattern("[\\p{Cntrl}&&[^\n]]").doesNotContainPattern("[\\p{Cf}\\p{Cs}\\p{Cn}]");
        assertThat(svg).doesNotContain("<script").doesNotContainPattern("[\\p{Cntrl}&&[^\n]]");
        SpaceTimeSvgTest.parsed(svg);
    }

    @Test
    void draw_veryLongText_isShortened() throws Exception {
        Story story = hostileStory("long ".repeat(100_000));

        assertThat(new SpaceTimeText().draw(story).lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThan(140));
        assertThat(new SpaceTimeSvg().draw(story)).hasSizeLessThan(40_000);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void draw_eventsThatMakeNoSense_areDrawnInTheirOrder(long seed) {
        for (int round = 0; round < 50; round++) {
            List<Event> events = nonsense(new Random(seed * 1_000 + round));
            Story story = Story.of(events, "some promise: stability");

            assertThat(story.scenes()).extracting(Scene::atMicros).isSorted();
            assertThatCode(() -> SpaceTimeSvgTest.parsed(new SpaceTimeSvg().draw(story)))
                    .doesNotThrowAnyException();
            assertThat(new SpaceTimeText(80, Alphabet.ASCII).draw(story.last(20)))
                    .matches("[ -~\n]*")
                    .endsWith("VIOLATION  some promise: stability\n");
        }
    }

    private static Story hostileStory(String hostile) {
        TraceBuilder trace = new TraceBuilder(2);
        TracedUpdate update = trace.write(1, hostile, 0, 1, set(hostile, hostile));
        trace.arrives(1, 0, update);
        trace.reads(trace.asksToRead(2, "", 1, hostile), hostile);
        trace.answered(trace.asksToRead(2, hostile, 1, hostile), new Outcome.Refused(hostile));
        trace.fault(null, Event.Kind.CUT, hostile);
        trace.fault(1, Event.Kind.PAUSED, hostile);
        trace.ended(0, Map.of(hostile, hostile));
        trace.add(new Event.Renewed(9_000, 0, hostile, hostile));
        List<Event> events = new ArrayList<>(trace.events());
        events.set(0, new Event.Began(0, List.of(hostile, "node2"), List.of(true, false), new Event.Bounds(1)));
        return Story.of(events, hostile);
    }

    private static List<Event> nonsense(Random random) {
        TraceBuilder trace = new TraceBuilder(3);
        List<TracedUpdate> made = new ArrayList<>();
        List<Request> asked = new ArrayList<>();
        made.add(trace.write(0, "", 0, 1, set("x", "0")));
        asked.add(trace.asksToRead(0, "", 0, "x"));
        for (int i = 0; i < 60; i++) {
            int node = random.nextInt(3);
            TracedUpdate update = made.get(random.nextInt(made.size()));
            Request request = asked.get(random.nextInt(asked.size()));
            switch (random.nextInt(18)) {
                case 0 -> asked.add(trace.asksToWrite(node, "", node, set("x", "v" + i)));
                case 1 -> asked.add(trace.asksToRead(node, "s", node, "x"));
                case 2, 3 -> made.add(trace.made(request, random.nextInt(1, 4), update));
                case 4, 5 -> trace.stored(node, update);
                case 6, 7 -> trace.published(node, update);
                case 8, 9 -> {
                    Event.Receipt[] receipts = Event.Receipt.values();
                    trace.received(node, random.nextInt(3), update, receipts[random.nextInt(receipts.length)]);
                }
                case 10, 11 -> trace.applied(node, update);
                case 12 -> trace.told(request, update);
                case 13 -> trace.reads(request, "v");
                case 14 -> trace.stopped(node, Event.Stop.POWER_LOST);
                case 15 -> trace.started(node, update);
                case 16 -> trace.synced(node);
                default -> trace.fault(node, Event.Kind.CUT, "");
            }
        }
        trace.calmed();
        trace.ended(0, Map.of("x", "1"));
        trace.ended(1, Map.of(), made.getFirst());
        return trace.events();
    }
}
