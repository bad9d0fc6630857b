package dev.hence.simulator.check;

/** Thrown when a promise of Hence is broken. */
public final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String promise;

    /**
     * @param promise the name of the promise, the same for every violation of it: {@code causal delivery}
     * @param what what happened and what was expected
     */
    public Violation(String promise, String what) {
        super(promise + ": " + what);
        this.promise = promise;
    }

    /** The name of the promise that was broken. */
    public String promise() {
        return promise;
    }
}
