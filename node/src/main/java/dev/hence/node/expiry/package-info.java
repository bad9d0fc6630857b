/**
 * The removal of keys whose deadline has passed. Start reading at {@link dev.hence.node.expiry.Expirer}.
 */
@NullMarked
package dev.hence.node.expiry;

import org.jspecify.annotations.NullMarked;
