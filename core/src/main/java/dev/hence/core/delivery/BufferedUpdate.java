package dev.hence.core.delivery;

import dev.hence.core.clock.Dot;
import dev.hence.core.update.Update;

/**
 * A received update that waits for its dependencies.
 *
 * @param waitingFor one of its missing dependencies
 * @param sinceMillis the time of receipt, by this node's wall clock
 */
public record BufferedUpdate(Update update, Dot waitingFor, long sinceMillis) {}
