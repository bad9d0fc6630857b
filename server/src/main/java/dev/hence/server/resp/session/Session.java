package dev.hence.server.resp.session;

import dev.hence.server.runtime.Store;

/**
 * One connection of one client. It is a session in the causal sense too: what it has read and written is in its
 * past wherever it goes on.
 *
 * <p>Used by the connection's own thread only.
 */
public interface Session {

    /** The node. */
    Store store();
}
