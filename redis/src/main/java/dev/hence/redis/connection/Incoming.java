package dev.hence.redis.connection;

import java.io.IOException;

/** The bytes that a client sends. Reads of several threads must not overlap. */
public interface Incoming {

    /**
     * Reads; blocks until something has arrived.
     *
     * @return the number of bytes; -1 at the end of the stream
     */
    int read(byte[] into, int from, int length) throws IOException;

    /**
     * Reads what has arrived.
     *
     * @return the number of bytes; 0 if nothing has arrived, -1 at the end of the stream
     */
    int readNow(byte[] into, int from, int length) throws IOException;
}
