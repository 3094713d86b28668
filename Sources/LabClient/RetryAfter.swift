import Foundation
import MonotonicTime
import PlainText

/// The `Retry-After` field: a number of seconds or a date (RFC 9110, section 10.2.3).
enum RetryAfter {
  /// - Returns: how long to wait from now; nil for what is neither, which says nothing.
  static func delay(_ field: String, now: Date = Date()) -> Duration? {
    let text = field.trimmingCharacters(in: .whitespaces)
    if !text.isEmpty, text.utf8.allSatisfy(\.isASCIIDigit) {
      return .seconds(min(Int64(text) ?? longest, longest))
    }
    for format in formats {
      let formatter = DateFormatter()
      formatter.locale = Locale(identifier: "en_US_POSIX")
      formatter.timeZone = TimeZone(secondsFromGMT: 0)
      formatter.dateFormat = format
      if let date = formatter.date(from: text) {
        return max(.zero, Duration(roundedSeconds: min(date.timeIntervalSince(now), Double(longest))))
      }
    }
    return nil
  }

  /// A year, in seconds: no reader waits longer, and no number overflows.
  private static let longest: Int64 = 31_536_000

  /// The preferred one and the two obsolete ones that a recipient must take too (RFC 9110, section 5.6.7).
  private static let formats = [
    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", "EEEE, dd-MMM-yy HH:mm:ss 'GMT'", "EEE MMM d HH:mm:ss yyyy",
  ]
}
