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
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of one client, as commands see it. It is a session in the causal sense too: what it has read and
 * written is in its past wherever it goes on.
 *
 * <p>Used by the connection's own thread only, except {@link #push}.
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
     * @param shared what it has in common with all others of the node
     * @param commands those that the client may use
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

    /** All clients that are connected over the Redis protocol, this one included. */
    public Clients clients() {
        return shared.clients();
    }

    /** What this session shares with all others of the node. */
    public SharedState commons() {
        return shared;
    }

    /** Where scans of the keyspace go on. */
    public ScanCursors scanCursors() {
        return shared.scanCursors();
    }

    /** The commands that the client may use. */
    public CommandTable commands() {
        return commands;
    }

    /** The client at the other end. */
    public Client client() {
        return client;
    }

    /** What MULTI and WATCH have begun. */
    public Multi multi() {
        return multi;
    }

    Connection connection() {
        return connection;
    }

    /**
     * Proves that the client may use the node.
     *
     * @param user the name it gave; there is only {@code default}
     * @return whether name and password are right
     * @throws IllegalStateException if the node has no password
     */
    public boolean authenticate(String user, String password) {
        String expected = shared.config().redis().password();
        if (expected == null) {
            throw new IllegalStateException("password: none (expected: one, to compare with)");
        }
        // Takes as long for a wrong password as for the right one.
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

    /** Whether the client has yet to prove that it may use the node. */
    public boolean needsPassword() {
        return !proven;
    }

    /**
     * All that this session has seen: its reads, its writes, the messages pushed to it, and what it was told to go on
     * from.
     */
    public VersionVector clock() {
        if (heard) {
            // A message is pushed after its commit is published; the flag falls first, so none is missed.
            heard = false;
            saw(store().clock());
        }
        return clock;
    }

    /** Adds to what this session has seen, something that this node has. */
    public void saw(VersionVector more) {
        clock = clock.join(more);
    }

    /** Records an update that this session has made; its clock has it already. */
    public void wrote(Dot update) {
        lastWrite = update;
    }

    /** The last update that this session has made; null if it has made none. */
    public @Nullable Dot lastWrite() {
        return lastWrite;
    }

    /** Reads keys from one consistent snapshot, which this session has then seen. */
    public <R> R read(Function<View, R> reader) {
        Reading<R> reading = store().read(reader);
        saw(reading.clock());
        return reading.value();
    }

    /**
     * Writes as one update, and waits until it is committed.
     *
     * @throws RuntimeException what refused it; nothing happened, unless it says otherwise
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

    /** A write of this session was committed. */
    void committed(Committed<?> committed) {
        saw(committed.clock());
        if (committed.update() != null) {
            wrote(committed.update().dot());
        }
    }

    /** A write of this session was refused: that was decided on something that the client now sees a trace of. */
    void refused() {
        saw(store().clock());
    }

    /**
     * Waits for something that may take long. All replies before are sent, and messages may go out meanwhile. The
     * wait is interrupted if the client goes, the connection ends, or somebody unblocks the client.
     *
     * @param cutShort what comes of it if somebody declares that the time is up
     * @throws ClientGoneException if the client or the connection is gone
     * @throws RuntimeException what the client is told if somebody unblocks it with an error
     */
    public <R> R waiting(Wait.Body<R> body, Supplier<R> cutShort) throws InterruptedException {
        try (Wait wait = connection.beginWait()) {
            return wait.run(body, cutShort);
        } catch (IOException gone) {
            throw new ClientGoneException(gone);
        }
    }

    /** Sends all messages that were pushed so far before the next reply. */
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
     * Sends the client something it did not ask for, after all replies that are before it. It returns at once; a
     * client that leaves too much of this unread is disconnected. Any thread may call this.
     */
    @Override
    public void push(Reply.Push message) {
        heard = true;
        connection.push(message);
    }

    /** Adds a reply to those that will be sent, if the client wants it. */
    void reply(Reply reply) throws IOException {
        boolean silent = skipped > 0 || replyMode == ReplyMode.OFF;
        skipped = Math.max(0, skipped - 1);
        if (!silent || confirmsSubscription(reply)) {
            connection.reply(reply);
        }
    }

    /** These are sent whatever replies the client wants, as the messages are. */
    private static boolean confirmsSubscription(Reply reply) {
        return switch (reply) {
            case Reply.Push one -> true;
            case Reply.Several(List<Reply> each) -> each.stream().allMatch(Reply.Push.class::isInstance);
            default -> false;
        };
    }

    /** Which replies the client wants, that to the present command included. One that wants none has none to skip. */
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

    /** Forgets everything that the connection was told since it was opened, the password included. */
    public void reset() {
        end();
        // Before the reply, and in the version that the client still speaks: after it no message may come.
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
     * Has something done once when the connection ends, for whatever reason, or is reset, on the connection's own
     * thread.
     */
    public void onEnd(Runnable cleanup) {
        cleanups.add(cleanup);
    }

    /** Runs the cleanups; one that throws keeps none of the others from running. */
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
