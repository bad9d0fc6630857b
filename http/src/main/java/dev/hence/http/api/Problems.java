package dev.hence.http.api;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.http.exchange.Answer;
import dev.hence.http.exchange.HttpProblem;
import dev.hence.http.json.Json;
import org.eclipse.jetty.http.HttpField;

/** Problem documents (RFC 9457): the format of every error response. */
public final class Problems {

    private static final String TYPE = "application/problem+json";

    private Problems() {}

    /**
     * The response for a problem.
     *
     * @param clock what the answer reflects
     */
    public static Answer answer(HttpProblem problem, VersionVector clock) {
        Answer answer = Answer.whole(problem.code().status(), clock, TYPE, Bytes.wrap(document(problem)));
        for (HttpField header : problem.headers()) {
            answer = answer.with(header);
        }
        return answer;
    }

    private static byte[] document(HttpProblem problem) {
        return Json.bytes(json -> {
            json.writeStartObject();
            json.writeStringField("type", problem.code().type());
            json.writeStringField("title", problem.code().title());
            json.writeNumberField("status", problem.code().status());
            json.writeStringField("detail", problem.detail());
            json.writeStringField("code", problem.code().code());
            json.writeBooleanField("definite", problem.definite());
            if (problem.limit() != null) {
                json.writeNumberField("limit", problem.limit());
            }
            if (!problem.missing().isEmpty()) {
                json.writeArrayFieldStart("missing");
                for (Dot dot : problem.missing()) {
                    json.writeStartObject();
                    json.writeStringField("replica", dot.replica().toString());
                    json.writeStringField("node_id", dot.replica().name());
                    json.writeNumberField("counter", dot.counter());
                    json.writeEndObject();
                }
                json.writeEndArray();
            }
            json.writeEndObject();
        });
    }
}
