import Answers
import Testing
import TokenStream

@Suite struct TokenLogTests {
  private final class Reader: LogReader {
    var logPosition: Int?
    var wakes = 0
    var action: () -> Void = {}

    func logDidGrow() {
      wakes += 1
      action()
    }
  }

  /// As the server's sessions do it: the log does not keep it, so it goes by itself.
  private final class LeavingReader: LogReader {
    var logPosition: Int?
    let log: TokenLog

    init(_ log: TokenLog) { self.log = log }
    deinit { log.unsubscribe(self) }
    func logDidGrow() {}
  }

  private let log = TokenLog(epoch: Epoch(rawValue: 1))

  private func subscribedReaders(_ count: Int) -> [Reader] {
    (0..<count).map { _ in
      let reader = Reader()
      log.subscribe(reader)
      return reader
    }
  }

  private func append(_ tokens: [String], end: Ending? = nil) {
    for token in tokens { log.write(token) }
    if let end { log.show(upTo: log.written, end: end) } else { log.show(upTo: log.written) }
  }

  @Test func `showing keeps the order and wakes each reader once`() {
    let readers = subscribedReaders(3)
    append(["a", "b"])
    append(["c"])
    #expect(log.tokens == ["a", "b", "c"])
    #expect(readers.map(\.wakes) == [2, 2, 2])
    #expect(log.end == nil)
  }

  @Test func `what is written is not there before it is shown`() {
    let readers = subscribedReaders(1)
    for token in ["a", "b", "c"] { log.write(token) }
    #expect(log.count == 0)
    #expect(log.tokens.isEmpty)
    #expect(log.texts == ["a", "b", "c"])
    #expect(readers[0].wakes == 0)
    log.show(upTo: 2)
    #expect(log.count == 2)
    #expect(log.tokens == ["a", "b"])
    #expect(readers[0].wakes == 1)
  }

  @Test func `who unsubscribed is not woken`() {
    let readers = subscribedReaders(3)
    log.unsubscribe(readers[0])
    #expect(readers[0].logPosition == nil)
    #expect(log.readerCount == 2)
    append(["a"])
    #expect(readers.map(\.wakes) == [0, 1, 1])
    log.unsubscribe(readers[0])
    #expect(log.readerCount == 2)
    log.subscribe(readers[0])
    append(["b"])
    #expect(readers.map(\.wakes) == [1, 2, 2])
  }

  @Test(arguments: 0..<5)
  func `a reader that unsubscribes while woken makes none be missed`(_ leaving: Int) {
    let readers = subscribedReaders(5)
    readers[leaving].action = { [log, unowned reader = readers[leaving]] in log.unsubscribe(reader) }
    append(["a"])
    #expect(readers.map(\.wakes) == [1, 1, 1, 1, 1])
    append(["b"])
    #expect(readers.map(\.wakes) == (0..<5).map { $0 == leaving ? 1 : 2 })
    #expect(log.readerCount == 4)
  }

  @Test func `all may unsubscribe while woken`() {
    let readers = subscribedReaders(5)
    for reader in readers { reader.action = { [log, unowned reader] in log.unsubscribe(reader) } }
    append(["a"])
    #expect(readers.map(\.wakes) == [1, 1, 1, 1, 1])
    #expect(log.readerCount == 0)
  }

  @Test func `a reader may send away all the others`() {
    let readers = subscribedReaders(5)
    readers[4].action = { [log] in for reader in readers.dropLast() { log.unsubscribe(reader) } }
    append(["a"])
    // It takes the place of one that went, so it may be woken twice.
    #expect(readers.map { $0.wakes > 0 } == [false, false, false, false, true])
    #expect(log.readerCount == 1)
    readers[4].action = {}
  }

  @Test func `a reader that goes away unsubscribes in its deinit`() {
    let staying = subscribedReaders(1)
    var leaving: [LeavingReader] = (0..<3).map { _ in LeavingReader(log) }
    for reader in leaving { log.subscribe(reader) }
    #expect(log.readerCount == 4)
    leaving.remove(at: 1)
    #expect(log.readerCount == 3)
    append(["a"])
    leaving = []
    #expect(log.readerCount == 1)
    append(["b"])
    #expect(staying[0].wakes == 2)
  }

  @Test func `the end wakes the readers and keeps its first reason`() {
    let readers = subscribedReaders(2)
    log.finish(.stopped)
    log.finish(.complete)
    #expect(log.end == .stopped)
    #expect(readers.map(\.wakes) == [1, 1])
  }

  @Test func `readers hear of the last tokens and of the end at once`() {
    let readers = subscribedReaders(1)
    var seen: [Ending?] = []
    readers[0].action = { [log] in seen.append(log.end) }
    append(["a"], end: .complete)
    #expect(seen == [.complete])
    readers[0].action = {}
  }
}
