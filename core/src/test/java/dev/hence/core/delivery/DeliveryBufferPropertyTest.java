package dev.hence.core.delivery;

import static dev.hence.core.delivery.CausalHistory.clockOf;
import static dev.hence.core.delivery.CausalHistory.count;
import static dev.hence.core.delivery.CausalHistory.replica;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.delivery.CausalHistory.Event;
import dev.hence.core.update.Frame;
import dev.hence.core.update.Operation;
import dev.hence.core.update.Update;
import dev.hence.core.update.UpdateChecksum;
import dev.hence.property.Property;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The delivery buffer of one node while others write and see each other's updates, and their updates arrive in any
 * order, with duplicates, with gaps and between the node's own writes.
 *
 * <p>Its behaviour is predicted from the sets of dots of a {@link CausalHistory}: every receipt, the held updates and
 * what they wait for. At the end no update may be missing, although only refused updates are offered again.
 */
final class DeliveryBufferPropertyTest {

    private static final int OBSERVER = 0;
    private static final int OTHERS_MAX = 6;
    private static final int FRAME_UPDATES_MAX = 4;
    private static final int VALUE_BYTES_MAX = 20;
    private static final int UPDATE_BYTES_MAX = VALUE_BYTES_MAX + Operation.OVERHEAD_BYTES;

    private sealed interface Step {
        /**
         * Buffer limits, the number of writing nodes, and whether deliverable updates stay in the buffer for a while.
         */
        record Setup(int others, int updatesMax, long bytesMax, boolean lazy) implements Step {}

        /** A node writes, once or often enough that a queue must grow. */
        record Write(int node, int bytes, int count) implements Step {}

        record Learn(int node, int pick) implements Step {}

        record WriteHere() implements Step {}

        /** Any existing update arrives, in one frame with those of its origin that can follow it there. */
        record Arrive(int pick, int countMax) implements Step {}

        /** The next update of a node arrives. */
        record ArriveInOrder(int node) implements Step {}

        /** All deliverable updates are taken out. */
        record Deliver() implements Step {}

        /** The node restarts with its delivered updates; buffered ones are lost. */
        record Restart() implements Step {}
    }

    @Test
    void receive_anyArrivalOrder_obeysTheRuleAndLosesNothing() {
        new Property<Step>("causal delivery", Property.steps(this::setup, 120, this::step), this::check).holdsFor(1500);
    }

    private Step.Setup setup(RandomGenerator random) {
        int updatesMax = random.nextBoolean() ? 1 + random.nextInt(3) : 1 + random.nextInt(100);
        long bytesMax = random.nextBoolean() ? 1 + random.nextInt(3 * UPDATE_BYTES_MAX) : 1_000_000;
        return new Step.Setup(2 + random.nextInt(OTHERS_MAX - 1), updatesMax, bytesMax, random.nextInt(4) == 0);
    }

    private Step step(RandomGenerator random) {
        int node = random.nextInt(OTHERS_MAX);
        int pick = random.nextInt(1000);
        return switch (random.nextInt(16)) {
            case 0, 1, 2, 3 -> new Step.Write(node, random.nextInt(VALUE_BYTES_MAX), random.nextInt(20) == 0 ? 20 : 1);
            case 4, 5, 6, 7 -> new Step.Learn(node, pick);
            case 8, 9, 10 -> new Step.Arrive(pick, 1 + random.nextInt(FRAME_UPDATES_MAX));
            case 11, 12 -> new Step.ArriveInOrder(node);
            case 13 -> new Step.WriteHere();
            case 14 -> new Step.Deliver();
            default ->
                random.nextInt(5) == 0
                        ? new Step.Restart()
                        : new Step.Arrive(pick, 1 + random.nextInt(FRAME_UPDATES_MAX));
        };
    }

    private void check(List<Step> trace) {
        Step.Setup setup = trace.stream()
                .filter(Step.Setup.class::isInstance)
                .map(Step.Setup.class::cast)
                .findFirst()
                .orElse(new Step.Setup(2, 100, 1_000_000, false));
        Observer observer = new Observer(setup);
        trace.forEach(observer::carryOut);
        observer.finish();
    }

    private static final class Observer {
        private final Step.Setup setup;
        private final DeliveryBuffer.Limits limits;
        private final CausalHistory history = new CausalHistory();
        private final Set<Dot> delivered = history.seenBy(OBSERVER);
        private final Map<Dot, BufferedUpdate> held = new LinkedHashMap<>();
        /** The number of the frame in which an update arrived. */
        private final Map<Dot, Integer> frames = new HashMap<>();

        private int arrived;
        private DeliveryBuffer buffer;
        private long now;

        Observer(Step.Setup setup) {
            this.setup = setup;
            this.limits = new DeliveryBuffer.Limits(setup.updatesMax(), setup.bytesMax());
            this.buffer = new DeliveryBuffer(clockOf(delivered), limits);
        }

        void carryOut(Step step) {
            now++;
            switch (step) {
                case Step.Setup ignored -> {}
                case Step.Write(int node, int bytes, int count) -> {
                    for (int i = 0; i < count; i++) {
                        history.write(other(node), bytes);
                    }
                }
                case Step.Learn(int node, int pick) -> history.learn(other(node), pick);
                case Step.WriteHere ignored ->
                    buffer.deliverLocal(history.write(OBSERVER, 1).update());
                case Step.Arrive(int pick, int countMax) -> {
                    if (!history.events().isEmpty()) {
                        receive(run(history.events().get(pick % history.events().size()), countMax));
                    }
                }
                case Step.ArriveInOrder(int node) ->
                    history.events().stream()
                            .filter(event -> event.dot().replica().equals(replica(other(node))))
                            .filter(event -> !delivered.contains(event.dot()) && !held.containsKey(event.dot()))
                            .findFirst()
                            .ifPresent(event -> receive(List.of(event)));
                case Step.Deliver ignored -> deliver();
                case Step.Restart ignored -> {
                    held.clear();
                    buffer = new DeliveryBuffer(clockOf(delivered), limits);
                }
            }
            if (!setup.lazy()) {
                deliver();
            }
            checkWhatIsHeld();
        }

        private int other(int node) {
            return 1 + node % setup.others();
        }

        /** An update and those that its origin wrote after it without learning anything. */
        private List<Event> run(Event first, int countMax) {
            List<Event> run = new ArrayList<>(List.of(first));
            // The digest of the past, which this history does not have, of an update on nothing is known.
            boolean isAlone = first.update().context().isEmpty();
            for (Event event : history.events()) {
                Update last = run.getLast().update();
                if (!isAlone
                        && run.size() < countMax
                        && event.dot().equals(last.dot().next())
                        && event.update().context().equals(last.clock())) {
                    run.add(event);
                }
            }
            return run;
        }

        private static Frame frame(List<Event> run) {
            Frame.Builder frame = new Frame.Builder(run.getFirst().update(), 0, run.size(), new UpdateChecksum());
            for (Event event : run.subList(1, run.size())) {
                Update update = event.update();
                frame.add(update.timestamp(), update.operations(), update.request());
                assertThat(frame.last()).isEqualTo(update);
            }
            return frame.build(Bytes.EMPTY);
        }

        private boolean receive(List<Event> run) {
            Receipt receipt = buffer.receive(frame(run), now);
            Receipt expected = foretell(run, receipt);
            assertThat(receipt).as("receipt of %s", run.getFirst().dot()).isEqualTo(expected);
            if (receipt instanceof Receipt.Delivered || receipt instanceof Receipt.Buffered) {
                arrived++;
                run.stream().filter(this::isNew).forEach(event -> {
                    frames.put(event.dot(), arrived);
                    held.put(event.dot(), new BufferedUpdate(event.update(), event.dot(), now));
                });
            }
            return !(receipt instanceof Receipt.Refused);
        }

        private boolean isNew(Event event) {
            return !delivered.contains(event.dot()) && !held.containsKey(event.dot());
        }

        private Receipt foretell(List<Event> run, Receipt actual) {
            Event event = run.stream().filter(this::isNew).findFirst().orElse(null);
            if (event == null) {
                return new Receipt.Duplicate();
            }
            Dot dot = event.dot();
            long next = count(delivered, dot.replica()) + 1;
            boolean full = run.getLast().dot().counter() >= next + limits.updatesMax()
                    || bytesHeld(dot.replica()) >= limits.bytesMax();
            if (dot.counter() != next && full) {
                return new Receipt.Refused();
            }
            if (delivered.containsAll(event.past())) {
                return new Receipt.Delivered();
            }
            return new Receipt.Buffered(oneThatIsMissing(
                    event.update(), actual instanceof Receipt.Buffered(Dot waitingFor) ? waitingFor : dot));
        }

        /** Returns the dot that an update is reported to wait for if it is really missing; otherwise one that is. */
        private Dot oneThatIsMissing(Update update, Dot said) {
            Set<Dot> missing = new HashSet<>(history.pastOf(update));
            missing.removeAll(delivered);
            return missing.contains(said) ? said : missing.iterator().next();
        }

        private void deliver() {
            for (Frame frame = buffer.deliverNext(); frame != null; frame = buffer.deliverNext()) {
                frame.updates().forEach(this::delivered);
                assertThat(buffer.clock()).isEqualTo(clockOf(delivered));
                checkIsWhole(frame);
            }
            assertThat(held.values())
                    .as("held although nothing is missing")
                    .noneMatch(one -> delivered.containsAll(history.pastOf(one.update())));
        }

        private void delivered(Update update) {
            Dot dot = update.dot();
            assertThat(held)
                    .as("received before it is delivered, and delivered once")
                    .containsKey(dot);
            assertThat(delivered).as("the past of %s", dot).containsAll(history.pastOf(update));
            held.remove(dot);
            delivered.add(dot);
        }

        /** What arrived together is delivered together, except what was here before. */
        private void checkIsWhole(Frame frame) {
            int number = frames.getOrDefault(frame.first().dot(), 0);
            assertThat(frame.updates())
                    .extracting(update -> frames.get(update.dot()))
                    .containsOnly(number);
            Dot next = frame.last().dot().next();
            assertThat(held.containsKey(next) ? frames.getOrDefault(next, 0) : 0)
                    .as("the frame of %s, which could follow %s", next, frame)
                    .isNotEqualTo(number);
        }

        private void checkWhatIsHeld() {
            assertThat(buffer.size()).isEqualTo(held.size());
            List<BufferedUpdate> waiting = buffer.buffered(Integer.MAX_VALUE);
            List<BufferedUpdate> expected = held.values().stream()
                    .filter(one -> !delivered.containsAll(history.pastOf(one.update())))
                    .sorted(Comparator.comparing(one -> one.update().dot()))
                    .toList();
            assertThat(waiting.stream().map(BufferedUpdate::update))
                    .containsExactlyElementsOf(
                            expected.stream().map(BufferedUpdate::update).toList());
            assertThat(waiting.stream().map(BufferedUpdate::sinceMillis))
                    .containsExactlyElementsOf(
                            expected.stream().map(BufferedUpdate::sinceMillis).toList());
            assertThat(waiting)
                    .allMatch(one -> history.pastOf(one.update()).contains(one.waitingFor())
                            && !delivered.contains(one.waitingFor()));
            assertThat(buffer.buffered(2)).isEqualTo(waiting.subList(0, Math.min(2, waiting.size())));
            checkBounds();
        }

        private void checkBounds() {
            Map<ReplicaId, List<Dot>> byOrigin = held.keySet().stream().collect(Collectors.groupingBy(Dot::replica));
            byOrigin.forEach((origin, dots) -> {
                // The head's frame is always accepted.
                assertThat(dots).hasSizeLessThan(limits.updatesMax() + FRAME_UPDATES_MAX);
                // The last frame may exceed the limit if it was not reached before, and so may the head's.
                assertThat(bytesHeld(origin)).isLessThan(limits.bytesMax() + 2 * FRAME_UPDATES_MAX * UPDATE_BYTES_MAX);
            });
        }

        private long bytesHeld(ReplicaId origin) {
            return held.values().stream()
                    .map(BufferedUpdate::update)
                    .filter(update -> update.dot().replica().equals(origin))
                    .mapToLong(Update::sizeBytes)
                    .sum();
        }

        /**
         * Offers the updates that were never accepted, last first, until all are; then all of them must have been
         * delivered.
         */
        void finish() {
            List<Event> untaken = new ArrayList<>(history.events().reversed());
            while (!untaken.isEmpty()) {
                boolean someTaken = untaken.removeIf(event -> {
                    boolean taken =
                            held.containsKey(event.dot()) || delivered.contains(event.dot()) || receive(List.of(event));
                    deliver();
                    return taken;
                });
                assertThat(someTaken).as("every offer was refused").isTrue();
            }
            deliver();
            assertThat(delivered)
                    .containsExactlyInAnyOrderElementsOf(
                            history.events().stream().map(Event::dot).toList());
            checkWhatIsHeld();
            history.events().forEach(event -> receive(List.of(event)));
        }
    }
}
