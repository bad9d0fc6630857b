package dev.hence.simulator.history;

import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * A writer that appends transactions to a file as they complete.
 *
 * <p>Thread-safe: clients may share one. The caller must add each session's transactions in session order.
 */
public final class HistoryWriter implements Consumer<Transaction>, Closeable {
    private final BufferedWriter file;

    /** Begins a new file, replacing an existing one. */
    public HistoryWriter(Path file) throws IOException {
        this.file = Files.newBufferedWriter(file);
    }

    /** @throws UncheckedIOException if it cannot be written */
    @Override
    public void accept(Transaction transaction) {
        String line = HistoryFile.line(transaction);
        synchronized (file) {
            try {
                file.write(line);
                file.write('\n');
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (file) {
            file.close();
        }
    }
}
