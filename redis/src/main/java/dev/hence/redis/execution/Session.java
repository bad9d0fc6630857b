package dev.hence.redis.execution;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.VersionVector;
import dev.hence.node.session.SessionTokens;
import dev.hence.node.store.Store;
import dev.hence.redis.connection.Client;
import dev.hence.redis.connection.Clients;
import dev.hence.redis.connection.Reply;
import dev.hence.redis.node.ScanCursors;
import dev.hence.redis.node.SharedState;
import dev.hence.redis.node.Subscribers;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection of one client. It is a session in the causal sense too: what it has read and written is in its
 * past wherever it goes on.
 *
 * <p>Used by the connection's own thread only, except where a method says otherwise.
 */
public interface Session extends Subscribers.Subscriber {

    /** The node. */
    Store store();

    /** The tokens of the node's cluster. */
    SessionTokens tokens();

    /** Everyone who is connected over the Redis protocol, this client included. */
    Clients clients();

    /** What this session shares with all others of the node. */
    SharedState commons();

    /** Where scans of the keyspace go on. */
    default ScanCursors scanCursors() {
        return commons().scanCursors();
    }

    /** Who is at the other end. */
    Client client();

    /** What MULTI and WATCH have begun. */
    Multi multi();

    /**
     * Proves that the client may use the node.
     *
     * @param user the name it gave; there is only {@code default}
     * @return whether name and password are right
     * @throws IllegalStateException if the node has no password
     */
    boolean authenticate(String user, String password);

    /** Whether the node has a password. */
    boolean hasPassword();

    /** Whether the client has yet to prove that it may use the node. */
    boolean needsPassword();

    /**
     * All that this session has seen: its reads, its writes, the messages pushed to it, and what it was told to go on
     * from.
     */
    VersionVector clock();

    /** Adds to what this session has seen, something that this node has. */
    void saw(VersionVector clock);

    /** Takes note of an update that this session has made; its clock has it already. */
    void wrote(Dot update);

    /** The last update that this session has made; null if it has made none. */
    @Nullable
    Dot lastWrite();

    /**
     * Waits for something that may take long. All replies before are sent, and messages may go out meanwhile. The
     * wait is interrupted if the client goes, the connection ends, or somebody unblocks the client.
     *
     * @param cutShort what comes of it if somebody declares that the time is up
     * @throws ClientGoneException if the client or the connection is gone
     * @throws RuntimeException what the client is told if somebody unblocks it with an error
     */
    <R> R waiting(Wait<R> wait, Supplier<R> cutShort) throws InterruptedException;

    /**
     * Something that takes its time.
     *
     * @param <R> what comes of it
     */
    @FunctionalInterface
    interface Wait<R> {
        /** It has to end soon after its thread is interrupted. */
        R run() throws InterruptedException;
    }

    /** Sends all messages that were pushed so far before the next reply. */
    void sendPushed();

    @Override
    default void listensTo(int channels, int patterns) {
        client().subscribed(channels, patterns);
    }

    /**
     * Sends the client something it did not ask for, after all replies that are before it. It returns at once; a
     * client that leaves too much of this unread is disconnected. Any thread may call this.
     */
    @Override
    void push(Reply.Push message);

    /**
     * Has something done once when the connection ends, for whatever reason, or is reset, on the connection's own
     * thread.
     */
    void onEnd(Runnable cleanup);

    /** Which replies the client wants from the next command on. */
    void replyMode(ReplyMode mode);

    /** Forgets everything that the connection was told since it was opened, the password included. */
    void reset();

    /** Ends the connection after the reply to this command. */
    void quit();
}
