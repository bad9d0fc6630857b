package dev.hence.node.rescue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.replica.Reissue;
import dev.hence.core.update.Lineage;
import dev.hence.core.update.Operation;
import dev.hence.core.update.Update;
import dev.hence.engine.disk.RealDisk;
import dev.hence.engine.storage.DataDirectory;
import dev.hence.engine.storage.FsyncPolicy;
import dev.hence.engine.storage.Storage;
import dev.hence.node.Node;
import dev.hence.node.store.WriteRefusedException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** node1 has forked: its peers have its first two updates, and a different one under the dot of the third. */
final class RescueTest {

    private static final int SHARED = 2;
    private static final int LOST = ForkedDirectory.UPDATES - SHARED;
    private static final int ENOUGH_LOOKS = 50;
    private static final int RUNS_MAX = 100;

    @TempDir
    Path parent;

    private Path data;
    private ReplicaId old;
    private List<Update> shared;
    private List<Update> atPeers;

    @BeforeEach
    void fork() throws Exception {
        data = parent.resolve("node1");
        old = ForkedDirectory.make(data);
        Path aside = RescueOrder.give(data);
        try (Storage storage = DataDirectory.openForked(aside)) {
            shared = storage.deliveries(0, SHARED, Long.MAX_VALUE);
            Update last = shared.getLast();
            VersionVector context = last.clock();
            Update other = Update.of(
                    context.next(old),
                    context,
                    last.timestamp() + 1,
                    List.of(new Operation.SetString(Bytes.utf8("peer"), Bytes.utf8("has this"))),
                    new Lineage(context, dot -> last.checksum()).past());
            atPeers = new ArrayList<>(shared);
            atPeers.add(other);
        }
    }

    private RescueRun start(Path directory, LongSupplier wallMillis) throws InterruptedException {
        return new RescueRun(directory, FsyncPolicy.ALWAYS, new RealDisk(), atPeers, wallMillis);
    }

    private RescueRun start(Path directory) throws InterruptedException {
        return start(directory, System::currentTimeMillis);
    }

    /** The counters of the old updates that were reissued, in log order, each with its number of occurrences. */
    private static Map<Long, Integer> madeAgain(RescueRun run, ReplicaId old) {
        Map<Long, Integer> again = new TreeMap<>();
        marks(run).forEach(name -> again.merge(Long.parseLong(name.substring((old + ":").length())), 1, Integer::sum));
        return again;
    }

    private static List<String> marks(RescueRun run) {
        List<String> marks = new ArrayList<>();
        for (Update update : run.storage.deliveries(0, Integer.MAX_VALUE, Long.MAX_VALUE)) {
            for (Operation operation : update.operations()) {
                if (operation instanceof Operation.Publish publish
                        && publish.channel().equals(Reissue.CHANNEL)
                        && publish.message().toString().contains(":")) {
                    marks.add(publish.message().toString());
                }
            }
        }
        return marks;
    }

    private static String shown(Node node, Bytes key) throws InterruptedException {
        return String.valueOf(node.read(key).value().string().value());
    }

    private void requireRescued(RescueRun run, Path directory, String count) throws Exception {
        assertThat(directory.resolve("RESCUE")).doesNotExist();
        assertThat(run.node.unready()).isEmpty();
        assertThat(shown(run.node, ForkedDirectory.COUNT)).isEqualTo(count);
        assertThat(shown(run.node, ForkedDirectory.X)).isEqualTo(String.valueOf(ForkedDirectory.INCREMENTS));
        assertThat(madeAgain(run, old).values()).allMatch(times -> times == 1);
    }

    private void requireRescued(RescueRun run, Path directory) throws Exception {
        requireRescued(run, directory, String.valueOf(ForkedDirectory.INCREMENTS));
        assertThat(madeAgain(run, old)).hasSize(LOST);
        assertThat(shown(run.node, Bytes.utf8("peer"))).isEqualTo("has this");
    }

    @Test
    void run_thePeersHaveAnotherBranch_theRestIsMadeAgainAndNothingIsClosed() throws Exception {
        try (RescueRun run = start(data)) {
            run.run();

            requireRescued(run, data);
            assertThat(run.node.clock().get(old)).isEqualTo(SHARED + 1);
        }
    }

    @Test
    void run_noPeerHasAnotherBranch_theOldReplicaIsClosedFirst() throws Exception {
        atPeers = shared;
        try (RescueRun run = start(data)) {
            run.run();

            requireRescued(run, data, String.valueOf(ForkedDirectory.INCREMENTS));
            assertThat(run.node.clock().get(old)).isEqualTo(SHARED + 1);
            assertThat(run.storage.deliveries(SHARED, 1, 1).getFirst().dot()).isEqualTo(new Dot(old, SHARED + 1));
        }
    }

    /** The interrupted commit was stored, or was not: neither the sender of a write nor the rescue can tell. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void run_theProcessEndsAtAnyCommit_allIsThereOnceAfterTheNextStart(boolean stored) throws Exception {
        atPeers = shared;
        int crashed = 0;
        for (boolean over = false; !over; crashed++) {
            Path directory = Files.createDirectory(parent.resolve("crash" + crashed));
            copyTo(directory);
            int survived = crashed;
            try (RescueRun run = start(directory)) {
                AtomicInteger commits = new AtomicInteger();
                Runnable end = () -> {
                    if (commits.incrementAndGet() > survived) {
                        throw new IllegalStateException("the process ends");
                    }
                };
                if (stored) {
                    run.storage.onceVisible = end;
                } else {
                    run.storage.beforeCommit = end;
                }
                run.run();
                over = !run.node.failure().future().isDone();
            }
            requireFinishedByTheNextStart(directory);
        }
        assertThat(crashed).isEqualTo(LOST + 2);
    }

    /** Each start gets one step further than the previous one. */
    @Test
    void run_theProcessEndsAgainAndAgain_allIsThereOnceInTheEnd() throws Exception {
        int runs = 0;
        while (Files.exists(data.resolve("RESCUE"))) {
            assertThat(runs++).isLessThan(RUNS_MAX);
            try (RescueRun run = start(data)) {
                AtomicBoolean first = new AtomicBoolean(true);
                run.storage.beforeCommit = () -> {
                    if (!first.getAndSet(false)) {
                        throw new IllegalStateException("the process ends");
                    }
                };
                run.run();
            }
        }
        assertThat(runs).isGreaterThanOrEqualTo(LOST);
        try (RescueRun done = afterwards(data)) {
            requireRescued(done, data);
        }
    }

    @Test
    void run_theSyncFails_theOrderStays() throws Exception {
        try (RescueRun run = start(data)) {
            run.storage.beforeSync = () -> {
                throw new IllegalStateException("the process ends");
            };
            run.run();

            assertThat(data.resolve("RESCUE")).exists();
            assertThat(run.node.failure().future()).isDone();
        }
        requireFinishedByTheNextStart(data);
    }

    @Test
    void run_whateverThePolicy_allIsForcedToTheDiskBeforeTheOrderIsRemoved() throws Exception {
        AtomicBoolean removing = new AtomicBoolean();
        RescueRun[] running = new RescueRun[1];
        StoppingDisk disk = new StoppingDisk(Integer.MAX_VALUE);
        disk.beforeDelete = () -> {
            assertThat(running[0].node.durableClock()).isEqualTo(running[0].node.clock());
            removing.set(true);
        };
        try (RescueRun run = new RescueRun(data, FsyncPolicy.NEVER, disk, atPeers, System::currentTimeMillis)) {
            running[0] = run;
            run.storage.beforeSync = () -> assertThat(marks(run)).hasSize(LOST);
            run.run();

            assertThat(removing).isTrue();
            requireRescued(run, data);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void run_theOrderCannotBeRemoved_theNextStartDoesNothingTwice(int operations) throws Exception {
        try (RescueRun run = new RescueRun(
                data, FsyncPolicy.ALWAYS, new StoppingDisk(operations), atPeers, System::currentTimeMillis)) {
            run.run();

            assertThat(run.node.unready())
                    .hasValueSatisfying(refusal -> assertThat(refusal)
                            .hasMessageContaining("restart the node")
                            .hasMessageContaining(StoppingDisk.ENDED));
        }
        if (Files.exists(data.resolve("RESCUE"))) {
            requireFinishedByTheNextStart(data);
        }
        try (RescueRun done = afterwards(data)) {
            requireRescued(done, data);
        }
    }

    @Test
    void run_aWriteIsRefusedForAWhile_theNextOneDoesNotOvertakeIt() throws Exception {
        AtomicInteger looksLeft = new AtomicInteger();
        LongSupplier wall = () -> System.currentTimeMillis()
                - (looksLeft.getAndUpdate(left -> Math.max(0, left - 1)) > 0
                        ? Duration.ofDays(1).toMillis()
                        : 0);
        try (RescueRun run = start(data, wall)) {
            AtomicInteger refused = new AtomicInteger();
            // After each of them the clock is set back for a while, so that all later ones are rejected at first.
            run.storage.onceVisible = () -> {
                refused.incrementAndGet();
                looksLeft.set(ENOUGH_LOOKS);
            };
            run.run();

            assertThat(refused.get()).isGreaterThanOrEqualTo(LOST);
            requireRescued(run, data);
            assertThat(marks(run))
                    .containsExactlyElementsOf(LongStream.rangeClosed(SHARED + 1, ForkedDirectory.UPDATES)
                            .mapToObj(counter -> new Dot(old, counter).toString())
                            .toList());
        }
    }

    private void copyTo(Path directory) throws IOException {
        Files.copy(data.resolve("RESCUE"), directory.resolve("RESCUE"));
        ForkedDirectory.copy(data.resolve("forked"), directory.resolve("forked"));
    }

    private void requireFinishedByTheNextStart(Path directory) throws Exception {
        if (Files.exists(directory.resolve("RESCUE"))) {
            try (RescueRun next = start(directory)) {
                next.run();
                requireRescued(next, directory, String.valueOf(ForkedDirectory.INCREMENTS));
            }
        }
    }

    /** Opens a directory whose rescue is complete: another rescue finds everything done. */
    private RescueRun afterwards(Path directory) throws Exception {
        Files.writeString(directory.resolve("RESCUE"), "once more");
        RescueRun run = start(directory);
        run.run();
        return run;
    }

    @ParameterizedTest
    @EnumSource(Reason.class)
    void passes_fullDiskOrWrongClock_isWaitedFor(Reason reason) {
        assertThat(Rescue.passes(reason)).isEqualTo(reason == Reason.DISK_FULL || reason == Reason.CLOCK_AHEAD);
    }
}
