package dev.hence.simulator.history;

import java.util.Arrays;

/** Numbered items, sorted into numbered groups, in their order within each group. */
final class Grouping {
    private final int[] starts;
    private final int[] items;

    /** @param groupOfEach the group of each item, 0 to {@code groups} - 1 */
    Grouping(int groups, IntList groupOfEach) {
        starts = new int[groups + 1];
        for (int item = 0; item < groupOfEach.size(); item++) {
            starts[groupOfEach.get(item) + 1]++;
        }
        for (int group = 0; group < groups; group++) {
            starts[group + 1] += starts[group];
        }
        int[] next = Arrays.copyOf(starts, groups);
        items = new int[groupOfEach.size()];
        for (int item = 0; item < items.length; item++) {
            items[next[groupOfEach.get(item)]++] = item;
        }
    }

    /** The items of a group are from here to {@link #to}, exclusive; the groups are contiguous. */
    int from(int group) {
        return starts[group];
    }

    int to(int group) {
        return starts[group + 1];
    }

    int item(int place) {
        return items[place];
    }

    /** The total number of items. */
    int size() {
        return items.length;
    }
}
