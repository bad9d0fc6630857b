package dev.hence.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KeyRoutesTest {

    @TempDir
    Path data;

    private TestNode node;

    @BeforeEach
    void start() throws Exception {
        node = TestNode.at(data).limits(TestNode.SMALL).start();
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void put_thenGet_returnsValueWithTag() throws Exception {
        HttpResponse<String> put = node.put("/kv/x", "A");
        assertThat(put.statusCode()).isEqualTo(204);
        HttpResponse<String> get = node.get("/kv/x");
        assertThat(get.statusCode()).isEqualTo(200);
        assertThat(get.body()).isEqualTo("A");
        assertThat(get.headers().map()).containsKey("etag");
        System.out.println(get.headers().map());
        for (String p : new String[] {
            "/",
            "/status",
            "/kv",
            "/kv/x?siblings",
            "/read?key=x",
            "/feed?follow=false",
            "/nope",
            "/kv/x?y=1",
            "/kv/%zz",
            "/kv/"
        }) System.out.println(p + " " + node.get(p) + " " + node.get(p).body());
    }
}
