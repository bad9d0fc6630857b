/**
 * The HTTP edge of a node: Jetty, with the API's routes behind one handler that finds the route, honours
 * the session, measures, and turns every failure into the same form of answer.
 *
 * <p>Start reading at {@link dev.hence.http.HttpServer}, which lists the parts, and {@link
 * dev.hence.http.HttpDispatcher}, which every request passes.
 */
@NullMarked
package dev.hence.http;

import org.jspecify.annotations.NullMarked;
