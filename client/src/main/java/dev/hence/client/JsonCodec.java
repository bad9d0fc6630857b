package dev.hence.client;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * The JSON bodies of the HTTP API. Everything that reads throws {@link UnexpectedJsonException} for a body
 * without what it needs, and passes over members that it does not know.
 */
final class JsonCodec {

    private JsonCodec() {}

    static Problem problem(Bytes document, int status, String node) {
        JsonNode problem = Json.parse(document);
        JsonNode limit = problem.path("limit");
        return new Problem(
                text(problem, "code"),
                status,
                problem.path("detail").asText(problem.path("title").asText("")),
                node,
                problem.path("definite").asBoolean(false),
                problem.has("missing") ? list(problem, "missing", JsonCodec::dot) : List.of(),
                limit.canConvertToLong() ? OptionalLong.of(limit.longValue()) : OptionalLong.empty());
    }

    static Siblings siblings(Bytes document) {
        JsonNode answer = Json.parse(document);
        List<Siblings.Sibling> values = list(answer, "values", JsonCodec::sibling);
        if (values.isEmpty()) {
            throw new UnexpectedJsonException("values: empty (expected: at least one)");
        }
        return new Siblings(bytes(answer, "key"), tag(answer, "etag"), values, clock(answer, "vector_clock"));
    }

    private static Siblings.Sibling sibling(JsonNode value) {
        return new Siblings.Sibling(
                bytes(value, "value"),
                dotOfUpdate(value),
                instant(value, "timestamp_millis"),
                value.path("winner").asBoolean(false));
    }

    static ScanPage scanPage(Bytes document) {
        JsonNode answer = Json.parse(document);
        return new ScanPage(
                list(answer, "items", JsonCodec::keyValue),
                optionalText(answer, "next"),
                clock(answer, "vector_clock"));
    }

    static FingerprintPage fingerprints(Bytes document) {
        JsonNode answer = Json.parse(document);
        return new FingerprintPage(
                list(answer, "items", JsonCodec::fingerprint),
                optionalText(answer, "next"),
                clock(answer, "vector_clock"));
    }

    private static KeyFingerprint fingerprint(JsonNode item) {
        JsonNode deadline = member(item, "deadline_millis");
        return new KeyFingerprint(
                bytes(item, "key"),
                text(item, "type"),
                member(item, "size").asLong(),
                deadline.isNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(deadline.asLong())),
                text(item, "fingerprint"));
    }

    private static KeyValue keyValue(JsonNode item) {
        Bytes value = member(item, "value").isNull() ? Bytes.EMPTY : bytes(item, "value");
        return new KeyValue(bytes(item, "key"), text(item, "type"), value, tag(item, "etag"));
    }

    static Bytes batch(List<Operation> operations) {
        return Json.write(generator -> {
            generator.writeStartObject();
            generator.writeArrayFieldStart("operations");
            for (Operation operation : operations) {
                generator.writeStartObject();
                switch (operation) {
                    case Operation.Put(Bytes key, Bytes value) -> {
                        generator.writeStringField("op", "put");
                        write(generator, "key", key);
                        write(generator, "value", value);
                    }
                    case Operation.Delete(Bytes key) -> {
                        generator.writeStringField("op", "delete");
                        write(generator, "key", key);
                    }
                    case Operation.Other(String kind, Bytes key) ->
                        throw new IllegalArgumentException(
                                kind + " of \"" + key + "\" in a batch (expected: put, delete)");
                }
                generator.writeEndObject();
            }
            generator.writeEndArray();
            generator.writeEndObject();
        });
    }

    private static void write(JsonGenerator generator, String name, Bytes bytes) throws IOException {
        Optional<String> text = bytes.text();
        if (text.isPresent()) {
            generator.writeStringField(name, text.get());
        } else {
            generator.writeObjectFieldStart(name);
            generator.writeStringField("base64", bytes.base64());
            generator.writeEndObject();
        }
    }

    static BatchResult batchResult(Bytes document) {
        JsonNode answer = Json.parse(document);
        return new BatchResult(
                Math.toIntExact(number(answer, "written")), text(answer, "node_id"), clock(answer, "vector_clock"));
    }

    static Change change(Bytes line) {
        JsonNode update = Json.parse(line);
        return new Change(
                dotOfUpdate(update),
                clock(update, "vector_clock"),
                instant(update, "timestamp_millis"),
                list(update, "operations", JsonCodec::operation),
                text(update, "token"));
    }

    private static Operation operation(JsonNode operation) {
        String op = text(operation, "op");
        return switch (op) {
            case "put" -> new Operation.Put(bytes(operation, "key"), bytes(operation, "value"));
            case "delete" -> new Operation.Delete(bytes(operation, "key"));
            default -> new Operation.Other(op, bytes(operation, "key"));
        };
    }

    static NodeStatus status(Bytes document) {
        JsonNode status = Json.parse(document);
        return new NodeStatus(
                text(status, "node_id"),
                text(status, "replica"),
                text(status, "cluster"),
                text(status, "version"),
                text(status, "fsync"),
                instant(status, "started_millis"),
                clock(status, "vector_clock"),
                clock(status, "durable_clock"),
                number(status, "keys"),
                status.path("ready").asBoolean(true),
                status.has("issues") ? list(status, "issues", JsonCodec::issue) : List.of(),
                list(status, "members", JsonCodec::member),
                list(status, "follows", JsonCodec::follow),
                number(status, "buffered_count"),
                list(status, "buffered", JsonCodec::buffered),
                document.toString());
    }

    private static NodeStatus.Issue issue(JsonNode issue) {
        return new NodeStatus.Issue(
                text(issue, "code"),
                text(issue, "title"),
                text(issue, "detail"),
                issue.path("unready").asBoolean(false));
    }

    private static NodeStatus.Member member(JsonNode member) {
        JsonNode heard = member.path("heard_millis_ago");
        return new NodeStatus.Member(
                text(member, "node_id"),
                optionalText(member, "replica"),
                optionalText(member, "address"),
                member.path("self").asBoolean(false),
                member.path("connected").asBoolean(false),
                text(member, "state"),
                clock(member, "applied"),
                clock(member, "durable"),
                number(member, "updates_behind"),
                heard.canConvertToLong() ? Optional.of(Duration.ofMillis(heard.longValue())) : Optional.empty());
    }

    private static NodeStatus.Follow follow(JsonNode follow) {
        return new NodeStatus.Follow(
                text(follow, "origin"),
                text(follow, "through"),
                text(follow, "state"),
                number(follow, "received"),
                number(follow, "last_counter"));
    }

    private static NodeStatus.Buffered buffered(JsonNode buffered) {
        return new NodeStatus.Buffered(
                dotOfUpdate(buffered),
                dot(member(buffered, "waiting_for")),
                instant(buffered, "since_millis"),
                list(buffered, "operations", operation -> bytes(operation, "key")));
    }

    /** An update's dot, with the name of its node beside it. */
    private static Dot dotOfUpdate(JsonNode update) {
        JsonNode dot = member(update, "dot");
        return new Dot(text(dot, "replica"), text(update, "node_id"), number(dot, "counter"));
    }

    private static Dot dot(JsonNode dot) {
        return new Dot(text(dot, "replica"), text(dot, "node_id"), number(dot, "counter"));
    }

    private static JsonNode member(JsonNode object, String name) {
        JsonNode member = object.get(name);
        if (member == null) {
            throw new UnexpectedJsonException(name + ": missing");
        }
        return member;
    }

    private static String text(JsonNode object, String name) {
        JsonNode member = member(object, name);
        if (!member.isTextual()) {
            throw new UnexpectedJsonException(name + ": " + member.getNodeType() + " (expected: text)");
        }
        return member.textValue();
    }

    private static String tag(JsonNode object, String name) {
        return EntityTag.unquoted(text(object, name));
    }

    private static Optional<String> optionalText(JsonNode object, String name) {
        return object.path(name).isTextual() ? Optional.of(text(object, name)) : Optional.empty();
    }

    private static long number(JsonNode object, String name) {
        return number(name, member(object, name));
    }

    private static long number(String name, JsonNode member) {
        if (!member.isIntegralNumber() || !member.canConvertToLong()) {
            throw new UnexpectedJsonException(name + ": " + member.getNodeType() + " (expected: an integer)");
        }
        return member.longValue();
    }

    private static Instant instant(JsonNode object, String name) {
        return Instant.ofEpochMilli(number(object, name));
    }

    private static Bytes bytes(JsonNode object, String name) {
        JsonNode member = member(object, name);
        if (member.isTextual()) {
            return Bytes.utf8(member.textValue());
        }
        try {
            return Bytes.wrap(Base64.getDecoder().decode(text(member, "base64")));
        } catch (IllegalArgumentException e) {
            throw new UnexpectedJsonException(name + ": not base64", e);
        }
    }

    private static Map<String, Long> clock(JsonNode object, String name) {
        Map<String, Long> clock = new LinkedHashMap<>();
        member(object, name)
                .properties()
                .forEach(entry -> clock.put(entry.getKey(), number(entry.getKey(), entry.getValue())));
        return Collections.unmodifiableMap(clock);
    }

    private static <T> List<T> list(JsonNode object, String name, Function<JsonNode, T> each) {
        JsonNode array = member(object, name);
        if (!array.isArray()) {
            throw new UnexpectedJsonException(name + ": " + array.getNodeType() + " (expected: a list)");
        }
        List<T> list = new ArrayList<>(array.size());
        array.forEach(element -> list.add(each.apply(element)));
        return list;
    }
}
