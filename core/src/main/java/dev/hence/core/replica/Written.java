package dev.hence.core.replica;

import dev.hence.core.update.Update;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a local transaction. It is to be acknowledged only when the {@link CommitBatch} that
 * contain it are stored.
 *
 * @param result what the body of the transaction returned
 * @param update the update that it made; null if it changed nothing
 */
public record Written<R>(R result, @Nullable Update update) {}
