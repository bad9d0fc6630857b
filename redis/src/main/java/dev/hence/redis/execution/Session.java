package dev.hence.redis.execution;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.keyspace.View;
import dev.hence.core.replica.Transaction;
import dev.hence.node.session.SessionTokens;
import dev.hence.node.store.Store;
import dev.hence.node.store.Store.Committed;
import dev.hence.node.store.Store.Reading;
import dev.hence.redis.connection.Client;
import dev.hence.redis.connection.ClientGoneException;
import dev.hence.redis.connection.Clients;
import dev.hence.redis.connection.Connection;
import dev.hence.redis.connection.Reply;
import dev.hence.redis.connection.Wait;
import dev.hence.redis.node.ScanCursors;
import dev.hence.redis.node.SharedState;
import dev.hence.redis.node.Subscribers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of one client, as commands see it. It is also a session in the causal sense: what it has read and
 * written is in its causal past wherever the session continues.
 *
 * <p>Confined to the connection's own thread, except {@link #push}.
 */
public final class Session implements Subscribers.Subscriber {

    private static final Logger log = LoggerFactory.getLogger(Session.class);
    private static final String ONLY_USER = "default";
    private static final int REPLIES_PER_UPDATE_BYTES = 8;

    private final Client client;
    private final Connection connection;
    private final SharedState shared;
    private final CommandTable commands;
    private final Multi multi;
    private final List<Runnable> cleanups = new ArrayList<>();
    private ReplyMode replyMode = ReplyMode.ON;
    private int skipped;
    private boolean quitting;
    private boolean proven;
    private VersionVector clock = VersionVector.EMPTY;
    private @Nullable Dot lastWrite;
    private volatile boolean heard;

    /**
     * A session that has seen nothing.
     *
     * @param shared the state shared by all sessions of the node
     * @param commands the commands available to the client
     */
    public Session(Client client, Connection connection, SharedState shared, CommandTable commands) {
        this.client = client;
        this.connection = connection;
        this.shared = shared;
        this.commands = commands;
        this.proven = !hasPassword();
        long updateBytesMax = shared.config().limits().updateBytesMax();
        this.multi = new Multi(
                client,
                new Multi.Bounds(updateBytesMax, updateBytesMax * REPLIES_PER_UPDATE_BYTES),
                connection.memory());
    }

    /** The node. */
    public Store store() {
        return shared.node();
    }

    /** The tokens of the node's cluster. */
    public SessionTokens tokens() {
        return shared.tokens();
    }

    /** All connected clients of the Redis protocol, including this one. */
    public Clients clients() {
        return shared.clients();
    }

    /** The state shared by all sessions of the node. */
    public SharedState commons() {
        return shared;
    }

    /** The cursors of keyspace scans. */
    public ScanCursors scanCursors() {
        return shared.scanCursors();
    }

    /** The commands available to the client. */
    public CommandTable commands() {
        return commands;
    }

    /** The client of this session. */
    public Client client() {
        return client;
    }

    /** The MULTI and WATCH state. */
    public Multi multi() {
        return multi;
    }

    Connection connection() {
        return connection;
    }

    /**
     * Authenticates the client.
     *
     * @param user the user name; there is only {@code default}
     * @return whether name and password are correct
     * @throws IllegalStateException if the node has no password
     */
    public boolean authenticate(String user, String password) {
        String expected = shared.config().redis().password();
        if (expected == null) {
            throw new IllegalStateException("password: none (expected: one, to compare with)");
        }
        // Takes equal time for wrong and correct passwords.
        boolean right = user.equals(ONLY_USER) && MessageDigest.isEqual(bytes(password), bytes(expected));
        if (right) {
            proven = true;
            connection.proven(true);
        }
        return right;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Whether the node has a password. */
    public boolean hasPassword() {
        return shared.config().redis().password() != null;
    }

    /** Whether the client has yet to authenticate. */
    public boolean needsPassword() {
        return !proven;
    }

    /**
     * All that this session has seen: its reads, its writes, the messages pushed to it, and the tokens that it was
     * given to continue from.
     */
    public VersionVector clock() {
        if (heard) {
            // A message is pushed after its commit is published. The flag is cleared first, so no message is missed.
            heard = false;
            saw(store().clock());
        }
        return clock;
    }

    /** Adds a clock that this node has to what this session has seen. */
    public void saw(VersionVector more) {
        clock = clock.join(more);
    }

    /** Records an update of this session; its clock already contains it. */
    public void wrote(Dot update) {
        lastWrite = update;
    }

    /** The last update of this session; null if there is none. */
    public @Nullable Dot lastWrite() {
        return lastWrite;
    }

    /** Reads keys from one consistent snapshot, which becomes part of this session's past. */
    public <R> R read(Function<View, R> reader) {
        Reading<R> reading = store().read(reader);
        saw(reading.clock());
        return reading.value();
    }

    /** Same as {@link #read} without waiting; empty if that is not possible now. */
    <R> Optional<R> tryRead(Function<View, R> reader) {
        Optional<Reading<R>> reading = store().tryRead(reader);
        if (reading.isEmpty()) {
            return Optional.empty();
        }
        saw(reading.get().clock());
        return Optional.of(reading.get().value());
    }

    /**
     * Writes as one update, and blocks until it is committed.
     *
     * @throws RuntimeException if it was rejected; nothing happened, unless the exception says otherwise
     */
    public <R> R write(Transaction.Body<R> body) throws InterruptedException {
        try {
            Committed<R> committed = store().write(body);
            committed(committed);
            return committed.result();
        } catch (RuntimeException | InterruptedException refused) {
            refused();
            throw refused;
        }
    }

    /** Records that a write of this session was committed. */
    void committed(Committed<?> committed) {
        saw(committed.clock());
        if (committed.update() != null) {
            wrote(committed.update().dot());
        }
    }

    /**
     * Records that a write of this session was rejected: the refusal was based on state that the client has now
     * observed.
     */
    void refused() {
        saw(store().clock());
    }

    /**
     * Waits for something that may take long. All earlier replies are sent, and messages may be sent meanwhile. The
     * wait is interrupted if the client goes, the connection ends, or another client unblocks this one.
     *
     * @param cutShort supplies the result if another client unblocks it as on timeout
     * @throws ClientGoneException if the client or the connection is gone
     * @throws RuntimeException if another client unblocks it with an error
     */
    public <R> R waiting(Wait.Body<R> body, Supplier<R> cutShort) throws InterruptedException {
        try (Wait wait = connection.beginWait()) {
            return wait.run(body, cutShort);
        } catch (IOException gone) {
            throw new ClientGoneException(gone);
        }
    }

    /** Sends all messages pushed so far before the next reply. */
    public void sendPushed() {
        try {
            connection.sendPushed();
        } catch (IOException gone) {
            log.debug("Client {} has gone: {}", client.address(), gone.toString());
        }
    }

    @Override
    public void listensTo(int channels, int patterns) {
        client.subscribed(channels, patterns);
    }

    /**
     * Sends the client an out-of-band message, after all replies queued before it. Does not block; a client that leaves
     * too much unread is disconnected. Any thread may call this.
     */
    @Override
    public void push(Reply.Push message) {
        heard = true;
        connection.push(message);
    }

    /** Adds a reply to those to be sent, unless the client disabled replies. */
    void reply(Reply reply) throws IOException {
        boolean silent = skipped > 0 || replyMode == ReplyMode.OFF;
        skipped = Math.max(0, skipped - 1);
        if (!silent || confirmsSubscription(reply)) {
            connection.reply(reply);
        }
    }

    /** These confirmations are sent whatever the reply mode, like the messages themselves. */
    private static boolean confirmsSubscription(Reply reply) {
        return switch (reply) {
            case Reply.Push one -> true;
            case Reply.Several(List<Reply> each) -> each.stream().allMatch(Reply.Push.class::isInstance);
            default -> false;
        };
    }

    /**
     * Sets which replies the client wants, including that to the current command. In mode OFF there is no reply to
     * skip.
     */
    public void replyMode(ReplyMode mode) {
        if (mode == ReplyMode.SKIP && replyMode == ReplyMode.OFF) {
            return;
        }
        skipped = mode == ReplyMode.SKIP ? 2 : 0;
        replyMode = mode == ReplyMode.OFF ? ReplyMode.OFF : ReplyMode.ON;
    }

    /** Ends the connection after the reply to this command. */
    public void quit() {
        quitting = true;
    }

    boolean isQuitting() {
        return quitting;
    }

    /** Resets the connection to its initial state, including authentication. */
    public void reset() {
        end();
        // Before the reply, and in the protocol version still in use: no message may follow the reply.
        sendPushed();
        multi.discard();
        client.name("");
        client.protocol(2);
        client.noEvict(false);
        client.noTouch(false);
        replyMode(ReplyMode.ON);
        proven = !hasPassword();
        connection.proven(proven);
    }

    /**
     * Registers an action that runs once, on the connection's own thread, when the connection ends for any reason or is
     * reset.
     */
    public void onEnd(Runnable cleanup) {
        cleanups.add(cleanup);
    }

    /** Runs the cleanups; one that throws does not prevent the others. */
    void end() {
        end(List.copyOf(cleanups).iterator());
    }

    private void end(Iterator<Runnable> due) {
        cleanups.clear();
        try {
            while (due.hasNext()) {
                due.next().run();
            }
            shared.subscribers().gone(this);
        } catch (RuntimeException | Error bug) {
            end(due);
            throw bug;
        }
    }
}
