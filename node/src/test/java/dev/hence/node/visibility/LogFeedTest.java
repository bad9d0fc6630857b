package dev.hence.node.visibility;

import static dev.hence.property.Eventually.eventually;
import static dev.hence.property.Eventually.isStuck;
import static dev.hence.property.Eventually.outcome;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.update.Frame;
import dev.hence.core.update.Update;
import dev.hence.node.Node;
import dev.hence.node.memory.MemoryBudget;
import dev.hence.node.memory.MemoryHolder;
import dev.hence.node.store.Store.DeliveryFeed;
import dev.hence.node.store.Store.DeliveryFeed.Item;
import dev.hence.node.testing.NodeConfigs;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogFeedTest {

    private static final MemoryHolder UNBOUNDED = new MemoryBudget(Long.MAX_VALUE).holder(() -> {});

    @TempDir
    Path directory;

    private Node one;
    private Node two;

    @BeforeEach
    void open() {
        one = Node.open(NodeConfigs.alone("node1", directory.resolve("1")), new SimpleMeterRegistry());
        two = Node.open(NodeConfigs.alone("node2", directory.resolve("2")), new SimpleMeterRegistry());
    }

    @AfterEach
    void close() {
        one.close();
        two.close();
    }

    private static Update set(Node node, String key) throws InterruptedException {
        Dot dot = Objects.requireNonNull(node.write(transaction -> {
                            transaction.set(Bytes.utf8(key), Bytes.utf8("v"));
                            return "done";
                        })
                        .update())
                .dot();
        return node.updates()
                .of(dot.replica(), dot.counter() - 1, dot.counter(), Long.MAX_VALUE)
                .getLast();
    }

    private static List<Update> updates(List<Item> items) {
        return items.stream().map(Item::update).toList();
    }

    /** All items available now. */
    private static List<Item> readAll(Node node, VersionVector after) throws InterruptedException {
        List<Item> all = new ArrayList<>();
        DeliveryFeed feed = node.feedAfter(after, UNBOUNDED);
        for (List<Item> some = feed.next(Duration.ZERO); !some.isEmpty(); some = feed.next(Duration.ZERO)) {
            all.addAll(some);
        }
        return all;
    }

    @Test
    void next_givesUpdatesInTheOrderOfDeliveryWithTheClockOfWhoHasSeenThem() throws Exception {
        Update a = set(one, "a");
        Update b = set(two, "b");
        one.receive(Frame.each(List.of(b)), "node2");
        Update c = set(one, "c");
        List<Item> items = readAll(one, VersionVector.EMPTY);
        assertThat(updates(items)).containsExactly(a, b, c);
        assertThat(items.get(1).clock()).isEqualTo(a.clock().join(b.clock()));
        assertThat(items.get(2).clock()).isEqualTo(one.clock());
    }

    @Test
    void next_resumedByAnyClockAtAnotherNode_givesExactlyWhatIsMissing() throws Exception {
        List<Update> all = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            Update made = set(i % 3 == 0 ? one : two, "key" + i);
            all.add(made);
            // Node 2 always receives updates at once, node 1 receives everything together.
            if (i % 3 == 0) {
                two.receive(Frame.each(List.of(made)), "node1");
            }
        }
        one.receive(
                Frame.each(all.stream()
                        .filter(update -> update.dot().replica().equals(two.self()))
                        .toList()),
                "node2");
        assertThat(one.clock()).isEqualTo(two.clock());
        List<Item> atOne = readAll(one, VersionVector.EMPTY);
        assertThat(updates(atOne)).hasSize(600).doesNotHaveDuplicates();
        for (int seen : new int[] {0, 1, 199, 200, 201, 400, 599}) {
            VersionVector token = atOne.get(seen).clock();
            List<Update> missing =
                    all.stream().filter(update -> !token.contains(update.dot())).toList();
            assertThat(updates(readAll(two, token))).containsExactlyElementsOf(missing);
        }
        assertThat(readAll(two, one.clock())).isEmpty();
    }

    @Test
    void next_clockAheadOfTheNode_givesWhatTheReaderLacksOnly() throws Exception {
        Update a = set(two, "a");
        Update b = set(two, "b");
        Update c = set(one, "c");
        // The reader has seen A and B elsewhere; they reach this node later.
        VersionVector seen = VersionVector.EMPTY.with(b.dot());
        DeliveryFeed feed = one.feedAfter(seen, UNBOUNDED);
        assertThat(updates(feed.next(Duration.ZERO))).containsExactly(c);
        one.receive(Frame.each(List.of(a, b)), "node2");
        Update d = set(one, "d");
        assertThat(updates(feed.next(Duration.ZERO))).containsExactly(d);
    }

    @Test
    void next_nothingNew_waitsForIt() throws Exception {
        DeliveryFeed feed = one.feedAfter(VersionVector.EMPTY, UNBOUNDED);
        assertThat(feed.next(Duration.ofMillis(1))).isEmpty();
        FutureTask<List<Item>> waiting = new FutureTask<>(() -> feed.next(Duration.ofDays(1)));
        Thread reader = Thread.ofVirtual().start(waiting);
        eventually("the reader waits", () -> isStuck(reader));
        Update a = set(one, "a");
        assertThat(updates(outcome(waiting))).containsExactly(a);
        assertThat(feed.ended()).isFalse();
    }

    @Test
    void next_nodeCloses_endsEvenWithUpdatesLeft() throws Exception {
        DeliveryFeed idle = one.feedAfter(VersionVector.EMPTY, UNBOUNDED);
        FutureTask<List<Item>> waiting = new FutureTask<>(() -> idle.next(Duration.ofDays(1)));
        Thread reader = Thread.ofVirtual().start(waiting);
        eventually("the reader waits", () -> isStuck(reader));
        one.announceClosing();
        assertThat(outcome(waiting)).isEmpty();
        assertThat(idle.ended()).isTrue();
        set(one, "a");
        DeliveryFeed late = one.feedAfter(VersionVector.EMPTY, UNBOUNDED);
        assertThat(late.next(Duration.ofDays(1))).isEmpty();
        assertThat(late.ended()).isTrue();
    }
}
