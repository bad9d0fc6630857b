package dev.hence.core.replica;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.delivery.DeliveryBuffer;
import dev.hence.core.update.Update;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Node a was rolled back after b had its first update, continued to write as the old a, and is rescued as the new a.
 */
final class ReissueTest {

    private static final ReplicaId OLD = new ReplicaId("a", 1);
    private static final ReplicaId NEW = new ReplicaId("a", 9);
    private static final ReplicaId B = new ReplicaId("b", 2);
    private static final long NOON_MILLIS = 1_800_000_000_000L;
    private static final int UPDATE_BYTES_MAX = 1_000;
    private static final Bytes X = Bytes.utf8("x");
    private static final Bytes Y = Bytes.utf8("y");
    private static final Replica.Limits LIMITS =
            new Replica.Limits(new DeliveryBuffer.Limits(100, 10_000), UPDATE_BYTES_MAX);

    private final MemoryHost old = new MemoryHost(OLD, LIMITS);
    private final MemoryHost b = new MemoryHost(B, LIMITS);
    private final MemoryHost rescued = new MemoryHost(NEW, LIMITS);
    private final Reissue reissue = new Reissue(dot -> {
        List<Update> both = Stream.concat(old.log().stream(), rescued.log().stream())
                .filter(update -> update.dot().equals(dot))
                .toList();
        return both.size() == 2 && both.getFirst().checksum() == both.getLast().checksum();
    });
    private long now = NOON_MILLIS;

    /** Both sides have an x. */
    @BeforeEach
    void fork() {
        receive(b, set(old, X, "first"));
    }

    private Update write(MemoryHost host, Transaction.Body<Boolean> body) {
        Update update = requireNonNull(host.replica().write(now++, body).update());
        host.commit();
        return update;
    }

    private Update set(MemoryHost host, Bytes key, String value) {
        return write(host, transaction -> {
            transaction.set(key, Bytes.utf8(value));
            return true;
        });
    }

    private void receive(MemoryHost host, Update update) {
        host.replica().receive(update, now);
        host.commit();
    }

    /** The new a receives all updates of b, and reissues the missing ones. */
    private void rescue(Update... missing) {
        b.log().forEach(update -> receive(rescued, update));
        for (Update update : missing) {
            Update again = write(rescued, reissue.body(update));
            reissue.made(update.dot(), again.dot());
        }
    }

    private String shown(Bytes key) {
        return String.valueOf(rescued.replica()
                .write(now, transaction -> transaction.head(key))
                .result()
                .string()
                .value());
    }

    @Test
    void body_ofAnUpdateThatCarriesARequest_carriesItAgain() {
        Bytes request = Bytes.utf8("request");
        Update forked = write(old, transaction -> {
            transaction.request(request);
            transaction.set(Y, X);
            return true;
        });
        assertThat(write(rescued, reissue.body(forked)).request()).isEqualTo(request);
    }

    @Test
    void body_removalOfAKeyThatNobodyWroteSince_removesIt() {
        Update removal = write(old, transaction -> transaction.delete(X));

        rescue(removal);

        assertThat(shown(X)).isEqualTo("null");
    }

    @Test
    void body_removalOfWhatWasMadeAgainBefore_removesIt() {
        Update own = set(old, Y, "own");
        Update removal = write(old, transaction -> transaction.delete(Y));

        rescue(own, removal);

        assertThat(shown(Y)).isEqualTo("null");
    }

    @Test
    void body_removalOfAnExpiredKeyThatAClientOfAnotherNodeHasWrittenSince_leavesIt() {
        Update removal = write(old, transaction -> transaction.delete(X));
        set(b, X, "since");

        rescue(removal);

        assertThat(shown(X)).isEqualTo("since");
    }

    @Test
    void body_removalOfAKeyWhoseDeadlineAnotherNodeHasMovedSince_leavesIt() {
        Update removal = write(old, transaction -> transaction.delete(X));
        write(b, transaction -> {
            transaction.expire(X, NOON_MILLIS * 2);
            return true;
        });

        rescue(removal);

        assertThat(shown(X)).isEqualTo("first");
    }

    @Test
    void body_removalWhoseContextNamesAnotherUpdateUnderTheDotOfTheKey_leavesTheKey() {
        MemoryHost.Snapshot before = old.snapshot();
        receive(b, set(old, Y, "at b"));
        old.restore(before);
        Update other = set(old, Y, "in the forked directory");
        Update removal = write(old, transaction -> transaction.delete(Y));
        receive(rescued, b.log().getFirst());

        rescue(removal);

        assertThat(other.dot()).isEqualTo(b.log().getLast().dot());
        assertThat(shown(Y)).isEqualTo("at b");
    }

    @Test
    void body_updateAsLargeAsMayBe_isMadeAgainWithItsMark() {
        String value = "v".repeat(UPDATE_BYTES_MAX - 33);
        Update large = set(old, Y, value);
        assertThat(large.sizeBytes()).isEqualTo(UPDATE_BYTES_MAX);

        rescue(large);

        assertThat(shown(Y)).isEqualTo(value);
        assertThat(reissue.isDone(large.dot())).isTrue();
    }

    @Test
    void known_whatWasMadeAgainInAnEarlierRun_isDone() {
        Update own = set(old, Y, "own");
        rescue(own);
        Reissue next = new Reissue(dot -> false);

        rescued.log().forEach(next::known);

        assertThat(next.isDone(own.dot())).isTrue();
    }
}
