package dev.hence.engine.disk;

import java.io.IOException;

/**
 * An open file that grows at its end. Interrupts do not close it, unlike a channel.
 *
 * <p>One thread appends; any thread reads and forces.
 */
public interface AppendFile extends AutoCloseable {

    /** The number of bytes in the file. */
    long size();

    /**
     * Writes bytes at the end of the file.
     *
     * @throws IOException if it failed; any part of the bytes may be in the file then
     */
    void append(byte[] bytes, int from, int length) throws IOException;

    /**
     * Reads bytes that were appended.
     *
     * @throws java.io.EOFException if the file ends before
     */
    void read(long at, byte[] into, int from, int length) throws IOException;

    /**
     * Blocks until everything that was appended before survives a power loss.
     *
     * @throws IOException if it failed; a later success would not mean that these bytes are on the disk
     */
    void force() throws IOException;

    /**
     * Ends the appends and forces. The file can still be read, but keeps no descriptor open between reads: a log has
     * more files than a process has descriptors.
     */
    void seal() throws IOException;

    @Override
    void close() throws IOException;
}
