package dev.hence.node.config;

/** The log level of a node's process: it logs this level and those before it. */
public enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE
}
