package dev.hence.core.replication;

/** The condition under which a started node reports itself ready for clients. It also answers clients before that. */
public enum ReadyWhen {
    /**
     * The node has what its reachable peers had when it met them. It waits only briefly for an unreachable peer, so a
     * node whose peers are all down becomes ready.
     */
    CAUGHT_UP,
    /** The node has met every configured peer and has what they had then, however long that takes. */
    ALL_PEERS,
    /** At once. */
    STARTED
}
