/**
 * {@code hence demo}: a story of three nodes in four chapters, told and checked at the same time.
 *
 * <p>A {@link dev.hence.cli.demo.Chapter} needs only three running nodes, a {@link
 * dev.hence.cli.demo.Trio}; {@link dev.hence.cli.demo.DemoCluster} starts some, and the chapters can as
 * well be told to nodes that are already running.
 *
 * <p>Start reading at {@link dev.hence.cli.demo.Story}.
 */
@NullMarked
package dev.hence.cli.demo;

import org.jspecify.annotations.NullMarked;
