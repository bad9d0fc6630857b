package dev.hence.http;

import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.http.api.Problems;
import dev.hence.http.exchange.Answer;
import dev.hence.node.logging.RateLimitedLog;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Gives the errors that Jetty answers by itself - requests that it cannot even parse - the form of all
 * others, and logs them, at most a few times a minute.
 */
final class JettyErrors implements Request.Handler {

    private final Sessions sessions;
    private final Failures failures;
    private final RateLimitedLog complaints =
            new RateLimitedLog(LoggerFactory.getLogger(JettyErrors.class), Level.WARN);

    JettyErrors(Sessions sessions, Failures failures) {
        this.sessions = sessions;
        this.failures = failures;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status =
                request.getAttribute(ErrorHandler.ERROR_STATUS) instanceof Integer given ? given : response.getStatus();
        String reason = request.getAttribute(ErrorHandler.ERROR_MESSAGE) instanceof String given ? given : null;
        Throwable failure =
                request.getAttribute(ErrorHandler.ERROR_EXCEPTION) instanceof Throwable given ? given : null;
        Answer answer = Problems.answer(
                failures.ofStatus(
                        status,
                        reason,
                        failure,
                        request.getMethod() + " " + request.getHttpURI().getPath()),
                VersionVector.EMPTY);
        complaints.tell(
                JettyErrors.class,
                "Rejected a malformed request from "
                        + request.getConnectionMetaData().getRemoteSocketAddress() + ": " + status
                        + (reason == null ? "" : ", " + reason));
        response.setStatus(answer.status());
        response.getHeaders().put(HttpDispatcher.NO_SNIFFING);
        response.getHeaders().put(sessions.header(sessions.readable(request.getHeaders())));
        for (HttpField header : answer.headers()) {
            response.getHeaders().put(header);
        }
        if (answer.content() instanceof Answer.Content.Whole whole) {
            Bytes document = whole.bytes();
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, whole.type());
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, document.length());
            response.write(true, document.asReadOnlyBuffer(), callback);
        } else {
            callback.succeeded();
        }
        return true;
    }
}
