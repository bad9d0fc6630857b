package dev.hence.simulator.history;

import java.util.Arrays;

/** Things that are numbered, put together by groups that are numbered, in their order within each group. */
final class Grouping {
    private final int[] starts;
    private final int[] items;

    /** @param groupOfEach of each thing its group, 0 to {@code groups} - 1 */
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

    /** The places of a group go from here to {@link #to}, exclusively; those of all groups follow each other. */
    int from(int group) {
        return starts[group];
    }

    int to(int group) {
        return starts[group + 1];
    }

    int item(int place) {
        return items[place];
    }

    /** How many there are in all. */
    int size() {
        return items.length;
    }
}
