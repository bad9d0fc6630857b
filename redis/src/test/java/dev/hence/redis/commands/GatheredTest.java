package dev.hence.redis.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.crdt.Bytes;
import dev.hence.redis.connection.RedisError;
import dev.hence.redis.connection.Reply;
import org.junit.jupiter.api.Test;

final class GatheredTest {

    private final Gathered gathered = new Gathered();

    @Test
    void elements_someAdded_areInTheirOrder() {
        gathered.add(Bytes.utf8("x"));
        gathered.addBoth(Bytes.utf8("y"), Bytes.EMPTY);
        assertThat(gathered.elements()).containsExactly(Reply.of("x"), Reply.of("y"), Reply.of(""));
        assertThat(gathered.firstOrNull()).isEqualTo(Reply.of("x"));
    }

    @Test
    void addOrNull_stringsAndNothing_keepTheirPlaces() {
        gathered.addOrNull(null);
        gathered.addOrNull(Bytes.utf8("x"));
        assertThat(gathered.elements()).containsExactly(Reply.NULL, Reply.of("x"));
    }

    @Test
    void firstOrNull_nothingAdded_isNull() {
        assertThat(gathered.firstOrNull()).isEqualTo(Reply.NULL);
    }

    @Test
    void add_moreThanOneReplyHolds_isRefused() {
        Bytes part = Bytes.wrap(new byte[1 << 20]);
        for (int i = 1; i < Gathered.BYTES_MAX / part.length(); i++) {
            gathered.add(part);
        }
        assertThatThrownBy(() -> gathered.add(part))
                .isInstanceOf(RedisError.class)
                .hasMessage(
                        "ERR reply: more elements than fit into one (expected: at most 67108864 bytes; ask for a part, or use a scan)");
    }

    @Test
    void add_manyEmptyElements_areCountedAsWell() {
        long room = Gathered.BYTES_MAX / Reply.OBJECT_BYTES;
        for (long i = 0; i < room; i++) {
            gathered.add(Bytes.EMPTY);
        }
        assertThatThrownBy(() -> gathered.add(Bytes.EMPTY)).isInstanceOf(RedisError.class);
    }

    @Test
    void numbers_addedBesideStrings_areNumbers() {
        gathered.add(Bytes.utf8("x"));
        gathered.add(1.5);
        gathered.add(7L);
        assertThat(gathered.elements()).containsExactly(Reply.of("x"), new Reply.Real(1.5), Reply.of(7));
    }

    @Test
    void take_moreThanOneReplyHolds_isRefusedAlthoughNothingIsAdded() {
        Bytes part = Bytes.wrap(new byte[1 << 20]);
        for (int i = 1; i < Gathered.BYTES_MAX / part.length(); i++) {
            gathered.take(part);
        }
        assertThat(gathered.elements()).isEmpty();
        assertThatThrownBy(() -> gathered.take(part)).isInstanceOf(RedisError.class);
    }
}
