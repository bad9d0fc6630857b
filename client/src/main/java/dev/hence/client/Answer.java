package dev.hence.client;

/**
 * A node's answer to a call: success, or an error that the call expects.
 *
 * @param node who answered
 * @param status the HTTP status
 * @param tag the version tag without its quotes; empty if there is none
 * @param body what came with it
 * @param <B> the kind of body
 */
record Answer<B>(Node node, int status, String tag, B body) {

    /** Whether it says that the key has no value. */
    boolean isAbsent() {
        return status == 404;
    }
}
