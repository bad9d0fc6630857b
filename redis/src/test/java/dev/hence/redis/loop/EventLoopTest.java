package dev.hence.redis.loop;

import static dev.hence.property.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.node.failure.NodeFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class EventLoopTest {

    private static final int MANY_BYTES = 32 << 20;
    private static final long LIMIT_SECONDS = 60;

    private volatile Runnable whenServed = () -> {};
    private EventLoop loop;
    private Socket client;
    private LoopSocket socket;

    @BeforeEach
    void connect() throws IOException {
        loop = EventLoop.start("test-loop", new NodeFailure("node1"), () -> whenServed.run());
        try (ServerSocketChannel listening =
                ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            client = new Socket(
                    InetAddress.getLoopbackAddress(), listening.socket().getLocalPort());
            SocketChannel channel = listening.accept();
            channel.configureBlocking(false);
            socket = new LoopSocket(channel, loop);
        }
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        socket.close();
        loop.close();
    }

    private void onLoop(Runnable task) throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                task.run();
                done.complete(null);
            } catch (RuntimeException | Error failed) {
                done.completeExceptionally(failed);
            }
        });
        done.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void execute_byManyThreads_eachTaskOnceAndInOrderOfItsThread() throws Exception {
        int threads = 4;
        int each = 50_000;
        List<List<Integer>> ran = new ArrayList<>();
        List<Thread> running = new ArrayList<>();
        CountDownLatch last = new CountDownLatch(threads * each);
        for (int i = 0; i < threads; i++) {
            List<Integer> mine = new ArrayList<>();
            ran.add(mine);
            running.add(Thread.ofPlatform().start(() -> {
                for (int task = 0; task < each; task++) {
                    int number = task;
                    loop.execute(() -> {
                        mine.add(number);
                        last.countDown();
                    });
                }
            }));
        }
        for (Thread thread : running) {
            thread.join();
        }

        assertThat(last.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        for (List<Integer> mine : ran) {
            assertThat(mine).hasSize(each).isSorted();
        }
    }

    /** One after another, so that the loop sleeps before each. */
    @Test
    void execute_loopSleeps_woken() throws Exception {
        for (int i = 0; i < 20_000; i++) {
            CountDownLatch ran = new CountDownLatch(1);
            loop.execute(ran::countDown);
            assertThat(ran.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void execute_taskFails_laterOnesRun() throws Exception {
        loop.execute(() -> {
            throw new IllegalStateException("a task that fails");
        });
        onLoop(() -> {});
    }

    /** What it adds is run before the loop sleeps: nothing else wakes it. */
    @Test
    void whenServed_addsTasks_theyAreRunAndServedAsWell() throws Exception {
        int rounds = 1_000;
        AtomicInteger left = new AtomicInteger();
        CountDownLatch last = new CountDownLatch(rounds);
        whenServed = () -> {
            if (left.get() > 0) {
                left.decrementAndGet();
                loop.execute(last::countDown);
            }
        };
        loop.execute(() -> left.set(rounds));

        assertThat(last.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whenServed_afterTheEnd_runByTheCallerOfExecute() {
        loop.close();
        AtomicInteger served = new AtomicInteger();
        whenServed = served::incrementAndGet;
        loop.execute(() -> {});

        assertThat(served.get()).isPositive();
    }

    @Test
    void execute_afterTheEnd_runByTheCaller() {
        loop.close();
        AtomicInteger ran = new AtomicInteger();
        loop.execute(ran::incrementAndGet);

        assertThat(ran.get()).isEqualTo(1);
    }

    @Test
    void listen_bytesArrive_heardOnceForEachListening() throws Exception {
        AtomicInteger heard = new AtomicInteger();
        onLoop(() -> socket.listen(heard::incrementAndGet));
        client.getOutputStream().write(1);
        eventually("it is heard", () -> heard.get() == 1);
        client.getOutputStream().write(2);
        onLoop(() -> {});
        onLoop(() -> {});

        assertThat(heard.get()).as("nobody listens").isEqualTo(1);
        onLoop(() -> socket.listen(heard::incrementAndGet));
        eventually("what had arrived is heard", () -> heard.get() == 2);
    }

    @Test
    void read_otherThread_waitsUntilBytesOrTheEndArrive() throws Exception {
        CompletableFuture<Integer> read = CompletableFuture.supplyAsync(this::readOne);
        client.getOutputStream().write(7);
        assertThat(read.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isEqualTo(7);

        CompletableFuture<Integer> end = CompletableFuture.supplyAsync(this::readOne);
        client.shutdownOutput();
        assertThat(end.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isEqualTo(-1);
    }

    private int readOne() {
        byte[] one = new byte[1];
        try {
            return socket.read(one, 0, 1) < 0 ? -1 : one[0];
        } catch (IOException closed) {
            return -2;
        }
    }

    @Test
    void close_otherThreadReads_isTold() throws Exception {
        CompletableFuture<Integer> read = new CompletableFuture<>();
        Thread reader = Thread.ofPlatform().start(() -> read.complete(readOne()));
        eventually("it waits", () -> reader.getState() == Thread.State.WAITING);
        socket.close();

        assertThat(read.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isEqualTo(-2);
    }

    @Test
    void close_loopListens_isTold() throws Exception {
        CompletableFuture<Boolean> heard = new CompletableFuture<>();
        onLoop(() -> socket.listen(() -> heard.complete(true)));
        socket.close();

        assertThat(heard.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void listen_loopHasEnded_toldThatItIsClosed() throws Exception {
        loop.close();
        CompletableFuture<Integer> heard = new CompletableFuture<>();
        loop.execute(() -> socket.listen(() -> heard.complete(readOne())));

        assertThat(heard.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isEqualTo(-2);
    }

    @Test
    void close_loop_waitingThreadsAreTold() throws Exception {
        CompletableFuture<Boolean> heard = new CompletableFuture<>();
        onLoop(() -> socket.listen(() -> heard.complete(true)));
        loop.close();

        assertThat(heard.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(readOne()).isEqualTo(-2);
    }

    /** The loop writes what goes at once, also when there is room again; another thread sends the rest and more. */
    @Test
    void write_moreThanTheClientTakes_keptAndSentInOrderByAThreadThatWaits() throws Exception {
        byte[] bytes = new byte[MANY_BYTES];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) ((i * 31) >>> 8);
        }
        int third = MANY_BYTES / 3;
        writeOnLoop(bytes, 0, third);
        assertThat(socket.keeps()).isTrue();
        // What is in the buffers of the sockets is read, so there is room for more.
        int read = Math.max(1, client.getInputStream().available());
        byte[] received = Arrays.copyOf(client.getInputStream().readNBytes(read), MANY_BYTES);
        writeOnLoop(bytes, third, third);
        CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
            try {
                socket.write(bytes, 2 * third, MANY_BYTES - 2 * third);
            } catch (IOException failed) {
                throw new AssertionError(failed);
            }
        });

        int rest = client.getInputStream().readNBytes(received, read, MANY_BYTES - read);
        assertThat(read + rest).isEqualTo(MANY_BYTES);
        assertThat(Arrays.mismatch(received, bytes)).isEqualTo(-1);
        sent.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        assertThat(socket.keeps()).isFalse();
    }

    private void writeOnLoop(byte[] bytes, int from, int length) throws Exception {
        onLoop(() -> {
            try {
                for (int at = 0; at < length; at += 1 << 20) {
                    socket.write(bytes, from + at, Math.min(1 << 20, length - at));
                }
            } catch (IOException failed) {
                throw new AssertionError(failed);
            }
        });
    }

    @Test
    void write_clientGone_fails() throws Exception {
        client.close();
        byte[] bytes = new byte[1 << 20];

        assertThatThrownBy(() -> {
                    while (true) {
                        socket.write(bytes, 0, bytes.length);
                    }
                })
                .isInstanceOf(IOException.class);
    }
}
