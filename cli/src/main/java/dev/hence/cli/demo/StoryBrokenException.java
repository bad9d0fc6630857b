package dev.hence.cli.demo;

/** A step of the story did not have the causally required result. */
public final class StoryBrokenException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String statement;
    private final String expected;
    private final String seen;

    /**
     * @param statement what should have held
     * @param expected what should have been seen
     * @param seen what was seen instead
     */
    public StoryBrokenException(String statement, String expected, String seen) {
        super(statement + ": " + seen + " (expected: " + expected + ")");
        this.statement = statement;
        this.expected = expected;
        this.seen = seen;
    }

    /** What should have held. */
    public String statement() {
        return statement;
    }

    /** What should have been seen. */
    public String expected() {
        return expected;
    }

    /** What was seen instead. */
    public String seen() {
        return seen;
    }
}
