package dev.hence.core.delivery;

import static dev.hence.core.delivery.CausalHistory.replica;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.update.Frame;
import dev.hence.core.update.Operation;
import dev.hence.core.update.Update;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DeliveryBufferTest {

    private static final VersionVector NOTHING = VersionVector.EMPTY;
    private static final int HERE = 0;
    private static final int A = 1;
    private static final int B = 2;
    private static final int C = 3;

    private final DeliveryBuffer buffer = new DeliveryBuffer(NOTHING, new DeliveryBuffer.Limits(3, 100));

    @Test
    void receive_nextUpdateWithAllItNeeds_isDelivered() {
        Update update = update(A, 1, NOTHING);

        assertThat(receive(update)).isEqualTo(new Receipt.Delivered());
        assertThat(deliverAll()).containsExactly(update);
        assertThat(buffer.clock()).isEqualTo(NOTHING.with(replica(A), 1));
    }

    @Test
    void receive_gapInTheOriginsUpdates_isBufferedUntilItIsFilled() {
        Update first = update(A, 1, NOTHING);
        Update second = update(A, 2, NOTHING);

        assertThat(receive(second)).isEqualTo(new Receipt.Buffered(first.dot()));
        assertThat(deliverAll()).isEmpty();
        assertThat(receive(first)).isEqualTo(new Receipt.Delivered());
        assertThat(deliverAll()).containsExactly(first, second);
    }

    @Test
    void receive_dependencyOnAnotherOrigin_isBufferedUntilItIsThere() {
        Update photo = update(A, 1, NOTHING);
        Update comment = update(B, 1, NOTHING.with(photo.dot()));

        assertThat(receive(comment)).isEqualTo(new Receipt.Buffered(photo.dot()));
        assertThat(receive(photo)).isEqualTo(new Receipt.Delivered());
        assertThat(deliverAll()).containsExactly(photo, comment);
    }

    @Test
    void receive_dependencyOnALocalUpdate_isDeliveredAfterIt() {
        Update local = update(HERE, 1, NOTHING);
        Update answer = update(B, 1, NOTHING.with(local.dot()));
        receive(answer);

        buffer.deliverLocal(local);

        assertThat(deliverAll()).containsExactly(answer);
    }

    @Test
    void receive_severalHeadsWaitForOneDot_allAreDelivered() {
        Update first = update(A, 1, NOTHING);
        Update fromB = update(B, 1, NOTHING.with(first.dot()));
        Update fromC = update(C, 1, NOTHING.with(first.dot()));
        receive(fromB);
        receive(fromC);

        receive(first);

        assertThat(deliverAll()).containsExactlyInAnyOrder(first, fromB, fromC);
    }

    @Test
    void receive_headsThatWaitForDifferentCounters_areDeliveredAsTheseAreReached() {
        Update late = update(B, 1, NOTHING.with(replica(A), 2));
        Update early = update(C, 1, NOTHING.with(replica(A), 1));
        receive(late);
        receive(early);

        receive(update(A, 1, NOTHING));
        assertThat(deliverAll()).contains(early).doesNotContain(late);
        receive(update(A, 2, NOTHING));
        assertThat(deliverAll()).contains(late);
    }

    @Test
    void receive_anotherUpdateUnderABufferedDot_isAForkAndNeitherIsKept() {
        Update buffered = update(A, 2, NOTHING);
        Update other = update(A, 2, NOTHING, 5);
        receive(buffered);

        assertThat(receive(other)).isEqualTo(new Receipt.Forked(other.dot()));

        assertThat(buffer.size()).isZero();
        assertThat(buffer.takeForked()).containsExactly(other.dot());
        receive(update(A, 1, NOTHING));
        receive(other);
        assertThat(deliverAll()).contains(other).doesNotContain(buffered);
    }

    @Test
    void receive_sameUpdateTwice_isADuplicateWhetherHeldOrDelivered() {
        Update first = update(A, 1, NOTHING);
        Update second = update(A, 2, NOTHING);

        receive(second);
        assertThat(receive(second)).isEqualTo(new Receipt.Duplicate());
        receive(first);
        assertThat(receive(first)).isEqualTo(new Receipt.Duplicate());
        deliverAll();
        assertThat(receive(second)).isEqualTo(new Receipt.Duplicate());
        assertThat(buffer.size()).isZero();
    }

    @Test
    void receive_counterBeyondTheWindow_isRefusedAndTakenWhenTheWindowMoves() {
        receive(update(A, 3, NOTHING));
        Update beyond = update(A, 4, NOTHING);

        assertThat(receive(beyond)).isEqualTo(new Receipt.Refused());
        assertThat(receive(update(A, Long.MAX_VALUE, NOTHING))).isEqualTo(new Receipt.Refused());
        receive(update(A, 1, NOTHING));
        deliverAll();
        assertThat(receive(beyond)).isInstanceOf(Receipt.Buffered.class);
    }

    @Test
    void receive_bytesAreFull_refusesAllButTheHead() {
        assertThat(receive(update(A, 2, NOTHING, 150))).isInstanceOf(Receipt.Buffered.class);

        assertThat(receive(update(A, 3, NOTHING, 1))).isEqualTo(new Receipt.Refused());
        assertThat(receive(update(A, 1, NOTHING, 150))).isEqualTo(new Receipt.Delivered());
    }

    @Test
    void receive_oneOriginIsFull_othersGoOn() {
        receive(update(A, 2, NOTHING, 150));

        assertThat(receive(update(A, 3, NOTHING))).isEqualTo(new Receipt.Refused());
        assertThat(receive(update(B, 2, NOTHING))).isInstanceOf(Receipt.Buffered.class);
    }

    @Test
    void deliverLocal_wrongCounter_isRefused() {
        buffer.deliverLocal(update(HERE, 1, NOTHING));

        assertThatThrownBy(() -> buffer.deliverLocal(update(HERE, 1, NOTHING)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("(expected: counter 2): a dot would be used twice or left out");
        assertThatThrownBy(() -> buffer.deliverLocal(update(HERE, 3, NOTHING))).isInstanceOf(AssertionError.class);
    }

    @Test
    void deliveryBuffer_clockOfBefore_isGoneOnFrom() {
        DeliveryBuffer resumed = new DeliveryBuffer(NOTHING.with(replica(A), 7), new DeliveryBuffer.Limits(3, 100));

        assertThat(resumed.receive(update(A, 7, NOTHING), 0)).isEqualTo(new Receipt.Duplicate());
        assertThat(resumed.receive(update(A, 8, NOTHING), 0)).isEqualTo(new Receipt.Delivered());
    }

    @Test
    void buffered_severalOrigins_areListedInOrderUpToTheLimit() {
        Update b3 = update(B, 3, NOTHING);
        Update b2 = update(B, 2, NOTHING);
        Update a1 = update(A, 1, NOTHING.with(replica(C), 9));
        buffer.receive(b3, 100);
        buffer.receive(b2, 200);
        buffer.receive(a1, 300);

        assertThat(buffer.buffered(10))
                .containsExactly(
                        new BufferedUpdate(a1, new Dot(replica(C), 9), 300),
                        new BufferedUpdate(b2, new Dot(replica(B), 1), 200),
                        new BufferedUpdate(b3, new Dot(replica(B), 2), 100));
        assertThat(buffer.buffered(1)).hasSize(1);
        assertThat(buffer.buffered(0)).isEmpty();
        assertThat(buffer.size()).isEqualTo(3);
    }

    @Test
    void limits_lessThanOne_areRefused() {
        assertThatThrownBy(() -> new DeliveryBuffer.Limits(0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("buffer limits: 0 updates, 1 bytes (expected: at least 1)");
        assertThatThrownBy(() -> new DeliveryBuffer.Limits(1, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    private Receipt receive(Update update) {
        return buffer.receive(update, 0);
    }

    private List<Update> deliverAll() {
        List<Update> delivered = new ArrayList<>();
        for (Frame frame = buffer.deliverNext(); frame != null; frame = buffer.deliverNext()) {
            Update update = frame.first();
            delivered.add(update);
        }
        return delivered;
    }

    private static Update update(int node, long counter, VersionVector others) {
        return update(node, counter, others, 1);
    }

    private static Update update(int node, long counter, VersionVector others, int bytes) {
        Operation operation = new Operation.SetString(Bytes.EMPTY, Bytes.wrap(new byte[bytes]));
        return Update.of(
                new Dot(replica(node), counter), others.with(replica(node), counter - 1), 1, List.of(operation));
    }
}
