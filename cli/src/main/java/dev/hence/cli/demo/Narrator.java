package dev.hence.cli.demo;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hence.cli.terminal.ClockText;
import dev.hence.cli.terminal.Console;
import dev.hence.cli.terminal.Style;
import dev.hence.client.HenceException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells what happens and checks that it is as it should be; remembers all of it for programs. Not
 * thread-safe.
 */
public final class Narrator {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(10);
    private static final int NODE_WIDTH = 8;
    private static final int EVENT_WIDTH = 60;

    private final Console console;
    private final boolean silent;
    private final ArrayNode chapters = JsonNodeFactory.instance.arrayNode();

    /** @param silent whether nothing is printed, only remembered */
    public Narrator(Console console, boolean silent) {
        this.console = console;
        this.silent = silent;
    }

    /** Begins a chapter, which all that follows belongs to. */
    public void chapter(String title) {
        line("");
        line(console.styled(Style.BOLD, (chapters.size() + 1) + ". " + title));
        ObjectNode chapter = chapters.addObject().put("title", title).put("held", false);
        chapter.putArray("events");
        chapter.putArray("checks");
    }

    /** Ends the chapter: all of it held. */
    void chapterHeld() {
        chapter().put("held", true);
    }

    /** Something happened, of which no node has a clock. */
    public void tell(String event) {
        line("  " + console.styled(Style.DIM, event));
        chapter().withArray("/events").addObject().put("event", event);
    }

    /** Something happened at a node, whose clock is now this. */
    public void tell(StoryNode node, String event, Map<String, Long> clock) {
        String shown = ClockText.list(clock);
        line("  " + console.styled(Style.BOLD, padded(node.name(), NODE_WIDTH)) + padded(event, EVENT_WIDTH)
                + console.styled(Style.CLOCK, shown));
        chapter()
                .withArray("/events")
                .addObject()
                .put("node", node.name())
                .put("event", event)
                .put("clock", shown);
    }

    /**
     * Checks something that must hold now.
     *
     * @param statement what holds, in words that make sense whether it does or not
     */
    public void check(String statement, Object expected, Object seen) {
        boolean holds = expected.equals(seen);
        chapter()
                .withArray("/checks")
                .addObject()
                .put("statement", statement)
                .put("held", holds)
                .put("expected", expected.toString())
                .put("seen", seen.toString());
        if (!holds) {
            line("  " + console.styled(Style.BAD, console.ornament("✗ ", "FAILED: ") + statement));
            throw new StoryBrokenException(statement, expected.toString(), seen.toString());
        }
        line("  " + console.styled(Style.GOOD, console.ornament("✓ ", "ok: ")) + statement);
    }

    /** Checks something that must hold within some time. A node that cannot be asked is asked again. */
    public <T> void checkSoon(String statement, T expected, Supplier<T> seen) throws InterruptedException {
        check(statement, expected, await(seen, expected::equals));
    }

    /**
     * Waits until what is seen is as wanted.
     *
     * @return what was seen last: the failure, if there was one, and what is not wanted, if time was up
     */
    public <T> Object await(Supplier<T> seen, Predicate<T> isWanted) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            @Nullable Object last;
            try {
                T now = seen.get();
                if (isWanted.test(now)) {
                    return now;
                }
                last = now;
            } catch (HenceException failure) {
                last = failure.getMessage();
            }
            if (System.nanoTime() - deadlineNanos > 0) {
                return Objects.requireNonNullElse(last, "nothing");
            }
            Thread.sleep(POLL_INTERVAL);
        }
    }

    /** Everything told and checked so far, for programs. */
    public ArrayNode chapters() {
        return chapters;
    }

    private ObjectNode chapter() {
        if (chapters.isEmpty()) {
            throw new IllegalStateException("chapter: none (expected: one that has begun)");
        }
        return (ObjectNode) chapters.get(chapters.size() - 1);
    }

    private void line(String text) {
        if (!silent) {
            console.line(text);
        }
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(1, width - text.length()));
    }
}
