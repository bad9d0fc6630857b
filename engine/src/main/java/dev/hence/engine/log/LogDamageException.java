package dev.hence.engine.log;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Thrown for a place of a log whose bytes are not what was written, or are of a later version. */
public final class LogDamageException extends IOException {

    private static final long serialVersionUID = 1L;

    private final transient Path file;
    private final long offset;
    private final String what;

    /**
     * @param offset where the damaged part of the file begins
     * @param what what is wrong, and what was expected
     */
    LogDamageException(Path file, long offset, String what) {
        this(file, offset, what, null);
    }

    LogDamageException(Path file, long offset, String what, @Nullable Throwable cause) {
        super(file + ": byte " + offset + ": " + what, cause);
        this.file = file;
        this.offset = offset;
        this.what = what;
    }

    /** The file. */
    public Path file() {
        return file;
    }

    /** Where the damaged part of the file begins. */
    public long offset() {
        return offset;
    }

    /** What is wrong, and what was expected. */
    public String what() {
        return what;
    }
}
