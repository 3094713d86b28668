import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Java's own client with its defaults, which offer HTTP/2 with every request. One client, and so its pool, for all. */
class Client {
  static final HttpClient client = HttpClient.newHttpClient();

  /** `Client STREAM QUESTION`: what came, status first, a blank line between the answers. */
  public static void main(String[] arguments) throws Exception {
    String stream = arguments[0];
    String server = stream.substring(0, stream.indexOf("/streams/"));
    say(get(stream + "/poll?from=3"));
    say(get(stream + "/long-poll"));
    say(get(stream + "/events"));
    HttpRequest.BodyPublisher question = HttpRequest.BodyPublishers.ofString(arguments[1]);
    say(send(HttpRequest.newBuilder(URI.create(server + "/streams")).POST(question)));
    say("101 " + listen(URI.create(stream.replace("http:", "ws:") + "/socket")));
  }

  static void say(String text) {
    System.out.println(text + "\n");
  }

  static String get(String address) throws Exception {
    return send(HttpRequest.newBuilder(URI.create(address)));
  }

  static String send(HttpRequest.Builder request) throws Exception {
    HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    return response.statusCode() + " " + response.body().replace("\n\n", "\n").trim();
  }

  static String listen(URI address) throws Exception {
    StringBuilder text = new StringBuilder();
    CompletableFuture<Integer> closed = new CompletableFuture<>();
    client.newWebSocketBuilder().buildAsync(address, new WebSocket.Listener() {
      @Override public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean isLast) {
        text.append(part);
        return WebSocket.Listener.super.onText(socket, part, isLast);
      }

      @Override public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
        closed.complete(code);
        return null;
      }

      @Override public void onError(WebSocket socket, Throwable error) {
        closed.completeExceptionally(error);
      }
    });
    return text.insert(0, closed.get(30, TimeUnit.SECONDS) + " ").toString();
  }
}
