package dev.hence.server.resp.protocol;

/** What a client sent is no request, or more than the node takes; the connection cannot go on. */
public final class ProtocolException extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean webRequest;

    /** @param text what the client is told, after the prefix {@code ERR} */
    ProtocolException(String text) {
        this(text, false);
    }

    private ProtocolException(String text, boolean webRequest) {
        super(text, null, false, false);
        this.webRequest = webRequest;
    }

    /** For a line that begins as those of HTTP do. */
    static ProtocolException webRequest() {
        return new ProtocolException("Protocol error: HTTP request (expected: one of the Redis protocol)", true);
    }

    /**
     * Whether a browser may have sent it, on behalf of a page that wants its body run as commands; such a client gets
     * no answer at all.
     */
    public boolean isWebRequest() {
        return webRequest;
    }

    /** The error that the client gets before the connection ends. */
    public String text() {
        return "ERR " + getMessage();
    }
}
