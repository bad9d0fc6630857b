package dev.hence.node.rescue;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.delivery.Receipt;
import dev.hence.core.replica.Closing;
import dev.hence.core.replica.Identity;
import dev.hence.core.replica.Reissue;
import dev.hence.core.update.Frame;
import dev.hence.core.update.Update;
import dev.hence.engine.disk.RealDisk;
import dev.hence.engine.storage.DataDirectory;
import dev.hence.engine.storage.Storage;
import dev.hence.node.Node;
import dev.hence.node.store.ClusterView;
import dev.hence.node.store.Store.Committed;
import dev.hence.node.store.WriteRefusedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reissues what only a forked directory holds: the updates that this node wrote there and that no peer has.
 *
 * <p><b>How.</b> The node has started with an empty directory and a new incarnation. When it lacks nothing that its
 * configured peers have ({@link dev.hence.core.replication.RescueWait}), it closes the replicas under which the
 * directory was written where that is needed ({@link Closing}). Then {@link Reissue} reissues each update that was
 * written in the forked directory and is not in the node's log now, in the original order, each as one update. Until
 * all are reissued, the node rejects writes of clients: an old assignment must not replace a newer one of theirs.
 *
 * <p><b>Invariant.</b> An update of the forked directory is reissued at most once, and exactly once if the rescue
 * completes, whenever the process is killed: the new update names the old one in the same batch. No node delivers both,
 * because the replicas were closed before. The order is removed when everything is on the disk.
 *
 * <p>One thread; it ends when the rescue completes, or with the node.
 */
public final class Rescue implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Rescue.class);
    private static final String THREAD = "hence-rescue";
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
    private static final long CHUNK_BYTES = 1L << 20;

    private static final String WAITS = "waits until it follows every configured peer and has everything that they"
            + " have; then it reissues the updates written in ";

    private final Node node;
    private final ClusterView cluster;
    private final RescueOrder order;
    private final Path aside;
    private final Thread thread;

    /**
     * @param cluster reports when the node has all that its peers have
     * @param directory the node's data directory, which contains an order
     * @param aside where the forked content is
     */
    public Rescue(Node node, ClusterView cluster, Path directory, Path aside) {
        this(node, cluster, new RescueOrder(directory, new RealDisk()), aside);
    }

    Rescue(Node node, ClusterView cluster, RescueOrder order, Path aside) {
        this.node = node;
        this.cluster = cluster;
        this.order = order;
        this.aside = aside;
        this.thread = Thread.ofPlatform().name(THREAD).unstarted(node.failure().unlessItFails(THREAD, this::run));
    }

    /** Rejects writes of clients from now on, until the rescue completes. */
    public void announce() {
        node.gate().rescuing(WAITS + aside);
    }

    public void start() {
        thread.start();
    }

    private void run() {
        try {
            awaitPeers();
            long again = reissueAll();
            // Without the order nothing would restore what a power loss takes.
            node.sync();
            order.done();
            node.gate().rescuing(null);
            log.info("Rescued {}: reissued {} updates that no peer had", aside, again);
        } catch (InterruptedException closing) {
            // The next start continues.
        } catch (RuntimeException failed) {
            if (Thread.currentThread().isInterrupted()) {
                // Closing during a write that may or may not have happened: the next start finds out.
                return;
            }
            log.error("The rescue of {} failed; it continues when the node is restarted", aside, failed);
            node.gate().rescuing("failed, restart the node: " + failed.getMessage());
        }
    }

    private void awaitPeers() throws InterruptedException {
        List<String> awaited = cluster.rescueAwaits();
        while (!awaited.isEmpty()) {
            node.gate().rescuing(WAITS + aside + "; now " + String.join(", ", awaited));
            Thread.sleep(LOOK_AGAIN);
            awaited = cluster.rescueAwaits();
        }
        node.gate().rescuing("reissues the updates written in " + aside);
    }

    private long reissueAll() throws InterruptedException {
        try (Storage forked = DataDirectory.openForked(aside)) {
            Reissue reissue = new Reissue(dot -> isSame(forked.update(dot)));
            String name = node.self().name();
            for (ReplicaId replica : node.clock().replicas()) {
                if (replica.name().equals(name)) {
                    lookThrough(replica, reissue);
                }
            }
            Identity identity = forked.recovered().identity();
            close(identity, forked);
            long again = 0;
            // What is deleted before it every member had stored.
            long place = forked.logExtent().firstSequence();
            List<Update> chunk = forked.deliveries(place, Integer.MAX_VALUE, CHUNK_BYTES);
            while (!chunk.isEmpty()) {
                for (Update update : chunk) {
                    if (identity.wrote(update.dot().replica()) && !isSame(update) && !reissue.isDone(update.dot())) {
                        reissue(update, reissue);
                        again++;
                    }
                }
                node.gate().rescuing("reissues the updates written in " + aside + ": " + again + " updates so far");
                place += chunk.size();
                chunk = forked.deliveries(place, Integer.MAX_VALUE, CHUNK_BYTES);
            }
            return again;
        }
    }

    /** Closes the old replicas: their updates still in transit are not delivered beside the reissued ones. */
    private void close(Identity identity, Storage forked) throws InterruptedException {
        List<ReplicaId> written = new ArrayList<>(identity.earlier());
        written.add(identity.self());
        for (ReplicaId old : written) {
            // A peer may send an update under this dot meanwhile, so it is checked again.
            Optional<Update> closing = closing(old, forked);
            while (closing.isPresent()) {
                receive(closing.get());
                closing = closing(old, forked);
            }
        }
    }

    private Optional<Update> closing(ReplicaId old, Storage forked) {
        return Closing.of(old, node.clock(), node.updates(), forked::update);
    }

    private void receive(Update closing) throws InterruptedException {
        List<Receipt> receipts = untilTaken(() -> node.receive(List.of(Frame.of(closing)), THREAD));
        if (receipts.getLast() instanceof Receipt.Delivered) {
            log.info("{} was closed with {}", closing.dot().replica(), closing.dot());
        } else {
            Thread.sleep(LOOK_AGAIN);
        }
    }

    private void lookThrough(ReplicaId replica, Reissue reissue) {
        long last = node.clock().get(replica);
        for (long after = node.updates().deletedThrough(replica); after < last; ) {
            List<Update> updates = node.updates().of(replica, after, last, CHUNK_BYTES);
            updates.forEach(reissue::known);
            after = updates.getLast().dot().counter();
        }
    }

    /**
     * Whether this node has the identical update of the forked directory. One that its log does not hold any more, and
     * its rows do, was stored by every member, the forked one among them.
     */
    private boolean isSame(@Nullable Update old) {
        if (old == null) {
            return false;
        }
        Integer checksum = node.updates().checksum(old.dot());
        return checksum == null
                ? node.updates().deletedThrough(old.dot().replica())
                        >= old.dot().counter()
                : checksum == old.checksum();
    }

    /** One at a time: an update that is rejected now must not be overtaken by later ones. */
    private void reissue(Update old, Reissue reissue) throws InterruptedException {
        Committed<Boolean> again = untilTaken(() -> node.writer().write(reissue.body(old)));
        reissue.made(old.dot(), Objects.requireNonNull(again.update()).dot());
    }

    private interface Attempt<T> {
        T make() throws InterruptedException;
    }

    private static <T> T untilTaken(Attempt<T> attempt) throws InterruptedException {
        while (true) {
            try {
                return attempt.make();
            } catch (WriteRefusedException refused) {
                if (!passes(refused.reason())) {
                    throw refused;
                }
                Thread.sleep(LOOK_AGAIN);
            }
        }
    }

    /** Whether the reason for rejecting a write may pass. */
    static boolean passes(WriteRefusedException.Reason reason) {
        return switch (reason) {
            case DISK_FULL, CLOCK_AHEAD -> true;
            case CLOSING, FAILED, FORKED, RESCUING -> false;
        };
    }

    /** Whether it has ended, for any reason. */
    boolean isOver() {
        return !thread.isAlive();
    }

    /** Stops it at its current point. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
