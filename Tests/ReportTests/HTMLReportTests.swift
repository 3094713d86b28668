import Experiments
import Measurement
import Results
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
        <h2>Numbers</h2>
        <table><thead><tr><th scope="col"></th><th scope="col">ledger</th><th scope="col">delay \
        p50<small>(ms)</small></th><th scope="col">delay p99<small>(ms)</small></th><th \
        scope="col">requests<small>(per token)</small></th><th scope="col">bytes down<small>(per \
        token)</small></th><th scope="col">server CPU<small>(µs per token)</small></th></tr></thead><tbody>
        <tr><th scope="row" style="--transport: #9a5300">poll 100 ms</th><td data-column="ledger"><span>4,752 \
        of 4,752</span></td><td data-column="delay p50 (ms)"><span>50.2<small>[49.1, 51.3] \
        ≤52.9</small></span></td><td data-column="delay p99 (ms)"><span>99.2<small>[98.9, 99.6] \
        ≤99.8</small></span></td><td data-column="requests (per \
        token)"><span>0.25<small>≤0.26</small></span></td><td data-column="bytes down (per \
        token)"><span>142<small>[140, 142] ≤144</small></span></td><td data-column="server CPU (µs per \
        token)"><span>31.2<small>[30.5, 32.2] ≤32.8</small></span></td></tr>
        <tr><th scope="row" style="--transport: #006b4a">server-sent-events</th><td \
        data-column="ledger"><span>4,752 of 4,752</span></td><td data-column="delay p50 \
        (ms)"><span>0.21<small>[0.20, 0.22] ≤0.23</small></span></td><td data-column="delay p99 \
        (ms)"><span>0.62<small>[0.58, 0.66] ≤0.70</small></span></td><td data-column="requests (per \
        token)"><span>0.02</span></td><td data-column="bytes down (per token)"><span>88.1</span></td><td \
        data-column="server CPU (µs per token)"><span>9.70<small>[9.40, 10.1] ≤10.4</small></span></td></tr>
        <tr><th scope="row" style="--transport: #005f99">websocket</th><td data-column="ledger"><span>4,752 of \
        4,752</span></td><td data-column="delay p50 (ms)"><span>0.21 <sup>a</sup><small>[0.20, 0.22] \
        ≤0.24</small></span></td><td data-column="delay p99 (ms)"><span>0.62 <sup>a</sup><small>[0.58, 0.65] \
        ≤0.72</small></span></td><td data-column="requests (per token)"><span>0.02</span></td><td \
        data-column="bytes down (per token)"><span>38.4</span></td><td data-column="server CPU (µs per \
        token)"><span>8.10<small>[7.80, 8.50] ≤8.80</small></span></td></tr>
        </tbody></table>
        <p>Medians of 9 trials, in brackets their 95 % confidence interval (exact, at least 96.0 %). It covers \
        repeatability within one run: another run may differ by more. ≤ marks the worst trial where it lies \
        outside.</p>
        <h2>Difference from the baseline</h2>
        <table><thead><tr><th scope="col"></th><th scope="col">baseline</th><th scope="col">delay \
        p50<small>(ms)</small></th><th scope="col">delay p99<small>(ms)</small></th><th \
        scope="col">requests<small>(per token)</small></th><th scope="col">bytes down<small>(per \
        token)</small></th><th scope="col">server CPU<small>(µs per token)</small></th></tr></thead><tbody>
        <tr><th scope="row" style="--transport: #9a5300">poll 100 ms</th><td \
        data-column="baseline"><span>server-sent-events</span></td><td data-column="delay p50 \
        (ms)"><span>+50.0<small>[48.6, 52.7]</small></span></td><td data-column="delay p99 \
        (ms)"><span>+98.6<small>[98.0, 99.2]</small></span></td><td data-column="requests (per \
        token)"><span>+0.23<small>[0.22, 0.24]</small></span></td><td data-column="bytes down (per \
        token)"><span>+53.4<small>[51.6, 55.7]</small></span></td><td data-column="server CPU (µs per \
        token)"><span>+21.5<small>[20.7, 22.4]</small></span></td></tr>
        <tr><th scope="row" style="--transport: #005f99">websocket</th><td \
        data-column="baseline"><span>server-sent-events</span></td><td data-column="delay p50 (ms)"><span>not \
        significant<small>[−0.020, 0.020]</small></span></td><td data-column="delay p99 (ms)"><span>not \
        significant<small>[−0.050, 0.060]</small></span></td><td data-column="requests (per token)"><span>not \
        significant</span></td><td data-column="bytes down (per token)"><span>−49.7</span></td><td \
        data-column="server CPU (µs per token)"><span>−1.60<small>[−1.70, −1.30]</small></span></td></tr>
        </tbody></table>
        <p>Differences are medians of the trials' paired differences; the intervals of one line hold jointly \
        with at least 98.0 % confidence. 'Not significant' means that the interval includes zero; it says how \
        large a difference may be.</p>
        <h2>Doubts</h2>
        <ul><li><sup>a</sup> websocket: 2 segments were retransmitted, because the path lost some: their delay \
        is included</li></ul>
        <p>for plots, run 'make plots', which installs vl-convert-python into .venv</p>
        <h2>Memory per idle reader</h2>
        <table><thead><tr><th scope="col"></th><th scope="col">resident, kB</th><th scope="col">kernel, \
        kB</th></tr></thead><tbody>
        <tr><th scope="row" style="--transport: #9a5300">poll 100 ms</th><td data-column="resident, \
        kB"><span>5.25 [5.01, 5.47]</span></td><td data-column="kernel, kB"><span>3.10</span></td></tr>
        <tr><th scope="row" style="--transport: #005f99">websocket</th><td data-column="resident, \
        kB"><span>6.88 [6.64, 7.02]</span></td><td data-column="kernel, kB"><span>3.05</span></td></tr>
        </tbody></table>
        <p>Medians of 6 servers that each held 4,000 idle readers, in brackets their 95 % confidence interval \
        (exact, 96.8 %); both ends are on this machine, so the kernel's memory is halved.</p>
        <h2>How it was measured</h2>
        <p>Lab overhead: readers used at most 0.18 of a processor; event-loop lag at most 1.22 ms; in the \
        median trial 0.82 ms, and tokens generated 0.031 ms late.</p>
        <p>2025-01-31T12:00:00Z · Linux 6.8.0 · Imaginary 3000 · virtual machine · server on processor 0, \
        readers on 1,2 · processors kept awake · libwebsockets 4.3.5, epoll · release build</p>
        <pre>.build/release/pushlab run 01-typewriter</pre>
        <h2>What this does not show</h2>
        <ul><li>No network: server and readers talked over this machine's loopback interface, which has next to \
        no round trip, loses nothing and is never full. Over a network each request waits for a round trip: \
        long polling falls behind further than here, and every first token comes later.</li>
        <li>Who pays: over loopback the kernel does the receiver's TCP work in the sender's process, so server \
        and readers each do some of the other's work. Compare both together, which is 'both CPU' \
        (both_cpu_us_per_token).</li>
        <li>No browser: the readers are a program that draws nothing, and that sends shorter heads than a \
        browser unless the experiment says 'heads: chromium'.</li>
        <li>One machine, Imaginary 3000: another one gives other numbers. It is a virtual machine, whose host \
        may serve other guests, and took 0.4 % of its processors' time.</li>
        <li>One run: its intervals show how well it repeats itself. A fresh server at another hour may differ \
        by more; --runs 6 takes several.</li>
        <li>Processors were kept awake: where they may sleep, waking one is part of every delay.</li></ul>
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
    #expect(text.contains("<pre>.build/release/pushlab run '&lt;x&gt;'</pre>"))
    #expect(text.contains(">&lt;i&gt;&quot;w&quot;&lt;/i&gt;</th>"))
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
    #expect(text.contains("<p>Medians of 1 trial, in parentheses"))
    #expect(text.contains("<span>50.2</span>"))
  }

  @Test func `a condition has a row over its entries, and an entry its transport's colour`() throws {
    let text = page(try Sample.conditions())
    let heading = "<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"7\">"
    #expect(
      text.contains("\(heading)eleven</th></tr>\n<tr><th scope=\"row\" style=\"--transport: #9a5300\">"))
    #expect(text.contains("\(heading)twenty</th></tr>\n"))
    #expect(text.matches(of: /<th scope="row" style="--transport: #005f99">websocket</).count == 4)
    #expect(try !page(Sample.result()).contains("class=\"group\""))
  }

  @Test func `what is not asked for stands behind, so few columns at a time that they fit`() throws {
    var result = try Sample.result()
    for index in result.trials.indices {
      result.trials[index].values = Dictionary(uniqueKeysWithValues: Metric.allCases.map { ($0, 1) })
    }
    let parts = page(result).components(separatedBy: "<h2>Also measured</h2>")
    #expect(parts.count == 2)
    #expect(parts[0].contains("<h2>Numbers</h2>") && !parts[0].contains("TPOT"))
    let heads = parts[1].matches(of: /<thead>.*<\/thead>/).map {
      String($0.0).components(separatedBy: "<th ").count - 1
    }
    #expect(heads.reduce(0, +) == heads.count + Metric.allCases.count - 5)
    #expect(heads.allSatisfy { $0 <= 7 })
  }

  @Test func `without a trial there is no table, and the page says so`() throws {
    var result = try Sample.result()
    result.trials = []
    result.memory = [:]
    let library = PlotLibrary(javaScript: "")
    for text in [
      page(result), HTMLReport(result, library: library).text, MarkdownReport(result).text,
      TerminalReport(result).text,
    ] {
      #expect(text.contains("No trial was completed: there is nothing to show."))
      for word in ["<table", "|---|", "delay p50", "<figure", "vegaEmbed", "Medians"] {
        #expect(!text.contains(word), "\(word)")
      }
    }
  }
}
