package dev.hence.cli.demo;

import java.io.IOException;

/**
 * A part of the story, which can be told on its own to any three nodes.
 *
 * <p>It says what it does and sees, and throws {@link StoryBrokenException} at the first thing that is not
 * as it should be.
 */
public interface Chapter {

    /** What it shows, in one sentence. */
    String title();

    /**
     * Tells it.
     *
     * @throws StoryBrokenException if something did not hold
     * @throws dev.hence.client.HenceException if a node failed
     * @throws IOException if a link could not be disturbed
     */
    void tell(Trio trio, Narrator narrator) throws IOException, InterruptedException;
}
