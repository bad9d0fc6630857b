package dev.hence.redis.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.crdt.Bytes;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SlowLogTest {

    private final SlowLog log = new SlowLog();

    private void add(String word) {
        log.add(20_000, List.of(Bytes.utf8(word)), "127.0.0.1:1", "");
    }

    @Test
    void isSlow_byThreshold_countsFromItOn() {
        log.thresholdMicros(10);
        assertThat(log.isSlow(9)).isFalse();
        assertThat(log.isSlow(10)).isTrue();

        log.thresholdMicros(0);
        assertThat(log.isSlow(0)).isTrue();

        log.thresholdMicros(-1);
        assertThat(log.isSlow(Long.MAX_VALUE)).isFalse();
    }

    @Test
    void newest_ofSeveral_comesFirst() {
        add("a");
        add("b");
        add("c");

        assertThat(log.newest(2))
                .extracting(entry -> entry.words().getFirst().toString())
                .containsExactly("c", "b");
        assertThat(log.newest(Long.MAX_VALUE)).extracting(SlowLog.Entry::id).containsExactly(2L, 1L, 0L);
    }

    @Test
    void add_beyondTheBound_forgetsTheOldest() {
        log.entriesMax(2);
        add("a");
        add("b");
        add("c");
        assertThat(log.size()).isEqualTo(2);

        log.entriesMax(1);
        assertThat(log.newest(9)).extracting(SlowLog.Entry::id).containsExactly(2L);
    }

    @Test
    void add_withManyLongWords_keepsTheBeginning() {
        Bytes longWord = Bytes.utf8("x".repeat(200));
        log.add(20_000, Collections.nCopies(40, longWord), "127.0.0.1:1", "");

        List<Bytes> kept = log.newest(1).getFirst().words();
        assertThat(kept).hasSize(32);
        assertThat(kept.getFirst()).hasToString("x".repeat(128) + "... (72 more bytes)");
        assertThat(kept.getLast()).hasToString("... (9 more arguments)");
    }

    @Test
    void clear_withEntries_keepsCounting() {
        add("a");
        log.clear();
        add("b");

        assertThat(log.newest(9)).extracting(SlowLog.Entry::id).containsExactly(1L);
    }
}
