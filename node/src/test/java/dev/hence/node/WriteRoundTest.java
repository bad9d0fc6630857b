package dev.hence.node;

import static dev.hence.property.Eventually.eventually;
import static dev.hence.property.Eventually.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.commands.Strings;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.DataType;
import dev.hence.core.replica.Transaction;
import dev.hence.core.update.Frame;
import dev.hence.core.update.Operation;
import dev.hence.core.update.Update;
import dev.hence.engine.storage.FsyncPolicy;
import dev.hence.engine.storage.StorageException;
import dev.hence.node.store.Store.Committed;
import dev.hence.node.store.WriteRefusedException;
import dev.hence.node.store.WriteRound;
import dev.hence.node.store.WriteUncertainException;
import dev.hence.node.testing.Gate;
import dev.hence.node.testing.NodeConfigs;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Writes that a thread which serves many clients runs itself, or leaves to the writer's. */
final class WriteRoundTest extends HookedNodeTest {

    private static final String WRITER = "hence-writer";

    private WriteRound round;
    private final AtomicInteger answered = new AtomicInteger();

    @BeforeEach
    void begin() throws InterruptedException {
        storage.commitMayWait = false;
        round = node.round();
        // It begins a segment of the log, for which the disk is needed.
        set(Bytes.utf8("first"), ONE);
    }

    /** Sets a key; the result is the name of the thread that ran it. */
    private static Transaction.Body<String> setting(Bytes key) {
        return new Transaction.Body<>() {
            @Override
            public String run(Transaction transaction) {
                transaction.set(key, ONE);
                return Thread.currentThread().getName();
            }

            @Override
            public @Nullable Bytes expectedKey() {
                return key;
            }
        };
    }

    private Bytes string(Bytes key) {
        return node.read(view -> Objects.requireNonNull(Strings.get(view, key))).value();
    }

    private List<CompletableFuture<Committed<String>>> add(boolean light, List<Transaction.Body<String>> bodies)
            throws InterruptedException {
        return add(round, light, bodies, answered::incrementAndGet);
    }

    private List<CompletableFuture<Committed<String>>> add(
            WriteRound to, boolean light, List<Transaction.Body<String>> bodies, Runnable whenAnswered)
            throws InterruptedException {
        Optional<List<CompletableFuture<Committed<String>>>> answers = to.add(bodies, light, whenAnswered);
        while (answers.isEmpty()) {
            // The disk is to be asked for its free space.
            set(Bytes.utf8("asks"), ONE);
            answers = to.add(bodies, light, whenAnswered);
        }
        return answers.get();
    }

    private CompletableFuture<Committed<String>> addLight(Transaction.Body<String> body) throws InterruptedException {
        return add(true, List.of(body)).getFirst();
    }

    private void submit() throws Exception {
        awaitWriter();
        round.submit();
    }

    /** Returns when the writer's thread has ended its turn: it answers before that. */
    private static void awaitWriter() throws Exception {
        Thread writer = writerThread().orElseThrow();
        eventually("the writer waits", () -> writer.getState() == Thread.State.WAITING);
    }

    private static Optional<Thread> writerThread() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(WRITER))
                .findAny();
    }

    private static String thread(CompletableFuture<Committed<String>> answer) throws Exception {
        return outcome(answer).result();
    }

    private static String here() {
        return Thread.currentThread().getName();
    }

    @Test
    void submit_lightAndNobodyElseWrites_runByTheCallerAndAnsweredWhenItReturns() throws Exception {
        CompletableFuture<Committed<String>> one = addLight(setting(X));
        CompletableFuture<Committed<String>> other = addLight(setting(Y));
        assertThat(one).isNotDone();
        submit();
        assertThat(one).isDone();
        assertThat(other).isDone();
        assertThat(thread(one)).isEqualTo(here());
        assertThat(thread(other)).isEqualTo(here());
        assertThat(answered).hasValue(2);
        assertThat(node.clock()).isEqualTo(outcome(other).clock());
        assertThat(node.read(Y).value().string().value()).isEqualTo(ONE);
    }

    @Test
    void submit_manyOfOneRound_shareACommit() throws Exception {
        List<CompletableFuture<Committed<String>>> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add(addLight(setting(Bytes.utf8("key" + i))));
        }
        int before = storage.commits.get();
        submit();
        assertThat(all).allMatch(CompletableFuture::isDone);
        assertThat(storage.commits.get()).isEqualTo(before + 1);
    }

    @Test
    void submit_anotherThreadCommits_leavesThemToTheWriterAtOnce() throws Exception {
        Gate gate = new Gate();
        storage.beforeCommit = gate;
        Doing<Committed<String>> slow = Doing.start(() -> set(X, ONE));
        gate.awaitArrival();
        CompletableFuture<Committed<String>> light = addLight(setting(Y));
        round.submit();
        assertThat(light).isNotDone();
        gate.open();
        assertThat(thread(light)).isEqualTo(WRITER);
        slow.result();
    }

    @Test
    void submit_commitMayWait_leavesThemToTheWriter() throws Exception {
        storage.commitMayWait = true;
        CompletableFuture<Committed<String>> light = addLight(setting(X));
        submit();
        assertThat(thread(light)).isEqualTo(WRITER);
    }

    @Test
    void add_notLight_runByTheWriter() throws Exception {
        assertThat(thread(add(false, List.of(setting(X))).getFirst())).isEqualTo(WRITER);
    }

    @Test
    void submit_everyGroupIsForced_leavesThemToTheWriter() throws Exception {
        node.close();
        open(NodeConfigs.alone("node1", directory).with(FsyncPolicy.ALWAYS));
        begin();
        CompletableFuture<Committed<String>> light = addLight(setting(X));
        submit();
        assertThat(thread(light)).isEqualTo(WRITER);
    }

    /** A start replays the log, but what the database has is not in memory. */
    private void forgetRows() throws InterruptedException {
        storage.snapshot().close();
        node.close();
        open();
        begin();
    }

    /** Afterwards the field {@code y} of {@code x} is in the database only. */
    private void forgetField() throws InterruptedException {
        node.write(transaction -> {
            transaction.assign(X, DataType.HASH, Y, ONE);
            return "done";
        });
        forgetRows();
    }

    @Test
    void submit_headIsNotInMemory_runByTheWriterFromThereOnInOrder() throws Exception {
        set(X, ONE);
        forgetRows();
        set(Y, ONE);
        List<CompletableFuture<Committed<String>>> answers = add(true, List.of(setting(Y), setting(X), setting(Y)));
        submit();
        assertThat(thread(answers.get(0))).isEqualTo(here());
        assertThat(thread(answers.get(1))).isEqualTo(WRITER);
        assertThat(thread(answers.get(2))).isEqualTo(WRITER);
        assertThat(dot(outcome(answers.get(1))))
                .isEqualTo(dot(outcome(answers.get(0))).next());
        assertThat(dot(outcome(answers.get(2))))
                .isEqualTo(dot(outcome(answers.get(1))).next());
        assertThat(answered).hasValue(1);
        // Now it is in memory.
        CompletableFuture<Committed<String>> again = addLight(setting(X));
        submit();
        assertThat(thread(again)).isEqualTo(here());
    }

    @Test
    void submit_bodyReadsARowThatIsNotInMemory_runOnceByTheWriter() throws Exception {
        forgetField();
        AtomicInteger begun = new AtomicInteger();
        CompletableFuture<Committed<String>> light = addLight(transaction -> {
            begun.incrementAndGet();
            transaction.increment(Y, DataType.STRING, Bytes.EMPTY, BigDecimal.ONE);
            assertThat(transaction
                            .element(X, DataType.HASH, Y)
                            .register()
                            .entries()
                            .getFirst()
                            .value())
                    .isEqualTo(ONE);
            return here();
        });
        submit();
        assertThat(thread(light)).isEqualTo(WRITER);
        assertThat(begun).hasValue(2);
        assertThat(string(Y)).isEqualTo(ONE);
    }

    @Test
    void submit_applyingReadsARowThatIsNotInMemory_runByTheWriter() throws Exception {
        forgetField();
        assertThat(node.read(X).value().isEmpty()).isFalse();
        CompletableFuture<Committed<String>> light = addLight(transaction -> {
            transaction.assign(X, DataType.HASH, Y, X);
            return here();
        });
        submit();
        assertThat(thread(light)).isEqualTo(WRITER);
    }

    @Test
    void submit_bodyReadsManyRows_runByTheWriter() throws Exception {
        for (int i = 0; i < 300; i++) {
            set(Bytes.utf8("key" + i), ONE);
        }
        CompletableFuture<Committed<String>> few = addLight(transaction -> readingKeys(transaction, 200));
        CompletableFuture<Committed<String>> many = addLight(transaction -> readingKeys(transaction, 300));
        CompletableFuture<Committed<String>> after = addLight(setting(X));
        submit();
        assertThat(thread(few)).isEqualTo(here());
        assertThat(thread(many)).isEqualTo(WRITER);
        assertThat(thread(after)).isEqualTo(WRITER);
    }

    private static String readingKeys(Transaction transaction, int count) {
        for (int i = 0; i < count; i++) {
            assertThat(transaction.head(Bytes.utf8("key" + i)).isEmpty()).isFalse();
        }
        transaction.set(Y, ONE);
        return here();
    }

    @Test
    void submit_byAVirtualThread_leavesThemToTheWriter() throws Exception {
        CompletableFuture<Committed<String>> light = addLight(setting(X));
        Thread.ofVirtual().start(round::submit).join();
        assertThat(thread(light)).isEqualTo(WRITER);
    }

    /** An answer is given within the turn, by the thread that has it. */
    @Test
    void submit_byAnAnswer_leavesThemToTheWriter() throws Exception {
        WriteRound another = node.round();
        CompletableFuture<Committed<String>> inner =
                add(another, true, List.of(setting(Y)), () -> {}).getFirst();
        CompletableFuture<Committed<String>> outer =
                add(round, true, List.of(setting(X)), another::submit).getFirst();
        submit();
        assertThat(thread(outer)).isEqualTo(here());
        assertThat(thread(inner)).isEqualTo(WRITER);
    }

    @Test
    void submit_aBodyThrows_onlyItsAnswerFails() throws Exception {
        IllegalArgumentException wrong = new IllegalArgumentException("wrong");
        CompletableFuture<Committed<String>> failing = addLight(transaction -> {
            transaction.set(Y, ONE);
            throw wrong;
        });
        CompletableFuture<Committed<String>> after = addLight(setting(X));
        submit();
        assertThat(failing.exceptionNow()).isSameAs(wrong);
        assertThat(thread(after)).isEqualTo(here());
        assertThat(node.read(Y).value().isEmpty()).isTrue();
    }

    @Test
    void submit_commitFails_answersAreUncertainAndTheNodeHasFailed() throws Exception {
        set(X, ONE);
        CompletableFuture<Committed<String>> lost = addLight(setting(Y));
        storage.beforeCommit = () -> {
            throw new StorageException("disk: gone");
        };
        submit();
        assertThat(lost.exceptionNow()).isInstanceOf(WriteUncertainException.class);
        assertThat(answered).hasValue(1);
        assertRefusedAsFailed(Doing.start(() -> set(X, ONE)).failure());
        assertThatThrownBy(() -> addLight(setting(X))).satisfies(HookedNodeTest::assertRefusedAsFailed);
        eventually("the writer has ended", () -> writerThread().isEmpty());
    }

    @Test
    void submit_afterTheNodeHasClosed_answersRefuse() throws Exception {
        CompletableFuture<Committed<String>> late = addLight(setting(X));
        node.close();
        round.submit();
        assertThat(late.exceptionNow())
                .isInstanceOfSatisfying(
                        WriteRefusedException.class,
                        refusal -> assertThat(refusal.reason()).isEqualTo(WriteRefusedException.Reason.CLOSING));
        assertThat(answered).hasValue(1);
        assertThatThrownBy(() -> addLight(setting(X))).isInstanceOf(WriteRefusedException.class);
    }

    @Test
    void receive_nobodyElseWrites_committedByTheCaller() throws Exception {
        awaitWriter();
        List<String> committing = new ArrayList<>();
        storage.beforeCommit = () -> committing.add(here());
        Update update =
                Update.of(new Dot(OTHER, 1), VersionVector.EMPTY, STAMP, List.of(new Operation.SetString(X, ONE)));
        node.receive(List.of(Frame.of(update)), "node2");
        assertThat(committing).containsExactly(here());
        assertThat(node.read(X).value().string().value()).isEqualTo(ONE);
    }

    /** Two threads that had the turn at once would meet within a body. */
    @Test
    void write_byManyThreadsOfAllKinds_oneAtATimeAndNothingIsLost() throws Exception {
        int each = 2_000;
        AtomicBoolean within = new AtomicBoolean();
        Transaction.Body<String> increment = transaction -> {
            assertThat(within.compareAndSet(false, true)).as("alone").isTrue();
            transaction.increment(X, DataType.STRING, Bytes.EMPTY, BigDecimal.ONE);
            Thread.onSpinWait();
            within.set(false);
            return "done";
        };
        List<Doing<String>> threads = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            threads.add(onPlatformThread(() -> rounds(increment, each)));
            threads.add(onPlatformThread(() -> {
                for (int n = 0; n < each; n++) {
                    node.write(increment);
                }
                return "done";
            }));
        }
        threads.add(onPlatformThread(() -> {
            for (int n = 1; n <= each; n++) {
                Update update = Update.of(
                        new Dot(OTHER, n),
                        VersionVector.EMPTY.with(OTHER, n - 1),
                        STAMP + n,
                        List.of(new Operation.SetString(Y, ONE)));
                node.receive(List.of(Frame.of(update)), "node2");
            }
            return "done";
        }));
        for (Doing<String> thread : threads) {
            thread.result();
        }
        assertThat(string(X)).isEqualTo(Bytes.utf8(String.valueOf(4 * each)));
        assertThat(node.clock().get(OTHER)).isEqualTo(each);
    }

    private static <T> Doing<T> onPlatformThread(Callable<T> what) {
        FutureTask<T> future = new FutureTask<>(what);
        return new Doing<>(Thread.ofPlatform().start(future), future);
    }

    private String rounds(Transaction.Body<String> body, int count) throws Exception {
        WriteRound mine = node.round();
        for (int n = 0; n < count; ) {
            Optional<List<CompletableFuture<Committed<String>>>> answers = mine.add(List.of(body), true, () -> {});
            mine.submit();
            if (answers.isPresent()) {
                outcome(answers.get().getFirst());
                n++;
            } else {
                set(Y, ONE);
            }
        }
        return "done";
    }
}
