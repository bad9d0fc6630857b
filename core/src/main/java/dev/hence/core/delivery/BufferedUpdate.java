package dev.hence.core.delivery;

import dev.hence.core.clock.Dot;
import dev.hence.core.update.Update;

/**
 * A received update that waits for its dependencies.
 *
 * @param waitingFor one of the updates that it lacks
 * @param sinceMillis when it was received, by this node's wall clock
 */
public record BufferedUpdate(Update update, Dot waitingFor, long sinceMillis) {}
