package dev.hence.node.testing;

import static dev.hence.property.Eventually.eventually;

import java.util.concurrent.CountDownLatch;

/** A gate that blocks threads until it is opened; for the hooks of {@link HookedStorage}. */
public final class Gate implements Runnable {

    private final CountDownLatch arrived = new CountDownLatch(1);
    private final CountDownLatch opened = new CountDownLatch(1);

    @Override
    public void run() {
        arrived.countDown();
        boolean interrupted = false;
        while (true) {
            try {
                opened.await();
                break;
            } catch (InterruptedException closing) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    public void awaitArrival() throws Exception {
        eventually("somebody stands at the gate", () -> arrived.getCount() == 0);
    }

    public void open() {
        opened.countDown();
    }
}
