package dev.hence.client;

/** What a made-up node does with a request instead of answering it. */
sealed interface Fault {

    /** Answers with an error document. */
    record Refuse(int status, String code, boolean definite) implements Fault {}

    /** Answers with a page that is no error document, as something between client and node would. */
    record Page(int status) implements Fault {}

    /** Carries the request out, but closes the connection instead of answering. */
    record CloseAfterwards() implements Fault {}

    /** Never answers, and does nothing. */
    record Hang() implements Fault {}

    /** Begins an answer that it never ends. */
    record Stall() implements Fault {}
}
