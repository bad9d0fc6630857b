/**
 * Causal delivery: an update becomes visible only after everything it depends on.
 *
 * <p>Start reading at {@link dev.hence.core.delivery.DeliveryBuffer}, where the delivery rule is.
 */
@NullMarked
package dev.hence.core.delivery;

import org.jspecify.annotations.NullMarked;
