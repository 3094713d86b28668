import NIOCore
import NIOHTTP2
import Wire

/// As Chromium asks: nothing is pushed (RFC 9113, section 8.4), and a backlog has room.
private enum Windows {
  static let stream = 6_291_456
  static let connection = 15_728_640
}

/// Whom a reader asks is no stranger to be on one's guard against: so many frames of a kind end no connection.
private let mostFrames = 1_000_000

extension NIOHTTP2Handler.ConnectionConfiguration {
  /// What a reader's connection asks for, and bears.
  static var reading: Self {
    var configuration = Self()
    configuration.initialSettings = [
      HTTP2Setting(parameter: .maxHeaderListSize, value: ResponseDecoder.longestHead),
      HTTP2Setting(parameter: .enablePush, value: 0),
      HTTP2Setting(parameter: .initialWindowSize, value: Windows.stream),
    ]
    configuration.targetWindowSize = Windows.connection
    configuration.maximumSequentialEmptyDataFrames = mostFrames
    configuration.maximumConnectionGlitches = mostFrames
    configuration.controlFrameRateLimit.maximumCount = mostFrames
    return configuration
  }
}

extension NIOHTTP2Handler.StreamConfiguration {
  /// The same for each of its streams.
  static var reading: Self {
    var configuration = Self()
    configuration.targetWindowSize = Windows.stream
    configuration.streamResetFrameRateLimit.maximumCount = mostFrames
    configuration.streamErrorRateLimit.maximumCount = mostFrames
    return configuration
  }
}
