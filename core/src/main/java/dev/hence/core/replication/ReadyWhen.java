package dev.hence.core.replication;

/** When a started node reports itself ready for clients. It answers them before that, too. */
public enum ReadyWhen {
    /**
     * When it has what the peers that it can reach had when it met them. A peer that cannot be reached is waited for
     * only briefly, so a node whose peers are all down becomes ready.
     */
    CAUGHT_UP,
    /** When it has met every configured peer and has what they had then, however long that takes. */
    ALL_PEERS,
    /** At once. */
    STARTED
}
