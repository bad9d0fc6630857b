package dev.hence.redis.connection;

/** Input that is not a request, or larger than the node takes; the connection cannot continue. */
public final class ProtocolException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String prefix;
    private final boolean webRequest;

    /** @param text the error sent to the client, after the prefix {@code ERR} */
    ProtocolException(String text) {
        this("ERR", text, false);
    }

    private ProtocolException(String prefix, String text, boolean webRequest) {
        super(text, null, false, false);
        this.prefix = prefix;
        this.webRequest = webRequest;
    }

    /** For a line that begins like one of an HTTP request. */
    static ProtocolException webRequest() {
        return new ProtocolException("ERR", "Protocol error: HTTP request (expected: one of the Redis protocol)", true);
    }

    /** For a request that got no memory in time. */
    static ProtocolException outOfMemory(long bytesMax) {
        return new ProtocolException(
                "OOM",
                "large requests and replies: more than there is memory for (expected: at most " + bytesMax
                        + " bytes at a time; try again later)",
                false);
    }

    /** For a client that sent more behind a waiting command than is allowed. */
    public static ProtocolException tooMuchWaiting() {
        return new ProtocolException("Protocol error: too many bytes behind a blocking command (expected: at most those"
                + " of one request, and fewer while many clients do so)");
    }

    /**
     * Whether a browser may have sent it on behalf of a page that wants its body run as commands; such a client gets no
     * reply at all.
     */
    public boolean isWebRequest() {
        return webRequest;
    }

    /** The error sent to the client before the connection ends. */
    public String text() {
        return prefix + " " + getMessage();
    }
}
