package dev.hence.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What each method asks for and answers, with nodes that are well. */
final class HenceClientTest {

    private final FakeCluster cluster = new FakeCluster(2);
    private final HenceClient client = HenceClient.connect(cluster.urls());

    @AfterEach
    void close() {
        client.close();
        cluster.close();
    }

    @Test
    void get_absentKey_isEmpty() {
        assertThat(client.get("x")).isEmpty();
        assertThat(client.siblings("x")).isEmpty();
    }

    @Test
    void get_afterPut_isTheValueWithTheTagOfThePut() {
        String tag = client.put("x", "Ä");

        assertThat(client.get("x")).contains(new VersionedValue(Bytes.utf8("Ä"), tag));
        assertThat(client.get("x").orElseThrow().text()).isEqualTo("Ä");
    }

    @Test
    void put_anyBytesAsKeyAndValue_areReadBack() {
        byte[] all = new byte[256];
        IntStream.range(0, 256).forEach(b -> all[b] = (byte) b);
        for (Bytes key : List.of(Bytes.of(all), Bytes.utf8("."), Bytes.utf8(".."), Bytes.utf8("a/../b?c#d"))) {
            client.put(key, Bytes.of(all));

            assertThat(client.get(key)).map(VersionedValue::value).contains(Bytes.of(all));
            assertThat(client.scan(Bytes.EMPTY)).extracting(KeyValue::key).contains(key);
            assertThat(client.delete(key)).isTrue();
            assertThat(client.get(key)).isEmpty();
        }
    }

    @Test
    void put_emptyValue_isAValue() {
        client.put("x", "");

        assertThat(client.get("x")).map(VersionedValue::value).contains(Bytes.EMPTY);
    }

    @Test
    void delete_tellsWhetherThereWasSomething() {
        client.put("x", "A");

        assertThat(client.delete("x")).isTrue();
        assertThat(client.delete("x", Condition.none())).isFalse();
    }

    @Test
    void put_conditionThatDoesNotHold_changesNothing() {
        String first = client.put("x", "A", Condition.ifAbsent());
        String second = client.put("x", "B", Condition.ifTag(first));

        for (Condition condition : List.of(Condition.ifAbsent(), Condition.ifTag(first))) {
            assertThatExceptionOfType(PreconditionFailedException.class)
                    .isThrownBy(() -> client.put("x", "C", condition))
                    .satisfies(e -> assertThat(e.definite()).isTrue())
                    .satisfies(e -> assertThat(e.code()).isEqualTo("precondition-failed"))
                    .satisfies(e -> assertThat(e.status()).isEqualTo(412));
        }
        assertThatExceptionOfType(PreconditionFailedException.class)
                .isThrownBy(() -> client.put("y", "C", Condition.ifPresent()));
        assertThatExceptionOfType(PreconditionFailedException.class)
                .isThrownBy(() -> client.delete("x", Condition.ifTag(first)));
        assertThat(client.get("x")).contains(new VersionedValue(Bytes.utf8("B"), second));
        assertThat(client.get("y")).isEmpty();
        assertThat(client.delete("x", Condition.ifTag(second))).isTrue();
    }

    @Test
    void delete_ifAbsent_isRefusedBeforeItIsSent() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> client.delete("x", Condition.ifAbsent()))
                .withMessageContaining("ifAbsent");
        assertThat(cluster.node(1).requests()).isEmpty();
    }

    @Test
    void put_largerThanTheNodeTakes_saysTheLimit() {
        assertThatExceptionOfType(LimitExceededException.class)
                .isThrownBy(() -> client.put(Bytes.utf8("x"), Bytes.of(new byte[FakeNode.VALUE_BYTES_MAX + 1])))
                .satisfies(e -> assertThat(e.limitBytes()).hasValue(FakeNode.VALUE_BYTES_MAX))
                .satisfies(e -> assertThat(e.code()).isEqualTo("value-too-large"));
        assertThat(cluster.node(2).requests()).as("asked elsewhere").isEmpty();
    }

    @Test
    void batch_severalOperations_areOneUpdate() {
        client.put("old", "1");

        BatchResult result = client.batch(
                Operation.put("x", "A"),
                Operation.put(Bytes.of((byte) 0xff), Bytes.of((byte) 0xfe)),
                Operation.delete("old"));

        assertThat(result).isEqualTo(new BatchResult(3, "node1", Map.of("node1", 2L)));
        assertThat(client.get("old")).isEmpty();
        assertThat(client.get(Bytes.of((byte) 0xff))).map(VersionedValue::value).contains(Bytes.of((byte) 0xfe));
    }

    @Test
    void siblings_concurrentWrites_areAllThereTheWinnerFirst() {
        cluster.nodes().forEach(FakeNode::lag);
        client.put("x", "A");
        cluster.write(cluster.node(2), List.of(Operation.put("x", "B")));
        cluster.nodes().forEach(FakeNode::catchUp);

        Siblings siblings = client.siblings("x").orElseThrow();

        assertThat(siblings.values()).extracting(s -> s.value().toString()).containsExactly("B", "A");
        assertThat(siblings.values()).extracting(Siblings.Sibling::winner).containsExactly(true, false);
        assertThat(siblings.winner().dot()).hasToString("node2:1");
        assertThat(siblings.winner().dot().replica()).isEqualTo("node2~00c0ffee00c0ffee");
        assertThat(siblings.vectorClock()).containsExactly(Map.entry("node1", 1L), Map.entry("node2", 1L));
        assertThat(client.get("x")).contains(new VersionedValue(Bytes.utf8("B"), siblings.tag()));
        client.put("x", "C", Condition.ifTag(siblings.tag()));
        assertThat(client.siblings("x").orElseThrow().values()).hasSize(1);
    }

    @Test
    void scan_moreThanAPage_isAllKeysInOrder() {
        List<Operation> puts = IntStream.range(0, 250)
                .mapToObj(n -> Operation.put("k%03d".formatted(n), "v" + n))
                .toList();
        client.batch(puts);
        client.put("other", "1");

        assertThat(client.scan("k"))
                .extracting(item -> item.key().toString())
                .containsExactlyElementsOf(
                        puts.stream().map(put -> put.key().toString()).toList());
        assertThat(client.scan("k").limit(5))
                .extracting(item -> item.value().toString())
                .contains("v4");
        assertThat(client.scan("none")).isEmpty();
    }

    @Test
    void scanPage_goesOnWhereTheLastEnded() {
        client.batch(Operation.put("a", "1"), Operation.put("b+/ ", "2"), Operation.put("c", "3"));

        ScanPage first = client.scanPage(Bytes.EMPTY, null, 2);
        ScanPage second = client.scanPage(Bytes.EMPTY, first.next().orElseThrow(), 2);

        assertThat(first.items()).extracting(item -> item.key().toString()).containsExactly("a", "b+/ ");
        assertThat(second.items()).extracting(item -> item.key().toString()).containsExactly("c");
        assertThat(second.next()).isEmpty();
        assertThat(second.vectorClock()).containsEntry("node1", 1L);
        assertThat(second.items().getFirst().tag())
                .isEqualTo(client.get("c").orElseThrow().tag());
    }

    @Test
    void status_showsTheNodeAsItIsWithoutWaiting() {
        cluster.node(1).lag();
        HenceClient other = client.withSession("node2-7");
        cluster.write(cluster.node(2), List.of(Operation.put("x", "A")));

        NodeStatus status = other.status();

        assertThat(status.nodeId()).isEqualTo("node1");
        assertThat(status.members()).extracting(NodeStatus.Member::nodeId).containsExactly("node1", "node2");
        assertThat(status.members().getFirst().address()).isEmpty();
        assertThat(status.members().getLast().applied()).containsEntry("node2", 1L);
        assertThat(status.members().getLast().heardAgo())
                .hasValueSatisfying(ago -> assertThat(ago).hasMillis(12));
        assertThat(status.follows())
                .singleElement()
                .satisfies(f -> assertThat(f.lastCounter()).isEqualTo(3));
        assertThat(status.buffered()).singleElement().satisfies(buffered -> {
            assertThat(buffered.dot()).hasToString("node2:1");
            assertThat(buffered.waitingFor()).hasToString("node1:1");
            assertThat(buffered.keys()).containsExactly(Bytes.utf8("x"));
        });
        assertThat(status.json()).startsWith("{\"node_id\":\"node1\"");
        assertThat(other.sessionToken()).isEqualTo("node2-7");
        assertThat(cluster.node(1).requests())
                .singleElement()
                .satisfies(r -> assertThat(r.tokens()).isEmpty());
    }

    @Test
    void sessionToken_handedOver_isContinuedElsewhere() {
        client.put("x", "A");
        cluster.node(2).lag();

        try (HenceClient other = HenceClient.builder()
                .nodes(cluster.node(2).url())
                .sessionToken(client.sessionToken())
                .build()) {
            assertThat(other.get("x")).map(VersionedValue::text).contains("A");
        }
    }

    @Test
    void withSession_isSeparate() {
        client.put("x", "A");
        HenceClient fresh = client.withSession("");

        assertThat(fresh.sessionToken()).isEmpty();
        fresh.close();
        assertThat(fresh.get("x"))
                .as("closing what does not own the connections")
                .isPresent();
        assertThatIllegalArgumentException().isThrownBy(() -> client.withSession("a\r\nb"));
    }

    @Test
    void get_malformedSession_isRefusedByTheNode() {
        assertThatExceptionOfType(DefiniteException.class)
                .isThrownBy(() -> client.withSession("nonsense").get("x"))
                .satisfies(e -> assertThat(e.code()).isEqualTo("session-token"))
                .withMessage(
                        "session-token: node1: session-token (at %s)",
                        cluster.node(1).url());
    }

    @Test
    void get_afterClose_saysSo() {
        client.close();

        assertThatExceptionOfType(DefiniteException.class)
                .isThrownBy(() -> client.get("x"))
                .satisfies(e -> assertThat(e.code()).isEqualTo("closed"));
    }

    @Test
    void get_answerLargerThanTheClientTakes_isRefused() {
        client.put(Bytes.utf8("x"), Bytes.of(new byte[2_000]));
        try (HenceClient small = HenceClient.builder()
                .nodes(cluster.urls())
                .answerBytesMax(1_999)
                .build()) {
            assertThatExceptionOfType(DefiniteException.class)
                    .isThrownBy(() -> small.get("x"))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("unexpected-answer"))
                    .withMessageContaining("more than 1999 bytes");
        }
    }

    @Test
    void nodes_whatIsNoUrlOfANode_isRefused() {
        for (String url : List.of("", "ftp://host", "http://", "http://a b", "http://host/?x")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> HenceClient.connect(url))
                    .withMessageContaining("expected: a URL like");
        }
        assertThatIllegalArgumentException().isThrownBy(HenceClient::connect);
        try (HenceClient known = HenceClient.connect("localhost:5001", "https://host/base/")) {
            assertThat(known.nodes())
                    .extracting(Object::toString)
                    .containsExactly("http://localhost:5001", "https://host/base");
        }
    }
}
