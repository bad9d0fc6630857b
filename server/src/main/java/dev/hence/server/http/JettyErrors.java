package dev.hence.server.http;

import dev.hence.core.clock.VersionVector;
import dev.hence.core.datatype.Bytes;
import dev.hence.server.http.api.Problems;
import dev.hence.server.http.exchange.Answer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * Gives the errors that Jetty answers by itself - requests that it cannot even parse - the form of all
 * others.
 */
final class JettyErrors implements Request.Handler {

    private final Sessions sessions;
    private final Failures failures;

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
        response.setStatus(answer.status());
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
