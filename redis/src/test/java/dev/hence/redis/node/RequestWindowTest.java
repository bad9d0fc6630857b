package dev.hence.redis.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.update.Operation;
import dev.hence.core.update.Update;
import dev.hence.redis.connection.Reply;
import dev.hence.redis.node.RequestWindow.Claim;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RequestWindowTest {

    private static final ReplicaId NODE = new ReplicaId("node1", 1);
    private static final long START_MILLIS = 1_800_000_000_000L;
    private static final Bytes DIGEST = digest("INCR", "a");

    private long nowMillis = START_MILLIS;
    private long lastCounter;
    private final RequestWindow window = new RequestWindow(() -> nowMillis);

    private static Bytes bytes(String text) {
        return Bytes.utf8(text);
    }

    private static Bytes digest(String... words) {
        return RequestRecord.digest(List.of(words).stream().map(Bytes::utf8).toList());
    }

    private Update carriedOut(String id, Bytes digest, Reply reply) {
        Dot dot = new Dot(NODE, ++lastCounter);
        VersionVector context = VersionVector.EMPTY.with(NODE, lastCounter - 1);
        Bytes record = new RequestRecord(bytes(id), digest, reply).bytes();
        return Update.of(dot, context, nowMillis << 16, List.of(), 0, record);
    }

    /** In the format of earlier versions. */
    private static Update inTheOldForm(byte[] record) {
        return Update.of(
                new Dot(NODE, 1),
                VersionVector.EMPTY,
                START_MILLIS << 16,
                List.of(new Operation.Publish(Bytes.utf8("\0hence:once"), Bytes.wrap(record))));
    }

    private static byte[] withoutMark(RequestRecord record) {
        byte[] bytes = record.bytes().toByteArray();
        return Arrays.copyOfRange(bytes, RequestRecord.MARK.length(), bytes.length);
    }

    private Claim claim(String id) {
        return window.claim(bytes(id), DIGEST);
    }

    @Test
    void claim_ofNewRequest_isTheCallers() {
        assertThat(claim("r1")).isEqualTo(new Claim.New());
    }

    @Test
    void claim_afterCommit_givesTheFirstAnswer() {
        claim("r1");
        Update update = carriedOut("r1", DIGEST, Reply.of(42));
        window.committed(update);

        assertThat(claim("r1")).isEqualTo(new Claim.Answered(Reply.of(42), update.dot()));
    }

    @Test
    void claim_ofAnotherCommand_isMistaken() {
        claim("r1");
        assertThat(window.claim(bytes("r1"), digest("INCR", "b"))).isEqualTo(new Claim.Mistaken());

        window.committed(carriedOut("r1", DIGEST, Reply.ONE));
        assertThat(window.claim(bytes("r1"), digest("INCR", "b"))).isEqualTo(new Claim.Mistaken());
    }

    @Test
    void claim_whileUnderWay_endsWithTheCommit() throws Exception {
        claim("r1");
        Claim.UnderWay repeated = (Claim.UnderWay) claim("r1");
        assertThat(repeated.await(Duration.ZERO)).isFalse();

        window.committed(carriedOut("r1", DIGEST, Reply.ONE));

        assertThat(repeated.await(Duration.ZERO)).isTrue();
        assertThat(claim("r1")).isInstanceOf(Claim.Answered.class);
    }

    @Test
    void claim_afterAbandoning_isNewAgain() throws Exception {
        claim("r1");
        Claim.UnderWay repeated = (Claim.UnderWay) claim("r1");

        window.abandoned(bytes("r1"));

        assertThat(repeated.await(Duration.ZERO)).isTrue();
        assertThat(claim("r1")).isEqualTo(new Claim.New());
    }

    @Test
    void claim_afterTheAge_isNewAgain() {
        window.committed(carriedOut("r1", DIGEST, Reply.ONE));
        nowMillis += RequestWindow.AGE_MAX.toMillis();
        assertThat(claim("r1")).isInstanceOf(Claim.Answered.class);

        nowMillis++;
        assertThat(claim("r1")).isEqualTo(new Claim.New());
    }

    @Test
    void committed_beyondTheCount_forgetsTheOldest() {
        for (int i = 0; i <= RequestWindow.REQUESTS_MAX; i++) {
            window.committed(carriedOut("r" + i, DIGEST, Reply.ONE));
        }

        assertThat(window.size()).isEqualTo(RequestWindow.REQUESTS_MAX);
        assertThat(claim("r0")).isEqualTo(new Claim.New());
        assertThat(claim("r1")).isInstanceOf(Claim.Answered.class);
    }

    @Test
    void committed_beyondTheBytes_forgetsTheOldest() {
        Reply large = new Reply.Bulk(Bytes.wrap(new byte[1 << 20]));
        for (int i = 0; i < 40; i++) {
            window.committed(carriedOut("r" + i, DIGEST, large));
        }

        assertThat(window.size()).isEqualTo(15);
        assertThat(claim("r39")).isInstanceOf(Claim.Answered.class);
    }

    @Test
    void of_updateWithoutRecord_isEmpty() {
        Update update = Update.of(
                new Dot(NODE, 1),
                VersionVector.EMPTY,
                1,
                List.of(new Operation.Publish(bytes("a"), new RequestRecord(bytes("r"), DIGEST, Reply.OK).bytes())));

        assertThat(RequestRecord.of(update)).isEmpty();
    }

    @Test
    void of_damagedRecord_isEmpty() {
        RequestRecord whole = new RequestRecord(bytes("r1"), DIGEST, Reply.of("answer"));
        byte[] record = whole.bytes().toByteArray();
        for (int length = 1; length < record.length; length++) {
            Bytes cut = Bytes.wrap(Arrays.copyOf(record, length));
            assertThat(RequestRecord.of(Update.of(new Dot(NODE, 1), VersionVector.EMPTY, 1, List.of(), 0, cut)))
                    .isEmpty();
        }
        byte[] old = withoutMark(whole);
        for (int length = 0; length < old.length; length++) {
            assertThat(RequestRecord.of(inTheOldForm(Arrays.copyOf(old, length))))
                    .isEmpty();
        }
    }

    @Test
    void of_recordOfAnEarlierVersion_isUnderstood() {
        RequestRecord record = new RequestRecord(bytes("r1"), DIGEST, Reply.of("answer"));
        assertThat(RequestRecord.of(inTheOldForm(withoutMark(record)))).contains(record);
    }

    @Test
    void committed_byAnotherNodeToo_keepsTheFirstAnswer() {
        window.committed(carriedOut("r1", DIGEST, Reply.ONE));
        window.committed(carriedOut("r1", DIGEST, Reply.of(2)));
        assertThat(claim("r1")).isEqualTo(new Claim.Answered(Reply.ONE, new Dot(NODE, 1)));
    }

    @Test
    void committed_beyondTheCountInAnotherOrder_forgetsTheOldestByTime() {
        for (int i = 0; i < RequestWindow.REQUESTS_MAX; i++) {
            window.committed(carriedOut("r" + i, DIGEST, Reply.ONE));
        }
        nowMillis--;
        window.committed(carriedOut("earlier", DIGEST, Reply.ONE));
        nowMillis++;
        assertThat(claim("earlier")).isEqualTo(new Claim.New());
        assertThat(claim("r0")).isInstanceOf(Claim.Answered.class);
    }

    @Test
    void digest_ofWordsThatJoinAlike_differs() {
        assertThat(digest("SET", "ab", "c")).isNotEqualTo(digest("SET", "a", "bc"));
    }

    @Test
    void message_ofEveryKindOfReply_isReadBack() {
        Reply all = new Reply.Array(List.of(
                Reply.OK,
                new Reply.Simple("text"),
                new Reply.Failure("ERR no"),
                new Reply.Int(Long.MIN_VALUE),
                Reply.ZERO,
                new Reply.Bulk(Bytes.wrap(new byte[] {0, -1, 13, 10})),
                new Reply.Verbatim("lines\nof text"),
                Reply.NULL,
                Reply.NULL_ARRAY,
                new Reply.Real(-0.0),
                new Reply.Bool(true),
                new Reply.Bool(false),
                Reply.EMPTY,
                new Reply.SetOf(List.of(Reply.of("a"))),
                new Reply.MapOf(List.of(Reply.of("k"), new Reply.Array(List.of(Reply.ONE)))),
                new Reply.Pairs(List.of(Reply.of("member"), Reply.ONE)),
                new Reply.Push(List.of(Reply.of("message"))),
                new Reply.Several(List.of(Reply.OK, Reply.OK))));

        window.committed(carriedOut("r1", DIGEST, all));

        assertThat(claim("r1")).isEqualTo(new Claim.Answered(all, new Dot(NODE, 1)));
    }
}
