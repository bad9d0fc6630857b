package dev.hence.core.replica;

import dev.hence.core.update.Update;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a local transaction. It may be acknowledged only when the {@link CommitBatch} that contains it is
 * stored.
 *
 * @param result the result of the transaction's body
 * @param update the update made by the transaction; null if it changed nothing
 */
public record Written<R>(R result, @Nullable Update update) {}
