package dev.hence.node.store;

import java.util.Collection;

/**
 * A condition of the node that its operators need to know of, until it is over.
 *
 * @param kind which one
 * @param detail this occurrence, for people: what is wrong and what is expected
 */
public record HealthIssue(Kind kind, String detail) {

    /** Whether clients should use a node with these conditions. */
    public static boolean allowReady(Collection<HealthIssue> issues) {
        return issues.stream().noneMatch(HealthIssue::unready);
    }

    /** Whether clients should go to another node because of this one. */
    public boolean unready() {
        return kind.unready();
    }

    /** Every condition there is. */
    public enum Kind {
        CLOSING("closing", true, "The node is shutting down"),
        FAILED("failed", true, "The node has failed and has to be started again"),
        DISK_FULL("disk-full", true, "The disk of the node is full"),
        FORKED("forked", true, "The data directory has forked: others have other updates under names that it gave"),
        RESCUING("rescuing", true, "The node makes again what was written in a data directory that has forked"),
        PEER_FORKED("peer-forked", false, "Another node has other updates under names that this one knows"),
        CATCHING_UP("catching-up", true, "The node is catching up with its peers"),
        NOT_FOLLOWED_BACK("not-followed-back", false, "A node follows this one and is not followed back"),
        CLOCK_AHEAD("clock-ahead", true, "The timestamps of the node are too far ahead of the other members' clocks"),
        CLOCK_DISAGREES("clock-disagrees", false, "The wall clock of the node disagrees with most members"),
        UPDATES_HELD("updates-held", false, "Updates wait that are too far ahead of this node's wall clock");

        private final String code;
        private final boolean unready;
        private final String title;

        Kind(String code, boolean unready, String title) {
            this.code = code;
            this.unready = unready;
            this.title = title;
        }

        /** The name that programs look at: in {@code /status}, {@code /health/ready} and {@code /metrics}. */
        public String code() {
            return code;
        }

        /** Whether clients should go to another node meanwhile. */
        public boolean unready() {
            return unready;
        }

        /** What is wrong, in one line that is the same for every occurrence. */
        public String title() {
            return title;
        }
    }
}
