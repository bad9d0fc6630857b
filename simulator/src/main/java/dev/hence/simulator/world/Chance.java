package dev.hence.simulator.world;

import java.util.List;

/**
 * A stream of random numbers that depends only on a seed and a key. Every actor has a stream of its own, so the draws
 * of one do not change those of the others: a run without one of its steps stays largely the same.
 *
 * <p>The mixing is that of Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators (OOPSLA 2014).
 */
public final class Chance {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final long seed;
    private long drawn;

    public Chance(long seed) {
        this.seed = mix(seed);
    }

    /** Returns the stream of an actor. */
    public Chance of(Object kind, long number) {
        return new Chance(seed ^ mix(kind.toString().hashCode() * GOLDEN + number));
    }

    /** Returns 64 random bits. */
    public long bits() {
        return mix(seed + GOLDEN * ++drawn);
    }

    /** Returns a number from 0 to the bound, exclusive. */
    public int below(int bound) {
        return (int) Math.floorMod(bits(), (long) bound);
    }

    /** Returns one of the items. */
    public <T> T oneOf(List<T> choices) {
        return choices.get(below(choices.size()));
    }

    /** Returns a number between the two, both inclusive. */
    public long between(long least, long most) {
        return least + Math.floorMod(bits(), most - least + 1);
    }

    /** Returns a number from 0 to 1. */
    public double unit() {
        return (bits() >>> 11) * 0x1.0p-53;
    }

    /** Returns true with the given probability. */
    public boolean happens(double probability) {
        return unit() < probability;
    }

    private static long mix(long bits) {
        long mixed = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
