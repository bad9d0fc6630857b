package dev.hence.simulator.history;

/**
 * A pattern in a history that no causally convergent store can produce.
 *
 * @param explanation the transactions that it consists of, and how they follow from each other; several lines
 */
public record BadPattern(Kind kind, String explanation) {
    /** The patterns, by their names in the literature. */
    public enum Kind {
        /** A value was read that no transaction wrote. */
        THIN_AIR_READ("ThinAirRead"),
        /** Of two transactions each happened before the other. */
        CYCLIC_CO("CyclicCO"),
        /** A key was read as never written although a write of it happened before the read. */
        WRITE_CO_INIT_READ("WriteCOInitRead"),
        /** A value was read although an overwrite of it happened before the read. */
        WRITE_CO_READ("WriteCORead"),
        /** Reads disagree on which of concurrent writes came last. */
        CYCLIC_CF("CyclicCF");

        private final String title;

        Kind(String title) {
            this.title = title;
        }

        @Override
        public String toString() {
            return title;
        }
    }

    @Override
    public String toString() {
        return kind + "\n" + explanation;
    }
}
