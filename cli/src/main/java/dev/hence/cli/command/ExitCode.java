package dev.hence.cli.command;

/** How a command ended, for scripts. */
public enum ExitCode {
    OK(0, "done"),
    FAILED(1, "not done: the key is absent, a node refused the request, a step of the demo did not hold"),
    USAGE(2, "wrong arguments or configuration; nothing was tried"),
    UNREACHABLE(3, "a node cannot be reached or is not ready; nothing was changed"),
    BEHIND(4, "in the given time no node had all that the session has seen, or none answered; nothing was changed"),
    UNCERTAIN(5, "nobody knows whether the write happened"),
    NODE_FAILED(6, "the node that was served has failed and was ended; start it again");

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
