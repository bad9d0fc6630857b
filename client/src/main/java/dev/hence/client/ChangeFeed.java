package dev.hence.client;

import java.util.Iterator;

/** The updates of a cluster as they come, each once, never an effect before its cause. */
public final class ChangeFeed implements Iterator<Change>, AutoCloseable {

    private final String token = "";

    ChangeFeed() {}

    /** Waits for the next update; false when the feed has ended or was closed. */
    @Override
    public boolean hasNext() {
        throw new UnsupportedOperationException();
    }

    /** The next update. */
    @Override
    public Change next() {
        throw new UnsupportedOperationException();
    }

    /** The position after the last update handed out; empty at the beginning. */
    public String token() {
        return token;
    }

    /** Ends the feed; from any thread. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
