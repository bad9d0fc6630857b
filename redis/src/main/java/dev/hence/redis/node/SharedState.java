package dev.hence.redis.node;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replica.CommitBatch;
import dev.hence.core.update.Update;
import dev.hence.node.Node;
import dev.hence.node.config.NodeConfig;
import dev.hence.node.memory.MemoryBudget;
import dev.hence.node.session.SessionTokens;
import dev.hence.redis.connection.Clients;
import dev.hence.redis.connection.ConnectionMemory;

/**
 * All that the connections of one node have in common: the node, its settings, and what they know of each other.
 *
 * <p>Thread-safe.
 */
public final class SharedState {

    public static final long SCAN_CURSOR_BYTES_MAX = 8L << 20;

    private final Node node;
    private final NodeConfig config;
    private final SessionTokens tokens;
    private final ConnectionMemory memory;
    private final Clients clients;
    private final KeyWaiters waiters = new KeyWaiters();
    private final Subscribers subscribers = new Subscribers();
    private final RequestWindow requests = new RequestWindow(System::currentTimeMillis);
    private final SlowLog slowLog = new SlowLog();
    private final Usage usage = new Usage();
    private final ScanCursors scanCursors = new ScanCursors(SCAN_CURSOR_BYTES_MAX);
    private final Parameters parameters;

    private SharedState(Node node, NodeConfig config, MemoryBudget memory) {
        this.node = node;
        this.config = config;
        this.tokens = new SessionTokens(config.clusterName());
        this.memory = ConnectionMemory.of(memory, config.limits().bodyBytesMax());
        this.clients = new Clients(config.redis().clientsMax());
        this.parameters = new Parameters(config, slowLog);
    }

    /**
     * What the connections of a node will share; it reads in the node's log which requests were carried out.
     *
     * @param memory for large requests and replies
     */
    public static SharedState open(Node node, NodeConfig config, MemoryBudget memory) {
        SharedState commons = new SharedState(node, config, memory);
        node.listen(commons::committed);
        commons.recoverRequests();
        return commons;
    }

    private void committed(CommitBatch changes) {
        for (Update update : changes.delivered()) {
            requests.committed(update);
        }
        subscribers.delivered(changes.delivered());
        waiters.committed(changes);
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

    /** The node itself. */
    public Node node() {
        return node;
    }

    /** What the node was told at its start. */
    public NodeConfig config() {
        return config;
    }

    /** The tokens of the node's cluster. */
    public SessionTokens tokens() {
        return tokens;
    }

    /** What connections may take of the node's memory. */
    public ConnectionMemory memory() {
        return memory;
    }

    /** The clients that are connected. */
    public Clients clients() {
        return clients;
    }

    /** Who waits for which keys. */
    public KeyWaiters waiters() {
        return waiters;
    }

    /** Who listens to which channel. */
    public Subscribers subscribers() {
        return subscribers;
    }

    /** Which requests were carried out recently. */
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

    /** Where scans of the keyspace go on. */
    public ScanCursors scanCursors() {
        return scanCursors;
    }

    /** What can be configured. */
    public Parameters parameters() {
        return parameters;
    }
}
