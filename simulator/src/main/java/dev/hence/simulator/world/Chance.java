package dev.hence.simulator.world;

import java.util.List;

/**
 * A stream of numbers that depends on a seed and a key alone. Every actor has a stream of its own, so what one of
 * them draws does not change the luck of the others: a run from which a step is left out stays much the same run.
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

    /** The stream of an actor. */
    public Chance of(Object kind, long number) {
        return new Chance(seed ^ mix(kind.toString().hashCode() * GOLDEN + number));
    }

    /** 64 bits. */
    public long bits() {
        return mix(seed + GOLDEN * ++drawn);
    }

    /** A number from 0 up to, and not including, the bound. */
    public int below(int bound) {
        return (int) Math.floorMod(bits(), (long) bound);
    }

    /** One of them. */
    public <T> T oneOf(List<T> choices) {
        return choices.get(below(choices.size()));
    }

    /** A number between the two, both included. */
    public long between(long least, long most) {
        return least + Math.floorMod(bits(), most - least + 1);
    }

    /** From 0 to 1. */
    public double unit() {
        return (bits() >>> 11) * 0x1.0p-53;
    }

    /** True with that probability. */
    public boolean happens(double probability) {
        return unit() < probability;
    }

    private static long mix(long bits) {
        long mixed = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
