package dev.hence.client;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Talks to one node at a time: sends a call, keeps the tokens of the answer, and distinguishes answers from errors.
 * Thread-safe.
 */
final class Transport implements AutoCloseable {

    private final HttpClient http;
    private final int answerBytesMax;
    private volatile boolean closed;

    /** @param hasTls whether any node is reached by TLS */
    Transport(int answerBytesMax, boolean hasTls) {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(HttpClient.Builder.NO_PROXY);
        this.http = (hasTls ? builder : builder.sslContext(NoTls.context())).build();
        this.answerBytesMax = answerBytesMax;
    }

    /**
     * One attempt of a call.
     *
     * @param tokens what of the session it is sent with; the answer's tokens take their place
     * @throws AttemptFailedException if there is no answer, or a refusal
     */
    <B> Answer<B> exchange(
            Node node, Call call, BodyKind<B> kind, Session session, List<String> tokens, Attempt.Times times)
            throws AttemptFailedException {
        HttpResponse<B> response = send(node, call, kind, tokens, times);
        int status = response.statusCode();
        List<String> received = tokensOf(response.headers(), node, status);
        boolean isJoined = call.kind() == Call.Kind.JOIN && !received.isEmpty() && status != 400 && status != 431;
        if (isJoined || (call.isInSession() && reflectsState(status) && !received.isEmpty())) {
            session.replace(tokens, received);
        }
        Answer<B> answer = new Answer<>(node, status, tagOf(response.headers()), response.body());
        if (isJoined || (status >= 200 && status < 300)) {
            return answer;
        }
        Problem problem = problemOf(answer, kind, times);
        if (problem.code().equals(Problem.KEY_ABSENT) && call.kind() != Call.Kind.LOOK) {
            return answer;
        }
        throw new AttemptFailedException(problem, null);
    }

    private <B> HttpResponse<B> send(Node node, Call call, BodyKind<B> kind, List<String> tokens, Attempt.Times times)
            throws AttemptFailedException {
        if (closed) {
            throw closed(node, true, null);
        }
        try {
            return new Attempt(node, call, times).send(http, tokens, kind.handler(answerBytesMax));
        } catch (AttemptFailedException e) {
            throw closed && e.problem().isOfNode() ? closed(node, e.problem().definite(), e.getCause()) : e;
        }
    }

    /**
     * Whether an answer can tell anything of what the node has applied. Others bring nothing that later calls
     * would have to come after, so their tokens are left alone: taking them would only make the session
     * harder to satisfy at the next node.
     */
    private static boolean reflectsState(int status) {
        return (status >= 200 && status < 300) || status == 404 || status == 412;
    }

    private static List<String> tokensOf(HttpHeaders headers, Node node, int status) throws AttemptFailedException {
        List<String> tokens = new ArrayList<>();
        try {
            headers.allValues("Hence-Session").forEach(value -> tokens.addAll(Session.split(value)));
        } catch (IllegalArgumentException e) {
            throw new AttemptFailedException(
                    Problem.ofClient(Problem.UNEXPECTED_ANSWER, status, Attempt.describe(e), node.toString(), false),
                    e);
        }
        return tokens;
    }

    private static String tagOf(HttpHeaders headers) {
        return EntityTag.unquoted(headers.firstValue("ETag").orElse(""));
    }

    private static <B> Problem problemOf(Answer<B> answer, BodyKind<B> kind, Attempt.Times times) {
        String node = answer.node().toString();
        try {
            Bytes document = kind.readRefusal(answer.body(), Deadline.inNanos(times.answerNanos()));
            return JsonCodec.problem(document, answer.status(), node);
        } catch (UnexpectedJsonException | IOException e) {
            return Problem.ofClient(
                    Problem.UNEXPECTED_ANSWER,
                    answer.status(),
                    "HTTP status " + answer.status() + " without an error document",
                    node,
                    false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Problem.ofClient(Problem.INTERRUPTED, 0, "the calling thread was interrupted", node, false);
        }
    }

    private static AttemptFailedException closed(Node node, boolean definite, @Nullable Throwable cause) {
        return new AttemptFailedException(
                Problem.ofClient(Problem.CLOSED, 0, "the client is closed", node.toString(), definite), cause);
    }

    /** Ends all calls that are under way, and refuses further ones. */
    @Override
    public void close() {
        closed = true;
        http.shutdownNow();
    }
}
