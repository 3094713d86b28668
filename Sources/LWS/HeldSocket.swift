import CLibwebsockets
import MonotonicTime

/// The reading side of a socket whose response is held open.
///
/// libwebsockets 4.1.6 does not read a socket in the midst of a response, and is woken all the same for what
/// waits there. So reading is switched off while nothing is to be written. Two things spoil that:
/// - while reading is off, libwebsockets ignores writability too: whoever asks for the writable callback
///   must switch reading on first;
/// - where bytes of a further request came in one read with this one, switching reading off asks for
///   writability behind our back, which is then ignored for ever, at full speed. Nothing tells that such bytes
///   are there, but for one sign: with reading on, the writable callback comes although nobody asked for it.
///
/// Hence a second look, once a response has been held for a moment: reading on, and who is called without
/// asking closes the connection, which a client that sends requests ahead must expect (RFC 9112, section
/// 9.3.2). Everybody else is switched off for good.
///
/// Where libwebsockets is a guest in our own loop, bytes and departure are seen without it, and reading stays on
/// until the first of them (`listen`). Bytes that came in one read with the request are asked about once.
struct HeldSocket {
  private enum Stage {
    case reading
    /// On, and watched by somebody else.
    case listening
    /// Switched off; the second look is due at this instant.
    case off(lookAt: Instant)
    /// Switched on for the look. `callbacks` counts those of libwebsockets, `rounds` those of `comeDue`.
    case looking(callbacks: Int, rounds: Int, until: Instant)
    /// Switched off, and known to be quiet.
    case quiet
  }

  private var stage = Stage.reading

  private static let timeBeforeLook = Duration.milliseconds(250)
  private static let roundOfLook = Duration.milliseconds(5)

  /// When `comeDue` wants to be called.
  var next: Instant? {
    switch stage {
    case .reading, .listening, .quiet: nil
    case .off(let lookAt): lookAt
    case .looking(_, _, let until): until
    }
  }

  /// Nothing to write for now.
  mutating func hold(_ wsi: OpaquePointer, now: Instant) {
    switch stage {
    case .reading, .listening: break
    case .off, .looking, .quiet: return
    }
    lws_rx_flow_control(wsi, 0)
    stage = .off(lookAt: now.advanced(by: Self.timeBeforeLook))
  }

  /// The same where somebody else sees whether bytes come.
  mutating func listen() {
    stage = .listening
  }

  /// Asks for writability if, and only if, bytes are waiting inside libwebsockets.
  static func askForWaitingBytes(_ wsi: OpaquePointer) {
    lws_rx_flow_control(wsi, 1)
  }

  /// The writable callback is going to be asked for, or the response is over.
  mutating func release(_ wsi: OpaquePointer) {
    switch stage {
    case .reading: return
    case .listening: break
    case .off, .looking, .quiet: lws_rx_flow_control(wsi, 1)
    }
    stage = .reading
  }

  mutating func comeDue(_ wsi: OpaquePointer, at now: Instant) {
    switch stage {
    case .off(let lookAt) where now >= lookAt:
      stage = .looking(callbacks: 0, rounds: 0, until: now.advanced(by: Self.roundOfLook))
      lws_rx_flow_control(wsi, 1)
      // Takes away a request for writability that switching off may have left.
      lws_callback_on_writable(wsi)
    case .looking(let callbacks, let rounds, let until) where now >= until:
      // Two rounds after the callback that was asked for, another would have come.
      if callbacks > 0, rounds > 1 {
        lws_rx_flow_control(wsi, 0)
        stage = .quiet
      } else {
        let next = now.advanced(by: Self.roundOfLook)
        stage = .looking(callbacks: callbacks, rounds: callbacks > 0 ? rounds + 1 : 0, until: next)
      }
    default:
      break
    }
  }

  /// The writable callback came while nothing was to be written.
  /// - Returns: false if there are requests behind the one being answered.
  mutating func calledWithoutAsking(_ wsi: OpaquePointer) -> Bool {
    switch stage {
    case .looking(0, let rounds, let until): stage = .looking(callbacks: 1, rounds: rounds, until: until)
    case .looking: return false
    case .reading, .listening, .off, .quiet: return true
    }
    Self.askForWaitingBytes(wsi)
    return true
  }
}
