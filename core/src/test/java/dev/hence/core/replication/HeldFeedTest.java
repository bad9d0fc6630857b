package dev.hence.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.ClockBound;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.update.Update;
import org.junit.jupiter.api.Test;

final class HeldFeedTest {

    private static final ClockBound BOUND = new ClockBound(1_000);
    private static final long NOW = 1_800_000_000_000L;

    @Test
    void isOver_nothingHeld_isNotOver() {
        HeldFeed feed = new HeldFeed(BOUND);
        assertThat(feed.held()).isNull();
        assertThat(feed.isOver(NOW)).isFalse();
    }

    @Test
    void isOver_heldUpdate_isOverWhenTheClockHasCaughtUp() {
        Update made = Updates.of(new ReplicaId("a", 1), 1);
        Update ahead = Update.of(made.dot(), made.context(), (NOW + 60_000) << 16, made.operations());
        HeldFeed feed = new HeldFeed(BOUND);
        feed.hold(ahead);
        assertThat(feed.held()).isSameAs(ahead);
        assertThat(feed.isOver(NOW + 58_999)).isFalse();
        assertThat(feed.isOver(NOW + 59_000)).isTrue();
    }
}
