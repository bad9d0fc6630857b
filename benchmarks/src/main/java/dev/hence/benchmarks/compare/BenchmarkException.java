package dev.hence.benchmarks.compare;

/** The benchmark cannot be run or continued; the message is for the user. */
final class BenchmarkException extends Exception {

    private static final long serialVersionUID = 1L;

    BenchmarkException(String message) {
        super(message);
    }
}
