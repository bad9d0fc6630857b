package dev.hence.client;

import java.util.Map;

/**
 * What a batch did.
 *
 * @param written how many of its operations changed something: a delete of an absent key does not
 * @param nodeId the node that took it
 * @param vectorClock that node's clock with the batch: how many updates of each node it has applied
 */
public record BatchResult(int written, String nodeId, Map<String, Long> vectorClock) {}
