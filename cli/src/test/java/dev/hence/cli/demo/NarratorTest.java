package dev.hence.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.cli.terminal.Console;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class NarratorTest {

    private final StringWriter out = new StringWriter();
    private final Narrator narrator = new Narrator(new Console(out, out, false, true), false);

    @BeforeEach
    void begin() {
        narrator.chapter("A test");
    }

    @Test
    void check_holds_told() {
        narrator.check("one is one", 1, 1);

        assertThat(out.toString()).endsWith("  ✓ one is one\n");
        assertThat(narrator.chapters().at("/0/checks/0").toString())
                .isEqualTo("{\"statement\":\"one is one\",\"held\":true,\"expected\":\"1\",\"seen\":\"1\"}");
    }

    @Test
    void check_doesNotHold_breaksTheStory() {
        assertThatThrownBy(() -> narrator.check("one is two", 2, 1))
                .isInstanceOf(StoryBrokenException.class)
                .hasMessage("one is two: 1 (expected: 2)");
        assertThat(out.toString()).endsWith("  ✗ one is two\n");
        assertThat(narrator.chapters().at("/0/held").asBoolean()).isFalse();
        assertThat(narrator.chapters().at("/0/checks/0/held").asBoolean()).isFalse();
    }

    @Test
    void checkSoon_holdsAfterAWhile_told() throws InterruptedException {
        AtomicInteger polls = new AtomicInteger();

        narrator.checkSoon("it comes to three", 3, polls::incrementAndGet);

        assertThat(polls).hasValue(3);
    }

    @Test
    void silent_nothingPrintedButRemembered() {
        StringWriter quiet = new StringWriter();
        Narrator silent = new Narrator(new Console(quiet, quiet, false, true), true);
        silent.chapter("A test");
        silent.tell("something happens");
        silent.check("lists are equal", List.of(1), List.of(1));

        assertThat(quiet.toString()).isEmpty();
        assertThat(silent.chapters().at("/0/events/0/event").asText()).isEqualTo("something happens");
    }
}
