package dev.hence.cli.rehearsal;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Sends a node what clients of Redis send most, so that the classes which answer them are kept ready. The JVM that
 * rehearses compiles lightly and keeps no profiles, so sending it more often would teach it nothing.
 */
final class RedisRehearsal {

    private static final int PIPELINES = 20;

    /** A number stands for {@code %d}; enough different ones for keys and elements to come and go. */
    private static final List<String> REQUESTS = List.of(
            "SET key:%d xxx",
            "GET key:%d",
            "SET key:%d yyy",
            "GET key:%d",
            "INCR counter:%d",
            "MSET key:%d xxx key:1%d xxx key:2%d xxx",
            "MGET key:%d key:1%d",
            "DEL key:2%d",
            "EXPIRE key:1%d 1000",
            "HSET hash field:%d xxx",
            "HGET hash field:%d",
            "HINCRBY hash count:%d 1",
            "HGETALL small",
            "SADD set member:%d",
            "SPOP set",
            "ZADD sorted %d member:%d",
            "ZRANGE sorted 0 5",
            "ZPOPMIN sorted",
            "LPUSH list xxx%d",
            "RPUSH list xxx%d",
            "LRANGE list 0 5",
            "LPOP list",
            "RPOP list");

    private RedisRehearsal() {}

    static void run(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            InputStream replies = new BufferedInputStream(socket.getInputStream());
            for (int number = 0; number < PIPELINES; number++) {
                StringBuilder pipeline = new StringBuilder();
                for (String request : REQUESTS) {
                    append(pipeline, request.replace("%d", String.valueOf(number % 100)));
                }
                String end = "end-of-" + number;
                append(pipeline, "ECHO " + end);
                socket.getOutputStream().write(pipeline.toString().getBytes(StandardCharsets.US_ASCII));
                awaitReply(replies, end);
            }
        }
    }

    private static void append(StringBuilder pipeline, String request) {
        String[] words = request.split(" ", -1);
        pipeline.append('*').append(words.length).append("\r\n");
        for (String word : words) {
            pipeline.append('$')
                    .append(word.length())
                    .append("\r\n")
                    .append(word)
                    .append("\r\n");
        }
    }

    private static void awaitReply(InputStream replies, String last) throws IOException {
        StringBuilder line = new StringBuilder();
        while (!line.toString().equals(last)) {
            line.setLength(0);
            for (int next = replies.read(); next != '\n'; next = replies.read()) {
                if (next < 0) {
                    throw new IOException("the node closed the connection (expected: a reply " + last + ")");
                }
                if (next != '\r') {
                    line.append((char) next);
                }
            }
        }
    }
}
