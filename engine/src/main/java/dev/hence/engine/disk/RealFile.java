package dev.hence.engine.disk;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A file of this machine. It has one descriptor for the thread that appends and one for those that read, each opened on
 * its first use: readers never delay the writer, and a log of many files needs few descriptors. A sealed file has one
 * only while it is read.
 */
final class RealFile implements AppendFile {

    private final Path path;
    private final ReentrantLock reading = new ReentrantLock();
    private @Nullable RandomAccessFile reader;
    private volatile @Nullable RandomAccessFile end;
    private volatile long size;
    private volatile boolean sealed;
    private volatile boolean closed;

    RealFile(Path path) throws IOException {
        this.path = path;
        if (Files.exists(path)) {
            this.size = Files.size(path);
        } else {
            appender();
        }
    }

    private RandomAccessFile appender() throws IOException {
        RandomAccessFile open = end;
        return open == null ? openAppender() : open;
    }

    /** Two threads may need it first: the one that appends, and one that forces. */
    private synchronized RandomAccessFile openAppender() throws IOException {
        RandomAccessFile open = end;
        if (open == null) {
            requireOpen();
            if (sealed) {
                throw new IOException(path + ": sealed");
            }
            open = new RandomAccessFile(path.toFile(), "rw");
            open.seek(size);
            end = open;
        }
        return open;
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException(path + ": closed");
        }
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void append(byte[] bytes, int from, int length) throws IOException {
        appender().write(bytes, from, length);
        long before = size;
        size = before + length;
    }

    @Override
    public void read(long at, byte[] into, int from, int length) throws IOException {
        reading.lock();
        try {
            requireOpen();
            RandomAccessFile open = reader;
            if (open == null) {
                open = new RandomAccessFile(path.toFile(), "r");
                reader = open;
            }
            open.seek(at);
            open.readFully(into, from, length);
        } finally {
            closeReaderIfSealed();
            reading.unlock();
        }
    }

    private void closeReaderIfSealed() throws IOException {
        if (sealed && reader != null) {
            reader.close();
            reader = null;
        }
    }

    /** Forces what others have written to the file as well: an earlier process, for example. */
    @Override
    public void force() throws IOException {
        appender().getFD().sync();
    }

    @Override
    public void seal() throws IOException {
        reading.lock();
        try {
            sealed = true;
            closeReaderIfSealed();
        } finally {
            reading.unlock();
        }
        closeAppender();
    }

    private synchronized void closeAppender() throws IOException {
        RandomAccessFile appended = end;
        if (appended != null) {
            appended.close();
            end = null;
        }
    }

    @Override
    public void close() throws IOException {
        reading.lock();
        try {
            closed = true;
            if (reader != null) {
                reader.close();
            }
        } finally {
            reading.unlock();
        }
        closeAppender();
    }
}
