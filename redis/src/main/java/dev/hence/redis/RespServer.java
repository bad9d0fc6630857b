package dev.hence.redis;

import dev.hence.node.Node;
import dev.hence.node.config.NodeConfig;
import dev.hence.node.config.RedisConfig;
import dev.hence.node.failure.NodeFailure;
import dev.hence.node.memory.MemoryBudget;
import dev.hence.redis.connection.Client;
import dev.hence.redis.connection.Clients;
import dev.hence.redis.connection.Connection;
import dev.hence.redis.connection.RespTiming;
import dev.hence.redis.execution.CommandTable;
import dev.hence.redis.execution.Conversation;
import dev.hence.redis.node.SharedState;
import dev.hence.redis.node.Usage;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketOption;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server of the Redis protocol: a listening port, a thread that accepts connections, one thread per connection, and
 * one that ends connections whose clients exceed a timeout. All threads except the acceptor are virtual.
 *
 * <p>Thread-safe.
 */
public final class RespServer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RespServer.class);
    private static final String ACCEPTOR = "hence-resp-accept";
    private static final String WATCH = "hence-resp-watch";
    private static final int BACKLOG = 1_024;
    // Same values as Redis.
    private static final int KEEPALIVE_IDLE_SECONDS = 300;
    private static final int KEEPALIVE_INTERVAL_SECONDS = 100;
    private static final int KEEPALIVE_COUNT = 3;
    private static final Duration ACCEPT_AGAIN = Duration.ofMillis(100);
    private static final byte[] TOO_MANY = "-ERR max number of clients reached\r\n".getBytes(StandardCharsets.US_ASCII);

    private final NodeConfig config;
    private final NodeFailure failure;
    private final RedisConfig redis;
    private final RespTiming timing;
    private final SharedState shared;
    private final CommandTable commands;
    private final Clients clients;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("hence-resp-", 1).factory());
    private final CountDownLatch closed = new CountDownLatch(1);
    private @Nullable ServerSocket listening;
    private volatile boolean closing;
    private long lastId;

    /**
     * A server that is not started yet.
     *
     * @param commands the commands available to clients
     * @param memory the budget for large requests and replies
     */
    public RespServer(NodeConfig config, Node node, CommandTable commands, MemoryBudget memory) {
        this(config, node, commands, memory, timing(config.redis()));
    }

    RespServer(NodeConfig config, Node node, CommandTable commands, MemoryBudget memory, RespTiming timing) {
        this.config = config;
        this.failure = node.failure();
        this.redis = config.redis();
        this.timing = timing;
        this.shared = SharedState.open(node, config, memory);
        this.clients = shared.clients();
        this.commands = commands;
    }

    private static RespTiming timing(RedisConfig redis) {
        return new RespTiming(
                redis.idle(), redis.halfRequest(), redis.unreadReply(), Duration.ofSeconds(1), Duration.ofSeconds(10));
    }

    /**
     * Starts listening, unless the port is off.
     *
     * @throws IOException if the port cannot be bound
     */
    public void start() throws IOException {
        if (redis.port() == RedisConfig.OFF) {
            return;
        }
        ServerSocket socket = new ServerSocket();
        try {
            socket.setReuseAddress(true);
            int port = redis.port() == RedisConfig.ANY ? 0 : redis.port();
            socket.bind(new InetSocketAddress(InetAddress.getByName(config.host()), port), BACKLOG);
        } catch (IOException refused) {
            socket.close();
            throw taken(refused);
        }
        listening = socket;
        Thread.ofPlatform().name(ACCEPTOR).daemon().start(failure.unlessItFails(ACCEPTOR, () -> accept(socket)));
        Thread.ofVirtual().name(WATCH).start(failure.unlessItFails(WATCH, this::watch));
        log.info("{} serves the Redis protocol on port {}", config.nodeId(), socket.getLocalPort());
    }

    private IOException taken(IOException refused) {
        String advice = refused instanceof BindException
                ? "; another server has it, perhaps a Redis or another node: choose a port with --redis-port, or switch"
                        + " the Redis protocol off with --redis-port 0"
                : "";
        return new IOException(
                "redis-port: " + config.host() + ":" + redis.port() + ": " + refused.getMessage() + advice, refused);
    }

    /** The port that the server listens on; 0 if it is off. */
    public int port() {
        ServerSocket socket = listening;
        return socket == null ? 0 : socket.getLocalPort();
    }

    /** The connected clients. */
    public Clients clients() {
        return clients;
    }

    /** The state shared by all connections. */
    SharedState shared() {
        return shared;
    }

    /** Usage counters of this node's clients. */
    public Usage usage() {
        return shared.usage();
    }

    /**
     * Accepts connections and survives any exception: a node that stopped accepting clients would still look healthy to
     * those already connected.
     */
    void accept(ServerSocket serverSocket) {
        while (!closing) {
            Socket socket = null;
            try {
                socket = serverSocket.accept();
                open(socket);
            } catch (Throwable failed) {
                if (!closing) {
                    log.warn("A connection to the Redis port could not be accepted", failed);
                    if (socket == null) {
                        pause();
                    }
                }
            }
        }
    }

    /** Pauses after a failed accept: without file descriptors every attempt fails at once. */
    private void pause() {
        try {
            closed.await(ACCEPT_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void open(Socket socket) throws IOException {
        boolean taken = false;
        try {
            if (clients.isFull()) {
                // It fits into the send buffer of a new connection, so the write does not block.
                socket.getOutputStream().write(TOO_MANY);
                usage().rejected();
                return;
            }
            prepare(socket);
            Connection connection =
                    new Connection(socket, shared.memory(), usage().traffic(), redis.password() == null);
            begin(new Client(++lastId, connection), connection);
            taken = true;
        } finally {
            if (!taken) {
                socket.close();
            }
        }
    }

    private void begin(Client client, Connection connection) {
        Conversation conversation = new Conversation(client, connection, shared, commands);
        clients.add(client);
        boolean begun = false;
        try {
            usage().connected();
            threads.execute(() -> serve(client, conversation));
            begun = true;
        } finally {
            if (!begun) {
                clients.remove(client);
            }
        }
        if (closing) {
            client.endSoon();
        }
    }

    /**
     * Sends replies without delay and enables keepalive. A client that vanished silently, for example by a power
     * failure, is detected after ten minutes. Without this, a client that waits for a message or in a blocking command
     * would be kept forever, and might be given an element, which would be lost.
     */
    static void prepare(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setKeepAlive(true);
        setIfSupported(socket, ExtendedSocketOptions.TCP_KEEPIDLE, KEEPALIVE_IDLE_SECONDS);
        setIfSupported(socket, ExtendedSocketOptions.TCP_KEEPINTERVAL, KEEPALIVE_INTERVAL_SECONDS);
        setIfSupported(socket, ExtendedSocketOptions.TCP_KEEPCOUNT, KEEPALIVE_COUNT);
    }

    private static void setIfSupported(Socket socket, SocketOption<Integer> option, int value) throws IOException {
        if (socket.supportedOptions().contains(option)) {
            socket.setOption(option, value);
        }
    }

    private void serve(Client client, Conversation conversation) {
        try {
            conversation.serve();
        } finally {
            clients.remove(client);
        }
    }

    private void watch() throws InterruptedException {
        while (!closed.await(timing.look().toNanos(), TimeUnit.NANOSECONDS)) {
            long nowNanos = System.nanoTime();
            usage().sample(nowNanos);
            clients.endOverdue(timing, nowNanos);
        }
    }

    /** Stops accepting connections and ends each one as soon as its running command is answered. Does not block. */
    public void endSoon() {
        closing = true;
        try {
            ServerSocket socket = listening;
            if (socket != null) {
                socket.close();
            }
        } catch (IOException failed) {
            log.warn("The Redis port could not be closed: {}", failed.toString());
        }
        clients.endSoon();
    }

    /** Stops accepting connections, answers the running commands, and closes all connections. */
    @Override
    public void close() {
        endSoon();
        try {
            threads.shutdown();
            if (!threads.awaitTermination(timing.closing().toNanos(), TimeUnit.NANOSECONDS)) {
                log.warn("{} connections of Redis clients are cut off while they are answered", clients.size());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        clients.kill();
        closed.countDown();
    }
}
