package dev.hence.http;

import dev.hence.core.clock.VersionVector;
import dev.hence.http.api.Problems;
import dev.hence.http.exchange.Answer;
import dev.hence.http.exchange.ClientGoneException;
import dev.hence.http.exchange.ErrorCode;
import dev.hence.http.exchange.Exchange;
import dev.hence.http.exchange.HttpProblem;
import dev.hence.http.exchange.RequestPath;
import dev.hence.http.exchange.ResponseStream;
import dev.hence.node.memory.MemoryBudget;
import dev.hence.node.memory.MemoryHolder;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The entry point of every request: rejects it if it cannot be served, finds its route, waits for its session, calls
 * its handler, and sends the response with a session that covers both.
 *
 * <p>It runs on the request's own virtual thread, so everything on the way may block.
 */
final class HttpDispatcher extends Handler.Abstract {

    /**
     * Values are what anyone has written; a browser that guesses their type would run a page or a script among them
     * as if the node had made it.
     */
    static final HttpField NO_SNIFFING = new PreEncodedHttpField("X-Content-Type-Options", "nosniff");

    private static final Logger log = LoggerFactory.getLogger(HttpDispatcher.class);

    private final Router router;
    private final Sessions sessions;
    private final Failures failures;
    private final OpenRequests openRequests;
    private final ConnectionCap connections;
    private final Duration bodyGrace;
    private final MemoryBudget memory;
    private final Supplier<Timer> unrouted;

    HttpDispatcher(
            Router router,
            Sessions sessions,
            Failures failures,
            OpenRequests openRequests,
            ConnectionCap connections,
            Duration bodyGrace,
            MemoryBudget memory,
            Supplier<Timer> unrouted) {
        this.router = router;
        this.sessions = sessions;
        this.failures = failures;
        this.openRequests = openRequests;
        this.connections = connections;
        this.bodyGrace = bodyGrace;
        this.memory = memory;
        this.unrouted = unrouted;
    }

    /** What is known of a request while it is answered. */
    private static final class Progress {
        private VersionVector session = VersionVector.EMPTY;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        openRequests.begin();
        Callback counted = Callback.from(callback, (Runnable) openRequests::end);
        Progress progress = new Progress();
        try (MemoryHolder held = memory.holder(() -> cutOff(request))) {
            Answer answer;
            try {
                requireTaken(request, response);
                answer = answer(request, progress, held);
            } catch (Throwable failure) {
                answer = failed(failure, request);
            }
            send(request, response, counted, answer, progress.session, held);
        }
        return true;
    }

    private static void cutOff(Request request) {
        log.warn(
                "{} is disconnected: it did not continue {} {} while other clients waited for memory",
                request.getConnectionMetaData().getRemoteSocketAddress(),
                request.getMethod(),
                request.getHttpURI().getPath());
        request.getConnectionMetaData().getConnection().getEndPoint().close();
    }

    private void requireTaken(Request request, Response response) {
        if (openRequests.closing()) {
            response.getHeaders().put(HttpFields.CONNECTION_CLOSE);
            throw Failures.closing();
        }
        if (connections.isBeyond(request.getConnectionMetaData().getConnection())) {
            response.getHeaders().put(HttpFields.CONNECTION_CLOSE);
            throw HttpProblem.tooLarge(
                    ErrorCode.TOO_MANY_CONNECTIONS,
                    "connections: " + connections.open() + " (expected: at most " + connections.connectionsMax() + ")",
                    connections.connectionsMax());
        }
    }

    private Answer answer(Request request, Progress progress, MemoryHolder held) throws Exception {
        long startNanos = System.nanoTime();
        String path;
        MeteredRoute metered;
        try {
            path = RequestPath.of(request);
            metered = route(request, path);
        } catch (HttpProblem nowhere) {
            progress.session = sessions.readable(request.getHeaders());
            unrouted.get().record(System.nanoTime() - startNanos, TimeUnit.NANOSECONDS);
            throw nowhere;
        }
        Answer answer;
        try {
            progress.session = sessions.of(request.getHeaders());
            Exchange exchange = Exchange.of(request, metered.route(), path, progress.session, bodyGrace, held);
            sessions.await(progress.session, request.getHeaders());
            answer = LargeAnswers.answer(metered.route(), exchange, held);
        } catch (Throwable failure) {
            answer = failed(failure, request);
        }
        metered.record(answer.status(), System.nanoTime() - startNanos);
        return answer;
    }

    private MeteredRoute route(Request request, String path) {
        Router.Methods methods = router.find(path);
        if (methods == null) {
            throw new HttpProblem(
                    ErrorCode.NOT_FOUND, "path: " + path + " (expected: one of those that /openapi.json describes)");
        }
        MeteredRoute metered = methods.get(request.getMethod());
        if (metered == null) {
            String allowed = methods.allowed();
            throw new HttpProblem(
                            ErrorCode.METHOD_NOT_ALLOWED,
                            request.getMethod() + " " + path + " (expected: " + allowed + ")")
                    .withHeader(new HttpField(HttpHeader.ALLOW, allowed));
        }
        return metered;
    }

    private Answer failed(Throwable failure, Request request) {
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        HttpProblem problem = failures.problem(
                failure, request.getMethod() + " " + request.getHttpURI().getPath());
        return Problems.answer(problem, VersionVector.EMPTY);
    }

    private void send(
            Request request,
            Response response,
            Callback callback,
            Answer answer,
            VersionVector session,
            MemoryHolder held) {
        response.setStatus(answer.status());
        HttpFields.Mutable headers = response.getHeaders();
        headers.put(sessions.header(session.join(answer.clock())));
        headers.put(NO_SNIFFING);
        for (HttpField header : answer.headers()) {
            headers.put(header);
        }
        switch (answer.content()) {
            case Answer.Content.Empty empty -> callback.succeeded();
            case Answer.Content.Whole whole -> {
                headers.put(HttpHeader.CONTENT_TYPE, whole.type());
                headers.put(HttpHeader.CONTENT_LENGTH, whole.bytes().length());
                if (isHead(request)) {
                    callback.succeeded();
                } else if (LargeAnswers.largeBytes(answer) > 0) {
                    // Returns when the client has it, so that until then it counts as held.
                    stream(
                            request,
                            response,
                            callback,
                            held,
                            output -> output.write(whole.bytes().array()));
                } else {
                    response.write(true, whole.bytes().asReadOnlyBuffer(), callback);
                }
            }
            case Answer.Content.Streamed streamed -> {
                headers.put(HttpHeader.CONTENT_TYPE, streamed.type());
                // The request is answered for. What the stream takes it takes while it goes on; one that holds
                // nothing is never cut off for not reading: a follower may be slow for as long as it likes.
                held.close();
                MemoryBudget budget = streamed.memory() == null ? memory : streamed.memory();
                try (MemoryHolder streaming = budget.holder(() -> cutOff(request))) {
                    stream(request, response, callback, streaming, isHead(request) ? output -> {} : streamed.stream());
                }
            }
        }
    }

    private void stream(
            Request request, Response response, Callback callback, MemoryHolder held, Answer.Stream stream) {
        ResponseStream output = new ResponseStream(response, held);
        openRequests.begin(output);
        try {
            output.begin();
            stream.write(output);
            output.flush();
            callback.succeeded();
        } catch (ClientGoneException gone) {
            log.debug("{} {}: {}", request.getMethod(), request.getHttpURI().getPath(), gone.getMessage());
            callback.failed(gone);
        } catch (Throwable failure) {
            // The head is sent, so the client learns of it by the body's missing end.
            log.error("{} {} failed", request.getMethod(), request.getHttpURI().getPath(), failure);
            callback.failed(failure);
        } finally {
            openRequests.end(output);
        }
    }

    private static boolean isHead(Request request) {
        return "HEAD".equals(request.getMethod());
    }
}
