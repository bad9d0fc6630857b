package dev.hence.engine.storage;

/**
 * Ends a reader that is to be run again: it would have to wait for rows, or may have seen more than one commit. It is an
 * error, because readers answer exceptions, and log those that they do not expect.
 */
public final class ReadInterrupted extends Error {
    private static final long serialVersionUID = 1L;

    /** Whether it is better to give the reader something else than to run it again. */
    final boolean wantsMore;

    /** @param wantsMore whether it is better to give the reader something else than to run it again */
    public ReadInterrupted(boolean wantsMore) {
        super("reader: interrupted, to be run again", null, false, false);
        this.wantsMore = wantsMore;
    }
}
