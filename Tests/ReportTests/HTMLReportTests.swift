import Experiments
import Testing

@testable import Report

@Suite struct HTMLReportTests {
  private func page(_ result: RunResult) -> String { HTMLReport(result, library: nil).text }

  @Test func `the page's head lets nothing be fetched`() throws {
    let head = """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src \
      'unsafe-inline'; script-src 'unsafe-inline' 'unsafe-eval'; img-src data:">
      <title>The typewriter · pushlab</title>
      """
    #expect(page(try Sample.result()).hasPrefix(head + "\n<style>"))
  }

  @Test func `the whole body without a library for plots`() throws {
    let body = try #require(page(try Sample.result()).split(separator: "<body>\n").last)
    #expect(
      body == """
        <h1>The typewriter</h1>
        <p class="question">How long does a token take to reach its reader?</p>
        <p>Prediction: Polling delays tokens by half its interval.</p>
        <p>for the plots: make plots, which installs vl-convert-python into .venv</p>
        <h2>Numbers</h2>
        <table><thead><tr><th></th><th>delay p50 (ms)</th><th>delay p99 (ms)</th><th>requests (a \
        token)</th><th>bytes down (a token)</th><th>server CPU (µs a \
        token)</th><th>ledger</th></tr></thead><tbody>
        <tr><td>poll 100 ms</td><td>50.2<small>48.8 … 51.3</small></td><td>99.2<small>98.7 … \
        99.8</small></td><td>0.25<small>0.24 … 0.26</small></td><td>142<small>140 … \
        144</small></td><td>31.2<small>30.1 … 32.8</small></td><td>all 2640</td></tr>
        <tr><td>server-sent-events</td><td>0.21<small>0.19 … 0.23</small></td><td>0.61<small>0.58 … \
        0.70</small></td><td>0.02<small>0.02 … 0.02</small></td><td>88.1<small>88.1 … \
        88.1</small></td><td>9.70<small>9.20 … 10.4</small></td><td>all 2640</td></tr>
        <tr><td>websocket</td><td>0.21 <sup>a</sup><small>0.19 … 0.24</small></td><td>0.62 \
        <sup>a</sup><small>0.55 … 0.72</small></td><td>0.02<small>0.02 … \
        0.02</small></td><td>38.4<small>38.4 … 38.4</small></td><td>8.10<small>7.70 … \
        8.80</small></td><td>all 2640</td></tr>
        </tbody></table>
        <p>Medians over 5 trials, with their 95 % intervals.</p>
        <h2>Less the baseline</h2>
        <table><thead><tr><th></th><th>baseline</th><th>delay p50 (ms)</th><th>delay p99 \
        (ms)</th><th>requests (a token)</th><th>bytes down (a token)</th><th>server CPU (µs a \
        token)</th></tr></thead><tbody>
        <tr><td>poll 100 ms</td><td>server-sent-events</td><td>49.8<small>47.6 … \
        52.0</small></td><td>98.6<small>97.7 … 99.5</small></td><td>0.23<small>0.21 … \
        0.24</small></td><td>53.3<small>50.0 … 56.6</small></td><td>21.6<small>20.2 … \
        22.9</small></td></tr>
        <tr><td>websocket</td><td>server-sent-events</td><td>no difference shown<small>-0.03 … \
        0.03</small></td><td>no difference shown<small>-0.08 … 0.08</small></td><td>no difference \
        shown<small>0.00 … 0.00</small></td><td>-49.7<small>-49.7 … \
        -49.7</small></td><td>-1.56<small>-1.87 … -1.25</small></td></tr>
        </tbody></table>
        <p>Paired by trial. The 95 % of the intervals hold for all of a line at once.</p>
        <h2>Memory of a waiting reader</h2>
        <table><thead><tr><th></th><th>resident</th><th>kernel</th></tr></thead><tbody>
        <tr><td>poll 100 ms</td><td>5.2 kB</td><td>3.1 kB</td></tr>
        <tr><td>websocket</td><td>6.9 kB</td><td>3.1 kB</td></tr>
        </tbody></table>
        <h2>Doubts</h2>
        <ul><li><sup>a</sup> websocket: 2 segments were sent again: the path lost some, and their \
        delay is in the numbers</li></ul>
        <h2>How it was made</h2>
        <p>The lab itself: readers 10.0 µs of processor a token, at most 0.14 of a processor; \
        event-loop lag 0.42 ms; tokens appended 0.031 ms after their instants.</p>
        <p>2025-01-31T12:00:00Z · Linux 6.8.0 · Imaginary 3000 · server on processor 0, readers on 1,2 \
        · processors kept awake · libwebsockets 4.3.5, epoll · release build</p>
        <pre>pushlab run 01-typewriter</pre>
        </body>
        </html>

        """)
  }

  @Test func `it asks nobody for anything`() throws {
    let text = page(try Sample.result())
    for word in ["http://", "https://", "//", "src=", "href=", "url(", "@import", "<script", "<link", "<img"]
    {
      #expect(!text.contains(word), "\(word)")
    }
  }

  @Test func `texts cannot become markup`() throws {
    var result = try Sample.result(renamed: "<i>\"w\"</i>")
    result.title = "<b>& so on"
    result.question = "a < b > c & d"
    result.command = "pushlab run '<x>'"
    result.trials[0].failures = ["the server answered 500: <h1>no</h1>"]
    let text = page(result)
    #expect(text.contains("<title>&lt;b&gt;&amp; so on · pushlab</title>"))
    #expect(text.contains("<h1>&lt;b&gt;&amp; so on</h1>"))
    #expect(text.contains("<p class=\"question\">a &lt; b &gt; c &amp; d</p>"))
    #expect(text.contains("<pre>pushlab run '&lt;x&gt;'</pre>"))
    #expect(text.contains("<td>&lt;i&gt;&quot;w&quot;&lt;/i&gt;</td>"))
    #expect(text.contains("<li>poll 100 ms: the server answered 500: &lt;h1&gt;no&lt;/h1&gt;</li>"))
    for markup in ["<b>", "<i>", "<x>", "<h1>no"] { #expect(!text.contains(markup), "\(markup)") }
  }

  @Test func `what is not there leaves no heading`() throws {
    var result = try Sample.result()
    result.memory = [:]
    result.trials = Array(result.trials.prefix(3))
    result.plan.trials = 1
    result.trials[2].doubts = []
    let text = page(result)
    for heading in ["Memory", "Doubts", "Less the baseline", "Failures"] {
      #expect(!text.contains("<h2>\(heading)"), "\(heading)")
    }
    #expect(text.contains("<p>Medians over 1 trial, with"))
    #expect(text.contains("<td>50.2</td>"))
  }
}
