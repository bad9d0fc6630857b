package dev.hence.simulator.trace;

/**
 * One of the values that a key has at a node.
 *
 * @param dot the name of the update that assigned it
 */
public record Candidate(String dot, long timestamp, String value) {}
