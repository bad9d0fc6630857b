/**
 * {@code hence status}: asks every node what it is doing and shows the cluster as one table.
 *
 * <p>Start reading at {@link dev.hence.cli.status.StatusCommand}.
 */
@NullMarked
package dev.hence.cli.status;

import org.jspecify.annotations.NullMarked;
