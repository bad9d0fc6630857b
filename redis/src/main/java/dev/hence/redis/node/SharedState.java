package dev.hence.redis.node;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replica.CommitBatch;
import dev.hence.core.update.Update;
import dev.hence.engine.storage.MemoryUse;
import dev.hence.node.Node;
import dev.hence.node.config.NodeConfig;
import dev.hence.node.memory.MemoryBudget;
import dev.hence.node.session.SessionTokens;
import dev.hence.redis.connection.Clients;
import dev.hence.redis.connection.ConnectionMemory;

/**
 * The state shared by all connections of one node: the node, its settings, and the registries of clients, waiters and
 * subscribers.
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
     * Opens the shared state; reads from the node's log which requests were executed.
     *
     * @param memory for large requests and replies
     */
    public static SharedState open(Node node, NodeConfig config, MemoryBudget memory) {
        SharedState commons = new SharedState(node, config, memory);
        node.listen(commons::committed);
        commons.recoverRequests();
        return commons;
    }

    /** What rows and logs take in memory. */
    public MemoryUse memoryUse() {
        return node.memory();
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
        node.updates().eachNaming(replica, after, RequestRecord.MARK, requests::committed);
    }

    /** The node itself. */
    public Node node() {
        return node;
    }

    /** The node's configuration at startup. */
    public NodeConfig config() {
        return config;
    }

    /** The tokens of the node's cluster. */
    public SessionTokens tokens() {
        return tokens;
    }

    /** The memory budgets of connections. */
    public ConnectionMemory memory() {
        return memory;
    }

    /** The connected clients. */
    public Clients clients() {
        return clients;
    }

    /** The queues of blocked commands. */
    public KeyWaiters waiters() {
        return waiters;
    }

    /** The channel subscriptions. */
    public Subscribers subscribers() {
        return subscribers;
    }

    /** The recently executed requests. */
    public RequestWindow requests() {
        return requests;
    }

    /** The most recent slow commands. */
    public SlowLog slowLog() {
        return slowLog;
    }

    /** The usage counters of the node. */
    public Usage usage() {
        return usage;
    }

    /** The cursors of keyspace scans. */
    public ScanCursors scanCursors() {
        return scanCursors;
    }

    /** The parameters of CONFIG. */
    public Parameters parameters() {
        return parameters;
    }
}
