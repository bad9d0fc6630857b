package dev.hence.node.peers;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * The threads of feeds that are streamed. A stream is woken for every group of updates that is published, and waking a
 * virtual thread takes several times as many system calls as waking a platform thread. So each has a platform thread as
 * long as there are not too many; anybody may ask for a feed, and the rest is streamed by the thread that asked.
 *
 * <p>Thread-safe.
 */
final class FeedThreads {

    private final Semaphore free;

    /** @param countMax the maximum number of platform threads */
    FeedThreads(int countMax) {
        this.free = new Semaphore(countMax);
    }

    /** A stream from its beginning to its end. */
    @FunctionalInterface
    interface Stream {
        /** @throws IOException if the follower has gone */
        void run() throws IOException, InterruptedException;
    }

    /**
     * Runs a stream; returns, or throws what it throws, when it has ended.
     *
     * @param follower part of the thread's name
     * @throws InterruptedException if the caller was interrupted; the stream was interrupted, too, and has ended
     */
    void run(String follower, Stream stream) throws IOException, InterruptedException {
        if (!free.tryAcquire()) {
            stream.run();
            return;
        }
        try {
            runAside(follower, stream);
        } finally {
            free.release();
        }
    }

    private static void runAside(String follower, Stream stream) throws IOException, InterruptedException {
        FutureTask<Boolean> task = new FutureTask<>(() -> {
            stream.run();
            return true;
        });
        Thread thread =
                Thread.ofPlatform().daemon().name("hence-feed-" + follower).unstarted(task);
        try {
            thread.start();
        } catch (OutOfMemoryError noThread) {
            // The system has no more of them.
            stream.run();
            return;
        }
        awaitEnd(thread);
        rethrowFailure(task);
    }

    /** The stream uses what belongs to the caller until it ends. */
    private static void awaitEnd(Thread thread) throws InterruptedException {
        @Nullable InterruptedException interrupted = null;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException order) {
                interrupted = order;
                thread.interrupt();
            }
        }
        if (interrupted != null) {
            throw interrupted;
        }
    }

    private static void rethrowFailure(FutureTask<Boolean> ended) throws IOException, InterruptedException {
        try {
            ended.get();
        } catch (ExecutionException failed) {
            switch (failed.getCause()) {
                case IOException gone -> throw gone;
                case InterruptedException interrupted -> throw interrupted;
                case RuntimeException bug -> throw bug;
                case Error error -> throw error;
                case null, default -> throw new IllegalStateException(failed);
            }
        }
    }
}
