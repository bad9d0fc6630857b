/**
 * The commands, one file for each group of them. Start reading at {@link dev.hence.server.resp.group.AllCommands}.
 */
@NullMarked
package dev.hence.server.resp.group;

import org.jspecify.annotations.NullMarked;
