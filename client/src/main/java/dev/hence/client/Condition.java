package dev.hence.client;

/**
 * A precondition of a write to a key. The node that receives the write evaluates it on what it has applied by then: at
 * least everything that the session has seen, but not what another node accepts at the same time. A condition is not a
 * lock across nodes.
 */
public sealed interface Condition {

    /** Write whatever the key holds. */
    static Condition none() {
        return Unconditional.INSTANCE;
    }

    /** Write only if the key has no value. For puts only. */
    static Condition ifAbsent() {
        return IfAbsent.INSTANCE;
    }

    /** Write only if the key has some value. */
    static Condition ifPresent() {
        return IfPresent.INSTANCE;
    }

    /**
     * Write only if the key still is as it was read.
     *
     * @param tag the tag of an earlier read or put
     * @throws IllegalArgumentException if this can be no tag
     */
    static Condition ifTag(String tag) {
        return new IfTag(tag);
    }

    /** No condition. */
    enum Unconditional implements Condition {
        /** The only one. */
        INSTANCE
    }

    /** The key has no value. */
    enum IfAbsent implements Condition {
        /** The only one. */
        INSTANCE
    }

    /** The key has some value. */
    enum IfPresent implements Condition {
        /** The only one. */
        INSTANCE
    }

    /**
     * The key has this version.
     *
     * @param tag visible ASCII without quotes
     */
    record IfTag(String tag) implements Condition {

        /** Refuses what a header cannot carry as a tag. */
        public IfTag {
            if (tag.isEmpty() || !tag.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '"')) {
                throw new IllegalArgumentException("tag: \"" + tag + "\" (expected: the tag of an earlier answer)");
            }
        }
    }
}
