package dev.hence.node.writer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class FirstWriteTest {

    private final FirstWrite firstWrite = new FirstWrite(Duration.ofMinutes(10));

    @Test
    void heardFrom_aPeerThatLacksUpdatesOfThisNode_writesWaitOn() {
        firstWrite.heardFrom(0, 5);
        firstWrite.heardFrom(4, 5);

        assertThat(firstWrite.isOver()).isFalse();
    }

    @Test
    void heardFrom_aPeerThatHasAllOfThisNode_writesGoOn() throws Exception {
        firstWrite.heardFrom(5, 5);

        assertThat(firstWrite.isOver()).isTrue();
        assertThat(firstWrite.await()).isTrue();
    }
}
