package dev.hence.http.json;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.hence.core.clock.Dot;
import dev.hence.core.clock.VersionVector;
import dev.hence.http.exchange.HttpProblem;
import dev.hence.http.exchange.Query;
import dev.hence.node.store.NodeStatus;
import dev.hence.node.store.ReplicaNames;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Clocks in their readable form: {@code {"node1":1,"node2":0}} with every member named, or {@code [1,0]} if the request
 * asks for a list.
 *
 * @param members the names of the nodes
 * @param asList whether the request asks for lists
 */
public record JsonClocks(List<String> members, boolean asList) {

    /** The query parameter by which a request chooses. */
    public static final String PARAMETER = "clock";

    /** Copies the list. */
    public JsonClocks {
        members = List.copyOf(members);
    }

    /**
     * The form that a request asks for.
     *
     * @throws HttpProblem if there is no such form
     */
    public static JsonClocks of(Query query, List<NodeStatus.Member> members) {
        String form = query.text(PARAMETER);
        boolean asList = switch (form) {
            case null -> false;
            case "object" -> false;
            case "list" -> true;
            default -> throw HttpProblem.badRequest(PARAMETER + ": \"" + form + "\" (expected: list or object)");
        };
        return new JsonClocks(members.stream().map(NodeStatus.Member::name).toList(), asList);
    }

    /** Writes a clock as a member. */
    public void write(JsonGenerator json, String name, VersionVector clock) throws IOException {
        json.writeFieldName(name);
        if (asList) {
            json.writeStartArray();
            for (long counter : ReplicaNames.asList(clock, members)) {
                json.writeNumber(counter);
            }
            json.writeEndArray();
        } else {
            json.writeStartObject();
            for (Map.Entry<String, Long> entry :
                    ReplicaNames.byName(clock, members).entrySet()) {
                json.writeNumberField(entry.getKey(), entry.getValue());
            }
            json.writeEndObject();
        }
    }

    /** Writes the name of an update as a member. */
    public static void write(JsonGenerator json, String name, Dot dot) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeStringField("replica", dot.replica().toString());
        json.writeNumberField("counter", dot.counter());
        json.writeEndObject();
    }
}
