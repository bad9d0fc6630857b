package dev.hence.simulator.node;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.delivery.BufferedUpdate;
import dev.hence.core.delivery.Receipt;
import dev.hence.core.node.CommitOrder;
import dev.hence.core.node.LogPosition;
import dev.hence.core.node.Unstored;
import dev.hence.core.replica.CommitBatch;
import dev.hence.core.replica.ForkedException;
import dev.hence.core.replica.Replica;
import dev.hence.core.update.Frame;
import dev.hence.core.update.Operation;
import dev.hence.core.update.Update;
import dev.hence.simulator.scenario.FsyncPolicy;
import dev.hence.simulator.trace.Event;
import dev.hence.simulator.trace.Request;
import dev.hence.simulator.world.Chance;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The single owner of a replica: runs tasks, and carries out the steps in which their changes are stored and published,
 * in the order of {@link CommitOrder}. Each step is a separate moment, so that readers, peers and faults can come between
 * any two.
 */
final class Writer {
    /** A frame has at most so many updates: those of one group, of which one may be made when it is almost full. */
    static final int FRAME_UPDATES_MAX = 5;

    /** Small, so that the queued tasks often make more than one batch. */
    private static final long BATCH_BYTES_MAX = 4 * (Operation.OVERHEAD_BYTES + 5);
    /** One group runs while the other one is stored. */
    private static final int GROUPS_MAX = 2;
    /** How often the step from storing to publishing takes long, as when the operating system runs other processes. */
    private static final double SLOW_PUBLICATION = 0.05;

    /** How often tasks wait for the thread that runs them, so that several form a group. */
    private static final double SLOW_START = 0.1;

    /** A task on the replica, and the action after its commit. */
    private interface Task {
        void run(Replica core, long wallMillis);

        void answer();

        /** Whether it needs a batch of its own: otherwise its event would precede the events of the batch. */
        default boolean isAlone() {
            return false;
        }
    }

    private final NodeProcess process;
    private final Replica replica;
    private final CommitOrder<Task> order;
    private final Queue<Task> tasks = new ArrayDeque<>();
    private final Set<Update> removals = Collections.newSetFromMap(new IdentityHashMap<>());
    private boolean willRun;
    private @Nullable Runnable whenIdle;
    private int bufferedMost;

    Writer(NodeProcess process, Replica replica, Unstored unstored, LogPosition stored) {
        this.process = process;
        this.replica = replica;
        boolean forcesGroups = process.machine().fsync() == FsyncPolicy.ALWAYS;
        this.order = new CommitOrder<>(
                replica, unstored, stored, new CommitOrder.Rules(forcesGroups, BATCH_BYTES_MAX, GROUPS_MAX));
    }

    /** Executes a request; the answer, with the update that it became, follows after the commit. */
    void write(Request request, Consumer<@Nullable Update> answer) {
        submit(new Task() {
            private @Nullable Update update;

            @Override
            public void run(Replica core, long wallMillis) {
                update = written(core, wallMillis, request);
                if (update == null && core.identity().forked() == null) {
                    Tracer tracer = process.tracer();
                    tracer.tell(new Event.Unchanged(tracer.now(), request, tracer.of(core.clock()), wallMillis));
                }
            }

            @Override
            public void answer() {
                answer.accept(update);
            }
        });
    }

    private static @Nullable Update written(Replica core, long wallMillis, Request request) {
        try {
            return core.write(wallMillis, transaction -> {
                        Commands.run(transaction, request.writes());
                        return true;
                    })
                    .update();
        } catch (Commands.Failed | ForkedException failed) {
            return null;
        }
    }

    /** Removes keys that are still expired when the task runs. */
    void remove(List<Bytes> keys) {
        submit(new Task() {
            @Override
            public void run(Replica core, long wallMillis) {
                OptionalLong now = process.clocks().removalMillis();
                if (now.isEmpty()) {
                    return;
                }
                Update update = core.write(wallMillis, transaction -> {
                            for (Bytes key : keys) {
                                ReplicaId self = transaction.dot().replica();
                                if (Expirer.RULE.mayRemove(transaction.head(key), now.getAsLong(), self)) {
                                    transaction.delete(key);
                                }
                            }
                            return true;
                        })
                        .update();
                if (update != null) {
                    removals.add(update);
                }
            }

            @Override
            public void answer() {}
        });
    }

    /** Receives frames of a peer; the answer follows when the delivered ones are committed. */
    void receive(List<Frame> frames, int through, Consumer<List<Receipt>> answer) {
        List<Receipt> receipts = new ArrayList<>();
        submit(new Task() {
            @Override
            public void run(Replica core, long wallMillis) {
                for (Frame frame : frames) {
                    VersionVector before = core.clock();
                    Receipt receipt = core.receive(frame, wallMillis);
                    receipts.add(receipt);
                    tellReceived(frame, through, receipt, before);
                    if (!receipt.isTaken()) {
                        break;
                    }
                }
                tellBuffering();
                core.takeForked().forEach(dropped -> process.dropped(dropped.replica()));
            }

            @Override
            public void answer() {
                answer.accept(receipts);
            }
        });
    }

    /** Takes a new identity, unless it has already been taken. */
    void renew(ReplicaId old, String why) {
        submit(new Task() {
            @Override
            public void run(Replica core, long wallMillis) {
                if (core.self().equals(old)) {
                    ReplicaId fresh = process.machine().newIncarnation();
                    core.renew(fresh);
                    Tracer tracer = process.tracer();
                    tracer.tell(new Event.Renewed(tracer.now(), process.number(), tracer.of(fresh), why));
                }
            }

            @Override
            public boolean isAlone() {
                return true;
            }

            @Override
            public void answer() {}
        });
    }

    /** Records that a peer has another update under a dot. */
    void differing(Dot dot) {
        submit(new Task() {
            @Override
            public void run(Replica core, long wallMillis) {
                core.differing(dot);
            }

            @Override
            public void answer() {
                Dot forked = process.forked();
                if (forked != null) {
                    Tracer tracer = process.tracer();
                    tracer.tell(new Event.Forked(tracer.now(), process.number(), tracer.of(forked)));
                }
            }
        });
    }

    /** The place in the log that the rows belong to. */
    LogPosition applied() {
        return order.applied();
    }

    boolean isIdle() {
        return !willRun && tasks.isEmpty() && order.isIdle();
    }

    /** Commits all submitted tasks, and then runs the action. */
    void close(Runnable then) {
        whenIdle = then;
        wake();
    }

    private void submit(Task task) {
        tasks.add(task);
        wake();
    }

    private void wake() {
        if (!willRun && !tasks.isEmpty() && mayRun(tasks.element())) {
            willRun = true;
            boolean slow = process.chance().happens(SLOW_START);
            process.later(process.chance().between(5, slow ? 5_000 : 100), this::runTasks);
        } else if (isIdle() && whenIdle != null) {
            willRun = true;
            process.later(process.chance().between(5, 100), whenIdle);
        }
    }

    /** A new identity is in use as soon as its task has run, so it is stored before anything else. */
    private boolean mayRun(Task next) {
        return order.mayRun() && (!next.isAlone() || order.isIdle());
    }

    private void runTasks() {
        willRun = false;
        long wallMillis = process.machine().wallClock().millis();
        boolean full = false;
        boolean first = true;
        while (!tasks.isEmpty() && !full && (first || !tasks.element().isAlone())) {
            Task task = tasks.remove();
            first = false;
            task.run(replica, wallMillis);
            full = order.ran(task);
            full |= task.isAlone();
        }
        CommitOrder.Group<Task> group = order.close();
        CommitBatch changes = group == null ? null : group.changes();
        if (changes != null) {
            tellDelivered(changes, wallMillis);
        }
        carryOut();
        wake();
    }

    /** Begins the next step, if there is one and none is in progress. */
    private void carryOut() {
        CommitOrder.Step<Task> step = order.next();
        if (step == null) {
            return;
        }
        Chance chance = process.chance();
        switch (step.action()) {
            case APPEND -> process.later(chance.between(5, 50), () -> append(step.changes()));
            case FORCE -> process.later(chance.between(100, 3_000), this::force);
            case APPLY -> {
                process.reveal(step.changes());
                process.machine().effect();
                done();
                process.checkpoint();
            }
            case PUBLISH -> {
                boolean slow = chance.happens(SLOW_PUBLICATION);
                process.later(chance.between(1, slow ? 30_000 : 20), () -> {
                    process.publish(step.changes());
                    done();
                });
            }
            case ANSWER ->
                process.later(chance.between(1, 20), () -> {
                    step.group().tasks().forEach(Task::answer);
                    done();
                });
        }
    }

    private void done() {
        order.done();
        carryOut();
        wake();
    }

    private void append(CommitBatch changes) {
        process.store().append(changes);
        Tracer tracer = process.tracer();
        tracer.tell(new Event.Stored(tracer.now(), process.number(), tracer.of(changes.delivered())));
        process.machine().effect();
        done();
    }

    private void force() {
        process.store().force();
        process.tracer().tell(new Event.Synced(process.tracer().now(), process.number()));
        process.machine().effect();
        done();
    }

    private void tellDelivered(CommitBatch changes, long wallMillis) {
        Tracer tracer = process.tracer();
        for (Update update : changes.delivered()) {
            if (tracer.knows(update)) {
                tracer.tell(new Event.Applied(tracer.now(), process.number(), tracer.of(update)));
            } else {
                tracer.tell(new Event.Made(
                        tracer.now(), process.number(), tracer.made(process.number(), update, wallMillis)));
                if (removals.remove(update)) {
                    tracer.tell(new Event.Removed(tracer.now(), process.number(), tracer.of(update)));
                }
            }
        }
    }

    /** @param before what was delivered before: a receipt is that of the first new update of a frame */
    private void tellReceived(Frame frame, int through, Receipt receipt, VersionVector before) {
        Tracer tracer = process.tracer();
        for (Update update : frame.updates()) {
            Event.Receipt kind =
                    before.contains(update.dot()) && receipt.isTaken() ? Event.Receipt.DUPLICATE : kind(receipt);
            tracer.tell(new Event.Received(tracer.now(), process.number(), tracer.of(update), through, kind));
        }
    }

    private static Event.Receipt kind(Receipt receipt) {
        return switch (receipt) {
            case Receipt.Delivered delivered -> Event.Receipt.DELIVERED;
            case Receipt.Buffered buffered -> Event.Receipt.BUFFERED;
            case Receipt.Duplicate duplicate -> Event.Receipt.DUPLICATE;
            case Receipt.Refused refused -> Event.Receipt.REFUSED;
            case Receipt.Forgotten forgotten -> Event.Receipt.REFUSED;
            case Receipt.AheadOfTime ahead -> Event.Receipt.REFUSED;
            case Receipt.Forked forked -> Event.Receipt.REFUSED;
        };
    }

    private void tellBuffering() {
        Map<ReplicaId, Integer> counts = new HashMap<>();
        if (replica.bufferedCount() > 0) {
            for (BufferedUpdate buffered : replica.buffered(Integer.MAX_VALUE)) {
                counts.merge(buffered.update().dot().replica(), 1, Integer::sum);
            }
        }
        counts.forEach((origin, updates) -> {
            if (updates > bufferedMost) {
                bufferedMost = updates;
                Tracer tracer = process.tracer();
                tracer.tell(new Event.Buffering(tracer.now(), process.number(), tracer.of(origin), updates));
            }
        });
    }
}
