package dev.hence.redis;

import dev.hence.node.Node;
import dev.hence.node.config.NodeConfig;
import dev.hence.node.config.RedisConfig;
import dev.hence.node.failure.NodeFailure;
import dev.hence.node.memory.MemoryBudget;
import dev.hence.node.store.WriteRound;
import dev.hence.redis.connection.Client;
import dev.hence.redis.connection.Clients;
import dev.hence.redis.connection.Connection;
import dev.hence.redis.connection.RespTiming;
import dev.hence.redis.execution.CommandTable;
import dev.hence.redis.execution.Conversation;
import dev.hence.redis.loop.EventLoop;
import dev.hence.redis.loop.LoopSocket;
import dev.hence.redis.node.SharedState;
import dev.hence.redis.node.Usage;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server of the Redis protocol: a listening port, a thread that accepts connections, event loops that serve them,
 * virtual threads for whatever has to wait, and one that ends connections whose clients exceed a timeout.
 *
 * <p>Thread-safe.
 */
public final class RespServer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RespServer.class);
    private static final String ACCEPTOR = "hence-resp-accept";
    private static final String WATCH = "hence-resp-watch";
    private static final String LOOP = "hence-resp-loop-";
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
    private final ThreadFactory threads =
            Thread.ofVirtual().name("hence-resp-", 1).factory();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<Loop> loops = new ArrayList<>();
    private @Nullable ServerSocketChannel listening;
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

    /** An event loop and the writes of its clients. */
    private record Loop(EventLoop events, WriteRound round) {
        static Loop start(String name, NodeFailure failure, WriteRound round) throws IOException {
            return new Loop(EventLoop.start(name, failure, round::submit), round);
        }
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
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            int port = redis.port() == RedisConfig.ANY ? 0 : redis.port();
            channel.bind(new InetSocketAddress(InetAddress.getByName(config.host()), port), BACKLOG);
        } catch (IOException refused) {
            channel.close();
            throw taken(refused);
        }
        listening = channel;
        for (int at = 1; at <= loopCount(); at++) {
            loops.add(Loop.start(LOOP + at, failure, shared.node().round()));
        }
        Thread.ofPlatform()
                .name(ACCEPTOR)
                .daemon()
                .start(failure.unlessItFails(ACCEPTOR, () -> accept(channel::accept)));
        Thread.ofVirtual().name(WATCH).start(failure.unlessItFails(WATCH, this::watch));
        log.info("{} serves the Redis protocol on port {}", config.nodeId(), port());
    }

    /** Half of the processors: the writer, the peers and the threads that wait have the others. */
    private static int loopCount() {
        return Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
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
        ServerSocketChannel channel = listening;
        return channel == null ? 0 : channel.socket().getLocalPort();
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

    /** Waits for the next connection. */
    @FunctionalInterface
    interface Acceptor {
        SocketChannel accept() throws IOException;
    }

    /**
     * Accepts connections and survives any exception: a node that stopped accepting clients would still look healthy to
     * those already connected.
     */
    void accept(Acceptor acceptor) {
        while (!closing) {
            SocketChannel channel = null;
            try {
                channel = acceptor.accept();
                open(channel);
            } catch (Throwable failed) {
                if (!closing) {
                    log.warn("A connection to the Redis port could not be accepted", failed);
                    if (channel == null) {
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

    private void open(SocketChannel channel) throws IOException {
        boolean taken = false;
        try {
            if (clients.isFull()) {
                // It fits into the send buffer of a new connection, so the write does not block.
                channel.write(ByteBuffer.wrap(TOO_MANY));
                usage().rejected();
                return;
            }
            prepare(channel);
            begin(channel, loops.get((int) (lastId % loops.size())));
            taken = true;
        } finally {
            if (!taken) {
                channel.close();
            }
        }
    }

    private void begin(SocketChannel channel, Loop loop) throws IOException {
        LoopSocket socket = new LoopSocket(channel, loop.events());
        Connection connection = new Connection(socket, shared.memory(), usage().traffic(), redis.password() == null);
        Client client = new Client(++lastId, connection);
        Conversation conversation = new Conversation(
                client,
                connection,
                socket,
                loop.round(),
                shared,
                commands,
                this::execute,
                () -> clients.remove(client));
        clients.add(client);
        usage().connected();
        conversation.begin();
        if (closing) {
            client.endSoon();
        }
    }

    private void execute(Runnable task) {
        threads.newThread(task).start();
    }

    /**
     * Sends replies without delay and enables keepalive. A client that vanished silently, for example by a power
     * failure, is detected after ten minutes. Without this, a client that waits for a message or in a blocking command
     * would be kept forever, and might be given an element, which would be lost.
     */
    static void prepare(SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        setIfSupported(channel, ExtendedSocketOptions.TCP_KEEPIDLE, KEEPALIVE_IDLE_SECONDS);
        setIfSupported(channel, ExtendedSocketOptions.TCP_KEEPINTERVAL, KEEPALIVE_INTERVAL_SECONDS);
        setIfSupported(channel, ExtendedSocketOptions.TCP_KEEPCOUNT, KEEPALIVE_COUNT);
    }

    private static void setIfSupported(SocketChannel channel, SocketOption<Integer> option, int value)
            throws IOException {
        if (channel.supportedOptions().contains(option)) {
            channel.setOption(option, value);
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
            ServerSocketChannel channel = listening;
            if (channel != null) {
                channel.close();
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
            if (!clients.awaitNone(timing.closing())) {
                log.warn("{} connections of Redis clients are cut off while they are answered", clients.size());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        clients.kill();
        loops.forEach(loop -> loop.events().close());
        closed.countDown();
    }
}
