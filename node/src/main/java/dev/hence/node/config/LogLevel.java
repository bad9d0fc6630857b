package dev.hence.node.config;

/** How much a node's process logs: this level and those before it. */
public enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE
}
