package dev.hence.server.resp.protocol;

/** What a client sent is no request, or more than the node takes; the connection cannot go on. */
public final class ProtocolException extends Exception {

    private static final long serialVersionUID = 1L;

    /** @param text what the client is told, after the prefix {@code ERR} */
    ProtocolException(String text) {
        super(text, null, false, false);
    }

    /** The error that the client gets before the connection ends. */
    public String text() {
        return "ERR " + getMessage();
    }
}
