package dev.hence.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is not what the API promises is never taken for something else. */
final class JsonCodecTest {

    private static final String CHANGE = """
            {"dot":{"replica":"n~1","counter":5},"node_id":"n","vector_clock":{"n":5},"timestamp_millis":1,\
            "operations":[%s],"token":"t","later":[{"a":1.5}, null, true]}""";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[1",
                "{} {}",
                "nonsense",
                "[]",
                "{\"written\":1}",
                "{\"written\":\"1\",\"node_id\":\"n\",\"vector_clock\":{}}",
                "{\"written\":1.5,\"node_id\":\"n\",\"vector_clock\":{}}",
                "{\"written\":1,\"node_id\":7,\"vector_clock\":{}}",
                "{\"written\":1,\"node_id\":\"n\",\"vector_clock\":{\"n\":\"1\"}}"
            })
    void batchResult_whatIsNone_isRefused(String document) {
        assertThatExceptionOfType(UnexpectedJsonException.class)
                .isThrownBy(() -> JsonCodec.batchResult(Bytes.utf8(document)));
    }

    @Test
    void change_membersThatAreNotKnown_arePassedOver() {
        Change change = JsonCodec.change(
                Bytes.utf8(CHANGE.formatted("{\"op\":\"put\",\"key\":\"x\",\"value\":{\"base64\":\"/w==\"}}")));

        assertThat(change.operations()).containsExactly(Operation.put(Bytes.utf8("x"), Bytes.of((byte) 0xff)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"op\":\"increment\"}",
                "{\"op\":\"put\",\"key\":\"x\"}",
                "{\"op\":\"delete\",\"key\":{\"base64\":\"?\"}}"
            })
    void change_operationWithoutItsMembers_isRefused(String operation) {
        assertThatExceptionOfType(UnexpectedJsonException.class)
                .isThrownBy(() -> JsonCodec.change(Bytes.utf8(CHANGE.formatted(operation))));
    }

    @Test
    void batch_whatIsNoText_isBase64() {
        Bytes document = JsonCodec.batch(
                List.of(Operation.put(Bytes.utf8("\"ä\n"), Bytes.of((byte) 0xff)), Operation.delete("x")));

        assertThat(document)
                .hasToString("{\"operations\":[{\"op\":\"put\",\"key\":\"\\\"ä\\n\",\"value\":{\"base64\":\"/w==\"}},"
                        + "{\"op\":\"delete\",\"key\":\"x\"}]}");
    }

    @Test
    void scanPage_tags_areWithoutTheQuotesOfHttp() {
        for (String etag : List.of("\\\"1.a\\\"", "1.a")) {
            ScanPage page = JsonCodec.scanPage(
                    Bytes.utf8("{\"items\":[{\"key\":\"x\",\"type\":\"string\",\"value\":\"A\",\"etag\":\"" + etag
                            + "\"}],\"next\":null,\"vector_clock\":{}}"));

            assertThat(page.items()).extracting(KeyValue::tag).containsExactly("1.a");
            assertThat(page.next()).isEmpty();
        }
    }

    @Test
    void scanPage_keyOfAnotherType_hasNoValue() {
        ScanPage page = JsonCodec.scanPage(Bytes.utf8("{\"items\":[{\"key\":\"x\",\"type\":\"hash\",\"value\":null,"
                + "\"etag\":\"\\\"\\\"\"}],\"next\":null,\"vector_clock\":{}}"));

        assertThat(page.items()).containsExactly(new KeyValue(Bytes.utf8("x"), "hash", Bytes.EMPTY, ""));
        assertThat(page.items().getFirst().isString()).isFalse();
    }

    @Test
    void change_ofACollection_isShownByItsKind() {
        Change change = JsonCodec.change(
                Bytes.utf8(
                        "{\"dot\":{\"replica\":\"node1~00c0ffee00c0ffee\",\"counter\":5},"
                                + "\"node_id\":\"node1\",\"vector_clock\":{\"node1\":5},\"timestamp_millis\":1,\"operations\":"
                                + "[{\"op\":\"assign\",\"key\":\"h\",\"type\":\"hash\",\"element\":\"f\",\"value\":\"v\"}],\"token\":\"t\"}"));

        assertThat(change.operations()).containsExactly(new Operation.Other("assign", Bytes.utf8("h")));
        assertThatThrownBy(() -> JsonCodec.batch(change.operations()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("assign of \"h\"");
    }

    @Test
    void problem_definiteIsNotSaid_isIndefinite() {
        Problem problem = JsonCodec.problem(Bytes.utf8("{\"code\":\"new\",\"title\":\"New\"}"), 500, "http://n");

        assertThat(problem.definite()).isFalse();
        assertThat(problem.toException(true, null)).isInstanceOf(IndefiniteException.class);
        assertThat(problem.toException(false, null)).isInstanceOf(DefiniteException.class);
        assertThat(problem.message()).isEqualTo("new: New (at http://n)");
    }

    @Test
    void bytes_textThatUtf8CannotSay_isRefused() {
        assertThat(Bytes.of((byte) 0xc3).text()).isEmpty();
        assertThat(Bytes.utf8("😀").text()).contains("😀");
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> Bytes.utf8("\ud83d"));
        assertThat(Bytes.utf8("a")).isLessThan(Bytes.of((byte) 0x80)).isLessThan(Bytes.utf8("aa"));
    }
}
