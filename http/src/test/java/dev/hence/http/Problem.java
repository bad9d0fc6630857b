package dev.hence.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;

/** A problem document whose form is checked, with assertions. */
record Problem(HttpResponse<String> answer, JsonNode document) {

    private static final ObjectMapper JSON = new ObjectMapper();

    static Problem of(HttpResponse<String> answer) throws Exception {
        assertThat(answer.headers().firstValue("Content-Type"))
                .as(answer.body())
                .hasValue("application/problem+json");
        JsonNode document = JSON.readTree(answer.body());
        assertThat(document.get("status").asInt()).isEqualTo(answer.statusCode());
        assertThat(document.get("type").asText())
                .isEqualTo("https://hence.dev/errors/" + document.get("code").asText());
        assertThat(document.get("title").asText()).isNotEmpty();
        assertThat(TestNode.session(answer)).isNotEmpty();
        return new Problem(answer, document);
    }

    Problem is(int status, String code, boolean definite) {
        assertThat(document.get("code").asText()).as(answer.body()).isEqualTo(code);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(document.get("definite").asBoolean()).as(answer.body()).isEqualTo(definite);
        return this;
    }

    Problem hasDetail(String detail) {
        assertThat(document.get("detail").asText()).isEqualTo(detail);
        return this;
    }

    Problem hasLimit(long limit) {
        assertThat(document.get("limit").asLong()).isEqualTo(limit);
        return this;
    }
}
