package dev.hence.benchmarks;

import java.io.IOException;
import java.io.InputStream;

/** Lines of a protocol. */
public final class Lines {

    private Lines() {}

    /**
     * Reads a line, without its end.
     *
     * @throws IOException if the connection was closed
     */
    public static String read(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("the connection was closed");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }
}
