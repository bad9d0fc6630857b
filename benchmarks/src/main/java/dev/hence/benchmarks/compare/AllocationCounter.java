package dev.hence.benchmarks.compare;

import com.sun.management.ThreadMXBean;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** The number of bytes that all threads of another JVM have allocated, counted by that JVM itself. */
final class AllocationCounter {

    private final JMXConnector connector;
    private final ThreadMXBean threads;

    private AllocationCounter(JMXConnector connector, ThreadMXBean threads) {
        this.connector = connector;
        this.threads = threads;
    }

    /** Attaches to a JVM of the same user; its management agent is started if it does not run. */
    @SuppressWarnings("BanJNDI") // The address is the one that a process started by this program has just given.
    static AllocationCounter of(long pid) throws BenchmarkException, IOException {
        try {
            VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
            try {
                JMXServiceURL url = new JMXServiceURL(machine.startLocalManagementAgent());
                JMXConnector connector = JMXConnectorFactory.connect(url);
                ThreadMXBean threads = ManagementFactory.newPlatformMXBeanProxy(
                        connector.getMBeanServerConnection(), ManagementFactory.THREAD_MXBEAN_NAME, ThreadMXBean.class);
                return new AllocationCounter(connector, threads);
            } finally {
                machine.detach();
            }
        } catch (AttachNotSupportedException refused) {
            throw new BenchmarkException("process " + pid + ": allocated bytes unknown: " + refused.getMessage());
        }
    }

    long bytes() {
        return threads.getTotalThreadAllocatedBytes();
    }

    /** Its JVM may have ended before. */
    void close() {
        try {
            connector.close();
        } catch (IOException ended) {
            // Nothing is left to release there.
        }
    }
}
