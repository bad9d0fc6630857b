package dev.hence.simulator.trace;

import java.util.List;

/**
 * A client's request to a node: reads of one snapshot, or writes that become one update.
 *
 * @param id the number of the request in its trace, from 0
 * @param client the number of the client
 * @param session its session. The session's clock is sent with the request, and the answer returns one; empty for a
 *     request outside any session
 * @param node the number of the node that receives it
 * @param reads the keys to read
 * @param writes the writes, all or nothing: if one of them fails, none takes effect
 */
public record Request(int id, int client, String session, int node, List<String> reads, List<Command> writes) {
    /**
     * Whether a key is only assigned and removed, so that histories can contain it: its name has no colon. Other keys
     * may hold any type.
     */
    public static boolean isRegister(String key) {
        return key.indexOf(':') < 0;
    }

    /** Whether it is part of a session. */
    public boolean inSession() {
        return !session.isEmpty();
    }
}
