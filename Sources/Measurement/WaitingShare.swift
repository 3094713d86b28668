import MonotonicTime
import Readings

/// What the person behind a reader feels: how much of the time goes by in front of text that is not there yet.
extension Reading {
  /// Five words a second.
  static let timePerWord = Duration.milliseconds(200)

  /// The share of a person's time with the answer that is spent waiting, from 0 to 1.
  ///
  /// The idea that tokens are to be held against the speed at which somebody reads them is that of Andes (Liu and others,
  /// 2024, arXiv 2404.16283); the number is a simpler one. A simulated person reads the answer word by word, as a page
  /// shows it: each word once it is whole (`WordEnds`) and everything before it is there, and never faster than five words
  /// a second, so that a word takes 200 ms. Where the next word is not whole yet, the person waits. The share is the time
  /// waited, divided by the time from the moment the reader asks until the last word is read.
  ///
  /// - It counts from where the time to first token does, `asked`. So the wait for the first word is part of it, and the
  ///   think time, which people cannot tell from a slow network. No transport can come below what the schedule itself
  ///   makes a person wait: entries are compared on equal schedules.
  /// - What comes earlier than it can be read is worth nothing, and a late token costs nothing where the person is still
  ///   reading what came before it. This is what a quantile of the delay does not tell: it weighs each late token alike.
  /// - Five words a second is brisk for prose, and few read faster for long. A slower person waits less: the speed is
  ///   chosen so that the share errs towards seeing waits.
  /// - Who lacks a token to the end, or has it with another text than the generator's, waits for it for ever, and the
  ///   share comes to 1. To leave such readers out would make a transport look better for having lost text.
  /// - Of a token that came twice the first time counts. That a page shows it twice is the ledger's matter.
  /// - A stream that was stopped on purpose is an answer that ends with the last token that was to come until then.
  ///
  /// Nil for an answer without a word, whose text is not known or is white space alone, since nobody reads it.
  public var waitingShare: Double? {
    let ends = WordEnds(texts.prefix(expectedCount ?? texts.count)).tokens
    guard !ends.isEmpty else { return nil }
    guard let shown = shownInstants else { return 1 }
    var free = asked
    var waited = Duration.zero
    for end in ends {
      if shown[end] > free {
        waited += free.duration(to: shown[end])
        free = shown[end]
      }
      free = free.advanced(by: Self.timePerWord)
    }
    return waited / asked.duration(to: free)
  }

  /// By token, when it and everything before it had come; nil where one that was to come never did.
  private var shownInstants: [Instant]? {
    var first = [Instant?](repeating: nil, count: min(expectedCount ?? texts.count, texts.count))
    for arrival in arrivals where arrival.isIntact && first.indices.contains(arrival.index) {
      first[arrival.index] = min(first[arrival.index] ?? arrival.at, arrival.at)
    }
    var latest = asked
    var shown: [Instant] = []
    for instant in first {
      guard let instant else { return nil }
      latest = max(latest, instant)
      shown.append(latest)
    }
    return shown
  }
}
