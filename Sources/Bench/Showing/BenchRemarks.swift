import Measurement
import Report

extension BenchReport {
  /// What is to be known of an entry's figure at a number of readers.
  func remarks(_ figure: Figure, _ subject: BenchResult.Subject, _ readers: Int) -> [Remark] {
    let turns = result.turns(subject, readers: readers)
    let results = turns.compactMap(\.result)
    let count = results.filter { $0.figures[figure] != nil }.count
    var remarks: [Remark] = []
    if case .load(_, let entry) = subject, readers > entry.server.mostReaders {
      remarks.append(.absent("it has a thread for each reader: measured up to \(entry.server.mostReaders)"))
    } else if count == 0, !results.isEmpty {
      remarks.append(.absent("not measured: \(figure.absence)"))
    } else if count < turns.count {
      remarks.append(.fewer)
    }
    if turns.contains(where: { $0.failure != nil || $0.result?.failures.isEmpty == false }) {
      remarks.append(.failures)
    }
    let ledger = results.map(\.ledger).reduce(Ledger(), +)
    if !ledger.isClean { remarks.append(.losses(who: subject.name, readers: readers, ledger)) }
    return remarks + results.flatMap(\.doubts).filter { $0.figures.contains(figure) }.map { .doubt($0.doubt) }
  }

  /// What went wrong, a line for each kind of it.
  var failures: [String] {
    var counts: [String: Int] = [:]
    for turn in result.turns {
      let who = "\(turn.subject.name), \(turn.readers)"
      if let failure = turn.failure { counts["\(who): a turn failed: \(failure)", default: 0] += 1 }
      for (failure, count) in turn.result?.failures ?? [:] {
        counts["\(who): \(failure)", default: 0] += count
      }
    }
    return counts.sorted { $0.key < $1.key }.map { $0.value > 1 ? "\($0.key) (\($0.value) times)" : $0.key }
  }
}
