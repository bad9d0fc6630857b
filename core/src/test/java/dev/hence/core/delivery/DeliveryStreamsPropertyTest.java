package dev.hence.core.delivery;

import static dev.hence.core.delivery.CausalHistory.clockOf;
import static dev.hence.core.delivery.CausalHistory.count;
import static dev.hence.core.delivery.CausalHistory.replica;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.Dot;
import dev.hence.core.delivery.CausalHistory.Event;
import dev.hence.core.update.Frame;
import dev.hence.core.update.Update;
import dev.hence.property.Property;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * The bound of the buffer cannot deadlock: with one stream per origin, each in order, each stopping where the buffer
 * refuses an update and continuing from there, reading every readable stream always ends with all updates delivered,
 * however small the limits.
 */
final class DeliveryStreamsPropertyTest {

    private static final int OBSERVER = 0;
    private static final int OTHERS = 5;

    private sealed interface Step {
        record Write(int node) implements Step {}

        record Learn(int node, int pick) implements Step {}

        record WriteHere() implements Step {}

        /** A number of updates is read from a node's stream, until the buffer refuses one. */
        record Read(int node, int count) implements Step {}

        /** A node's stream breaks and resumes after the last delivered update. */
        record Reconnect(int node) implements Step {}
    }

    @Test
    void receive_streamsThatStopAtRefusal_neverDeadlock() {
        new Property<Step>("no deadlock", Property.steps(150, this::step), this::check).holdsFor(1500);
    }

    private Step step(RandomGenerator random) {
        int node = 1 + random.nextInt(OTHERS);
        return switch (random.nextInt(10)) {
            case 0, 1, 2 -> new Step.Write(node);
            case 3, 4, 5 -> new Step.Learn(node, random.nextInt(1000));
            case 6 -> new Step.WriteHere();
            case 7, 8 -> new Step.Read(node, 1 + random.nextInt(4));
            default -> new Step.Reconnect(node);
        };
    }

    private void check(List<Step> trace) {
        Streams streams = new Streams();
        for (Step step : trace) {
            switch (step) {
                case Step.Write(int node) -> streams.history.write(node, 1);
                case Step.Learn(int node, int pick) -> streams.history.learn(node, pick);
                case Step.WriteHere ignored ->
                    streams.buffer.deliverLocal(
                            streams.history.write(OBSERVER, 1).update());
                case Step.Read(int node, int count) -> streams.read(node, count);
                case Step.Reconnect(int node) -> streams.reconnect(node);
            }
            streams.deliver();
        }
        streams.readAll();
    }

    private static final class Streams {
        final CausalHistory history = new CausalHistory();
        final DeliveryBuffer buffer = new DeliveryBuffer(clockOf(Set.of()), new DeliveryBuffer.Limits(1, 1));
        private final Set<Dot> delivered = history.seenBy(OBSERVER);

        /** The number of updates read from each node's stream. */
        private final int[] read = new int[OTHERS + 1];

        /** Reads to the end or a refusal; returns whether an update was accepted. */
        boolean read(int node, int countMax) {
            List<Event> stream = history.events().stream()
                    .filter(event -> event.dot().replica().equals(replica(node)))
                    .toList();
            boolean someTaken = false;
            for (int count = 0; count < countMax && read[node] < stream.size(); count++) {
                if (buffer.receive(stream.get(read[node]).update(), 0) instanceof Receipt.Refused) {
                    return someTaken;
                }
                read[node]++;
                someTaken = true;
                deliver();
            }
            return someTaken;
        }

        void reconnect(int node) {
            read[node] = (int) count(delivered, replica(node));
        }

        void deliver() {
            for (Frame frame = buffer.deliverNext(); frame != null; frame = buffer.deliverNext()) {
                Update update = frame.first();
                assertThat(delivered.add(update.dot())).as("delivered once").isTrue();
            }
        }

        void readAll() {
            boolean someTaken = true;
            while (someTaken) {
                someTaken = false;
                for (int node = 1; node <= OTHERS; node++) {
                    someTaken |= read(node, Integer.MAX_VALUE);
                }
            }
            assertThat(delivered)
                    .as("all is delivered when nothing can be read any more")
                    .containsExactlyInAnyOrderElementsOf(
                            history.events().stream().map(Event::dot).toList());
        }
    }
}
