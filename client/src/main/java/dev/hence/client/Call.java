package dev.hence.client;

import java.util.List;

/**
 * One request, independent of the node that will receive it.
 *
 * @param kind what a failure of it means
 * @param method the HTTP method
 * @param path path and query, percent-encoded, beginning with a slash
 * @param body what is sent; empty for nothing
 * @param headers names and values in turn
 */
record Call(Kind kind, String method, String path, Bytes body, List<String> headers) {

    /** What a failure means, and whether the session takes part. */
    enum Kind {
        /** Changes nothing, so it may be repeated; sent with the session. */
        READ,
        /** Changes something, so it may be repeated only if it certainly did not happen. */
        WRITE,
        /** Looks at a node as it is, or follows it: a read without the session. */
        LOOK,
        /** Asks for nothing but one token in place of several; even a refusal of a node brings it. */
        JOIN
    }

    static Call read(String path) {
        return new Call(Kind.READ, "GET", path, Bytes.EMPTY, List.of());
    }

    static Call look(String path) {
        return new Call(Kind.LOOK, "GET", path, Bytes.EMPTY, List.of());
    }

    static Call write(String method, String path, Bytes body, List<String> headers) {
        return new Call(Kind.WRITE, method, path, body, headers);
    }

    /** HEAD has no body, so it costs the same whatever the key holds. */
    static Call join() {
        return new Call(Kind.JOIN, "HEAD", "/kv/session", Bytes.EMPTY, List.of());
    }

    boolean isWrite() {
        return kind == Kind.WRITE;
    }

    boolean isInSession() {
        return kind != Kind.LOOK;
    }
}
