package dev.hence.redis.loop;

import dev.hence.node.failure.NodeFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that waits for many sockets, and runs short tasks: what it runs must never wait. Under load one wake-up of
 * this thread serves all clients that have sent something meanwhile, which is why it costs less than a thread for each.
 *
 * <p><b>Invariant.</b> Every task is run, and in the order of the calls of {@link #execute}: by the thread, or after its
 * end by any caller. Before the thread sleeps it has either seen a task or left {@code awake} false for whoever adds
 * one.
 *
 * <p>Thread-safe.
 */
public final class EventLoop implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EventLoop.class);
    private static final int BUFFER_BYTES = 64 << 10;

    private final Selector selector;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean awake = new AtomicBoolean(true);
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final Thread thread;
    private final Runnable whenServed;
    private volatile boolean closed;
    private volatile boolean ended;

    private EventLoop(String name, Selector selector, NodeFailure failure, Runnable whenServed) {
        this.selector = selector;
        this.whenServed = whenServed;
        this.thread = Thread.ofPlatform().name(name).daemon().unstarted(failure.unlessItFails(name, this::run));
    }

    /**
     * Starts a loop.
     *
     * @param failure of the node, which cannot serve without it
     * @param whenServed run after all tasks, and after all sockets that were ready at once; it may add tasks
     * @throws IOException if the system has no resources for it
     */
    public static EventLoop start(String name, NodeFailure failure, Runnable whenServed) throws IOException {
        EventLoop loop = new EventLoop(name, Selector.open(), failure, whenServed);
        loop.thread.start();
        return loop;
    }

    /** Whether the caller is this loop's thread. */
    boolean isThisThread() {
        return Thread.currentThread().threadId() == thread.threadId();
    }

    /** A buffer for what is read or written at once; confined to this loop's thread. */
    ByteBuffer buffer() {
        return buffer;
    }

    /** Runs a task, which must not wait, on this loop's thread. */
    public void execute(Runnable task) {
        tasks.add(task);
        if (!awake.get() && awake.compareAndSet(false, true)) {
            selector.wakeup();
        }
        if (ended) {
            runTasks();
        }
    }

    /** Registers a channel for reading; confined to this loop's thread. */
    SelectionKey register(SocketChannel channel, LoopSocket socket) throws IOException {
        return channel.register(selector, SelectionKey.OP_READ, socket);
    }

    private void run() {
        try {
            while (!closed) {
                runTasks();
                awake.set(false);
                if (tasks.isEmpty() && !closed) {
                    selector.select(this::ready);
                } else {
                    selector.selectNow(this::ready);
                }
                awake.set(true);
            }
        } catch (IOException broken) {
            throw new UncheckedIOException("event loop: " + broken.getMessage(), broken);
        } finally {
            end();
        }
    }

    private void ready(SelectionKey key) {
        // While sockets are served nobody needs to wake this thread: it runs the tasks before it sleeps.
        if (!awake.getPlain()) {
            awake.set(true);
        }
        LoopSocket socket = (LoopSocket) key.attachment();
        try {
            socket.ready(key);
        } catch (RuntimeException | Error bug) {
            tell("The connection of " + socket.remoteAddress() + " failed", bug);
            socket.close();
        }
    }

    private synchronized void runTasks() {
        do {
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                run(task);
            }
            run(whenServed);
        } while (!tasks.isEmpty());
    }

    /** A task that fails does not prevent others. */
    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error bug) {
            tell("A task of an event loop failed", bug);
        }
    }

    private static void tell(String what, Throwable bug) {
        try {
            log.error(what, bug);
        } catch (RuntimeException | Error noMemory) {
            // One connection has failed, and not the loop.
        }
    }

    private void end() {
        try {
            for (SelectionKey key : selector.keys()) {
                ((LoopSocket) key.attachment()).close();
            }
            selector.close();
        } catch (IOException failed) {
            log.warn("An event loop could not be closed: {}", failed.toString());
        } finally {
            ended = true;
            runTasks();
        }
    }

    /** Closes all sockets and ends the thread. */
    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
