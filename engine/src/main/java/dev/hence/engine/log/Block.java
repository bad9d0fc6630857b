package dev.hence.engine.log;

import java.io.IOException;

/**
 * Consecutive groups of a segment, of which the first has whole contexts: the unit that is read and decoded without any
 * other.
 *
 * @param number its number in the segment, from 0
 * @param offset where it begins
 * @param end where it ends, or ended when this was made
 * @param first the sequence of its first update
 */
public record Block(Segment segment, int number, long offset, long end, long first) {

    /** Receives frames. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * @param sequence the sequence of the frame's first update
         * @param bytes an array in which the frame is
         * @return the number of updates in the frame; 0 to end the visit
         */
        int visit(long sequence, byte[] bytes, int from, int to) throws IOException;
    }

    /** The size in bytes. */
    public long bytes() {
        return end - offset;
    }

    /** Reads the groups. */
    public byte[] read() throws IOException {
        return segment.read(offset, end);
    }

    /**
     * Visits the frames in their order.
     *
     * @param bytes what {@link #read} returned
     * @return whether the visitor has visited all
     * @throws IOException if a group is damaged
     */
    public boolean forEach(byte[] bytes, Visitor visitor) throws IOException {
        return new Groups(segment.path(), segment.id(), offset, bytes)
                .forEach((group, sequence, from, to) -> visitor.visit(sequence, bytes, from, to));
    }

    @Override
    public String toString() {
        return segment.path() + " at byte " + offset;
    }
}
