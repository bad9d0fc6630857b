package dev.hence.node.store;

import java.util.Collection;

/**
 * A current condition of the node that its operators need to know.
 *
 * @param kind the kind of condition
 * @param detail this occurrence in readable form: what is wrong and what is expected
 */
public record HealthIssue(Kind kind, String detail) {

    /** Whether clients should use a node with these conditions. */
    public static boolean allowReady(Collection<HealthIssue> issues) {
        return issues.stream().noneMatch(HealthIssue::unready);
    }

    /** Whether clients should use another node because of this one. */
    public boolean unready() {
        return kind.unready();
    }

    /** All kinds of conditions. */
    public enum Kind {
        CLOSING("closing", true, "The node is shutting down"),
        FAILED("failed", true, "The node has failed and must be restarted"),
        DISK_FULL("disk-full", true, "The disk of the node is full"),
        FORKED(
                "forked",
                true,
                "The data directory has forked: other nodes have different updates under the same names"),
        RESCUING("rescuing", true, "The node reissues the updates of a data directory that has forked"),
        PEER_FORKED("peer-forked", false, "Another node has different updates under the same names"),
        CATCHING_UP("catching-up", true, "The node is catching up with its peers"),
        UPDATES_GONE("updates-gone", true, "The node needs updates that no peer which it reaches still has in its log"),
        GONE_AT_PEER("gone-at-peer", false, "The node needs updates that a peer has deleted from its log"),
        NOT_FOLLOWED_BACK("not-followed-back", false, "A node follows this one, but this node does not follow it"),
        CLOCK_AHEAD("clock-ahead", true, "The node's timestamps are too far ahead of the clocks of most members"),
        CLOCK_DISAGREES("clock-disagrees", false, "The wall clock of the node disagrees with most members"),
        UPDATES_HELD("updates-held", false, "Updates that are too far ahead of this node's wall clock are held");

        private final String code;
        private final boolean unready;
        private final String title;

        Kind(String code, boolean unready, String title) {
            this.code = code;
            this.unready = unready;
            this.title = title;
        }

        /** The name used by programs: in {@code /status}, {@code /health/ready} and {@code /metrics}. */
        public String code() {
            return code;
        }

        /** Whether clients should use another node meanwhile. */
        public boolean unready() {
            return unready;
        }

        /** A one-line description that is the same for every occurrence. */
        public String title() {
            return title;
        }
    }
}
