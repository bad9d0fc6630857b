package dev.hence.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hence.http.exchange.ErrorCode;
import dev.hence.http.exchange.Route;
import dev.hence.node.peers.FaultInjector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks the two descriptions of the API - the OpenAPI document and the reference page - against the code. */
final class ApiDescriptionTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete");
    private static final Path PAGE = Path.of("..", "docs", "http-api.md");

    /** The route declared by replication; it is described with the others. */
    private static final String REPLICATION = "POST /replication/feed";

    private static final Pattern TABLE_ROW =
            Pattern.compile("\\| (`[a-z-]+`(?:, `[a-z-]+`)*) \\| (\\d{3}) \\| (yes|no)[^|]*\\| .+ \\|");

    /** A lab without links. */
    private static final class NoLinks implements FaultInjector {
        @Override
        public List<Link> links() {
            return List.of();
        }

        @Override
        public Optional<Link> set(String from, Mode mode, int delayMillis) {
            return Optional.empty();
        }
    }

    @TempDir
    Path data;

    private TestNode node;
    private JsonNode document;

    @BeforeEach
    void start() throws Exception {
        node = TestNode.at(data).lab(new NoLinks()).start();
        document = JSON.readTree(node.get("/openapi.json").body());
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void document_operations_areExactlyTheRoutes() {
        Set<String> declared = node.http.routes().stream()
                .map(route -> route.method() + " " + route.path())
                .collect(Collectors.toCollection(TreeSet::new));
        declared.add(REPLICATION);
        assertThat(operations().keySet()).isEqualTo(declared);
    }

    @Test
    void document_summariesAndParameters_areThoseOfTheRoutes() {
        Map<String, JsonNode> operations = operations();
        for (Route route : node.http.routes()) {
            JsonNode operation = Objects.requireNonNull(operations.get(route.method() + " " + route.path()));
            assertThat(operation.get("summary").asText()).isEqualTo(route.summary());
            Set<String> query = new TreeSet<>();
            for (JsonNode parameter : operation.get("parameters")) {
                JsonNode described = resolved(parameter);
                if (described.get("in").asText().equals("query")) {
                    query.add(described.get("name").asText());
                }
            }
            assertThat(query).as(route.path()).isEqualTo(new TreeSet<>(route.parameters()));
        }
    }

    @Test
    void document_everyAnswer_hasTheSessionAndErrorsTheirForm() {
        operations().forEach((name, operation) -> {
            assertThat(operation.get("responses").size()).as(name).isGreaterThan(1);
            operation.get("responses").properties().forEach(entry -> {
                JsonNode response = resolved(entry.getValue());
                assertThat(resolved(response.at("/headers/Hence-Session")).has("schema"))
                        .as(name + " " + entry.getKey())
                        .isTrue();
                if (entry.getKey().compareTo("400") >= 0) {
                    assertThat(response.get("content").has("application/problem+json"))
                            .as(name + " " + entry.getKey())
                            .isTrue();
                }
            });
            Set<String> headers = new TreeSet<>();
            operation
                    .get("parameters")
                    .forEach(parameter ->
                            headers.add(resolved(parameter).get("name").asText()));
            assertThat(headers).as(name).contains("Hence-Session", "Hence-Wait");
        });
    }

    @Test
    void document_errorCodes_areThoseOfTheTable() {
        Set<String> described = new TreeSet<>();
        document.at("/components/schemas/Problem/properties/code/enum").forEach(code -> described.add(code.asText()));
        assertThat(described)
                .isEqualTo(Arrays.stream(ErrorCode.values())
                        .map(ErrorCode::code)
                        .collect(Collectors.toCollection(TreeSet::new)));
        // Each error is named with a response of its status.
        for (ErrorCode error : ErrorCode.values()) {
            assertThat(document.at("/components/responses").properties())
                    .as(error.code())
                    .anyMatch(entry ->
                            entry.getValue().get("description").asText().contains("`" + error.code() + "`"));
        }
    }

    @Test
    void document_references_allResolve() {
        Matcher references = Pattern.compile("\"\\$ref\":\"#([^\"]+)\"").matcher(document.toString());
        int count = 0;
        while (references.find()) {
            assertThat(document.at(references.group(1)).isMissingNode())
                    .as(references.group(1))
                    .isFalse();
            count++;
        }
        assertThat(count).isGreaterThan(100);
    }

    @Test
    void page_errorTable_isThatOfTheCode() throws Exception {
        Map<String, String> described = new TreeMap<>();
        for (String line : Files.readAllLines(PAGE)) {
            Matcher row = TABLE_ROW.matcher(line);
            if (row.matches()) {
                for (String code : row.group(1).split(", ", -1)) {
                    described.put(code.replace("`", ""), row.group(2) + " " + row.group(3));
                }
            }
        }
        Map<String, String> declared = new TreeMap<>();
        for (ErrorCode error : ErrorCode.values()) {
            declared.put(error.code(), error.status() + " " + (error.definite() ? "yes" : "no"));
        }
        assertThat(described).isEqualTo(declared);
    }

    @Test
    void page_namesEveryPathAndParameter() throws Exception {
        String page = Files.readString(PAGE);
        for (Route route : node.http.routes()) {
            assertThat(page).as(route.path()).contains(route.prefix());
            for (String parameter : route.parameters()) {
                assertThat(page).as(route.path()).contains(parameter);
            }
        }
    }

    private Map<String, JsonNode> operations() {
        Map<String, JsonNode> operations = new TreeMap<>();
        document.get("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(method -> {
                    if (METHODS.contains(method.getKey())) {
                        operations.put(
                                method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(), method.getValue());
                    }
                }));
        return operations;
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? document.at(node.get("$ref").asText().substring(1)) : node;
    }
}
