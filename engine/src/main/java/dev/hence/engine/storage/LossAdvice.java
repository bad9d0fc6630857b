package dev.hence.engine.storage;

import java.nio.file.Path;

/**
 * The advice on a data directory that cannot be opened, including what may be lost. The only source of messages that
 * suggest an empty directory, so that each of them states the cost.
 */
final class LossAdvice {

    /** The reference to the full documentation. */
    private static final String PAGE = "(docs/operations.md: Refused data directories)";

    private LossAdvice() {}

    /** Advice for a directory that another version of Hence can read. */
    static String otherFormat(Path directory) {
        return "nothing was changed; start the version that wrote it. " + startingEmpty(directory) + " " + PAGE;
    }

    /** Advice for unreadable files. */
    static String damaged(Path directory) {
        return "the files are left as they are; restore a backup, or: " + startingEmpty(directory) + " " + PAGE;
    }

    /** Advice for a log whose beginning is readable. */
    static String damagedLog(Path directory, long bytes) {
        return "the files are left as they are; restore a backup, or: " + startingEmpty(directory)
                + " To continue with the part of the log before that place, create the file "
                + directory.resolve(LogRecovery.ACCEPT_LOSS) + " and restart: the " + bytes
                + " bytes after it, with the writes in them, are then set aside in "
                + directory.resolve(LogRecovery.DROPPED) + " and lost to this node " + PAGE;
    }

    private static String startingEmpty(Path directory) {
        return "If peers have its data, move " + directory
                + " to another place, keep it, and start this node with an empty directory: it fetches everything"
                + " from its peers, and writes that no peer has are lost. For a single node, or one that"
                + " was cut off from its peers, this loses acknowledged writes: all of them, or all since"
                + " then.";
    }
}
