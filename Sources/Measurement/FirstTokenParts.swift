import MonotonicTime
import Readings

/// What the time to first token consists of: the parts add up to it.
extension Reading {
  /// From the moment a cold reader asked until its connection stood; nil for a warm one, whose connection had stood
  /// before.
  public var timeToConnect: Duration? {
    isWarm ? nil : connected.map { asked.duration(to: $0) }
  }

  /// From there, on a warm connection from the moment the reader asked, until it heard of its stream: by 201, or by
  /// `started` where it asked and read in one. Nil where it did not ask.
  public var timeToAsk: Duration? {
    guard let answered else { return nil }
    return (isWarm ? asked : connected ?? asked).duration(to: answered)
  }

  /// From there to the first token: a request more where it is read with another one, and the think time.
  public var timeToWait: Duration? {
    guard let answered, let first = arrivals.first else { return nil }
    return answered.duration(to: first.at)
  }
}
