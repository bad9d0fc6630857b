package dev.hence.redis.connection;

/** A command that is refused, with the text that its client gets; nothing happened. */
public final class RedisError extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param text begins with a word in capitals that clients look at, such as {@code ERR} */
    public RedisError(String text) {
        super(text, null, false, false);
    }

    /** The arguments do not fit the command's syntax. */
    public static RedisError syntax() {
        return new RedisError("ERR syntax error");
    }

    /** An argument is not a whole number of 64 bits. */
    public static RedisError notAnInteger() {
        return new RedisError("ERR value is not an integer or out of range");
    }

    /** An argument is not a number. */
    public static RedisError notAFloat() {
        return new RedisError("ERR value is not a valid float");
    }

    /** What the client gets. */
    public String text() {
        return String.valueOf(getMessage());
    }
}
