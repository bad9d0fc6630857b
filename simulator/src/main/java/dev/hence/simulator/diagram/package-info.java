/**
 * Space-time diagrams of a simulated run, after Lamport: a lane for each node, and arrows for the updates that travel
 * between them. They explain a short failing trace, as text for a terminal and as SVG for a browser; both draw the same
 * story, which is built once from the events.
 *
 * <p>Start reading at {@link dev.hence.simulator.diagram.Story}.
 */
@NullMarked
package dev.hence.simulator.diagram;

import org.jspecify.annotations.NullMarked;
