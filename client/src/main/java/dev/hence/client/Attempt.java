package dev.hence.client;

import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One attempt of a call at one node. It knows for certain whether anything was sent.
 *
 * <p><b>How it knows.</b> The HTTP client cannot begin a request without the length of its body, and asks
 * for that once it has a connection. So the body's length is the gate: asking for it moves the attempt from
 * {@code UNSENT} to {@code SENT}, giving up moves it from {@code UNSENT} to {@code ABANDONED}, and whichever
 * comes first excludes the other. An attempt that fails before {@code SENT} definitely changed nothing. The
 * same gate opens once only for a write, which stops the HTTP client from repeating it by itself.
 */
final class Attempt {

    private enum Progress {
        UNSENT,
        SENT,
        ABANDONED
    }

    /**
     * How long an attempt may take.
     *
     * @param connectNanos until the request begins to be sent
     * @param answerNanos in all, until the answer has arrived
     * @param sessionWaitMillis how long the node may wait for what the session has seen
     */
    record Times(long connectNanos, long answerNanos, long sessionWaitMillis) {}

    private static final int EXPECT_CONTINUE_BYTES_MIN = 64 << 10;

    private final Node node;
    private final Call call;
    private final Times times;
    private final AtomicReference<Progress> progress = new AtomicReference<>(Progress.UNSENT);

    Attempt(Node node, Call call, Times times) {
        this.node = node;
        this.call = call;
        this.times = times;
    }

    /** The node's answer, whatever its status. */
    <B> HttpResponse<B> send(HttpClient http, List<String> tokens, BodyHandler<B> handler)
            throws AttemptFailedException {
        long beganNanos = System.nanoTime();
        CompletableFuture<HttpResponse<B>> answer = http.sendAsync(request(tokens), handler);
        try {
            try {
                return answer.get(times.connectNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                if (progress.compareAndSet(Progress.UNSENT, Progress.ABANDONED)) {
                    answer.cancel(true);
                    throw failed(Problem.UNREACHABLE, "no connection within " + millis(times.connectNanos()), e);
                }
            }
            return last(answer, times.answerNanos() - (System.nanoTime() - beganNanos));
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw failed(Problem.INTERRUPTED, "the calling thread was interrupted", e);
        } catch (ExecutionException e) {
            throw broken(e.getCause() == null ? e : e.getCause());
        }
    }

    private <B> HttpResponse<B> last(CompletableFuture<HttpResponse<B>> answer, long nanos)
            throws InterruptedException, ExecutionException, AttemptFailedException {
        try {
            return answer.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            if (!answer.cancel(true)) {
                return answer.get(); // it came at the last moment, and would be left open if no caller took it
            }
            throw failed(Problem.DEADLINE_EXCEEDED, "no answer within " + millis(times.answerNanos()), e);
        }
    }

    private HttpRequest request(List<String> tokens) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(node.resolve(call.path())).method(call.method(), new Body());
        for (int at = 0; at < call.headers().size(); at += 2) {
            request.setHeader(call.headers().get(at), call.headers().get(at + 1));
        }
        // A node that refuses a large body says so before it is sent, instead of breaking the connection over it.
        request.expectContinue(call.body().length() >= EXPECT_CONTINUE_BYTES_MIN);
        if (!tokens.isEmpty()) {
            request.setHeader("Hence-Session", String.join(",", tokens));
            request.setHeader("Hence-Wait", Long.toString(times.sessionWaitMillis()));
        }
        return request.build();
    }

    private AttemptFailedException broken(Throwable cause) {
        if (cause instanceof WholeBody.TooLargeException) {
            return failed(Problem.UNEXPECTED_ANSWER, describe(cause), cause);
        }
        // Wins against a request that is still being retried inside the HTTP client.
        boolean isUnsent = progress.compareAndSet(Progress.UNSENT, Progress.ABANDONED);
        return failed(isUnsent ? Problem.UNREACHABLE : Problem.CONNECTION_LOST, describe(cause), cause);
    }

    private AttemptFailedException failed(String code, String detail, Throwable cause) {
        boolean definite =
                progress.compareAndSet(Progress.UNSENT, Progress.ABANDONED) || progress.get() == Progress.ABANDONED;
        return new AttemptFailedException(Problem.ofClient(code, 0, detail, node.toString(), definite), cause);
    }

    private static String millis(long nanos) {
        return Duration.ofNanos(nanos).toMillis() + " ms";
    }

    /** What an I/O failure says, in the words of whichever of its causes has some. */
    static String describe(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof UnresolvedAddressException) {
                return "unknown host";
            }
        }
        for (Throwable at = failure; at != null; at = at.getCause()) {
            String message = at.getMessage();
            if (message != null && !message.isBlank()) {
                return message;
            }
        }
        // The JDK's HTTP client says no word about a refused connection.
        return failure instanceof ConnectException
                ? "connection refused"
                : failure.getClass().getSimpleName();
    }

    /** The body of the request, and the gate that sending has to pass. */
    private final class Body implements BodyPublisher {

        private final BodyPublisher bytes =
                BodyPublishers.ofByteArray(call.body().array());

        @Override
        public long contentLength() {
            boolean isFirst = progress.compareAndSet(Progress.UNSENT, Progress.SENT);
            if (!isFirst && (call.isWrite() || progress.get() == Progress.ABANDONED)) {
                throw new IllegalStateException("abandoned, or already sent once");
            }
            return bytes.contentLength();
        }

        @Override
        public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
            bytes.subscribe(subscriber);
        }
    }
}
