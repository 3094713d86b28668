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
        <tr><td>poll 100 ms</td><td>50.2<small>[49.1, 51.3]</small><small>worst trial \
        52.9</small></td><td>99.2<small>[98.9, 99.6]</small><small>worst trial \
        99.8</small></td><td>0.25<small>worst trial 0.26</small></td><td>142<small>[140, \
        142]</small><small>worst trial 144</small></td><td>31.2<small>[30.5, 32.2]</small><small>worst \
        trial 32.8</small></td><td>all 4752</td></tr>
        <tr><td>server-sent-events</td><td>0.21<small>[0.20, 0.22]</small><small>worst trial \
        0.23</small></td><td>0.62<small>[0.58, 0.66]</small><small>worst trial \
        0.70</small></td><td>0.02</td><td>88.1</td><td>9.70<small>[9.40, 10.1]</small><small>worst \
        trial 10.4</small></td><td>all 4752</td></tr>
        <tr><td>websocket</td><td>0.21 <sup>a</sup><small>[0.20, 0.22]</small><small>worst trial \
        0.24</small></td><td>0.62 <sup>a</sup><small>[0.58, 0.65]</small><small>worst trial \
        0.72</small></td><td>0.02</td><td>38.4</td><td>8.10<small>[7.80, 8.50]</small><small>worst \
        trial 8.80</small></td><td>all 4752</td></tr>
        </tbody></table>
        <p>Medians over 9 trials; in brackets where the median lies in 96.0 % of such runs \
        (repeatability within one run: another run may differ by more); behind it the worst trial, \
        where that is worse.</p>
        <h2>Less the baseline</h2>
        <table><thead><tr><th></th><th>baseline</th><th>delay p50 (ms)</th><th>delay p99 \
        (ms)</th><th>requests (a token)</th><th>bytes down (a token)</th><th>server CPU (µs a \
        token)</th></tr></thead><tbody>
        <tr><td>poll 100 ms</td><td>server-sent-events</td><td>+50.0<small>[48.6, \
        52.7]</small></td><td>+98.6<small>[98.0, 99.2]</small></td><td>+0.23<small>[0.22, \
        0.24]</small></td><td>+53.4<small>[51.6, 55.7]</small></td><td>+21.5<small>[20.7, \
        22.4]</small></td></tr>
        <tr><td>websocket</td><td>server-sent-events</td><td>none shown<small>[−0.02, \
        0.02]</small></td><td>none shown<small>[−0.05, 0.06]</small></td><td>none \
        shown</td><td>−49.7</td><td>−1.60<small>[−1.70, −1.30]</small></td></tr>
        </tbody></table>
        <p>Differences are paired by trial, and the median over the trials; the intervals of a line \
        hold all at once in at least 98.0 % of such runs.</p>
        <h2>Memory of a waiting reader</h2>
        <table><thead><tr><th></th><th>resident, kB</th><th>kernel, kB</th></tr></thead><tbody>
        <tr><td>poll 100 ms</td><td>5.25 [5.01, 5.47]</td><td>3.10</td></tr>
        <tr><td>websocket</td><td>6.88 [6.64, 7.02]</td><td>3.05</td></tr>
        </tbody></table>
        <p>Medians over 6 servers that each held 4,000 readers; both ends are on this machine, so the \
        kernel's is halved.</p>
        <h2>Doubts</h2>
        <ul><li><sup>a</sup> websocket: 2 segments were sent again: the path lost some, and their \
        delay is in the numbers</li></ul>
        <h2>How it was made</h2>
        <p>The lab itself: readers at most 0.18 of a processor; event-loop lag at most 1.22 ms, in the \
        median trial 0.82; tokens appended 0.031 ms after their instants.</p>
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
    for heading in ["Memory", "Doubts", "Failures"] {
      #expect(!text.contains("<h2>\(heading)"), "\(heading)")
    }
    #expect(text.contains("<p>Medians over 1 trial; in parentheses"))
    #expect(text.contains("<td>50.2</td>"))
  }
}
