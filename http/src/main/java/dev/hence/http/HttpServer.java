package dev.hence.http;

import dev.hence.http.api.BatchRoutes;
import dev.hence.http.api.FeedRoutes;
import dev.hence.http.api.FingerprintRoutes;
import dev.hence.http.api.KeyRoutes;
import dev.hence.http.api.LabRoutes;
import dev.hence.http.api.OperatorRoutes;
import dev.hence.http.api.OriginalRoutes;
import dev.hence.http.api.ScanRoutes;
import dev.hence.http.api.StatusPage;
import dev.hence.http.api.StatusRoutes;
import dev.hence.http.exchange.Bounds;
import dev.hence.http.exchange.Route;
import dev.hence.node.config.NodeConfig;
import dev.hence.node.memory.MemoryBudget;
import dev.hence.node.peers.FaultInjector;
import dev.hence.node.session.SessionTokens;
import dev.hence.node.store.Store;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.BindException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP edge of a node: the parts list, and the life of the server.
 *
 * <p>Thread-safe.
 */
public final class HttpServer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(HttpServer.class);

    /** Jetty's own threads select and accept; every request runs on a virtual one. */
    private static final int OWN_THREADS_MAX = 16;

    private static final int ACCEPT_QUEUE = 1_024;

    /** A token of the longest kind and all other headers. */
    private static final int RESPONSE_HEADER_BYTES = 2 * SessionTokens.TOKEN_CHARS_MAX;

    private final NodeConfig config;
    private final HttpTiming timing;
    private final List<Route> routes;
    private final OpenRequests openRequests = new OpenRequests();
    private final ConnectionCap connections;
    private final ProcessMetrics processMetrics;
    private final Server server;
    private final ServerConnector connector;
    private final HeadDeadline headDeadline;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * A server that is not yet started.
     *
     * @param lab the links that may be disturbed; null if this node is no lab
     * @param furtherRoutes what other edges answer on the same port
     * @param memory what large requests and answers may take
     */
    public HttpServer(
            NodeConfig config,
            Store store,
            @Nullable FaultInjector lab,
            PrometheusMeterRegistry meters,
            List<Route> furtherRoutes,
            MemoryBudget memory) {
        this(config, store, lab, meters, furtherRoutes, memory, HttpTiming.DEFAULT);
    }

    /** The same with other times. */
    public HttpServer(
            NodeConfig config,
            Store store,
            @Nullable FaultInjector lab,
            PrometheusMeterRegistry meters,
            List<Route> furtherRoutes,
            MemoryBudget memory,
            HttpTiming timing) {
        this.config = config;
        this.timing = timing;
        this.connections = new ConnectionCap(config.limits().connectionsMax());
        this.processMetrics = new ProcessMetrics(meters);
        SessionTokens tokens = new SessionTokens(config.clusterName());
        this.routes = routes(config, store, lab, meters, tokens, furtherRoutes, timing);
        Sessions sessions = new Sessions(store, tokens);
        Failures failures = new Failures(config.limits());
        Router router = new Router(
                routes.stream().map(route -> new MeteredRoute(route, meters)).toList());
        this.server = new Server(threads());
        this.connector = connector();
        this.headDeadline = new HeadDeadline(connector, timing.head());
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(3 * config.limits().connectionsMax(), connector));
        server.setHandler(new HttpDispatcher(
                router,
                sessions,
                failures,
                openRequests,
                connections,
                timing.bodyGrace(),
                memory,
                MeteredRoute.unrouted(meters)));
        server.setErrorHandler(new JettyErrors(sessions, failures));
        gauges(meters);
    }

    private static List<Route> routes(
            NodeConfig config,
            Store store,
            @Nullable FaultInjector lab,
            PrometheusMeterRegistry meters,
            SessionTokens tokens,
            List<Route> furtherRoutes,
            HttpTiming timing) {
        Bounds bounds = new Bounds(config.limits());
        List<Route> routes = new ArrayList<>();
        routes.addAll(new KeyRoutes(store, bounds).routes());
        routes.addAll(new ScanRoutes(store).routes());
        routes.addAll(new FingerprintRoutes(store).routes());
        routes.addAll(new BatchRoutes(store, bounds, config.nodeId()).routes());
        routes.addAll(
                new OriginalRoutes(store, bounds, config.nodeId(), new StatusPage(config.clusterName())).routes());
        routes.addAll(new FeedRoutes(store, tokens, timing.feedKeepAlive()).routes());
        routes.addAll(new StatusRoutes(config, store).routes());
        routes.addAll(new OperatorRoutes(meters).routes());
        if (lab != null) {
            routes.addAll(new LabRoutes(lab, bounds).routes());
        }
        routes.addAll(furtherRoutes);
        return List.copyOf(routes);
    }

    private static QueuedThreadPool threads() {
        QueuedThreadPool threads = new QueuedThreadPool(OWN_THREADS_MAX);
        threads.setName("http");
        threads.setVirtualThreadsExecutor(Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("http-request-", 0).factory()));
        return threads;
    }

    private ServerConnector connector() {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(config.limits().headerBytesMax());
        http.setResponseHeaderSize(RESPONSE_HEADER_BYTES);
        // Paths are keys here and never files: each is taken as it is, and decoded by us, once. What follows
        // a # would be dropped, though.
        http.setUriCompliance(UriCompliance.UNSAFE.without("Hence", UriCompliance.Violation.FRAGMENT));
        ServerConnector listening = new ServerConnector(server, 1, -1, new LiteralPathConnections(http));
        listening.setHost(config.host());
        listening.setPort(config.port());
        listening.setIdleTimeout(timing.idle().toMillis());
        listening.setAcceptQueueSize(ACCEPT_QUEUE);
        listening.addBean(connections);
        return listening;
    }

    private void gauges(PrometheusMeterRegistry meters) {
        Gauge.builder("hence.http.connections", connections, ConnectionCap::open)
                .description("Open connections")
                .register(meters);
        Gauge.builder("hence.http.connections.limit", connections, ConnectionCap::connectionsMax)
                .description("Maximum number of connections")
                .register(meters);
        Gauge.builder("hence.http.requests.open", openRequests, OpenRequests::count)
                .description("Requests in progress, feeds included")
                .register(meters);
        Gauge.builder("hence.http.streams.open", openRequests, OpenRequests::streamCount)
                .description("Open feeds")
                .register(meters);
    }

    /**
     * Listens and answers.
     *
     * @throws IOException if the address cannot be listened on
     */
    public void start() throws IOException {
        try {
            server.start();
            headDeadline.start();
        } catch (Exception failed) {
            stopJetty();
            throw cannotListen(failed);
        }
        log.info("listening on {}:{}", config.host(), port());
    }

    private IOException cannotListen(Exception failed) {
        String address = config.host() + ":" + config.port();
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                return new IOException(
                        "address: " + address + ": " + cause.getMessage() + " (expected: a free port)", failed);
            }
        }
        return new IOException("address: " + address + ": " + failed, failed);
    }

    /** The port it listens on; after {@link #start}. */
    public int port() {
        return connector.getLocalPort();
    }

    /** Whether it takes no new requests any more. */
    boolean closing() {
        return openRequests.closing();
    }

    /** Everything that is answered. */
    public List<Route> routes() {
        return routes;
    }

    /**
     * Refuses new requests, lets running ones finish for a while, and stops.
     *
     * <p>Feeds end when they notice, within their keep-alive at the latest; at once if the store was told
     * before that it closes.
     */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        try {
            if (!openRequests.drain(timing.drain())) {
                log.warn("{} requests were cut off after {}", openRequests.count(), timing.drain());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        stopJetty();
        processMetrics.close();
    }

    private void stopJetty() {
        headDeadline.stop();
        try {
            server.stop();
        } catch (Exception failed) {
            log.warn("the HTTP server did not stop cleanly", failed);
        }
    }
}
