package dev.hence.redis.connection;

/** A rejected command, with the error text for its client; nothing happened. */
public final class RedisError extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param text begins with an error code in capitals, such as {@code ERR} */
    public RedisError(String text) {
        super(text, null, false, false);
    }

    /** The arguments do not match the command's syntax. */
    public static RedisError syntax() {
        return new RedisError("ERR syntax error");
    }

    /** An argument is not a signed 64-bit integer. */
    public static RedisError notAnInteger() {
        return new RedisError("ERR value is not an integer or out of range");
    }

    /** An argument is not a number. */
    public static RedisError notAFloat() {
        return new RedisError("ERR value is not a valid float");
    }

    /** The error text for the client. */
    public String text() {
        return String.valueOf(getMessage());
    }
}
