package dev.hence.redis.node;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replica.CommitBatch;
import dev.hence.core.update.Update;
import dev.hence.node.Node;
import dev.hence.node.config.NodeConfig;
import java.time.Duration;

/**
 * All that the connections of one node have in common, and what they ask of the node beyond reading and writing.
 *
 * <p>Thread-safe.
 */
public final class SharedState {

    private static final long SCAN_CURSOR_BYTES_MAX = 8L << 20;

    private final Node node;
    private final NodeConfig config;
    private final Subscribers subscribers = new Subscribers();
    private final RequestWindow requests = new RequestWindow(System::currentTimeMillis);
    private final SlowLog slowLog = new SlowLog();
    private final Usage usage = new Usage();
    private final ScanCursors scanCursors = new ScanCursors(SCAN_CURSOR_BYTES_MAX);
    private final Parameters parameters;

    private SharedState(Node node, NodeConfig config) {
        this.node = node;
        this.config = config;
        this.parameters = new Parameters(config, slowLog);
    }

    /** What the connections of a node will share; it reads in the node's log which requests were carried out. */
    public static SharedState open(Node node, NodeConfig config) {
        SharedState commons = new SharedState(node, config);
        node.listen(commons::committed);
        commons.recoverRequests();
        return commons;
    }

    private void committed(CommitBatch changes) {
        for (Update update : changes.delivered()) {
            requests.committed(update);
        }
        subscribers.delivered(changes.delivered());
    }

    private void recoverRequests() {
        VersionVector clock = node.clock();
        for (ReplicaId replica : clock.replicas()) {
            recoverRequests(replica, clock.get(replica));
        }
    }

    private void recoverRequests(ReplicaId replica, long upTo) {
        long after = Math.max(0, upTo - RequestWindow.UPDATES_RECOVERED_MAX);
        node.eachNaming(replica, after, RequestRecord.MARK, requests::committed);
    }

    /** What the node was told at its start. */
    public NodeConfig config() {
        return config;
    }

    /** Who listens to which channel. */
    public Subscribers subscribers() {
        return subscribers;
    }

    /** Which requests were carried out of late. */
    public RequestWindow requests() {
        return requests;
    }

    /** The last commands that took long. */
    public SlowLog slowLog() {
        return slowLog;
    }

    /** How often the node was used. */
    public Usage usage() {
        return usage;
    }

    /** How many expired keys this node has removed. */
    public long keysExpired() {
        return node.keysExpired();
    }

    /** Where scans of the keyspace go on. */
    public ScanCursors scanCursors() {
        return scanCursors;
    }

    /** What can be configured. */
    public Parameters parameters() {
        return parameters;
    }

    /**
     * Waits until enough other members are known to have stored an update safely.
     *
     * @return how many are, when they are enough, when the time is up, or when the node closes
     */
    public int awaitStored(Dot update, int members, Duration atMost) throws InterruptedException {
        return node.awaitStored(update, members, atMost);
    }

    /**
     * Waits until all updates of a clock would survive a power loss of this node.
     *
     * @return whether they would
     */
    public boolean awaitDurable(VersionVector updates, Duration atMost) throws InterruptedException {
        return node.awaitDurable(updates, atMost);
    }
}
