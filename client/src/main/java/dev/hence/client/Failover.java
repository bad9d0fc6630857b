package dev.hence.client;

/**
 * Tries a call at one node after another.
 *
 * @param nodes the nodes to try
 * @param settings how long and how often
 */
record Failover(Nodes nodes, HenceClientBuilder.Settings settings) {}
