package dev.hence.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A made-up node: see {@link FakeCluster}. Its faults are asked for one request at a time, or for all. */
final class FakeNode extends FakeReplica {

    static final int VALUE_BYTES_MAX = 1 << 20;

    /** A request as it arrived. */
    record Request(String method, String path, List<String> tokens, long waitMillis) {}

    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Queue<Fault> nextFaults = new ConcurrentLinkedQueue<>();
    private volatile @Nullable Fault standingFault;

    // Read by the answers that are under way.
    volatile boolean feedsSilent;
    volatile int feedGeneration;
    volatile CountDownLatch gate = new CountDownLatch(0);
    volatile CountDownLatch stopped = new CountDownLatch(1);

    private final int port;
    private HttpServer server;
    private ExecutorService threads;

    FakeNode(FakeCluster cluster, String name) {
        super(cluster, name);
        this.threads = Executors.newVirtualThreadPerTaskExecutor();
        this.server = listen(0);
        this.port = server.getAddress().getPort();
    }

    private HttpServer listen(int port) {
        try {
            HttpServer listening = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            listening.setExecutor(threads);
            listening.createContext("/", this::handle);
            listening.start();
            return listening;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    List<Request> requests() {
        return requests;
    }

    /** What happens to the next request, and after it to the one after, if this is called again. */
    void failNext(Fault fault) {
        nextFaults.add(fault);
    }

    /** What happens to every request; null for nothing. */
    void failAlways(@Nullable Fault fault) {
        standingFault = fault;
    }

    /** Counts the latch down for each request carried out, and holds the answers back until it is at zero. */
    void holdAnswersUntil(CountDownLatch carriedOut) {
        gate = carriedOut;
    }

    /** Whether the feeds send nothing any more, not even empty lines. */
    void silenceFeeds(boolean silent) {
        feedsSilent = silent;
    }

    /** Breaks all feeds within their next line. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // under the monitor
    void breakFeeds() {
        synchronized (cluster) {
            feedGeneration++;
            cluster.notifyAll();
        }
    }

    /** Ends the process, so to speak: connections break and further ones are refused. */
    void stop() {
        server.stop(0); // first, so that no answer that is under way comes to a proper end
        stopped.countDown();
        threads.shutdownNow();
    }

    /** Comes back on the same port with what it had stored. */
    void restart() {
        stopped = new CountDownLatch(1);
        threads = Executors.newVirtualThreadPerTaskExecutor();
        server = listen(port);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            Request request = requestOf(exchange);
            requests.add(request);
            Fault next = nextFaults.poll();
            Fault fault = next == null ? standingFault : next;
            switch (fault) {
                case Fault.Refuse(int status, String code, boolean definite) ->
                    FakeAnswer.problem(exchange, this, request, status, code, definite, List.of());
                case Fault.Page(int status) ->
                    FakeAnswer.send(exchange, status, "text/html", "<p>Oh.\n".getBytes(StandardCharsets.UTF_8));
                case Fault.Stall stall -> {
                    exchange.sendResponseHeaders(200, 10);
                    exchange.getResponseBody().write('a');
                    exchange.getResponseBody().flush();
                    stopped.await();
                }
                case Fault.Hang hang -> stopped.await();
                case Fault.CloseAfterwards close -> new FakeAnswer(this, exchange, request, body, false).run();
                case null -> new FakeAnswer(this, exchange, request, body, true).run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Request requestOf(HttpExchange exchange) {
        List<String> tokens = exchange.getRequestHeaders().getOrDefault("Hence-Session", List.of()).stream()
                .flatMap(header -> List.of(header.split(",", -1)).stream())
                .toList();
        String wait = exchange.getRequestHeaders().getFirst("Hence-Wait");
        return new Request(
                exchange.getRequestMethod(),
                exchange.getRequestURI().toString(),
                tokens,
                wait == null ? 1_000 : Long.parseLong(wait));
    }
}
