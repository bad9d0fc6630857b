package dev.hence.cli.demo;

import dev.hence.client.HenceException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * What causal consistency is, told with three nodes: each chapter does something, says what it sees, and
 * checks that.
 */
public final class Story {

    private final List<Chapter> chapters;

    public Story(List<Chapter> chapters) {
        this.chapters = List.copyOf(chapters);
    }

    /** The chapters that three running nodes are enough for. */
    public static Story ofRunningNodes() {
        return new Story(List.of(new CausalChain(false), new HeldLink(), new ConcurrentWrites()));
    }

    /**
     * All chapters.
     *
     * @param power over the nodes, which have not been written to yet
     */
    public static Story ofNewNodes(KilledNode.Power power) {
        return new Story(List.of(new CausalChain(true), new HeldLink(), new ConcurrentWrites(), new KilledNode(power)));
    }

    /**
     * Tells it, as far as it holds.
     *
     * @return why it does not; empty if all of it held
     */
    public Optional<StoryBrokenException> tell(Trio trio, Narrator narrator) throws InterruptedException {
        for (Chapter chapter : chapters) {
            narrator.chapter(chapter.title());
            try {
                chapter.tell(trio, narrator);
                narrator.chapterHeld();
            } catch (StoryBrokenException broken) {
                return Optional.of(broken);
            } catch (HenceException | IOException failure) {
                return Optional.of(new StoryBrokenException(
                        "the nodes answer", "an answer", String.valueOf(failure.getMessage())));
            }
        }
        return Optional.empty();
    }
}
