package dev.hence.simulator.trace;

import java.util.List;

/**
 * What a client asks of a node: reads of one snapshot, or writes that become one update.
 *
 * @param id counts the requests of a trace from 0
 * @param client the number of the client
 * @param session the session that it belongs to. The session's clock goes with it and the answer's comes back;
 *     empty for a request that is made outside any session
 * @param node the number of the node that is asked
 * @param reads the keys to read
 * @param writes what to write, all or nothing: if one of them fails, nothing happens
 */
public record Request(int id, int client, String session, int node, List<String> reads, List<Command> writes) {
    /**
     * Whether a key is only ever assigned and removed, so that histories can tell of it: one without a colon in its
     * name. Others may hold anything.
     */
    public static boolean isRegister(String key) {
        return key.indexOf(':') < 0;
    }

    /** Whether it is part of a session. */
    public boolean inSession() {
        return !session.isEmpty();
    }
}
