package dev.hence.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.property.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The code of docs/java-client.md: what is between {@code // begin NAME} and {@code // end} here stands in the
 * page after {@code <!-- NAME -->}, to the letter, and runs in the tests.
 */
@Timeout(Eventually.TEST_SECONDS_MAX)
final class JavaClientGuideTest {

    private final FakeCluster cluster = new FakeCluster(3);
    private final HenceClient client = HenceClient.connect(cluster.urls());

    @AfterEach
    void close() {
        client.close();
        cluster.close();
    }

    @Test
    void connect() {
        // begin connect
        HenceClient client = HenceClient.builder()
                .nodes("http://localhost:5001", "http://localhost:5002", "http://localhost:5003")
                .deadline(Duration.ofSeconds(2))
                .build();
        // end
        assertThat(client.nodes()).hasSize(3);
        client.close();
    }

    @Test
    void readAndWrite() {
        byte[] jpeg = {(byte) 0xff, (byte) 0xd8};
        // begin read-and-write
        client.put("greeting", "hello");
        String greeting = client.get("greeting").map(VersionedValue::text).orElse("nothing");

        client.put(Bytes.utf8("photo"), Bytes.of(jpeg)); // keys and values are bytes; text is a convenience
        boolean wasThere = client.delete("photo");
        // end
        assertThat(greeting).isEqualTo("hello");
        assertThat(wasThere).isTrue();
    }

    @Test
    void conditions() {
        client.put("stock", "8");
        // begin conditions
        client.put("lock", "me", Condition.ifAbsent());

        VersionedValue stock = client.get("stock").orElseThrow();
        String oneLess = String.valueOf(Integer.parseInt(stock.text()) - 1);
        try {
            client.put("stock", oneLess, Condition.ifTag(stock.tag()));
        } catch (PreconditionFailedException e) {
            // another client changed it in between: read again and decide again
        }
        // end
        assertThat(client.get("stock")).map(VersionedValue::text).contains("7");
    }

    @Test
    void batch() {
        client.put("draft", "1");
        // begin batch
        BatchResult result =
                client.batch(Operation.put("photo", "..."), Operation.put("album", "photo"), Operation.delete("draft"));
        // end
        assertThat(result.written()).isEqualTo(3);
    }

    @Test
    void scan() {
        client.batch(Operation.put("user/1", "Ada"), Operation.put("user/2", "Grace"));
        // begin scan
        List<String> users;
        try (Stream<KeyValue> items = client.scan("user/")) {
            users = items.map(item -> item.key() + "=" + item.value()).toList();
        }
        // end
        assertThat(users).containsExactly("user/1=Ada", "user/2=Grace");
    }

    @Test
    void siblings() {
        cluster.nodes().forEach(FakeNode::lag);
        cluster.write(cluster.node(1), List.of(Operation.put("title", "A")));
        cluster.write(cluster.node(2), List.of(Operation.put("title", "B")));
        cluster.nodes().forEach(FakeNode::catchUp);
        // begin siblings
        Siblings siblings = client.siblings("title").orElseThrow();
        if (siblings.values().size() > 1) { // nodes wrote it concurrently
            String merged = siblings.values().stream()
                    .map(sibling -> sibling.value().toString())
                    .sorted()
                    .collect(Collectors.joining(" / "));
            client.put("title", merged, Condition.ifTag(siblings.tag())); // replaces exactly what was seen
        }
        // end
        assertThat(client.siblings("title").orElseThrow().values())
                .extracting(sibling -> sibling.value().toString())
                .containsExactly("A / B");
    }

    @Test
    void session() {
        // begin session
        client.put("profile", "new");
        String token = client.sessionToken(); // pass it on: in a cookie, a message, a header

        try (HenceClient elsewhere = client.withSession(token)) {
            elsewhere.get("profile"); // reads "new", whichever node answers
        }
        // end
        assertThat(client.withSession(token).get("profile"))
                .map(VersionedValue::text)
                .contains("new");
    }

    @Test
    void deadline() {
        client.put("x", "A");
        // begin deadline
        Optional<VersionedValue> soon =
                client.withDeadline(Duration.ofMillis(1500)).get("x");
        // end
        assertThat(soon).isPresent();
    }

    @Test
    void errors() {
        cluster.node(1).failAlways(new Fault.CloseAfterwards());
        List<String> log = new ArrayList<>();
        // begin errors
        try {
            client.put("order/17", "paid");
        } catch (SessionBehindException e) {
            log.add("no node has caught up with this session yet: " + e.missing());
        } catch (DefiniteException e) {
            log.add("it did not happen: " + e.getMessage());
        } catch (IndefiniteException e) {
            boolean happened = client.get("order/17").map(VersionedValue::text).equals(Optional.of("paid"));
            log.add(happened ? "it happened" : "it may still happen: " + e.getMessage());
        }
        // end
        assertThat(log).containsExactly("it happened");
    }

    @Test
    void changes() {
        client.put("x", "A");
        client.put("y", "B");
        List<String> seen = new ArrayList<>();
        // begin changes
        String position = null; // the beginning of all updates
        try (ChangeFeed feed = client.changes(position)) {
            while (feed.hasNext()) {
                Change change = feed.next();
                change.operations().forEach(operation -> seen.add(change.dot() + " " + operation.key()));
                position = change.token(); // if stored, any process can continue here, at any node
                if (seen.size() == 2) {
                    break;
                }
            }
        }
        // end
        assertThat(seen).containsExactly("node1:1 x", "node1:2 y");
        assertThat(position).isEqualTo("node1-2");
    }

    @Test
    void status() {
        cluster.node(2).lag();
        // begin status
        NodeStatus status = client.status();
        String line =
                status.nodeId() + " has applied " + status.vectorClock() + ", " + status.bufferedCount() + " wait";
        // end
        assertThat(line).isEqualTo("node1 has applied {}, 0 wait");
    }

    @Test
    void page_hasTheCodeOfThisTest_toTheLetter() throws IOException {
        Path source =
                Path.of("src/test/java", JavaClientGuideTest.class.getName().replace('.', '/') + ".java");
        Map<String, String> tested = tested(Files.readAllLines(source));

        assertThat(shown(Files.readAllLines(Path.of("../docs/java-client.md"))))
                .hasSizeGreaterThan(5)
                .isEqualTo(tested);
    }

    private static Map<String, String> tested(List<String> source) {
        Map<String, String> snippets = new LinkedHashMap<>();
        String begin = "        // begin ";
        for (int at = 0; at < source.size(); at++) {
            if (source.get(at).startsWith(begin)) {
                int end = source.subList(at, source.size()).indexOf("        // end") + at;
                snippets.put(
                        source.get(at).substring(begin.length()),
                        String.join("\n", source.subList(at + 1, end)).stripIndent());
            }
        }
        return snippets;
    }

    private static Map<String, String> shown(List<String> page) {
        Map<String, String> snippets = new LinkedHashMap<>();
        for (int at = 0; at < page.size(); at++) {
            if (page.get(at).equals("```java")) {
                int end = page.subList(at, page.size()).indexOf("```") + at;
                String name = page.get(at - 1).replaceAll("<!-- (.*) -->", "$1");
                snippets.put(name, String.join("\n", page.subList(at + 1, end)));
            }
        }
        return snippets;
    }
}
