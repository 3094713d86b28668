import Answers
import Edge
import Foundation
import LabClient
import Readings
import Testing
import Wire

/// How the server sends where it is told to.
@Suite struct SendingTests {
  @Test(arguments: Variant.all)
  func `what is gathered comes whole, and in fewer reads`(_ variant: Variant) async throws {
    try await withServer(["--batch-tokens", "40"]) { lab in
      await Contract.everyTokenComesOnce(variant, lab)
      try await Contract.aStreamIsReadFromAnyIndex(variant, lab)
      // What leaves in one write may take two reads.
      let reading = await lab.reader.read(lab.plan(variant, .fast()))
      let reads = Set(reading.arrivals.map(\.at)).count
      #expect(reads <= 12)
    }
  }

  @Test(arguments: Variant.atOnce, Stopping.allCases)
  func `a stop is told with what was gathered`(_ variant: Variant, _ stopping: Stopping) async throws {
    try await withServer(["--batch-milliseconds", "50"]) {
      try await Contract.whoAskedAtOnceCanStop(variant, stopping, $0)
    }
  }

  @Test func `a silent stream gets a sign of life when it is told to`() async throws {
    try await withServer(["--heartbeat", "0.1"]) { lab in
      let stream = try lab.start(.silent)
      for (resource, sign) in [("events", "\n:\n\n"), ("lines", "\r\n\n\r\n")] {
        let connection = try RawConnection(port: lab.port)
        try connection.send(
          "GET /streams/\(stream.stream)/\(resource) HTTP/1.1\r\nHost: localhost\r\n\r\n")
        #expect(try connection.receive(through: sign).contains("200 OK"))
      }
    }
  }

  @Test func `small writes may wait, and nothing is lost by it`() async throws {
    try await withServer(["--nagle"]) { lab in
      for variant in Variant.all { await Contract.everyTokenComesOnce(variant, lab) }
    }
  }

  @Test(arguments: [
    (["--batch-tokens", "1"], "--batch-tokens takes a whole number from 2 to 1000"),
    (["--batch-milliseconds", "0"], "--batch-milliseconds takes a number from 1 to 10000"),
    (["--heartbeat", "0"], "--heartbeat takes seconds from 0.1 to 3600"),
    (["--batch-tokens", "9", "--max-lag", "9"], "--batch-tokens must be less than --max-lag, which is 9"),
  ])
  func `what cannot be is named`(_ options: [String], _ words: String) async throws {
    let outcome = try await Command.run(Command.pushlab, ["serve", "--port", "0"] + options)
    #expect(outcome.status != 0 && outcome.errors.contains(words), "\(outcome.errors)")
  }

  @Test(arguments: [Transport.shortPolling, .longPolling, .serverSentEvents, .httpStreaming])
  func `what a proxy compresses is read as it was`(_ transport: Transport) async throws {
    try await withServer { lab in
      let edge = try EdgeProxy(
        .nginxGzipTuned, templates: Command.project.appendingPathComponent("experiments/proxies").path,
        host: "127.0.0.1", originPort: lab.port)
      defer { edge.stop() }
      let address = ServerAddress(host: "127.0.0.1", port: edge.port)
      while (try? await lab.reader.get("/healthz", from: address)) == nil { sched_yield() }
      var totals: [ContentCoding: Int] = [:]
      for coding in ContentCoding.allCases {
        var plan = lab.plan(transport, .fast())
        plan.server = address
        plan.variant.coding = coding
        let reading = await lab.reader.read(plan)
        #expect(reading.failure == nil)
        #expect(reading.arrivals.map(\.index) == Array(0..<200))
        #expect(reading.isSplit == (coding == .identity))
        totals[coding] = reading.down.total
      }
      // A page of few tokens is hardly shorter, and has a head that says so.
      if transport == .serverSentEvents || transport == .httpStreaming {
        let coded = try #require(totals[.gzip])
        let plain = try #require(totals[.identity])
        #expect(coded < plain)
      }
    }
  }
}
