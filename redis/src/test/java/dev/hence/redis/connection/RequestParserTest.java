package dev.hence.redis.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.crdt.Bytes;
import dev.hence.node.memory.MemoryBudget;
import dev.hence.node.memory.MemoryHolder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RequestParserTest {

    private static final int REQUEST_BYTES_MAX = 1 << 20;

    private final MemoryBudget budget = new MemoryBudget(4 << 20);
    private final List<MemoryHolder> holders = new ArrayList<>();

    private RequestParser parser() {
        return new RequestParser(REQUEST_BYTES_MAX, holder(), true);
    }

    private MemoryHolder holder() {
        MemoryHolder holder = budget.holder(() -> {});
        holders.add(holder);
        return holder;
    }

    static List<Bytes> words(Arguments request) {
        return request.from(0);
    }

    private static List<List<Bytes>> requests(RequestParser parser, String text) throws ProtocolException {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        parser.feed(bytes, 0, bytes.length);
        List<List<Bytes>> requests = new ArrayList<>();
        for (Arguments next = parser.next(); next != null; next = parser.next()) {
            requests.add(words(next));
        }
        return requests;
    }

    private List<List<Bytes>> requests(String text) throws ProtocolException {
        return requests(parser(), text);
    }

    private static List<Bytes> request(String... words) {
        return Arguments.of(words).from(0);
    }

    private void refused(String text, String error) {
        assertThatThrownBy(() -> requests(text))
                .isInstanceOfSatisfying(
                        ProtocolException.class,
                        malformed -> assertThat(malformed.text()).isEqualTo("ERR " + error));
    }

    @Test
    void next_severalArrays_eachIsARequest() throws Exception {
        assertThat(requests("*2\r\n$3\r\nGET\r\n$1\r\na\r\n*1\r\n$4\r\nPING\r\n"))
                .containsExactly(request("GET", "a"), request("PING"));
    }

    @Test
    void next_bytesOfAnyValue_areKept() throws Exception {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        String text = "*2\r\n$3\r\nSET\r\n$256\r\n" + new String(all, StandardCharsets.ISO_8859_1) + "\r\n";

        assertThat(requests(text).getFirst().get(1)).isEqualTo(Bytes.wrap(all));
    }

    @Test
    void next_emptyArraysAndLines_arePassedOver() throws Exception {
        assertThat(requests("*0\r\n*-1\r\n\r\n  \r\n*1\r\n$0\r\n\r\nPING\n"))
                .containsExactly(request(""), request("PING"));
    }

    @Test
    void next_inlineWithQuotes_followsTheRulesOfRedis() throws Exception {
        assertThat(requests("SET  \"a b\\n\\x41\\\"\" 'c\\'d\\n' e\\f g\"h i\"\r\n"))
                .containsExactly(request("SET", "a b\nA\"", "c'd\\n", "e\\f", "gh i"));
        refused("SET \"a\r\n", "Protocol error: unbalanced quotes in request");
        refused("SET \"a\"b\r\n", "Protocol error: unbalanced quotes in request");
        refused("SET 'a\r\n", "Protocol error: unbalanced quotes in request");
    }

    @Test
    void next_whatIsNoRequest_refusedWithTheWordsOfRedis() {
        refused("*1048577\r\n", "Protocol error: invalid multibulk length");
        refused("*x\r\n", "Protocol error: invalid multibulk length");
        refused("*\r\n", "Protocol error: invalid multibulk length");
        refused("*99999999999999999999\r\n", "Protocol error: invalid multibulk length");
        refused("*1\r\n:1\r\n", "Protocol error: expected '$', got ':'");
        refused("*1\r\n\nx\r\n", "Protocol error: expected '$', got '?'");
        refused("*1\r\n$-1\r\n", "Protocol error: invalid bulk length");
        refused("*1\r\n$x\r\n", "Protocol error: invalid bulk length");
        refused("*1\r\n$" + (REQUEST_BYTES_MAX + 1) + "\r\n", "Protocol error: invalid bulk length");
        refused("*" + "1".repeat(70_000), "Protocol error: too big mbulk count string");
        refused("*1\r\n$" + "1".repeat(70_000), "Protocol error: too big bulk count string");
        refused("A".repeat(70_000), "Protocol error: too big inline request");
    }

    @Test
    void next_wordsThatTogetherAreTooLong_refused() {
        String half = "$600000\r\n" + "x".repeat(600_000) + "\r\n";

        refused("*2\r\n" + half + half, "Protocol error: request too long (expected: at most 1048576 bytes)");
    }

    @Test
    void next_beforeThePassword_takesOnlyWhatThatNeeds() {
        for (String text : List.of("*11\r\n", "*1\r\n$16385\r\n")) {
            RequestParser parser = new RequestParser(REQUEST_BYTES_MAX, holder(), false);
            assertThatThrownBy(() -> requests(parser, text))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageStartingWith("Protocol error: unauthenticated ");
        }
    }

    @Test
    void next_lengthsAnnouncedOnly_claimNothing() throws Exception {
        List<RequestParser> parsers = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            RequestParser parser = parser();
            assertThat(requests(parser, "*1048576\r\n$1048576\r\nx")).isEmpty();
            parsers.add(parser);
        }

        assertThat(parsers).allMatch(RequestParser::isWithinRequest);
        assertThat(budget.heldBytes()).isZero();
    }

    @Test
    void next_largeRequests_claimUntilTheyAreReleased() throws Exception {
        String large = "*1\r\n$1000000\r\n" + "x".repeat(1_000_000) + "\r\n";
        RequestParser parser = parser();

        assertThat(requests(parser, large)).hasSize(1);
        assertThat(budget.heldBytes()).isBetween(700_000L, 4L << 20);

        parser.release();
        assertThat(budget.heldBytes()).isZero();
    }

    @Test
    void next_manySmallRequests_holdMuchUntilTheyAreReleased() throws Exception {
        RequestParser parser = parser();
        assertThat(requests(parser, "PING\r\n".repeat(100))).hasSize(100);
        assertThat(parser.isHoldingMuch()).isFalse();

        assertThat(requests(parser, "PING\r\n".repeat(4_000))).hasSize(4_000);
        assertThat(parser.isHoldingMuch()).isTrue();
        parser.release();
        assertThat(parser.isHoldingMuch()).isFalse();
    }

    @Test
    void next_budgetUsedUp_wantsMemoryAndGoesOnWhenThereIsSome() throws Exception {
        MemoryHolder other = budget.holder(() -> {});
        assertThat(other.tryTake(4 << 20)).isTrue();
        RequestParser parser = parser();
        String value = "x".repeat(1_000_000);

        assertThat(requests(parser, "*1\r\n$4\r\nPING\r\n")).as("a small one").hasSize(1);
        assertThat(requests(parser, "*1\r\n$1000000\r\n" + value.substring(0, 100_000)))
                .isEmpty();
        assertThat(parser.wantsMemory()).isTrue();

        other.close();
        parser.awaitMemory();
        List<List<Bytes>> rest = requests(parser, value.substring(100_000) + "\r\n");
        assertThat(rest).containsExactly(List.of(Bytes.utf8(value)));
        holders.forEach(MemoryHolder::close);
        assertThat(budget.heldBytes()).isZero();
    }

    @Test
    void next_requestLargerThanTheBudget_takesAllOfItAndIsTaken() throws Exception {
        MemoryBudget small = new MemoryBudget(512 << 10);
        RequestParser parser = new RequestParser(16 << 20, small.holder(() -> {}), true);
        String value = "x".repeat(1_000_000);
        String sent = "*2\r\n$1000000\r\n" + value + "\r\n$1000000\r\n" + value + "\r\n";

        MemoryHolder other = small.holder(() -> {});
        assertThat(other.tryTake(1)).isTrue();
        assertThat(requests(parser, sent.substring(0, 100_000))).isEmpty();
        assertThat(parser.wantsMemory()).isTrue();
        other.close();
        parser.awaitMemory();

        assertThat(requests(parser, sent.substring(100_000))).containsExactly(request(value, value));
        assertThat(small.heldBytes()).isEqualTo(small.bytesMax());
        parser.release();
        assertThat(small.heldBytes()).isZero();
    }

    @Test
    void next_halfALargeRequestAfterAnswers_keepsItsClaim() throws Exception {
        RequestParser parser = parser();
        requests(parser, "*2\r\n$1000000\r\n" + "x".repeat(1_000_000) + "\r\n");
        long held = budget.heldBytes();

        parser.release();

        assertThat(held).isPositive();
        assertThat(budget.heldBytes()).isEqualTo(held);
        assertThat(requests(parser, "$1\r\ny\r\n").getFirst()).hasSize(2);
    }

    @Test
    void next_manyEmptyLinesAndArraysByTurns_passedOver() throws Exception {
        RequestParser parser = new RequestParser(16 << 20, new MemoryBudget(64 << 20).holder(() -> {}), true);
        byte[] sent = ("\n*0\r\n".repeat(200_000) + "PING\r\n").getBytes(StandardCharsets.US_ASCII);
        parser.feed(sent, 0, sent.length);

        assertThat(parser.next())
                .isNotNull()
                .satisfies(request -> assertThat(words(request)).containsExactly(Bytes.utf8("PING")));
        assertThat(parser.next()).isNull();
    }

    @Test
    void next_webRequest_refusedBeforeItsBodyIsRead() {
        for (String line : List.of("POST / HTTP/1.1", "post /", "Host: 127.0.0.1:6379", "hOST: x", "POST")) {
            assertThatThrownBy(() -> requests(line + "\r\n\r\nFLUSHALL\r\n"))
                    .isInstanceOfSatisfying(
                            ProtocolException.class,
                            refused -> assertThat(refused.isWebRequest()).isTrue());
        }
    }

    @Test
    void next_wordsOfHttpThatAreArgumentsOrInAnArray_areTaken() throws Exception {
        assertThat(requests("SET POST Host:\r\n*1\r\n$4\r\nPOST\r\n"))
                .containsExactly(request("SET", "POST", "Host:"), request("POST"));
    }
}
