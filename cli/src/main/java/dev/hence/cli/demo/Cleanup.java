package dev.hence.cli.demo;

import dev.hence.cli.terminal.Console;

/**
 * A cleanup at the end of the process, also after Ctrl-C. Closing does it; so does the end of the process, if that
 * comes first.
 */
final class Cleanup implements AutoCloseable {

    private final Runnable action;
    private final Thread hook;

    /** @param console falls silent at Ctrl-C, as what still runs then fails for that reason alone */
    Cleanup(Console console, Runnable action) {
        this.action = action;
        this.hook = new Thread(
                () -> {
                    console.complain("hence: interrupted");
                    console.mute();
                    action.run();
                },
                "demo-cleanup");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // The hook is at it.
            return;
        }
        action.run();
    }
}
