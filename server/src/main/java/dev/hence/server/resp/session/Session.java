package dev.hence.server.resp.session;

import dev.hence.core.clock.VersionVector;
import dev.hence.server.resp.reply.Reply;
import dev.hence.server.runtime.Store;
import dev.hence.server.session.SessionTokens;

/**
 * One connection of one client. It is a session in the causal sense too: what it has read and written is in its
 * past wherever it goes on.
 *
 * <p>Used by the connection's own thread only, except where a method says otherwise.
 */
public interface Session {

    /** The node. */
    Store store();

    /** The tokens of the node's cluster. */
    SessionTokens tokens();

    /** Everyone who is connected over the Redis protocol, this client included. */
    Clients clients();

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

    /** All that this session has seen: its reads, its writes, and what it was told to go on from. */
    VersionVector clock();

    /** Adds to what this session has seen, something that this node has. */
    void saw(VersionVector clock);

    /**
     * Sends the client something it did not ask for, after all replies that are before it. It returns at once; a
     * client that leaves too much of this unread is disconnected. Any thread may call this.
     */
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
