package dev.hence.cli.command;

/** How a command ended, for scripts. */
public enum ExitCode {
    OK(0, "done"),
    FAILED(1, "failed: the key is absent, a node rejected the request, or a step of the demo failed"),
    USAGE(2, "invalid arguments or configuration; nothing was attempted"),
    UNREACHABLE(3, "a node cannot be reached or is not ready; nothing was changed"),
    BEHIND(4, "timeout: no node had everything that the session has seen, or none answered; nothing was changed"),
    UNCERTAIN(5, "it is unknown whether the write happened"),
    NODE_FAILED(6, "the node run by `hence serve` has failed and exited; restart it");

    private final int status;
    private final String summary;

    ExitCode(int status, String summary) {
        this.status = status;
        this.summary = summary;
    }

    /** The status of the process. */
    public int status() {
        return status;
    }

    /** When a command ends like this. */
    public String summary() {
        return summary;
    }
}
