package dev.hence.cli.status;

import dev.hence.client.HenceException;
import dev.hence.client.NodeStatus;
import org.jspecify.annotations.Nullable;

/**
 * What one node answered.
 *
 * @param url the URL that was asked
 * @param status the answer; null if there was none
 * @param failure why there was none; null if there was one
 */
public record NodeReport(
        String url, @Nullable NodeStatus status, @Nullable HenceException failure) {

    /** An answer. */
    public static NodeReport of(String url, NodeStatus status) {
        return new NodeReport(url, status, null);
    }

    /** No answer. */
    static NodeReport of(String url, HenceException failure) {
        return new NodeReport(url, null, failure);
    }
}
